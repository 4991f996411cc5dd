"""The contract and the rules in Python, asked the same in every situation: none is found in which they differ.

What is covered, in a run of about 80 seconds on one core:

- one side's clearance completely: all 532 of them, on the export side and on the import side, each asked for everything
  that its authority, its party, its broker and its machine may state, in every form (58,000 questions);
- of all features of a state together (:mod:`tests.ledger.chain.situations`), which have too many combinations: 45
  situations that show more than 3,000 pairs of features, those before each end, and that there is no consignment yet.
  Each is asked for every milestone, on both sides, by 13 voices and in turns by all others (every voice is asked every
  milestone somewhere), and otherwise in every field (more than 100,000 questions). Every milestone is accepted, and
  every error is met that a statement of ours can meet.

Compared are acceptance, the error with its arguments, the state that the contract's view gives, byte for byte, and the
event. Bounded are the holds (two at once), the members that hold and are offered the goods (five), and the pairs: three
features together are met by chance only. The environment variable ``SMARTBORDER_THOROUGH=1`` asks everybody everything
in every situation that shows a pair on longer walks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from eth_utils.crypto import keccak

from clients.testing.consortium import build
from ledger.chain.anvil import LocalChain
from ledger.chain.clock import system_clock
from ledger.errors import InputError
from ledger.identity.errors import SignatureMalformedError
from ledger.identity.keys import CURVE_ORDER
from ledger.identity.milestones import Milestone, Role, Side
from ledger.identity.signatures import Signature
from ledger.identity.statements import STATEMENT_TYPEHASH
from tests.ledger.chain import words
from tests.ledger.chain.cast import Voice, assemble
from tests.ledger.chain.interrogation import Interrogation
from tests.ledger.chain.moves import AT_HAND, CUSTOMS, SIDES, Move, judged, said, whole_life
from tests.ledger.chain.questions import Turns, of_one_side, questions
from tests.ledger.chain.situations import Situation, clearance, clearances, covering, eves, walked, wander

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ledger.chain.cast import Cast
    from tests.ledger.chain.interrogation import Standing

ROOT = Path(__file__).parents[3]
ANVIL = next(iter(sorted(ROOT.glob(".tools/node_modules/@foundry-rs/anvil-*/bin/anvil*"))), None)
THOROUGH = os.environ.get("SMARTBORDER_THOROUGH") == "1"
WALKS, STEPS, MOST = (400, 80, None) if THOROUGH else (70, 40, 45)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ANVIL is None, reason="anvil is not in .tools: run 'make .tools/.installed'"),
]

UNSTATED = {"SignatureMalformed", "MilestoneUnknown", "PreviousHeadUnexpected"}
"""Errors that no statement of ours can meet: it cannot be made. They are met below by bytes made by hand."""

OF_RELEASE = {"ChannelClosed", "DocumentsPending", "InspectionFailed", "InspectionMissing", "DutiesMissing"}
"""Errors that the complete clearances of a side are sure to meet."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Consignments in every situation, each on chain.

    Attributes:
        cast: everyone.
        sides: of each side, its every clearance.
        together: situations that cover the pairs of features, and that there is no consignment yet.
        pairs: how many pairs these show.
        met: every situation that the walks met.
    """

    cast: Cast
    sides: dict[Side, list[tuple[Situation, Standing]]]
    together: list[tuple[Situation, Standing]]
    pairs: int
    met: list[Situation]


@pytest.fixture(scope="module")
def stage(tmp_path_factory) -> Iterator[Stage]:
    with LocalChain.start(tmp_path_factory.mktemp("anvil"), ANVIL, 0) as chain:
        cast = assemble(build(chain.connection.node(), system_clock))
        met = wander(cast, WALKS, STEPS)
        chosen, pairs = covering(cast, met, MOST)
        sides = {side: clearances(cast, walked(cast, *whole_life()[: AT_HAND[side]]), side) for side in SIDES}
        together = [Situation(None), *chosen, *eves(cast, met)]
        situations = [*together, *sides[Side.EXPORT], *sides[Side.IMPORT]]
        standings = Interrogation(cast).stand(situations)
        placed = [(Situation(where.state, each.path), where) for each, where in zip(situations, standings, strict=True)]
        cast.silence()
        first, second = len(together), len(together) + len(sides[Side.EXPORT])
        of_sides = {Side.EXPORT: placed[first:second], Side.IMPORT: placed[second:]}
        yield Stage(cast, of_sides, placed[:first], pairs, met)


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.label)
def test_every_clearance_of_a_side_is_judged_alike(stage, side):
    """Complete for one side: no further clearance can be reached.

    Guarantee: channel-is-as-assessed, automation-opens-green, stop-and-refusal-keep, skipped-has-no-effect
    """
    asking = Interrogation(stage.cast)
    for situation, where in stage.sides[side]:
        asking.ask(where, of_one_side(stage.cast, situation, side))
    asking.settle()
    assert len(stage.sides[side]) == 532
    assert asking.asked > 29_000
    assert {Milestone.ASSESSED, Milestone.RELEASED, Milestone.STOPPED, Milestone.INSPECTED} <= set(asking.accepted)
    due = OF_RELEASE if side is Side.IMPORT else OF_RELEASE - {"DutiesMissing"}
    assert due | {"AutomationNotGreen", "OpeningInvalid", "StopPending"} <= set(asking.refused)


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.label)
def test_the_clearances_are_all_that_there_are(stage, side):
    known = {clearance(situation.state, side) for situation, _ in stage.sides[side]}
    assert {clearance(situation.state, side) for situation in stage.met} <= known


def test_every_voice_is_judged_alike_in_every_situation(stage):
    """Every milestone, by everyone, wherever the goods are and whatever was said of them.

    Guarantee: one-holder, custody-by-consent, seal-is-named, one-id-one-exporter, parties-and-route-stay
    Guarantee: held-does-not-move, hold-ends-by-its-setter, stop-and-refusal-keep, nothing-leaves-unreleased
    Guarantee: channel-is-as-assessed, automation-opens-green, final-is-final, statements-in-order
    Guarantee: authority-in-its-country, nobody-speaks-for-another, suspended-says-nothing, late-has-no-effect
    Guarantee: skipped-has-no-effect, retired-key-adds-nothing, key-keeps-to-its-scope
    """
    asking, turns = Interrogation(stage.cast), Turns()
    for situation, where in stage.together:
        asking.ask(where, questions(stage.cast, situation, turns, thorough=THOROUGH))
    asking.settle()
    assert stage.pairs >= 3_000
    assert asking.asked > 100_000
    assert set(Milestone) - set(asking.accepted) == set()
    errors = {error.name for error in stage.cast.consortium.contracts.consignments.interface.errors.values()}
    assert errors - set(asking.refused) <= UNSTATED | OF_RELEASE
    assert asking.heard >= {(voice, milestone) for voice in stage.cast.voices() for milestone in Milestone}


def test_what_python_cannot_even_state_the_contract_refuses(stage):
    situation, where = next(each for each in stage.together if each[0].state and not each[0].state.phase.final)
    held = Move(CUSTOMS["KR"], Milestone.HELD)
    act = judged(stage.cast, held, said(stage.cast, held, situation.state, where.goods), stage.cast.now)
    key = stage.cast.key(held.voice)
    plain = words.entry(act, key)
    assert refusal(stage, resigned(stage, plain, 1, 37, key)) == ("MilestoneUnknown", (37,))
    assert refusal(stage, resigned(stage, plain, 1, 0, key)) == ("MilestoneUnknown", (0,))
    assert refusal(stage, resigned(stage, plain, 8, 5, key)) == ("PreviousHeadUnexpected", (words.number(5),))
    assert refusal(stage, resigned(stage, plain, 7, 10, key)) == ("RoleNotHeld", (act.signer.number, 10))
    assert refusal(stage, resigned(stage, plain, 2, 3, key)) == ("SideInvalid", (Milestone.HELD, 3))
    assert refusal(stage, resigned(stage, plain, 4, 2**63, key)) == ("EventInFuture", (2**63, stage.cast.now))
    for name, wrong in (
        ("milestone", 37),
        ("previous_head", b"\5" * 32),
        ("role", 10),
        ("side", 3),
        ("event_time", 2**63),
    ):
        with pytest.raises(InputError):
            replace(act.statement, **{name: wrong})


def test_a_signature_in_another_form_is_refused_by_both(stage):
    _, where = stage.together[1]
    observed = Move(Voice("auditor", Role.AUDITOR), Milestone.OBSERVED)
    act = judged(stage.cast, observed, said(stage.cast, observed, where.state, where.goods), stage.cast.now)
    plain = words.entry(act, stage.cast.key(observed.voice))
    r, vs, half = plain[384:416], plain[416:448], CURVE_ORDER // 2
    wrong = [(r, words.number(number)) for number in (half + 1, half + 1 | 1 << 255, 0)]
    for first, second in (*wrong, (bytes(32), vs), (words.number(CURVE_ORDER), vs)):
        assert refusal(stage, plain[:384] + first + second + plain[448:]) == ("SignatureMalformed", ())
        with pytest.raises(SignatureMalformedError):
            Signature(first, second)


def resigned(stage, entry: bytes, word: int, value: int, key) -> bytes:
    """The entry with another value of one word, signed as it is then."""
    said_then = entry[: 32 * word] + words.number(value) + entry[32 * (word + 1) : 384]
    separator = stage.cast.consortium.contracts.domain.separator
    digest = keccak(b"\x19\x01" + separator + keccak(STATEMENT_TYPEHASH + said_then))
    signature = Signature.from_recoverable(key.sign_digest(digest))
    return said_then + signature.r + signature.vs + entry[448:]


def refusal(stage, entry: bytes) -> tuple[str, tuple[object, ...]]:
    """Why the contract refuses an entry."""
    (log,) = Interrogation(stage.cast).answer_to([entry]).logs
    interface = stage.cast.consortium.contracts.consignments.interface
    name, values = interface.decode_log(*log)
    assert name == "StatementSkipped"
    return interface.decode_error(values["refusal"])
