"""Exit statuses: 0, 1 and 2 are verdicts, so nothing else ends with them.

Usage errors, crashes and interrupts end with 64 and up, after the habits of ``sysexits.h``.
"""

from __future__ import annotations

from enum import IntEnum

from ledger.errors import AccessError, InputError, LedgerError, NotFound, Refused, Unavailable


class Exit(IntEnum):
    """What a process says when it ends."""

    OK = 0  # done; of `verify`: verified; of `epcis check`: all valid; of `proof check`: proven
    NO = 1  # of `verify`: not verified; of `epcis check`, `capture`: not all valid; of `proof check`: not proven
    UNDETERMINED = 2  # of `verify`, `proof check`: could not check
    USAGE = 64
    INPUT = 65
    NOT_FOUND = 66
    UNAVAILABLE = 69
    CRASH = 70
    OUTPUT = 74
    REFUSED = 76
    ACCESS = 77
    INTERRUPTED = 130


_BY_KIND: tuple[tuple[type[LedgerError], Exit], ...] = (
    (InputError, Exit.INPUT),
    (Refused, Exit.REFUSED),
    (NotFound, Exit.NOT_FOUND),
    (AccessError, Exit.ACCESS),
    (Unavailable, Exit.UNAVAILABLE),
)


def exit_for(error: LedgerError) -> Exit:
    """The exit status that tells what kind of error ended the command."""
    return next((status for kind, status in _BY_KIND if isinstance(error, kind)), Exit.CRASH)
