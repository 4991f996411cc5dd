"""docs/formats.md, "Evidence bundle": the example is the file, and the members are those that are read."""

import hashlib
import json
import re
from pathlib import Path

from ledger.chain.proof.headers import read_header
from ledger.chain.proof.heads import proved_head
from ledger.verify.evidence import bundle as limits
from ledger.verify.evidence import decode_bundle, read_trust
from ledger.verify.evidence.encoding import _OPTIONAL, _REQUIRED
from ledger.verify.evidence.receipts import OF_REGISTER
from ledger.verify.evidence.roots import _OPTIONAL as TRUST_OPTIONAL
from ledger.verify.evidence.roots import _REQUIRED as TRUST_REQUIRED

ROOT = Path(__file__).parents[4]
TEXT = (ROOT / "docs" / "formats.md").read_text("utf-8").partition("\n## Evidence bundle\n")[2]
CHAPTER, _, REST = TEXT.partition("\n### Trust file\n")
VECTORS = ROOT / "tests" / "vectors" / "evidence"


def shown():
    block = TEXT.partition("```text bundle\n")[2].partition("```")[0]
    lines = block.strip().splitlines()
    return {name: value.strip() for name, value in zip(lines[::2], lines[1::2], strict=True)}


def computed():
    data = (VECTORS / "sealed-by-validators.evidence").read_bytes()
    length = int.from_bytes(data[9:13], "big")
    manifest, start = json.loads(data[13 : 13 + length]), 13 + length
    bundle = decode_bundle(data)
    headers = sorted({each.header for each in bundle.receipts} | {bundle.head.header})
    nodes = start + sum(manifest["headers"])
    events = nodes + sum(manifest["nodes"])
    first = data[events : events + manifest["events"][0]["sizeBytes"]]
    head = proved_head(bundle.head, bundle.ledger.consignments, bundle.consignment)
    return {
        "size in bytes": str(len(data)),
        "magic, version, length of the manifest": f"{data[:8].hex()} {data[8:9].hex()} {data[9:13].hex()}",
        "manifest, its first bytes": data[13:118].decode(),
        "headers: of the blocks": " ".join(str(n) for n in sorted(read_header(each).number for each in headers)),
        "the first header begins at": str(start),
        "nodes begin at": str(nodes),
        "events begin at": str(events),
        "the first event": first.decode(),
        "its content digest": hashlib.sha256(first).hexdigest(),
        "the head after block 13": head.head.hex(),
        "its position": str(head.position),
        "SHA-256 of the file": hashlib.sha256(data).hexdigest(),
    }


def test_the_worked_bundle_is_the_file():
    assert shown() == computed()


def members(text):
    table = text.partition("| member | what |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()]
    return {name: "°" in row for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_the_members_are_those_that_are_read():
    assert members(CHAPTER) == dict.fromkeys(_REQUIRED, False) | dict.fromkeys(_OPTIONAL, True)
    assert members(REST) == dict.fromkeys(TRUST_REQUIRED, False) | dict.fromkeys(TRUST_OPTIONAL, True)


def test_the_events_of_the_register_are_those_that_are_taken():
    named = CHAPTER.partition("**Which log entries.**")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", named)) >= OF_REGISTER


def test_the_limits_are_those_in_force():
    told = CHAPTER.partition("**Limits**")[2]
    for number in (
        limits.MAX_HEADERS,
        limits.MAX_NODES,
        limits.MAX_HASHES,
        limits.MAX_BLINDS,
        limits.MAX_ATTESTATIONS,
        limits.MAX_EVENTS,
    ):
        assert f"{number:,}" in told
    for size in (limits.MAX_BUNDLE_BYTES, limits.MAX_MANIFEST_BYTES, limits.MAX_UNPACKED_BYTES):
        assert f"{size >> 20} MiB" in told


def test_the_trust_file_beside_it_is_one():
    assert read_trust((VECTORS / "sealed-by-validators.trust.json").read_bytes()).validators is not None
