"""Paperwork: the business transactions that events name (EPCIS 2.0, section 7.3.5.3), each by one spelling.

A number means something only with who issued it, so papers are compared where type and issuer are the same: for the
identifiers of CBV 2.0 (section 8.5) the issuer is their GLN; for any other URI, all but its last part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.epcis.digitallink import CANONICAL_ROOT
from ledger.verify.things import thing

if TYPE_CHECKING:
    from ledger.epcis import Event

_GDTI: Final = re.compile(re.escape(CANONICAL_ROOT) + r"253/([0-9]{13})(.*)")
_PARTED: Final = re.compile(r"(.*[:/])([^:/]+)/*")


@dataclass(frozen=True, slots=True)
class Paper:
    """One business transaction that an event names.

    Attributes:
        type: its type as a bare standard word, or a URI; empty where none is given.
        issuer: within what its number is unique.
        number: the number without what only sets it: spaces, hyphens and points, capitals and small letters.
        written: the identifier as the event gives it.
    """

    type: str
    issuer: str
    number: str
    written: str


def papers_of(event: Event, *types: str) -> tuple[Paper, ...]:
    """The papers that an event names, of the types given or of all."""
    named = event.biz_transactions
    return tuple(_paper(each.type or "", each.id) for each in named if not types or each.type in types)


def withdraws_papers(event: Event) -> bool:
    """Whether an event ends the relation of goods to the papers that it names (EPCIS 2.0, section 7.4.4)."""
    return event.type == "TransactionEvent" and event.action == "DELETE"


def _paper(type_: str, written: str) -> Paper:
    uri = thing(written)
    match = _GDTI.fullmatch(uri) or _PARTED.fullmatch(uri)
    issuer, number = match.groups() if match is not None else ("", uri)
    return Paper(type_, issuer.casefold(), "".join(filter(str.isalnum, number)).casefold() or number, written)
