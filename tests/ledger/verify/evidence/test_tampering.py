"""Whatever is done to a bundle, it is never verified as something else: every bit, every part, every exchange."""

import json
import os
import random
from dataclasses import fields, replace
from itertools import combinations

import pytest

from ledger.chain.proof.headers import read_header
from ledger.chain.proof.receipts import proved_receipt, receipt_proof, receipts_root
from ledger.verify import Word
from ledger.verify.evidence import decode_bundle, encode_bundle, verify_bundle, verify_evidence
from ledger.verify.evidence.bundle import ReceiptProof
from ledger.verify.evidence.encoding import MAGIC, _Writing
from ledger.verify.evidence.errors import EvidenceError
from tests.ledger.verify.evidence.samples import (
    SMALLEST,
    VERIFIED,
    attested,
    held_after_sealing,
    logged,
    observed_too,
    sealed_by_validators,
    whole_life,
    without_documents,
    witnessed,
)

KINDS = {**VERIFIED, "a whole life": whole_life, "without documents": without_documents}
FLIPS_TRIED = 250
THOROUGH = os.environ.get("SMARTBORDER_THOROUGH") == "1"
SEED = 20_260_301


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def never_verified(made, data, bits):
    """The bits whose change leaves the bundle verified, or open with the same findings: there are none."""
    before = verify_evidence(data, made.roots).to_json()
    for bit in bits:
        verdict = verify_evidence(flipped(data, bit), made.roots)
        assert verdict.word is not Word.VERIFIED, f"bit {bit}: {data[bit // 8 - 20 : bit // 8 + 20]!r}"
        assert verdict.to_json() != before, f"bit {bit}: {data[bit // 8 - 20 : bit // 8 + 20]!r}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_is_never_verified(kind):
    """Bits drawn from the whole file, and as many from its manifest, where each byte means most."""
    made = KINDS[kind]()
    data, chance = encode_bundle(made.bundle), random.Random(SEED)
    manifest = 13 + int.from_bytes(data[9:13], "big")
    bits = [chance.randrange(8 * len(data)) for _ in range(FLIPS_TRIED)]
    bits += [chance.randrange(8 * manifest) for _ in range(FLIPS_TRIED)]
    never_verified(made, data, bits)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SMALLEST)
def test_no_byte_with_a_flipped_bit_is_verified(kind):
    """One bit of every eighth byte; of every byte in the thorough run."""
    made, chance = SMALLEST[kind](), random.Random(SEED)
    data = encode_bundle(made.bundle)
    never_verified(made, data, [8 * byte + chance.randrange(8) for byte in range(0, len(data), 1 if THOROUGH else 8)])


