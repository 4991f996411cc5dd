"""Papers: the business transactions that several events name agree."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.verify.findings import Outcome
from ledger.verify.paperwork import papers_of, withdraws_papers
from ledger.verify.rule import Remark, Remarks, Rule, passed, rule, unchecked, warned
from ledger.verify.things import listed, things_of
from ledger.verify.wording import and_list, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.verify.case import Case
    from ledger.verify.paperwork import Paper
    from ledger.verify.trail import Step

SALE: Final = ("po", "poc", "inv", "desadv")
"""The papers of the sale: seller and buyer have the same ones."""

_WORDS: Final = {
    "po": "purchase order",
    "poc": "order confirmation",
    "inv": "invoice",
    "desadv": "despatch advice",
    "bol": "bill of lading",
}


@rule(
    "paper.agree",
    title="Members that name the sale's papers name the same ones",
    severity=Outcome.WARNING,
    explanation="Seller and buyer, and whoever carries the goods between them, know the sale by the same purchase "
    "order, order confirmation, invoice and despatch advice. Where a member names papers of one kind and one issuer, "
    "and none of them is one that the members before it named, there are two sets of papers for one consignment: one "
    "invoice for customs and another for the bank, or goods of another sale. Compare them. Spaces, hyphens and "
    "capitals count for nothing, and papers of different issuers are not compared.",
)
def agree(case: Case) -> Remarks:
    """Of each type and issuer, what a member names has one in common with what was named before."""
    named: dict[tuple[str, str], dict[str, dict[str, tuple[Paper, Step]]]] = {}
    for step in case.trail:
        if withdraws_papers(step.event):
            continue
        for paper in papers_of(step.event, *SALE):
            by_member = named.setdefault((paper.type, paper.issuer), {})
            by_member.setdefault(step.entry.acceptance.member, {}).setdefault(paper.number, (paper, step))
    for (kind, _), members in named.items():
        first, *others = members.values()
        before = dict(first)
        if not others:
            (_, step), *_ = first.values()
            yield unchecked(step.entry, f"Whether members agree on the {_WORDS[kind]}: only one of them names it.")
        for numbers in others:
            yield _shared(case, kind, before, numbers)
            before |= numbers


def _shared(
    case: Case, kind: str, before: dict[str, tuple[Paper, Step]], numbers: dict[str, tuple[Paper, Step]]
) -> Remark:
    (paper, step), *_ = numbers.values()
    if not before.keys().isdisjoint(numbers):
        return passed(step.entry)
    (earlier, told), *_ = before.values()
    return warned(
        step.entry,
        f"{step.entry.label}: the document of {case.asked(step.entry)} names the {_WORDS[kind]} {paper.written}, and "
        f"that of {case.asked(told.entry)} ({told.entry.label.lower()}) named {earlier.written}. One consignment has "
        "two sets of papers, or one is of other goods: ask both for theirs, and compare.",
        expected=_written(before.values()),
        found=_written(numbers.values()),
    )


@rule(
    "paper.bill",
    title="The bill of lading at arrival is the one under which the goods left",
    severity=Outcome.WARNING,
    explanation="Goods travel a leg under one bill of lading, air waybill or consignment note (type bol). Another one "
    "at the arrival means that it was switched on the way, which hides where goods come from or who sent them, or that "
    "these are other goods. Where it was switched by agreement, ask for both, and for who agreed. A carrier's bill and "
    "a forwarder's, which have different issuers, are not compared.",
)
def bill(case: Case) -> Remarks:
    """The documents of a departure and of the next arrival have a bill of lading in common, where both name one."""
    documents = {step.entry.position: step for step in case.trail}
    left: Step | None = None
    for entry, statement in case.read_statements():
        step = documents.get(entry.position)
        if statement.milestone is Milestone.DEPARTED:
            left = step
        elif statement.milestone is Milestone.ARRIVED:
            if left is not None and step is not None:
                yield from _under_one_bill(case, left, step)
            left = None


def _under_one_bill(case: Case, left: Step, arrived: Step) -> Remarks:
    then, now = papers_of(left.event, "bol"), papers_of(arrived.event, "bol")
    if not then or not now:
        if then or now:
            yield unchecked(arrived.entry, "The bill of lading of a leg: only one of its two ends names it.")
        return
    if {each.issuer for each in then}.isdisjoint(each.issuer for each in now):
        yield unchecked(arrived.entry, "The bill of lading of a leg: its two ends name those of different issuers.")
        return
    if {(each.issuer, each.number) for each in then} & {(each.issuer, each.number) for each in now}:
        yield passed(arrived.entry)
        return
    yield warned(
        arrived.entry,
        f"{arrived.entry.label}: the goods arrived under {and_list([each.written for each in now])} and had left under "
        f"{and_list([each.written for each in then])} ({left.entry.label.lower()}). The bill of lading was switched on "
        f"the way: ask {case.asked(arrived.entry)} for both, and who agreed.",
        expected=[each.written for each in then],
        found=[each.written for each in now],
    )


@rule(
    "paper.withdrawn",
    title="No paper was used for goods from which it had been withdrawn",
    severity=Outcome.WARNING,
    explanation="A transaction event ties goods to papers, and one with the action DELETE ends that: the order was "
    "cancelled, the invoice replaced. Goods that are moved under it all the same travel with papers that are void. Ask "
    "for the ones that replaced them.",
)
def withdrawn(case: Case) -> Remarks:
    """After a transaction event that ends it, no event names the paper for the same goods, unless it is tied anew."""
    void: dict[tuple[str, str], tuple[Step, frozenset[str]]] = {}
    for step in case.trail:
        event, papers = step.event, papers_of(step.event)
        keys = [(paper.issuer, paper.number) for paper in papers]
        if withdraws_papers(event):
            goods = frozenset(things_of(event))
            void |= dict.fromkeys(keys, (step, goods))
            yield from (passed(step.entry) for _ in keys[:1])
            continue
        if event.type == "TransactionEvent" and event.action == "ADD":
            for key in keys:
                void.pop(key, None)
        for paper, key in zip(papers, keys, strict=True):
            ended = void.get(key)
            if ended is not None and _is_used(case, step, *ended):
                yield _void(case, step, paper, ended[0])


def _is_used(case: Case, step: Step, ended: Step, goods: frozenset[str]) -> bool:
    """Whether an event is later than clocks may differ, and about the same goods as far as both name any."""
    if _time(step) <= _time(ended) + case.tolerance_seconds:
        return False
    here = things_of(step.event)
    return not goods or not here or not goods.isdisjoint(here)


def _void(case: Case, step: Step, paper: Paper, ended: Step) -> Remark:
    about = listed(things_of(ended.event)) or "the goods"
    return warned(
        step.entry,
        f"{step.entry.label}: the document of {case.asked(step.entry)} names {paper.written}, which "
        f"{case.asked(ended.entry)} withdrew from {about} on {moment_text(_time(ended))}. Ask for the paper that "
        "replaced it.",
        paper=paper.written,
        withdrawn_by=ended.entry.acceptance.digest,
    )


def _written(named: Iterable[tuple[Paper, Step]]) -> tuple[str, ...]:
    return tuple(paper.written for paper, _ in named)


def _time(step: Step) -> int:
    return floor(step.event.event_time.timestamp())


RULES: Final[tuple[Rule, ...]] = (agree, bill, withdrawn)
