"""The bundles beside this file, made anew: honest ones of every kind, and near misses named after their defect.

    python -m tests.vectors.evidence.generate

``index.json`` says of each which trust file it is verified by and what the verdict is; a test makes them again,
compares byte for byte, and verifies each.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.chain.proof.headers import read_header
from ledger.epcis import Document, Kind, write_json
from ledger.epcis.context import EPCIS_CONTEXT
from ledger.verify import Outcome
from ledger.verify.evidence import encode_bundle, verify_evidence
from scripts.recorded_bundle import record_bundle, seal, validator
from tests.ledger.verify.builder import KR, NL, sealed
from tests.ledger.verify.evidence.samples import (
    attested,
    attested_by,
    held_after_sealing,
    logged,
    logged_and_cosigned,
    sealed_by_validators,
    without_documents,
    witnessed,
    witnessed_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.recorded_bundle import RecordedBundle

HERE = Path(__file__).parent
INDEX = "index.json"
EXAMPLE = "sealed-by-validators"
DOCUMENT = "documents-left-out.jsonld"


def bundles() -> Iterator[tuple[str, bytes, RecordedBundle]]:
    """Each bundle's name and bytes, and what it was made from."""
    honest = sealed_by_validators()
    for name, made in (
        (EXAMPLE, honest),
        ("cosigned-by-witnesses", witnessed()),
        ("head-attested-by-authorities", attested()),
        ("event-in-a-log-recorded-on-chain", logged()),
        ("event-in-a-log-cosigned", logged_and_cosigned()),
        ("documents-left-out", without_documents()),
        ("hold-left-off-at-the-end", _without_last(held_after_sealing())),
        ("hold-left-off-with-the-proof-of-the-end", _without_end(_without_last(held_after_sealing()))),
        ("hold-left-off-under-an-attested-head", _without_last(attested_by(held_after_sealing(), (KR, NL)))),
        ("block-sealed-by-one-of-four", _sealed_by_one(honest)),
        ("block-sealed-by-strangers", _sealed_by_strangers(honest)),
        ("cosigned-by-too-few-witnesses", witnessed_by(honest, range(1))),
        ("head-attested-by-one-authority", attested_by(honest, (KR,))),
        ("another-seal-than-the-contract-holds", _another_seal(honest)),
    ):
        yield name, encode_bundle(made.bundle), made
    data = encode_bundle(honest.bundle)
    yield "one-bit-of-an-event-changed", data[:-100] + bytes([data[-100] ^ 1]) + data[-99:], honest
    yield "cut-short", data[: len(data) // 2], honest
    yield "byte-behind-the-end", data + b"\0", honest


def _without_last(made: RecordedBundle) -> RecordedBundle:
    return replace(made, bundle=replace(made.bundle, receipts=made.bundle.receipts[:-1]))


def _without_end(made: RecordedBundle) -> RecordedBundle:
    return replace(made, bundle=replace(made.bundle, head=None))


def _resealed(made: RecordedBundle, listed: range, sealing: range) -> RecordedBundle:
    last = made.bundle.receipts[-1]
    header = seal(read_header(last.header), [validator(n) for n in listed], [validator(n) for n in sealing])
    receipts = (*made.bundle.receipts[:-1], replace(last, header=header.encode()))
    return replace(made, bundle=replace(made.bundle, receipts=receipts))


def _sealed_by_one(made: RecordedBundle) -> RecordedBundle:
    return _resealed(made, range(4), range(1))


def _sealed_by_strangers(made: RecordedBundle) -> RecordedBundle:
    return _resealed(made, range(50, 54), range(50, 54))


def _another_seal(made: RecordedBundle) -> RecordedBundle:
    case = sealed().case()
    assert case.recorded is not None
    forged = replace(case, recorded=replace(case.recorded, seal=b"\1" * 32))
    return replace(made, bundle=replace(made.bundle, head=record_bundle(forged).bundle.head))


def document_left_out() -> bytes:
    """The document of the seal, which one of the bundles has only by its hashes."""
    event = list(sealed().events.values())[-1].event
    assert event is not None
    return write_json(Document(Kind.EVENT, event.context, (event,), {}, event.own_context or [EPCIS_CONTEXT]))


def files() -> Iterator[tuple[str, bytes]]:
    """Every file beside this one, by its name."""
    trusts: dict[str, str] = {}
    index = {}
    for name, data, made in bundles():
        text = made.roots.text()
        trust = trusts.setdefault(text, f"{name}.trust.json")
        verdict = verify_evidence(data, made.roots)
        told = [each for each in verdict.findings if each.outcome is not Outcome.PASSED]
        index[name] = {
            "trust": trust,
            "verdict": verdict.word.value,
            "told": {each.rule: each.reason for each in told},
        }
        yield f"{name}.evidence", data
    yield DOCUMENT, document_left_out()
    for text, trust in trusts.items():
        yield trust, text.encode()
    yield INDEX, (json.dumps(index, indent=2, ensure_ascii=False) + "\n").encode()


def write() -> None:
    """Write every file, and take away those that are made no more."""
    made = dict(files())
    for file in HERE.iterdir():
        if file.suffix in {".evidence", ".json", ".jsonld"} and file.name not in made:
            file.unlink()
    for name, data in made.items():
        (HERE / name).write_bytes(data)


if __name__ == "__main__":
    write()
