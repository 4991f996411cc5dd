"""Untold: where the trail has a gap, for a statement that stands on the ledger has no document at hand.

What happened in between may be told there. So a check that would find fault with what is missing asks first, and says
"could not check" instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.identity.statements import ZERO32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.verify.case import Case, Entry


def untold_between(case: Case, since: int, until: int) -> tuple[Entry, ...]:
    """The statements and observations whose event may lie in a span of time and cannot be read here.

    Args:
        case: any case.
        since: the beginning, in seconds since 1970; clocks may differ by the case's tolerance.
        until: the end.
    """
    first, last = since - case.tolerance_seconds, until + case.tolerance_seconds
    return tuple(entry for entry in _untold(case) if _may_lie(entry, first, last))


def _may_lie(entry: Entry, first: int, last: int) -> bool:
    """Of what could not be read only this is sure: it happened before the chain accepted it."""
    if entry.statement is None:
        return entry.acceptance.moment.time >= first
    return first <= entry.statement.event_time <= last


def _untold(case: Case) -> Iterator[Entry]:
    for entry in case.entries:
        if entry.statement is None:
            yield entry
        elif entry.statement.commitment != ZERO32:
            known = case.openings.event(entry.statement.commitment)
            if known is None or known.event is None:
                yield entry
