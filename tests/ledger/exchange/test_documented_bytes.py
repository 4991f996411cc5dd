"""Opens a parcel as docs/formats.md describes it, with nothing of the project's own but the keys: RFC 9180 by hand."""

import hashlib
import hmac
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.ledger.exchange.samples import CARRIER, DOCUMENT, EXPORTER, REFERENCE

DATA = (Path(__file__).parents[3] / "tests" / "vectors" / "parcel" / "v1.parcel").read_bytes()
HEADER, ENCAPSULATED, CIPHERTEXT = DATA[:101], DATA[101:133], DATA[133:]
KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
HPKE_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0002))


def labeled_extract(suite, salt, label, secret):
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def labeled_expand(suite, secret, label, info, length):
    message = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(secret, message + b"\x01", "sha256")[:length]


def opened(private_key):
    """RFC 9180, sections 4.1 (DHKEM), 5.1 (key schedule, base mode) and 5.2 (the first message)."""
    own = X25519PrivateKey.from_private_bytes(private_key)
    shared = own.exchange(X25519PublicKey.from_public_bytes(ENCAPSULATED))
    context = ENCAPSULATED + own.public_key().public_bytes_raw()
    secret = labeled_expand(
        KEM_SUITE, labeled_extract(KEM_SUITE, b"", b"eae_prk", shared), b"shared_secret", context, 32
    )
    info = b"smartborder:parcel:v1\0" + HEADER
    schedule = b"".join(
        (
            b"\0",
            labeled_extract(HPKE_SUITE, b"", b"psk_id_hash", b""),
            labeled_extract(HPKE_SUITE, b"", b"info_hash", info),
        )
    )
    keys = labeled_extract(HPKE_SUITE, secret, b"secret", b"")
    key = labeled_expand(HPKE_SUITE, keys, b"key", schedule, 32)
    nonce = labeled_expand(HPKE_SUITE, keys, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, CIPHERTEXT, b"")


PLAIN = opened(CARRIER.encryption.reveal())
CONTENT = PLAIN[64:]


def address(raw):
    return f"0x{raw.hex()}"


def test_the_header_says_what_the_table_says():
    assert HEADER[:9] == b"SBPARCEL\x01"
    assert int.from_bytes(HEADER[9:41], "big") == 1337
    assert address(HEADER[61:81]) == CARRIER.address.lower()
    assert address(HEADER[81:]) == EXPORTER.address.lower()


def test_the_content_is_what_the_tables_say():
    length = int.from_bytes(CONTENT[:4], "big")
    content = json.loads(CONTENT[4 : 4 + length])
    assert content["reference"]["ucr"] == REFERENCE.ucr
    assert content["consignment"] == f"0x{REFERENCE.id.hex()}"
    assert {blind["kind"] for blind in content["blinds"]} == {"event", "seal", "assessment", "detail"}
    (document,) = content["documents"]
    assert CONTENT[4 + length :] == DOCUMENT.content
    assert document == {"mediaType": "application/ld+json", "sizeBytes": len(DOCUMENT.content)}


def test_the_giver_signed_the_typed_data():
    message = encode_typed_data(
        {
            "name": "SMART Border Ledger",
            "version": "1",
            "chainId": 1337,
            "verifyingContract": HEADER[41:61],
        },
        {
            "Parcel": [
                {"name": "giver", "type": "address"},
                {"name": "recipient", "type": "address"},
                {"name": "content", "type": "bytes32"},
            ]
        },
        {"giver": HEADER[81:], "recipient": HEADER[61:81], "content": hashlib.sha256(CONTENT).digest()},
    )
    vs = int.from_bytes(PLAIN[32:64], "big")
    parity, s = vs >> 255, vs & ((1 << 255) - 1)
    signature = PLAIN[:32] + s.to_bytes(32, "big") + bytes([27 + parity])
    assert Account.recover_message(message, signature=signature) == EXPORTER.address
