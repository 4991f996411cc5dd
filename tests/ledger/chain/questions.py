"""Questions: everything that is put to both in one situation.

Every milestone is asked of every voice and of both sides; and of who may say it, in every form: with other terms,
details, counterparties, openings, times and heads, on the wrong side, and a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.lifecycle import RULES
from ledger.identity.milestones import HEADLESS, Channel, Milestone, Role, Side
from ledger.identity.signing import Opening
from ledger.identity.statements import ZERO32
from ledger.identity.terms import country_terms, leg_terms
from tests.ledger.chain.cast import STRANGER, Voice
from tests.ledger.chain.moves import ASSESSMENTS, CUSTOMS, OTHER_SEAL, SEAL, SIDES, Move, fitting
from tests.ledger.chain.situations import after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.ledger.chain.cast import Cast
    from tests.ledger.chain.situations import Situation

PRESENT: Final = (
    *CUSTOMS.values(),
    Voice("customs_nl", Role.AUTHORITY, "machine_nl"),
    Voice("exporter", Role.EXPORTER),
    Voice("export_broker", Role.BROKER),
    Voice("carrier", Role.CARRIER),
    Voice("terminal", Role.TERMINAL),
    Voice("import_broker", Role.BROKER),
    Voice("importer", Role.IMPORTER),
    Voice("agency", Role.AGENCY),
    Voice("korean_agency", Role.AGENCY),
)
"""Who is asked everything in every situation. All others take turns, from milestone to milestone."""

NAMED: Final = (
    "",
    "exporter",
    "export_broker",
    "carrier",
    "terminal",
    "import_broker",
    "importer",
    "foreign_importer",
    "agency",
    "all_trades",
    "customs_nl",
    "late_carrier",
    "late_agency",
    "machine_nl",
    STRANGER,
)
"""Whom a statement may name; a machine's key and a stranger's are nobody's own address."""

TERMS: Final = (
    ZERO32,
    b"\xff" * 32,
    b"\x01" * 32,
    *(bytes([first]) + bytes(31) for first in (1, 2, 3, 4)),
    *(bytes(31) + bytes([last]) for last in (1, 2, 3, 4)),
    bytes([1]) + bytes(30) + bytes([3]),
    bytes(15) + b"\x01" + bytes(16),
    *(country_terms(country) for country in ("KR", "SG", "NL", "DE", "US", "FR")),
    *(leg_terms(*leg) for leg in (("KR", "SG"), ("SG", "NL"), ("NL", "KR"), ("KR", "US"), ("DE", "NL"))),
    *(
        words.ljust(32, b"\0")
        for words in (b"kR", b"K1", b"Kr", b"S\0", b"KRsg", b"KRNLSG\0\0DE", b"KRNLKR", b"SGNL", b"KRKR")
    ),
    b"KRNLSGDEFRBELUPL".ljust(31, b"\0") + b"\x01",
    b"KRNLSGDEFRBELUPLCZ".ljust(32, b"\0"),
)
DETAILS: Final = (ZERO32, SEAL, OTHER_SEAL, *(commitment for commitment, _ in ASSESSMENTS.values()))
OPENINGS: Final = (None, Opening(bytes(32), bytes(32)), *(opening for _, opening in ASSESSMENTS.values()))
TIMES: Final = (
    ("event_time", 300),
    ("event_time", 301),
    ("signed_time", 300),
    ("signed_time", 301),
    ("valid_until", -1),
    ("valid_until", 0),
)
"""Which time of a statement, and how many seconds it lies after the block's."""
FEW: Final = 8
"""How many of the terms are tried of each milestone, in turns, beside those that fit; of other fields fewer."""


@dataclass(slots=True)
class Turns:
    """Gives what takes turns, so that over many situations each is asked with each."""

    count: int = 0

    def of(self, things: tuple[Any, ...], number: int) -> Iterator[Any]:
        """The next few of many."""
        for _ in range(min(number, len(things))):
            self.count += 1
            yield things[self.count % len(things)]


