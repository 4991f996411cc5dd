"""Transport: the modes in which goods travel, and how fast each can be.

The codes are those of UN/CEFACT Recommendation 19. An event names its mode by ``border:transportMode`` (the namespace
is ``urn:smartborder:epcis:``), with the code or the word; a vessel (``border:vessel``) says maritime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.verify.whereabouts import BORDER, term

if TYPE_CHECKING:
    from ledger.epcis import Event

TRANSPORT_MODE: Final = f"{BORDER}transportMode"
VESSEL: Final = f"{BORDER}vessel"


@dataclass(frozen=True, slots=True)
class Mode:
    """One mode of transport.

    Attributes:
        code: the digit of Recommendation 19.
        word: its word in events.
        carrier: what carries the goods, as in "a ship makes".
        km_an_hour: no such carrier is faster over ground.
    """

    code: str
    word: str
    carrier: str
    km_an_hour: int


MARITIME: Final = Mode("1", "maritime", "a ship", 75)  # container ships make 45, the fastest freight ferries 40 knots
RAIL: Final = Mode("2", "rail", "a train", 350)  # express freight on high-speed lines
ROAD: Final = Mode("3", "road", "a road vehicle", 130)  # as the crow flies, which no road does
AIR: Final = Mode("4", "air", "an aircraft", 1_250)  # a freighter's 910 through the air, and a strong jet stream
INLAND_WATER: Final = Mode("8", "inland water", "a barge", 50)

ANY: Final = Mode("9", "unknown", "an aircraft", AIR.km_an_hour)
"""Where the mode is not told, or is one of several or of none of these: nothing is faster than an aircraft."""

_MODES: Final = {name: mode for mode in (MARITIME, RAIL, ROAD, AIR, INLAND_WATER) for name in (mode.code, mode.word)}


def mode_of(event: Event) -> Mode | None:
    """The mode of transport that an event names; None where it names none that is known."""
    named = term(event, TRANSPORT_MODE)
    if isinstance(named, str | int) and not isinstance(named, bool):
        return _MODES.get(str(named).strip().lower().replace("_", " "), ANY)
    return MARITIME if isinstance(term(event, VESSEL), str) else None
