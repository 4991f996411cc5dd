"""How long verification takes: one consignment and its parts, a thousand on two cores, and how it grows.

    python -m scripts.bench verification

A consignment has 20 statements and, unless said otherwise, 200 events: 8 of the statements', the others observed.

Real are the statements, signed and judged by the rules one by one; the events, in documents of ten, half of them in
XML, encrypted in one SQLite store; and everything that is measured: the logs decoded, the store read, the documents
parsed, every check. Simulated is the node: it answers from memory with the logs that the contract would have emitted
(:mod:`scripts.recorded_chain`), since 200,000 statements would take an embedded chain hours to accept. What a real one
costs is measured beside it, on a small history over the embedded chain.
"""

from __future__ import annotations

import importlib
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
from rich.console import Console
from rich.table import Table

from clients.testing import consortium as practice
from ledger.epcis import Document, Kind, Media, digests, read, write_json, write_xml
from ledger.identity.milestones import Milestone, Side
from ledger.identity.terms import country_terms, leg_terms
from ledger.store.blinds import Blind, EventContent, SealContent
from ledger.store.records import Document as KeptDocument
from ledger.store.store import Store
from ledger.verify import Case, verify
from ledger.verify.gather import gather
from scripts.recorded_chain import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.chain.deployment import Contracts
    from ledger.epcis import Event
    from ledger.verify import Verdict
    from ledger.verify.membership import Membership

HISTORIES: Final = "tests.ledger.verify.histories.busy"
"""Who tells the histories: a module of the tests, which stand above the scripts and so are asked for by name."""

EVENTS: Final = 200
EVENTS_A_DOCUMENT: Final = 10
CORES: Final = 2
_KEY: Final = bytes(range(32))
_STORE: Final = "store.sqlite"
_CREATED: Final = "2026-05-05T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the verification of one consignment takes, in seconds.

    Attributes:
        chain: reading and decoding its history from the node.
        store: reading blinds and documents from the store, and parsing the documents.
        checks: every check.
    """

    chain: float
    store: float
    checks: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.chain + self.store + self.checks


@dataclass(frozen=True, slots=True)
class Growth:
    """One size that was measured.

    Attributes:
        consignments: how many.
        events: how many events each has.
        seconds: how long all of them took, on as many cores as ``cores``.
    """

    consignments: int
    events: int
    cores: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the chain holds of some consignments, and the store that holds their documents."""

    cases: tuple[Case, ...]
    folder: Path


def make(folder: Path, numbers: Sequence[int], events: int = EVENTS) -> Recorded:
    """Tell the consignments of these numbers, and keep their documents in the store of the folder."""
    busy_life = importlib.import_module(HISTORIES).busy_life
    cases = []
    with Store.open(folder / _STORE, _KEY) as store:
        for number in numbers:
            case: Case = busy_life(number, events).case()
            _keep(store, case)
            cases.append(case)
    return Recorded(tuple(cases), folder)


def parts(recorded: Recorded, rounds: int = 5) -> Parts:
    """What one consignment takes: the fastest round of each part."""
    contracts, case = record(recorded.cases[:1]), recorded.cases[0]
    with Store.open(recorded.folder / _STORE, _KEY) as store:
        return _parts(contracts, store, case.consignment, case.membership, rounds)


def verify_all(recorded: Recorded) -> float:
    """Verify every consignment from node and store; the seconds it took, without making the node."""
    contracts = record(recorded.cases)
    start = time.perf_counter()
    with Store.open(recorded.folder / _STORE, _KEY) as store:
        for case in recorded.cases:
            gathered = gather(contracts, store, case.consignment, trust=case.trust, membership=case.membership)
            _require_honest(verify(gathered))
    return time.perf_counter() - start


def growth_in_events(sizes: Sequence[int], rounds: int = 3) -> Iterator[Growth]:
    """One consignment, with more and more events."""
    for events in sizes:
        with tempfile.TemporaryDirectory() as folder:
            recorded = make(Path(folder), [events], events)
            yield Growth(1, events, 1, min(verify_all(recorded) for _ in range(rounds)))


def growth_in_consignments(sizes: Sequence[int], events: int = EVENTS) -> Iterator[Growth]:
    """More and more consignments in one store, verified by two processes."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            spawn = get_context("spawn")
            workers = [stack.enter_context(ProcessPoolExecutor(1, spawn)) for _ in range(CORES)]
            shares = [range(core, size, CORES) for core in range(CORES)]
            made = [
                worker.submit(_make_share, folder, share, events) for worker, share in zip(workers, shares, strict=True)
            ]
            for each in made:
                each.result()
            verified = [worker.submit(_verify_share) for worker in workers]
            yield Growth(size, events, CORES, max(each.result() for each in verified))


def over_an_embedded_chain(observations: int = 30) -> tuple[int, Parts]:
    """A small history that a real chain accepted, statement by statement: how many statements, and what they take."""
    consortium = practice.start().consortium
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / _STORE, _KEY) as store:
        consignment = _live(consortium, store, observations)
        found = _parts(consortium.contracts, store, consignment, None, rounds=3)
        return len(gather(consortium.contracts, None, consignment).entries), found


def main() -> None:
    """Measure everything and print the tables."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        found = parts(make(Path(folder), [1]))
    accepted, real = over_an_embedded_chain()
    table = Table(title="One consignment, milliseconds")
    for heading in ("history", "from the node", "from the store", "checks", "all"):
        table.add_column(heading, justify="left" if heading == "history" else "right")
    for label, each in (
        (f"20 statements, {EVENTS} events (recorded chain)", found),
        (f"{accepted} statements and observations (embedded chain, with the register)", real),
    ):
        seconds = (each.chain, each.store, each.checks, each.total)
        table.add_row(label, *(f"{second * 1000:,.0f}" for second in seconds))
    console.print(table)
    table = Table(title="Growth, the same documents and checks (recorded chain)")
    for heading in ("consignments", "events each", "cores", "seconds", "ms each"):
        table.add_column(heading, justify="right")
    for row in (*growth_in_events((50, 100, 200, 400, 800)), *growth_in_consignments((100, 300, 1000))):
        alone = row.seconds * 1000 / row.consignments
        table.add_row(
            f"{row.consignments:,}", f"{row.events:,}", f"{row.cores}", f"{row.seconds:,.2f}", f"{alone:,.0f}"
        )
    console.print(table)


