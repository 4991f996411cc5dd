"""docs/formats.md, "Proofs from the chain": every value of the example is computed again, by hand where it can be."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import rlp
from eth_utils import keccak

from ledger.chain.proof import extra_data, headers, logs, receipts, storage, trie
from ledger.chain.proof import rlp as strict
from ledger.chain.proof.headers import FORK_LENGTHS, read_header
from ledger.chain.proof.heads import course_slot, head_slot
from ledger.chain.proof.logs import read_log_proof
from ledger.chain.proof.qbft import commit_digest
from ledger.chain.proof.storage import read_storage_proof
from ledger.identity.attestations import ATTESTATION_TYPE, ATTESTATION_TYPEHASH, HeadAttestation, sign_attestation
from ledger.identity.keys import SigningKey
from ledger.identity.statements import Domain
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.proofs import parse_proof
from tests.ledger.chain.proof.judging import data, outcome

ROOT = Path(__file__).parents[4]
TEXT = (ROOT / "docs" / "formats.md").read_text("utf-8")
CHAPTER = TEXT.partition("\n## Proofs from the chain\n")[2].partition("\n## ")[0]


def case(kind, name):
    return json.loads((ROOT / "tests" / "vectors" / "proof" / f"{kind.replace(' ', '-')}.json").read_text("utf-8"))[
        name
    ]


def worked():
    """The example's values by their names, from the bytes of the vectors and the rules of the chapter."""
    shown = {}
    log = case("log", "statement in a batch")
    header, index, nodes, at = rlp.decode(data(log["proof"]), strict=True)
    fields = rlp.decode(header)
    shown["log.json, 'statement in a batch': block hash"] = keccak(header).hex()
    shown["its receipts root, and the hash of the only node"] = fields[5].hex()
    assert keccak(nodes[0]) == fields[5]
    (path, receipt) = rlp.decode(nodes[0])
    assert path == b"\x20" + rlp.encode(index)
    address, topics, content = rlp.decode(receipt if receipt[0] >= 0xC0 else receipt[1:])[3][int.from_bytes(at, "big")]
    assert log["proves"]["data"] == f"0x{content.hex()}"
    shown["the contract that emitted the entry"] = address.hex()
    shown["its second topic: the consignment"] = topics[1].hex()

    head = case("storage", "head of a consignment")
    slots = {f"0x{slot.hex()}" for slot, _ in rlp.decode(data(head["proof"]))[3]}
    first = keccak(topics[1] + bytes(32))
    assert f"0x{first.hex()}" in slots
    shown["storage.json, 'head of a consignment': head slot"] = first.hex()
    shown["the key of that slot"] = keccak(first).hex()
    shown["its value: the head"] = head["proves"]["values"][f"0x{first.hex()}"][2:]
    course = head["proves"]["values"][f"0x{(int.from_bytes(first, 'big') + 1).to_bytes(32, 'big').hex()}"]
    shown["the course in the slot after it"] = course[2:]
    position = int(course, 16) >> 64 & 0xFFFFFFFF

    sealed = data(case("qbft", "sealed in round 1, with a vote")["header"])
    fields = rlp.decode(sealed)
    vanity, validators, vote, number, _ = rlp.decode(fields[12])
    assert number == b"\1"
    shown["qbft.json, 'sealed in round 1, with a vote': block hash"] = keccak(
        rlp.encode([*fields[:12], rlp.encode([vanity, validators, vote, b"", []]), *fields[13:]])
    ).hex()
    shown["its commit digest"] = keccak(
        rlp.encode([*fields[:12], rlp.encode([vanity, validators, vote, number, []]), *fields[13:]])
    ).hex()
    shown["keccak256 of the header as it is, which is neither"] = keccak(sealed).hex()

    logged = case("block log", "witnessed by two of three")
    fields = rlp.decode(data(logged["header"]))
    vanity, validators, vote, _, _ = rlp.decode(fields[12])
    block_hash = keccak(rlp.encode([*fields[:12], rlp.encode([vanity, validators, vote, b"", []]), *fields[13:]]))
    shown["block-log.json, 'witnessed by two of three': origin"] = (
        f"smartborder.blocks/1337/{logged['genesisHash'][2:]}"
    )
    shown["the hash of block 3"] = block_hash.hex()
    shown["its leaf"] = hashlib.sha256(b"\0" + block_hash).hexdigest()

    said = HeadAttestation(
        topics[1],
        data(head["proves"]["values"][f"0x{first.hex()}"]),
        position,
        head["proves"]["block"]["number"],
        data(head["proves"]["block"]["hash"]),
    )
    domain = Domain(1337, f"0x{address.hex()}")
    signature = sign_attestation(said, domain, SigningKey(b"\x11" * 32))
    shown["attestation type hash"] = ATTESTATION_TYPEHASH.hex()
    shown["attestation digest, on chain 1337"] = said.digest(domain).hex()
    shown["signature: r, vs"] = f"{signature.r.hex()} {signature.vs.hex()}"
    return shown


