"""Times with an offset: ``xsd:dateTimeStamp`` as EPCIS narrows it (EPCglobal-epcis-2_0.xsd, DateTimeStamp)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

TIME: Final = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])(0[0-9]|1[0-3]|14(?=:00)):([0-5][0-9]))"
)
OFFSET: Final = re.compile(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_time(text: str) -> bool:
    """Whether the text is a date and time with ``Z`` or an offset, and the day exists in the calendar."""
    match = TIME.fullmatch(text)
    if match is None:
        return False
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if day <= 28:
        return year > 0
    return year > 0 and day <= _DAYS[month - 1] and (month != 2 or day < 29 or _is_leap(year))


def is_offset(text: str) -> bool:
    """Whether the text is a time zone offset of the form ``+hh:mm`` or ``-hh:mm``, at most 14:00."""
    return OFFSET.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def parse_time(text: str) -> datetime:
    """The moment, as an aware datetime with the offset that was written.

    Digits after the microsecond are dropped: use the text itself where they matter.

    Raises:
        ValueError: if :func:`is_time` does not hold.
    """
    match = TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"not a date and time with offset: {text[:40]!r}")
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    microsecond = int((match[7] or "")[:6].ljust(6, "0"))
    return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=_zone(match))


def _zone(match: re.Match[str]) -> timezone:
    if match[8]:
        return UTC
    offset = timedelta(hours=int(match[10]), minutes=int(match[11]))
    return timezone(-offset if match[9] == "-" else offset)


def _is_leap(year: int) -> bool:
    return date(year, 3, 1).toordinal() - date(year, 2, 1).toordinal() == 29
