"""Situations: consignments in every state that matters, found by the rules in Python alone.

A state is described by its *features*: phase and place, each side's clearance, channel, inspection and so on; heads,
positions and addresses are forgotten. One side's clearance is explored completely (:func:`clearances`). All features
together have too many combinations to ask about each, so long walks look for those pairs of features that were not
met yet (:func:`wander`), and a covering set is chosen that shows every pair met (:func:`covering`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.lifecycle import apply
from ledger.chain.refusals import RuleRefused
from ledger.identity.milestones import Channel, Milestone, Side
from ledger.identity.statements import ZERO32, ZERO_ADDRESS
from tests.ledger.chain.moves import ASSESSMENTS, MAX_HOLDS, SIDES, Goods, Move, fitting, judged, said, whole_life

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.chain.state import SideState, State
    from tests.ledger.chain.cast import Cast

CHANNEL_OF: Final = {ZERO32: Channel.CLOSED} | {ASSESSMENTS[channel][0]: channel for channel in ASSESSMENTS}
CHOICES: Final = 4
"""Among how many moves a walk chooses the one that shows most that is new."""
ENDS: Final = frozenset(
    {
        Milestone.DELIVERED,
        Milestone.CANCELLED,
        Milestone.RETURNED,
        Milestone.DESTROYED,
        Milestone.SEIZED,
        Milestone.ABANDONED,
    }
)
SELDOM: Final = ENDS | {Milestone.RELEASED, Milestone.REMOVED}
AGES: Final = (0, 7, 10, 15, 18)
"""After how many statements of an untroubled life walks begin: from nothing, in transit, arrived, released, removed."""
_ENDED_SELDOM: Final = 0.1


@dataclass(frozen=True, slots=True)
class Situation:
    """A state, and the moves that lead to it from nothing."""

    state: State | None
    path: tuple[Move, ...] = ()


def features(cast: Cast, state: State) -> dict[str, Any]:
    """What of a state matters to the rules, each by its name."""
    found: dict[str, Any] = {
        "place": (state.phase, state.location, state.destination),
        "departed": state.departed,
        "importer named": state.importer != ZERO_ADDRESS,
        "holder": cast.name(state.holder),
        "offered to": _offered(cast, state),
        "sealed": state.seal != ZERO32,
        "holds": len(state.holds),
        "hold of one who is dismissed": any(cast.name(setter) == "late_agency" for _, setter in state.holds),
        "transit countries": min(len(state.transit), 3),
        "through SG": state.transit.get("SG"),
        "through DE": state.transit.get("DE"),
    }
    for side in SIDES:
        found |= {f"{side.label} {name}": value for name, value in _of_side(state.side(side)).items()}
    return found


def clearance(state: State, side: Side) -> tuple[Any, ...]:
    """All of one side's clearance but who may declare it."""
    return tuple(value for name, value in _of_side(state.side(side)).items() if name != "declarant")


def _of_side(side: SideState) -> dict[str, Any]:
    return {
        "clearance": side.clearance,
        "declarant": side.declarant != ZERO_ADDRESS,
        "assessed as": CHANNEL_OF[side.assessment],
        "channel": side.channel,
        "documents pending": side.documents_pending,
        "duties met": side.duties_met,
        "stopped": side.stopped,
        "inspection": side.inspection,
    }


@dataclass(slots=True)
class Pairs:
    """The pairs of features that states show, a bit each."""

    cast: Cast
    _bits: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def shown(self, state: State) -> int:
        """The pairs that a state shows, as a mask."""
        mask = 0
        for pair in combinations(features(self.cast, state).items(), 2):
            mask |= self._bits.setdefault(pair, 1 << len(self._bits))
        return mask


def after(cast: Cast, situation: Situation, move: Move) -> Situation | None:
    """The situation after a move, or ``None`` where the rules refuse it."""
    state = situation.state
    if move.milestone is Milestone.HELD and state is not None and len(state.holds) == MAX_HOLDS:
        return None
    statement = said(cast, move, state, Goods.of(cast, b"explored"))
    try:
        return Situation(apply(state, judged(cast, move, statement, cast.now)), (*situation.path, move))
    except RuleRefused:
        return None


def walked(cast: Cast, *moves: Move) -> Situation:
    """The situation after moves that the rules all allow."""
    situation = Situation(None)
    for move in moves:
        found = after(cast, situation, move)
        assert found is not None, move
        situation = found
    return situation


def clearances(cast: Cast, start: Situation, side: Side) -> list[Situation]:
    """Every clearance of one side that can be reached by what is said of that side, each by the shortest way."""
    seen, found, waiting = {clearance(start.state, side)}, [start], deque([start])
    while waiting:
        situation = waiting.popleft()
        for move in fitting(cast, situation.state):
            if move.side is not side or move.milestone in ENDS:
                continue
            reached = after(cast, situation, move)
            if reached is not None and clearance(reached.state, side) not in seen:
                seen.add(clearance(reached.state, side))
                found.append(reached)
                waiting.append(reached)
    return found


def wander(cast: Cast, walks: int, steps: int, seed: int = 0) -> list[Situation]:
    """The situations met on walks that prefer pairs of features not met before; they begin at all ages of a life."""
    chance, pairs, seen = Random(seed), Pairs(cast), 0
    beginnings = [walked(cast, *whole_life()[:age]) for age in AGES]
    met = []
    for number in range(walks):
        situation = beginnings[number % len(beginnings)]
        for _ in range(steps):
            reached = list(_some_after(cast, situation, chance))
            if not reached:
                break
            situation = max(reached, key=lambda each: (pairs.shown(each.state) & ~seen).bit_count())
            seen |= pairs.shown(situation.state)
            met.append(situation)
    return met


def eves(cast: Cast, met: Sequence[Situation]) -> list[Situation]:
    """The situations just before each of the milestones that are seldom possible, as they were first met."""
    first: dict[Milestone, Situation] = {}
    for situation in (*met, walked(cast, *whole_life())):
        first.setdefault(situation.path[-1].milestone, situation)
    return [walked(cast, *first[milestone].path[:-1]) for milestone in sorted(SELDOM & set(first))]


def _some_after(cast: Cast, situation: Situation, chance: Random) -> Iterator[Situation]:
    moves = list(fitting(cast, situation.state))
    chance.shuffle(moves)
    found = 0
    for move in moves:
        if move.milestone in ENDS and chance.random() > _ENDED_SELDOM:
            continue
        reached = after(cast, situation, move)
        if reached is not None:
            found += 1
            yield reached
        if found == CHOICES:
            return


def covering(cast: Cast, situations: Sequence[Situation], most: int | None = None) -> tuple[list[Situation], int]:
    """Few situations that show every pair that all of them show: the one that adds most comes first, and so on.

    Returns:
        the situations, at most ``most``, and how many pairs they show.
    """
    pairs = Pairs(cast)
    shown = [pairs.shown(each.state) for each in situations]
    gains = [(-mask.bit_count(), index) for index, mask in enumerate(shown)]
    heapify(gains)
    seen, chosen = 0, []
    while gains and len(chosen) != most:
        bound, index = heappop(gains)
        gain = (shown[index] & ~seen).bit_count()
        if gain == -bound:
            chosen.append(situations[index])
            seen |= shown[index]
        elif gain:
            heappush(gains, (-gain, index))
    return chosen, seen.bit_count()


def _offered(cast: Cast, state: State) -> str:
    """Whom custody was offered to, as far as the rules tell them apart."""
    name = cast.name(state.offered_to)
    return name if name in ("", "late_carrier", "importer") else "another"
