"""Disclosure: what looks wrong for want of an event is open while a document that may tell the event is not at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.verify.rule import Remark, failed, undetermined
from ledger.verify.untold import untold_between

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

_EVER: Final = 1 << 62
"""A time after all others, in seconds."""


def failed_if_all_is_disclosed(case: Case, entry: Entry | None, reason: str, **values: object) -> Remark:
    """Failed; undetermined where a document that is not at hand may explain it.

    Args:
        case: what is at hand.
        entry: the statement concerned, if one is.
        reason: in plain words, what was expected and found.
        values: the evidence.
    """
    untold = untold_between(case, 0, _EVER)
    if not untold:
        return failed(entry, reason, **values)
    missing = untold[0]
    return undetermined(
        entry,
        f"{reason} A document that is not at hand may explain it: ask {case.asked(missing)} for that of "
        f"{missing.label.lower()}.",
        **values,
    )
