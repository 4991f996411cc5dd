"""Check a parcel against the chain: nothing in it is trusted, and everything in it must agree.

1. The key that signed the parcel is the stated giver's.
2. The consignment is registered; its reference, if given, gives its id and its exporter registered it.
3. Each statement was accepted, signed by the key that the chain names; if it opens an assessment, it is a recorded one.
4. Each blind opens the commitment or the detail of an accepted statement.
5. Each document is valid EPCIS and holds an event behind an accepted statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from ledger.epcis import digests, read
from ledger.epcis.commitment import assessment_commitment, blinded_commitment
from ledger.errors import InputError
from ledger.exchange.errors import UnknownGiverError
from ledger.identity.errors import SignatureMalformedError
from ledger.identity.milestones import Milestone
from ledger.identity.signing import recover
from ledger.identity.terms import opened_channel
from ledger.store.blinds import EventContent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.epcis import EventDigests
    from ledger.exchange.parcel import Parcel
    from ledger.exchange.sealing import OpenedParcel
    from ledger.identity.milestones import Side
    from ledger.identity.signing import Opening
    from ledger.identity.statements import Statement
    from ledger.store.records import Document

MAX_PROBLEMS: Final = 100  # a hostile parcel must not make a report larger than itself


@dataclass(frozen=True, slots=True)
class Accepted:
    """A statement as the chain accepted it.

    Attributes:
        digest: its digest (32 bytes).
        milestone: what was stated.
        side: the clearance that it concerns.
        commitment: the event's blinded commitment (32 bytes), or zeros.
        detail: the commitment to its detail (32 bytes), or zeros.
        key: the address of the key that signed it.
        member: the address of the member whose key it is.
        transaction: the hash of the transaction that carried it (32 bytes).
        position: its number in the history; ``None`` for an observation.
    """

    digest: bytes
    milestone: Milestone
    side: Side
    commitment: bytes
    detail: bytes
    key: str
    member: str
    transaction: bytes
    position: int | None


class ChainView(Protocol):
    """What a check must know of the chain; read from a node that the recipient trusts, never from the parcel."""

    def accepted(self, consignment: bytes) -> Sequence[Accepted]:
        """The accepted statements about a consignment (32 bytes), in order; none where it is not registered."""
        ...

    def member_of_key(self, key: str) -> str | None:
        """The address of the member whose key this is or was; ``None`` where it is nobody's."""
        ...