def questions(cast: Cast, situation: Situation, turns: Turns, *, thorough: bool = False) -> Iterator[Move]:
    """All that is asked in a situation.

    Args:
        cast: everyone.
        situation: the situation.
        turns: whose turn it is among those who take turns.
        thorough: whether everyone is asked everything instead.
    """
    absent = tuple(voice for voice in cast.voices() if voice not in PRESENT)
    for milestone in Milestone:
        for side in SIDES if RULES[milestone].sided else (Side.NONE,):
            forms = forms_of(cast, situation, milestone, side)
            yield from forms
            base = best(cast, situation, forms)
            for voice in (*PRESENT, *(absent if thorough else turns.of(absent, 2))):
                yield replace(base, voice=voice, lifts=voice.name if base.lifts else "")
            yield from otherwise(base, turns, thorough=thorough)
    yield from _again(situation)


def forms_of(cast: Cast, situation: Situation, milestone: Milestone, side: Side) -> list[Move]:
    """How a milestone would be stated by who may, with the lifting of holds by others where members were dismissed."""
    forms = [move for move in fitting(cast, situation.state) if (move.milestone, move.side) == (milestone, side)]
    if milestone is Milestone.UNHELD:
        for voice in (CUSTOMS["NL"], CUSTOMS["KR"], Voice("agency", Role.AGENCY), Voice("exporter", Role.EXPORTER)):
            forms += [Move(voice, milestone, counterparty=name, lifts=name) for name in ("late_agency", "agency")]
    return forms or [Move(CUSTOMS["KR"], milestone, side)]


def best(cast: Cast, situation: Situation, forms: list[Move]) -> Move:
    """The form that the rules allow, if they allow one."""
    return next((form for form in forms if after(cast, situation, form) is not None), forms[0])


def otherwise(base: Move, turns: Turns, *, thorough: bool) -> Iterator[Move]:
    """The same by the same voice, otherwise in one field."""
    rule = RULES[base.milestone]
    many = len(TERMS) if thorough else FEW
    yield from (replace(base, side=side) for side in Side if side is not base.side)
    named = NAMED if rule.names_member else ("carrier",)
    yield from (replace(base, counterparty=name) for name in named)
    yield from (replace(base, terms=words, lifts="") for words in turns.of(TERMS, many if rule.has_terms else 1))
    yield from (replace(base, detail=detail) for detail in turns.of(DETAILS, many // 2))
    if base.terms[31] in set(Channel):
        yield from (replace(base, opening=opening) for opening in turns.of(OPENINGS, many // 2))
    yield from (replace(base, from_now=from_now) for from_now in turns.of(TIMES, many // 4))
    if base.milestone not in HEADLESS:
        yield replace(base, changes=(("previous_head", b"\x07" * 32),))
    yield replace(base, changes=(("consignment", b"\x08" * 32), ("previous_head", ZERO32)))


def _again(situation: Situation) -> Iterator[Move]:
    """What was said before without naming a head, word for word."""
    position = 0
    for move in situation.path:
        if move.milestone in HEADLESS:
            yield replace(move, changes=(("commitment", position.to_bytes(32, "big")),))
        position += move.milestone is not Milestone.OBSERVED


def of_one_side(cast: Cast, situation: Situation, side: Side) -> Iterable[Move]:
    """What is asked of one side's clearance, by who may say it and by a machine, with all that it may open."""
    state = situation.state
    machine = f"machine_{state.country_of(side).lower()}"
    for move in fitting(cast, state):
        if move.side is side:
            yield move
        if move.side is side and move.milestone in (Milestone.ASSESSED, Milestone.RELEASED):
            yield replace(move, voice=replace(move.voice, key=machine))
        if move.milestone in (Milestone.DEPARTED, Milestone.REMOVED, Milestone.DELIVERED, Milestone.CANCELLED):
            yield move
