"""How many EPCIS events a second: hash, digest, commitment, reading, and all of it, beside the reference on PyPI.

    python -m scripts.bench.epcis

One core, one process, one run, on the same documents of generated events of about 1 KB. Every round has new events, so
that no cache of identifiers helps twice.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar

import orjson
from epcis_event_hash_generator import hash_generator as peer_hashes  # type: ignore[import-untyped]  # a peer
from epcis_event_hash_generator import json_to_py as peer_json
from rich.console import Console
from rich.table import Table

from ledger.epcis import Event, read
from ledger.epcis.canonical import content_digest
from ledger.epcis.commitment import EventDigests, digests, event_commitment
from ledger.epcis.eventhash import event_hash

if TYPE_CHECKING:
    from collections.abc import Callable

_Prepared = TypeVar("_Prepared")

PEER = "epcis-event-hash-generator"
CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"trade": "https://ns.trade.example/epcis/"},
]
PARTIES = ("4012345", "9521321", "0614141", "7350053")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Args:
        task: what was done to each event.
        ours: events a second here.
        peer: events a second by the reference, or None where it does no such thing.
    """

    task: str
    ours: float
    peer: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as fast as the reference."""
        return None if self.peer is None else self.ours / self.peer


def event(chance: random.Random) -> dict[str, object]:
    """One event of about 1 KB: trade items shipped from one party to another, with transactions and extensions."""
    here, there = chance.sample(PARTIES, 2)
    place = f"urn:epc:id:sgln:{here}.{chance.randrange(20):05}.{chance.randrange(9)}"
    return {
        "type": "ObjectEvent",
        "eventTime": f"2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)}T{chance.randint(10, 23)}:15:30.125+02:00",
        "eventTimeZoneOffset": "+02:00",
        "epcList": [f"urn:epc:id:sgtin:{here}.{chance.randrange(30):06}.{chance.randrange(10**9)}" for _ in range(7)],
        "quantityList": [
            {
                "epcClass": f"urn:epc:class:lgtin:{here}.{chance.randrange(30):06}.L{chance.randrange(10**6)}",
                "quantity": chance.randrange(1, 5000) / 4,
                "uom": "KGM",
            }
        ],
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "readPoint": {"id": place},
        "bizTransactionList": [
            {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:{here}000009:PO{chance.randrange(10**6)}"},
        ],
        "sourceList": [{"type": "owning_party", "source": f"urn:epc:id:pgln:{here}.00000"}],
        "destinationList": [{"type": "owning_party", "destination": f"urn:epc:id:pgln:{there}.00000"}],
        "trade:seal": f"SEAL{chance.randrange(10**7)}",
        "trade:packing": {"trade:pallets": chance.randrange(1, 34), "trade:marks": ["FRAGILE", f"LOT {here}"]},
    }


def document(events: int, seed: int) -> bytes:
    """An EPCIS document with that many events, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a workload, not a secret
    return orjson.dumps(
        {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-01T12:00:00Z",
            "epcisBody": {"eventList": [event(chance) for _ in range(events)]},
        }
    )


def run(events: int = 2_000, peer_events: int = 200, rounds: int = 3) -> list[Row]:
    """Measure everything; the fastest round counts.

    Args:
        events: events in a document for ours.
        peer_events: events in a document for the peer, which takes longer.
        rounds: how often each task is measured, with new events each time.
    """
    hashes = _best(_each(event_hash), _parsed, events, rounds)
    return [
        Row("hash a parsed event", hashes, _best(_peer_hashes, orjson.loads, peer_events, rounds)),
        Row(
            "read a document and hash",
            _best(read_and_hash, bytes, events, rounds),
            _best(peer_reads, bytes.decode, peer_events, rounds),
        ),
        Row("content digest", _best(_each(content_digest), _parsed, events, rounds)),
        Row("event commitment", _best(_each(event_commitment), _parsed, events, rounds)),
        Row("read and validate", _best(read, bytes, events, rounds)),
        Row("read, validate, hash, digest, commit", _best(_whole_path, bytes, events, rounds)),
    ]


def main() -> None:
    """Measure and print the table."""
    table = Table(title=f"EPCIS events a second, one core ({len(document(1, 0)):,} bytes a document of one event)")
    for heading in ("task", "ours", f"{PEER} {version(PEER)}", "ratio"):
        table.add_column(heading, justify="left" if heading == "task" else "right")
    for row in run():
        peer, ratio = ("", "") if row.peer is None else (f"{row.peer:,.0f}", f"{row.ratio:.1f}")
        table.add_row(row.task, f"{row.ours:,.0f}", peer, ratio)
    Console().print(table)


def _best(
    task: Callable[[_Prepared], object], prepare: Callable[[bytes], _Prepared], events: int, rounds: int
) -> float:
    """Events a second in the fastest of the rounds; preparing does not count."""
    fastest = float("inf")
    for seed in range(rounds):
        prepared = prepare(document(events, seed))
        start = time.perf_counter()
        task(prepared)
        fastest = min(fastest, time.perf_counter() - start)
    return events / fastest


def _parsed(text: bytes) -> tuple[Event, ...]:
    return read(text).events


def _each(function: Callable[[Event], object]) -> Callable[[tuple[Event, ...]], None]:
    def task(events: tuple[Event, ...]) -> None:
        for each in events:
            function(each)

    return task


def read_and_hash(text: bytes) -> list[str]:
    """The event hashes of a document, by ours."""
    return [event_hash(each) for each in read(text).events]


def _whole_path(text: bytes) -> list[EventDigests]:
    return [digests(each) for each in read(text).events]


def _peer_hashes(parsed: object) -> object:
    return peer_hashes.epcis_hashes_from_events(peer_json.event_list_from_epcis_document_json(parsed))


def peer_reads(text: str) -> object:
    """The event hashes of a document, by the peer."""
    return peer_hashes.epcis_hashes_from_events(peer_json.event_list_from_epcis_document_str(text))


if __name__ == "__main__":
    main()
