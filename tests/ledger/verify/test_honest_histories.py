"""Honest histories give no finding at all: a false alarm is a defect of the check that gives it."""

from functools import cache

import pytest

from ledger.identity.milestones import Milestone
from ledger.verify import Outcome, Word, verify
from ledger.verify.checks import OF_BUNDLES, RULES
from ledger.verify.findings import Verdict
from tests.ledger.verify.histories.honest import History, history_with_an_error, honest_history

SEEDS = range(200)
SEEDS_OF_ERRORS = range(30)

OF_ERRORS = {"error.target", "error.own", "error.time", "error.corrective", "error.milestone", "correction.target"}
NEVER_IN_AN_HONEST_HISTORY = {"document.placed", *OF_ERRORS, *OF_BUNDLES}
"""Nobody hands over a document that belongs to no statement, or a bundle, and nobody corrects anything."""

honest, with_an_error = cache(honest_history), cache(history_with_an_error)


@cache
def verdict(history: History) -> Verdict:
    return verify(history.case)


def told(history: History) -> dict[str, str]:
    """What was found, but for passes: the reason by its rule."""
    return {each.rule: each.reason for each in verdict(history).findings if each.outcome is not Outcome.PASSED}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_honest_history_gives_no_finding_but_passes(seed):
    history = honest(seed)
    assert told(history) == {}
    assert verdict(history).word is Word.VERIFIED


@pytest.mark.parametrize("seed", SEEDS_OF_ERRORS)
def test_an_error_that_was_put_right_gives_its_notices_and_no_other_finding(seed):
    history = with_an_error(seed)
    assert set(told(history)) == {"correction.noted", "document.declared_wrong"}
    assert verdict(history).word is Word.VERIFIED


def test_a_seed_always_tells_the_same_history():
    assert honest_history(3).case == honest_history(3).case
    assert honest_history(3).case != honest_history(3 + len(SEEDS)).case


@pytest.mark.slow
def test_the_histories_reach_every_milestone_ending_and_rule():
    histories = [honest(seed) for seed in SEEDS]
    with_errors = [with_an_error(seed) for seed in SEEDS_OF_ERRORS]
    milestones = {each.acceptance.milestone for each in entries([*histories, *with_errors])}
    assert milestones == set(Milestone)
    assert {history.ending for history in histories} == {
        "begun",
        "cancelled",
        "at the port",
        "arrived",
        "returned",
        "destroyed",
        "seized",
        "abandoned",
        "released",
        "removed",
        "delivered",
    }
    passed = {finding.rule for history in histories for finding in verdict(history).passed}
    assert set(RULES) - passed == NEVER_IN_AN_HONEST_HISTORY
    assert {finding.rule for history in with_errors for finding in verdict(history).passed} >= OF_ERRORS


def entries(histories):
    return [entry for history in histories for entry in history.case.entries]