def test_the_worked_values_are_what_is_computed():
    lines = CHAPTER.partition("```text proofs\n")[2].partition("```")[0].strip().splitlines()
    assert {name: value.strip() for name, value in zip(lines[::2], lines[1::2], strict=True)} == worked()


def test_the_library_comes_to_the_same():
    shown = worked()
    log = read_log_proof(data(case("log", "statement in a batch")["proof"]))
    assert read_header(log.header).hash().hex() == shown["log.json, 'statement in a batch': block hash"]
    head = read_storage_proof(data(case("storage", "head of a consignment")["proof"]))
    consignment = bytes.fromhex(shown["its second topic: the consignment"])
    assert {each.slot for each in head.slots} == {head_slot(consignment), course_slot(consignment)}
    assert head_slot(consignment).hex() == shown["storage.json, 'head of a consignment': head slot"]
    header = read_header(data(case("qbft", "sealed in round 1, with a vote")["header"]))
    assert header.hash().hex() == shown["qbft.json, 'sealed in round 1, with a vote': block hash"]
    assert commit_digest(header).hex() == shown["its commit digest"]
    proof = parse_proof(case("block log", "witnessed by two of three")["proof"].encode())
    assert read_checkpoint(proof.checkpoint).origin == shown["block-log.json, 'witnessed by two of three': origin"]
    assert "proves" in outcome("block log", case("block log", "witnessed by two of three"))


def test_the_fields_of_a_header_are_in_their_order_with_their_forks():
    drawn = CHAPTER.partition("    header = {")[2].partition("}")[0]
    names = re.findall(r"[a-z]\w+(?=,|$)", re.sub(r" since .*", "", drawn + ","))
    assert names == [name for _, name, _ in headers._FIELDS]
    for count, fork in list(FORK_LENGTHS.items())[1:]:
        assert re.search(rf"since {fork}: {count}\b", CHAPTER)
    assert headers.BFT_MIX_HASH.hex() in CHAPTER


def test_the_limits_are_those_in_use():
    for limit, name in (
        (f"nested more than {strict.MAX_DEPTH} deep", "lists"),
        (f"a header above {headers.MAX_HEADER_BYTES:,}\nbytes", "header"),
        (f"a log proof above {logs.MAX_PROOF_BYTES:,}", "log proof"),
        (f"a storage proof above {storage.MAX_PROOF_BYTES:,}", "storage proof"),
    ):
        assert limit in CHAPTER, name
    assert trie.MAX_NODE_BYTES == 1 << 20
    assert f"{list(receipts.TYPES)[1:]}"[1:-1].replace(", 4", " or 4") in CHAPTER
    assert (extra_data.VANITY_BYTES, extra_data.SEAL_BYTES) == (32, 65)


def test_the_type_in_the_documentation_is_the_one_that_is_signed():
    assert f" {ATTESTATION_TYPE}\n" in CHAPTER