_SHARE: Final[list[Recorded]] = []
"""What a worker made, and verifies next."""


def _make_share(folder: str, numbers: Sequence[int], events: int) -> None:
    _SHARE[:] = [make(Path(folder), numbers, events)]


def _verify_share() -> float:
    return verify_all(_SHARE[0])


def _parts(contracts: Contracts, store: Store, consignment: bytes, membership: Membership | None, rounds: int) -> Parts:
    chain = both = checks = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        gather(contracts, None, consignment, membership=membership)
        after_chain = time.perf_counter()
        case = gather(contracts, store, consignment, membership=membership)
        after_both = time.perf_counter()
        verdict = verify(case)
        end = time.perf_counter()
        _require_honest(verdict)
        chain, both = min(chain, after_chain - start), min(both, after_both - after_chain)
        checks = min(checks, end - after_both)
    return Parts(chain, max(both - chain, 0.0), checks)


def _require_honest(verdict: Verdict) -> None:
    if verdict.failed or verdict.warnings:
        raise RuntimeError(f"an honest history is told as wrong: {(verdict.failed + verdict.warnings)[0].reason}")


def _keep(store: Store, case: Case) -> None:
    """Keep everything that was handed over: the documents, ten events in each, and the blinds."""
    events = [known.event for known in case.openings.events.values() if known.event is not None]
    with store.write() as kept:
        if case.reference is not None:
            kept.consignments.keep_reference(case.reference)
        for blind in case.openings.blinds.values():
            kept.consignments.keep_blind(case.consignment, blind)
        for number, start in enumerate(range(0, len(events), EVENTS_A_DOCUMENT)):
            document = _document(events[start : start + EVENTS_A_DOCUMENT], in_xml=number % 2 == 1)
            kept.documents.keep(document)
            kept.documents.keep_events(document.sha256, map(digests, read(document.content).events))
            kept.documents.link(case.consignment, document.sha256)


def _document(events: Sequence[Event], *, in_xml: bool) -> KeptDocument:
    members = {"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": _CREATED}
    document = Document(Kind.DOCUMENT, events[0].context, tuple(events), members)
    if in_xml:
        return KeptDocument(write_xml(document), Media.XML)
    return KeptDocument(write_json(document), Media.JSON)


def _live(consortium: practice.Consortium, store: Store, observations: int) -> bytes:
    """Live a consignment on the embedded chain: 21 statements and so many scans; returns its id."""
    seal = Blind.of(SealContent("KR-7730011"), _KEY)
    goods = consortium.register(transit=("SG",))
    consortium.say("exporter", Milestone.SEALED, goods, detail=seal.blinded)
    consortium.clear("customs_kr", "exporter", goods, Side.EXPORT)
    consortium.hand_over("exporter", "carrier", goods)
    for origin, destination in (("KR", "SG"), ("SG", "NL")):
        consortium.say("carrier", Milestone.DEPARTED, goods, terms=leg_terms(origin, destination), detail=seal.blinded)
        consortium.say("carrier", Milestone.ARRIVED, goods, terms=country_terms(destination), detail=seal.blinded)
        if destination == "SG":
            consortium.say("customs_sg", Milestone.TRANSIT_PASSED, goods, terms=country_terms("SG"))
    consortium.clear("customs_nl", "importer", goods, Side.IMPORT)
    consortium.hand_over("carrier", "importer", goods)
    with store.write() as kept:
        kept.consignments.keep(goods)
        kept.consignments.keep_blind(goods, seal)
    for number in range(observations):
        _scan(consortium, store, goods, number)
    return goods


def _scan(consortium: practice.Consortium, store: Store, goods: bytes, number: int) -> None:
    """The importer scans the container; the document is kept, and the scan observed."""
    now = consortium.now()
    told = {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "ObjectEvent",
        "eventTime": datetime.fromtimestamp(now, UTC).isoformat(),
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "epcList": ["urn:epc:id:bic:CSQU3054383"],
        "bizStep": "storing",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
    }
    document = KeptDocument(orjson.dumps(told), Media.JSON)
    (event,) = read(document.content).events
    blind = Blind.of(EventContent(digests(event).commitment), _KEY)
    consortium.say("importer", Milestone.OBSERVED, goods, commitment=blind.blinded, event_time=now)
    with store.write() as kept:
        kept.consignments.keep_blind(goods, blind)
        kept.documents.keep(document)
        kept.documents.keep_events(document.sha256, [digests(event)])
        kept.documents.link(goods, document.sha256)


if __name__ == "__main__":
    main()