@dataclass(frozen=True, slots=True)
class ParcelProblem:
    """Something in a parcel that does not agree with the chain.

    Attributes:
        where: its path in the parcel.
        message: what was found.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class CheckedParcel:
    """A parcel, and what its check found.

    Attributes:
        opened: the parcel.
        problems: what does not agree with the chain, at most :data:`MAX_PROBLEMS`; empty where all of it agrees.
        accepted: how the chain accepted each of its statements, by digest.
        events: the digests of the events of each document, in the order of the documents.
    """

    opened: OpenedParcel
    problems: tuple[ParcelProblem, ...]
    accepted: Mapping[bytes, Accepted]
    events: tuple[tuple[EventDigests, ...], ...]


def check_parcel(opened: OpenedParcel, chain: ChainView) -> CheckedParcel:
    """Check everything in a parcel against the chain.

    Raises:
        UnknownGiverError: the key that signed it is no member's, or another member's than the stated giver's.
        Unavailable: the chain could not be read.
    """
    _require_giver(opened, chain)
    parcel = opened.parcel
    accepted = {each.digest: each for each in chain.accepted(parcel.consignment)}
    documents = _Documents(parcel)
    problems: list[ParcelProblem] = []
    for problem in _problems(opened, accepted, documents):
        problems.append(problem)
        if len(problems) == MAX_PROBLEMS:
            break
    return CheckedParcel(opened, tuple(problems), accepted, tuple(documents.events))


def _require_giver(opened: OpenedParcel, chain: ChainView) -> None:
    member = chain.member_of_key(opened.giver_key)
    if member == opened.envelope.giver:
        return
    owner = f"is a key of {member}" if member else "is no member's key"
    raise UnknownGiverError(
        f"says that {opened.envelope.giver} gave it, but {opened.giver_key}, which signed it, {owner}",
        where="parcel",
        mend="Do not use it. Ask the giver, in another way, whether they sent it.",
    )


def _problems(
    opened: OpenedParcel, accepted: Mapping[bytes, Accepted], documents: _Documents
) -> Iterator[ParcelProblem]:
    if not accepted:
        yield ParcelProblem("consignment", "is not registered on this chain")
        return
    yield from _reference_problems(opened.parcel, accepted)
    yield from _statement_problems(opened, accepted)
    yield from _blind_problems(opened.parcel, accepted)
    yield from documents.problems(_stated_events(opened.parcel, accepted))


def _reference_problems(parcel: Parcel, accepted: Mapping[bytes, Accepted]) -> Iterator[ParcelProblem]:
    if parcel.reference is None:  # where there is one, the parcel's own rules say that it gives the id
        return
    exporters = {each.member for each in accepted.values() if each.milestone is Milestone.REGISTERED}
    if exporters != {parcel.reference.exporter}:
        yield ParcelProblem("reference.exporter", f"{parcel.reference.exporter} did not register this consignment")


def _statement_problems(opened: OpenedParcel, accepted: Mapping[bytes, Accepted]) -> Iterator[ParcelProblem]:
    domain = opened.envelope.domain
    for index, signed in enumerate(opened.parcel.statements):
        where, digest = f"statements[{index}]", signed.statement.digest(domain)
        if digest not in accepted:
            yield ParcelProblem(where, f"the contract never accepted statement {digest.hex()}")
            continue
        try:
            key = recover(signed, domain)
        except SignatureMalformedError as error:
            yield ParcelProblem(where, str(error))
            continue
        if key != accepted[digest].key:
            yield ParcelProblem(where, f"{key} signed it, and the chain names {accepted[digest].key}")
        if signed.opening is not None and not _opens(signed.opening, signed.statement, accepted):
            yield ParcelProblem(f"{where}.opening", "opens no assessment that was recorded")


def _opens(opening: Opening, statement: Statement, accepted: Mapping[bytes, Accepted]) -> bool:
    channel = opened_channel(statement.terms)
    blinded = blinded_commitment(assessment_commitment(channel, opening.reasons_digest), opening.blind)
    return any(
        each.milestone is Milestone.ASSESSED and each.side is statement.side and each.detail == blinded
        for each in accepted.values()
    )


def _blind_problems(parcel: Parcel, accepted: Mapping[bytes, Accepted]) -> Iterator[ParcelProblem]:
    commitments = {each.commitment for each in accepted.values()}
    details = {each.detail for each in accepted.values()}
    for index, blind in enumerate(parcel.blinds):
        is_event = isinstance(blind.content, EventContent)
        if blind.blinded not in (commitments if is_event else details):
            yield ParcelProblem(f"blinds[{index}]", "opens nothing that was stated about this consignment")


def _stated_events(parcel: Parcel, accepted: Mapping[bytes, Accepted]) -> frozenset[bytes]:
    """The event commitments behind accepted statements, as far as the parcel's blinds open them."""
    commitments = {each.commitment for each in accepted.values()}
    return frozenset(
        blind.content.commitment
        for blind in parcel.blinds
        if isinstance(blind.content, EventContent) and blind.blinded in commitments
    )


class _Documents:
    """The documents of a parcel, read one by one; their events' digests as far as they were read."""

    def __init__(self, parcel: Parcel) -> None:
        self._documents = parcel.documents
        self.events: list[tuple[EventDigests, ...]] = []

    def problems(self, stated: frozenset[bytes]) -> Iterator[ParcelProblem]:
        for index, document in enumerate(self._documents):
            where = f"documents[{index}]"
            try:
                events = _read_events(document)
            except InputError as error:
                yield ParcelProblem(where, f"is no valid EPCIS document: {error}")
                continue
            self.events.append(events)
            if not any(event.commitment in stated for event in events):
                yield ParcelProblem(where, "holds no event that was stated about this consignment")


def _read_events(document: Document) -> tuple[EventDigests, ...]:
    return tuple(digests(event) for event in read(document.content, media=document.media_type).events)