@pytest.mark.skipif(not THOROUGH, reason="takes ten minutes; SMARTBORDER_THOROUGH=1 runs it")
def test_no_flipped_bit_is_verified():
    """Every bit of every byte."""
    made = SMALLEST["sealed"]()
    data = encode_bundle(made.bundle)
    never_verified(made, data, range(8 * len(data)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bundle_that_is_cut_short_or_goes_on_is_never_verified(kind):
    made = KINDS[kind]()
    data, chance = encode_bundle(made.bundle), random.Random(SEED)
    for length in (0, 1, 8, 9, 12, 13, 14, len(data) - 1, *(chance.randrange(len(data)) for _ in range(40))):
        assert verify_evidence(data[:length], made.roots).word is Word.UNDETERMINED
    assert verify_evidence(data + b"\0", made.roots).word is Word.UNDETERMINED
    assert verify_evidence(data + data, made.roots).word is Word.UNDETERMINED


# Parts of the file: each binary part removed, repeated, moved or exchanged, the manifest made to fit or not


def parts_of(data):
    """The manifest's members and the binary parts, in the order of the file."""
    end = 13 + int.from_bytes(data[9:13], "big")
    manifest = json.loads(data[13:end])
    sizes = [*manifest["headers"], *manifest["nodes"], *(each["sizeBytes"] for each in manifest["events"])]
    sizes += [32] * manifest["hashes"]
    parts = []
    for size in sizes:
        parts.append(data[end : end + size])
        end += size
    return manifest, parts


def joined(manifest, parts):
    from ledger.epcis.jcs import canonical

    text = canonical(manifest)
    return b"".join((MAGIC, b"\1", len(text).to_bytes(4, "big"), text, *parts))


@pytest.mark.parametrize("kind", KINDS)
def test_parts_removed_repeated_or_moved_are_never_verified(kind):
    made = KINDS[kind]()
    manifest, parts = parts_of(encode_bundle(made.bundle))
    chance = random.Random(SEED)
    numbers = chance.sample(range(len(parts)), min(25, len(parts)))
    for number in numbers:
        other = chance.choice([each for each in range(len(parts)) if parts[each] != parts[number]])
        swapped = list(parts)
        swapped[number], swapped[other] = parts[other], parts[number]
        for changed in (
            parts[:number] + parts[number + 1 :],
            [*parts[: number + 1], *parts[number:]],
            swapped,
            [*parts[:number], parts[other], *parts[number + 1 :]],
        ):
            assert verify_evidence(joined(manifest, changed), made.roots).word is not Word.VERIFIED


def test_headers_and_nodes_in_another_order_are_refused_though_the_manifest_fits():
    made = sealed_by_validators()
    manifest, parts = parts_of(encode_bundle(made.bundle))
    count = len(manifest["headers"])
    parts[0], parts[1] = parts[1], parts[0]
    manifest["headers"][0], manifest["headers"][1] = manifest["headers"][1], manifest["headers"][0]
    exchanged = {0: 1, 1: 0}
    for receipt in manifest["receipts"]:
        receipt["header"] = exchanged.get(receipt["header"], receipt["header"])
    with pytest.raises(EvidenceError, match="one form"):
        decode_bundle(joined(manifest, parts))
    assert count == 4


def test_a_part_that_nothing_uses_is_refused_though_the_manifest_names_it():
    made = witnessed()
    for name, position in (("headers", 0), ("nodes", 4)):
        manifest, parts = parts_of(encode_bundle(made.bundle))
        if name == "headers":
            manifest["headers"].append(len(parts[3]))
            parts.insert(4, parts[3])
        else:
            manifest["nodes"].insert(0, 3)
            parts.insert(position, b"abc")
        with pytest.raises(EvidenceError):
            decode_bundle(joined(manifest, parts))


# Logs that no contract ever wrote, in blocks of somebody's own making


@pytest.mark.parametrize("number", range(len(sealed_by_validators().bundle.receipts)))
def test_whatever_a_forged_log_holds_ends_in_a_verdict_and_never_in_a_crash(number):
    """A forger may put any words into a log before anybody asks for the block's seals."""
    made, chance = sealed_by_validators(), random.Random(SEED + number)
    forged = made.bundle.receipts[number]
    receipt = proved_receipt(read_header(forged.header).receipts_root, forged.transaction_index, forged.nodes)
    for _ in range(40):
        logs = tuple(scrambled(log, chance) for log in receipt.logs)
        changed = replace(receipt, logs=logs)
        header = replace(read_header(forged.header), receipts_root=receipts_root([changed]), number=5 + number)
        proof = ReceiptProof(header.encode(), 0, receipt_proof([changed], 0), forged.logs)
        others = tuple(each for each in made.bundle.receipts if each is not forged)
        verdict = verify_bundle(replace(made.bundle, receipts=(*others, proof)), made.roots)
        assert verdict.word is not Word.VERIFIED
        json.dumps(verdict.to_json())


def scrambled(log, chance):
    """The log with some of its bytes replaced, mostly by zeros and ones: what is large or none."""
    data = bytearray(log.data)
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(data))
        data[place] = chance.choice((0, 1, 0xFF, chance.randrange(256)))
    topics = list(log.topics)
    if chance.random() < 0.3 and len(topics) > 1:
        place = chance.randrange(1, len(topics))
        topics[place] = chance.choice((bytes(32), b"\xff" * 32, topics[-1]))
    return replace(log, topics=tuple(topics), data=bytes(data))


# Contents: each member of a bundle emptied, halved, doubled, turned round, or taken from another bundle


def variants(value):
    if isinstance(value, tuple) and value:
        yield ()
        yield from (value[:number] + value[number + 1 :] for number in range(len(value)))
        yield tuple(reversed(value))
        yield value + value[:1]
    elif value is not None and not isinstance(value, bytes | tuple):
        yield None


REQUIRED = {"ledger", "consignment"}


@pytest.mark.parametrize("kind", KINDS)
def test_contents_removed_or_repeated_give_the_same_bytes_or_no_other_verified_facts(kind):
    """An order or a repetition that bytes do not keep is the same bundle; what is gone is gone from the verdict too."""
    made = KINDS[kind]()
    data = encode_bundle(made.bundle)
    facts = facts_of(verify_evidence(data, made.roots))
    for field in fields(made.bundle):
        if field.name in REQUIRED:
            continue
        for value in variants(getattr(made.bundle, field.name)):
            changed = encode_or_none(replace(made.bundle, **{field.name: value}))
            if changed is None or changed == data:
                continue
            verdict = verify_evidence(changed, made.roots)
            if verdict.word is Word.VERIFIED:
                assert facts_of(verdict) <= facts, f"{field.name}: it says more with less"


def encode_or_none(bundle):
    try:
        return encode_bundle(bundle)
    except (KeyError, EvidenceError):
        return None


def facts_of(verdict):
    """What a verdict says that is true: each rule that holds, the UCR, as of when, and of how many statements."""
    passed = {each.rule: each.evidence["checked"] for each in verdict.passed}
    named = {("ucr", verdict.ucr)} if verdict.ucr else set()
    return passed.keys() | named | {("as of", verdict.as_of.block), ("statements", passed.get("statement.digest"))}


EXCHANGED = (sealed_by_validators, witnessed, attested, logged, observed_too, held_after_sealing, whole_life)


@pytest.mark.parametrize(("ours", "theirs"), list(combinations(EXCHANGED, 2)), ids=lambda each: each.__name__)
def test_parts_of_two_bundles_put_together_are_never_verified_as_more_than_either(ours, theirs):
    """They are of one ledger and one consignment, but not of one moment or one proof."""
    one, other = ours(), theirs()
    known = facts_of(verify_bundle(one.bundle, one.roots)) | facts_of(verify_bundle(other.bundle, other.roots))
    for field in fields(one.bundle):
        if getattr(one.bundle, field.name) == getattr(other.bundle, field.name):
            continue
        mixed = encode_or_none(replace(one.bundle, **{field.name: getattr(other.bundle, field.name)}))
        if mixed is None:
            continue
        verdict = verify_evidence(mixed, one.roots)
        if verdict.word is Word.VERIFIED:
            assert facts_of(verdict) <= known, field.name


def test_what_is_written_is_what_is_read():
    for kind in KINDS.values():
        bundle = kind().bundle
        assert decode_bundle(encode_bundle(bundle)) == bundle
    assert _Writing(whole_life().bundle).data() == encode_bundle(whole_life().bundle)
