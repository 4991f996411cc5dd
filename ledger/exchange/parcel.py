"""A parcel's content: what one party hands another of a consignment, as much as the giver chooses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from ledger.errors import InputError
from ledger.exchange.errors import ParcelTooLargeError
from ledger.store.blinds import AssessmentContent, DetailContent, EventContent, SealContent

if TYPE_CHECKING:
    from ledger.identity.signing import SignedStatement
    from ledger.store.blinds import Blind
    from ledger.store.records import Document, Reference

MAX_STATEMENTS: Final = 10_000  # a consignment's life has tens; a batch of scans some thousands
MAX_BLINDS: Final = 50_000  # as many as a document may have events
MAX_DOCUMENTS: Final = 1_000
MAX_DOCUMENT_BYTES: Final = 16 * 1024 * 1024  # what ledger.epcis reads at most
MAX_PARCEL_BYTES: Final = 64 * 1024 * 1024  # opened in memory, several times over


class Part(Enum):
    """What a giver may put into a parcel."""

    REFERENCE = "reference"
    STATEMENTS = "statements"
    EVENTS = "events"
    SEALS = "seals"
    DETAILS = "details"
    ASSESSMENTS = "assessments"
    DOCUMENTS = "documents"


EVERYTHING: Final = frozenset(Part)
SHARED_BY_DEFAULT: Final = EVERYTHING - {Part.ASSESSMENTS}
"""All but the assessments: a channel told too early warns whom it should not."""

PART_OF_CONTENT: Final = {
    EventContent: Part.EVENTS,
    SealContent: Part.SEALS,
    DetailContent: Part.DETAILS,
    AssessmentContent: Part.ASSESSMENTS,
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed over.

    Attributes:
        consignment: the consignment's id (32 bytes).
        reference: UCR, salt and exporter.
        statements: signed statements about it that the contract accepted.
        blinds: blinds of their commitments and details, with the content behind them.
        documents: EPCIS documents with its events.

    Raises:
        InputError: the reference or a statement is about another consignment.
        ParcelTooLargeError: there is more of something than an honest parcel has.
    """

    consignment: bytes
    reference: Reference | None = None
    statements: tuple[SignedStatement, ...] = ()
    blinds: tuple[Blind, ...] = ()
    documents: tuple[Document, ...] = ()

    def __post_init__(self) -> None:
        _require_at_most(len(self.statements), MAX_STATEMENTS, "statements")
        _require_at_most(len(self.blinds), MAX_BLINDS, "blinds")
        _require_at_most(len(self.documents), MAX_DOCUMENTS, "documents")
        for document in self.documents:
            _require_at_most(len(document.content), MAX_DOCUMENT_BYTES, "bytes in a document")
        if self.reference is not None and self.reference.id != self.consignment:
            raise _another_consignment("reference")
        for index, signed in enumerate(self.statements):
            if signed.statement.consignment != self.consignment:
                raise _another_consignment(f"statements[{index}]")

    def limits(self) -> tuple[str, ...]:
        """What the recipient will not be able to do for want of what was left out, each in a sentence."""
        limits = []
        if self.reference is None:
            limits.append("Without UCR and salt nobody can verify this consignment by its UCR.")
        if not self.documents:
            limits.append("Without documents nobody can check what the events say, only that they were stated.")
        if not any(isinstance(blind.content, EventContent) for blind in self.blinds):
            limits.append("Without the events' blinds no document can be matched with a statement.")
        return tuple(limits)


def _require_at_most(count: int, most: int, what: str) -> None:
    if count > most:
        raise ParcelTooLargeError(
            f"{count:,} {what} are more than {most:,}", where="parcel", mend="Give them in several parcels."
        )


def _another_consignment(where: str) -> InputError:
    return InputError(
        "is about another consignment than the parcel", where=where, mend="Give each consignment a parcel of its own."
    )
