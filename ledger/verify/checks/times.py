"""Times: when it happened, when it was signed, and when the chain accepted it are three things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, warned
from ledger.verify.wording import moment_text, span_text

if TYPE_CHECKING:
    from ledger.verify.case import Case


GOODS: Final = frozenset(
    {
        Milestone.SEALED,
        Milestone.UNSEALED,
        Milestone.HANDOVER_ACCEPTED,
        Milestone.DEPARTED,
        Milestone.ARRIVED,
        Milestone.REMOVED,
        Milestone.DELIVERED,
    }
)
"""Milestones of the goods themselves. Registering and offering are acts on paper: goods may be sealed before."""


@rule(
    "time.future",
    title="Nothing was stated to have happened, or to have been signed, after the chain accepted it",
    severity=Outcome.FAILED,
    explanation="The block's time is the only one that nobody can claim. An event or a signature later than it, "
    "beyond a few minutes in which clocks may differ, was made up.",
)
def future(case: Case) -> Remarks:
    """Event time and signed time are not after the block's."""
    for entry, statement in case.read_entries():
        block_time = entry.acceptance.moment.time
        late = [
            (word, time)
            for word, time in (("happened", statement.event_time), ("was signed", statement.signed_time))
            if time > block_time + case.tolerance_seconds
        ]
        if not late:
            yield passed(entry)
        for word, time in late:
            yield failed(
                entry,
                f"{entry.label} claims that it {word} on {moment_text(time)}, {span_text(time - block_time)} after "
                f"the chain accepted it. Ask {case.asked(entry)}.",
                claimed=time,
                block_time=block_time,
            )


@rule(
    "time.expired",
    title="Each statement was accepted before its last valid time",
    severity=Outcome.FAILED,
    explanation="A signed statement has a last valid time, so that nobody can keep it and bring it later, when it "
    "suits them.",
)
def expired(case: Case) -> Remarks:
    """The block's time is not after the last valid time."""
    for entry, statement in case.read_entries():
        block_time = entry.acceptance.moment.time
        if block_time <= statement.valid_until:
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"{entry.label} was valid until {moment_text(statement.valid_until)}, and was accepted on "
            f"{moment_text(block_time)}: it had expired.",
            valid_until=statement.valid_until,
            block_time=block_time,
        )


@rule(
    "time.order",
    title="What happened to the goods happened in the order in which it was stated",
    severity=Outcome.FAILED,
    explanation="Goods are sealed, handed over, moved and delivered one after the other. An event time before that "
    "of the step before it is backdated, or one of the two is wrong.",
)
def order(case: Case) -> Remarks:
    """The event times of the goods' milestones do not go back."""
    before = None
    for entry, statement in case.read_statements():
        if statement.milestone not in GOODS:
            continue
        if before is None or statement.event_time + case.tolerance_seconds >= before[1].event_time:
            yield passed(entry)
            before = (entry, statement)
            continue
        earlier, previous = before
        yield failed(
            entry,
            f"{entry.label} is said to have happened on {moment_text(statement.event_time)}, "
            f"{span_text(previous.event_time - statement.event_time)} before {earlier.label.lower()}, which it "
            f"follows. One of the two is backdated or wrong: ask {case.asked(entry)} and {case.asked(earlier)}.",
            event_time=statement.event_time,
            previous_event_time=previous.event_time,
        )


@rule(
    "time.signed",
    title="Each statement was signed after what it states had happened",
    severity=Outcome.WARNING,
    explanation="A member should sign what it saw. A signature before the event was prepared in advance: it may be "
    "right, but it is not testimony.",
)
def signed(case: Case) -> Remarks:
    """The signed time is not before the event time."""
    for entry, statement in case.read_entries():
        early = min(statement.event_time, entry.acceptance.moment.time) - statement.signed_time
        if early <= case.tolerance_seconds:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"{entry.label} was signed {span_text(early)} before what it states is said to have happened. Ask "
            f"{case.asked(entry)} whether it was seen.",
            signed_time=statement.signed_time,
            event_time=statement.event_time,
        )


RULES: Final[tuple[Rule, ...]] = (future, expired, order, signed)
