"""Tell the examples as the page of checks shows them: for every rule one of each outcome, in the words really given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ledger.verify import Outcome, verify
from ledger.verify.checks import RULES
from ledger.verify.handbook import Told
from tests.ledger.verify.builder import delivered
from tests.ledger.verify.examples import EXAMPLES, LEFT_OPEN, WITHOUT
from tests.ledger.verify.frauds import FRAUDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.verify.findings import Verdict
    from tests.ledger.verify.examples import Example

HONEST = "an honest history from Busan by way of Singapore to Rotterdam"
_SHOWN = (Outcome.PASSED, Outcome.FAILED, Outcome.WARNING, Outcome.UNDETERMINED, None)
_WORDS = {
    Outcome.PASSED: "Passes",
    Outcome.FAILED: "Failed",
    Outcome.WARNING: "Warning",
    Outcome.UNDETERMINED: "Undetermined",
    None: "Not checked",
}


def told() -> dict[str, list[Told]]:
    """What each rule says of its examples, by the rule's id."""
    return {rule: list(_told(rule)) for rule in RULES}


@cache
def honest() -> Verdict:
    """The verdict about the honest history."""
    return verify(delivered().case())


def _told(rule: str) -> Iterator[Told]:
    own = {outcome: _first(rule, outcome) for outcome in _SHOWN}
    if own[Outcome.PASSED] is None:
        yield from _honest(rule)
    for outcome, example in own.items():
        if example is not None:
            yield Told(_WORDS[outcome], example.story, _reason(verify(example.case()), rule, outcome))
    if own[Outcome.UNDETERMINED] is None and own[None] is None:
        yield from _left_open(rule)
    frauds = sorted(name for name, fraud in FRAUDS.items() if fraud.rule == rule)
    if frauds:
        yield Told("Frauds found", "", ", ".join(f"[{name}](../tests/vectors/frauds/{name}.json)" for name in frauds))


def _first(rule: str, outcome: Outcome | None) -> Example | None:
    return next((each for each in EXAMPLES if each.rule == rule and each.outcome is outcome), None)


def _honest(rule: str) -> Iterator[Told]:
    why = WITHOUT.get((rule, Outcome.PASSED))
    if why is None:
        yield Told("Passes", HONEST, _reason(honest(), rule, Outcome.PASSED))
    else:
        yield Told("Passes", "", why)


def _left_open(rule: str) -> Iterator[Told]:
    for each in LEFT_OPEN:
        if each.rule == rule:
            found = (finding for finding in verify(each.case()).undetermined if finding.rule == each.teller)
            reason = next(finding.reason for finding in found if each.words in finding.reason)
            yield Told(f"Undetermined, told by `{each.teller}`", each.story, reason)
    why = WITHOUT.get((rule, Outcome.UNDETERMINED))
    if why is not None:
        yield Told("Undetermined", "", why)


def _reason(verdict: Verdict, rule: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return next(each.reason for each in verdict.not_checked if each.rule == rule)
    found = next(each for each in verdict.findings if each.rule == rule and each.outcome is outcome)
    if outcome is Outcome.PASSED:
        return f"{found.evidence['checked']} looked at."
    return found.reason
