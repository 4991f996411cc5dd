"""Quantities: what comes out of a packing, a lot or a transformation is not more than what went in."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ledger.epcis.model import EventType
from ledger.identity.milestones import Milestone
from ledger.verify.disclosure import failed_if_all_is_disclosed
from ledger.verify.findings import Outcome
from ledger.verify.flows import Flow
from ledger.verify.goods import Goods, Tally, distinct_steps, goods, margin, measured, measured_by
from ledger.verify.measures import Amount, Kind, amount, unit
from ledger.verify.packed_amounts import PackedAmounts
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, undetermined, warned
from ledger.verify.things import capitalised, named, thing
from ledger.verify.wording import and_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.epcis import Event
    from ledger.epcis.model import Quantity
    from ledger.verify.case import Case, Entry
    from ledger.verify.measures import Unit
    from ledger.verify.trail import Step

_LOSS: Final = Decimal("0.05")
"""The share of measured goods that may dry out, leak or settle on the way before anybody is asked: 5 %."""

_RECEIVED: Final = frozenset({"receiving", "accepting"})
_LOST: Final = frozenset({"destroying", "sampling"})
_LOST_AS: Final = frozenset({"damaged", "destroyed", "disposed", "stolen", "returned", "non_sellable_other", "expired"})


# amounts and units


@rule(
    "quantity.amount",
    title="No amount is below zero, and what is counted is counted in whole pieces",
    severity=Outcome.FAILED,
    explanation="A negative amount takes back in secret what another event packed, and hides it from every sum. A "
    "count of two and a half pieces is a slip, or a weight without its unit: ask which.",
)
def amounts(case: Case) -> Remarks:
    """Each quantity is zero or more, and each count is whole."""
    for step in case.trail:
        for each in _quantities(step.event):
            if each.quantity is None:
                continue
            much, what = amount(each.quantity, each.uom), goods(each.epc_class)
            if much.value < 0:
                yield failed(
                    step.entry,
                    f"{step.entry.label} counts {much} of {what.label}. There is no less than nothing: ask "
                    f"{case.asked(step.entry)} what was meant.",
                    amount=much,
                    goods=what.uri,
                )
            elif much.unit.kind is Kind.COUNT and much.value % 1:
                yield warned(
                    step.entry,
                    f"{step.entry.label} counts {much} of {what.label}, which is not a whole number. Ask "
                    f"{case.asked(step.entry)} whether it is a weight or a measure, and in which unit.",
                    amount=much,
                    goods=what.uri,
                )
            else:
                yield passed(step.entry)


@rule(
    "quantity.units",
    title="The units in which goods of one class are measured convert into each other",
    severity=Outcome.UNDETERMINED,
    explanation="Amounts of one class are compared from event to event, in units of UN/CEFACT Recommendation 20. A "
    "unit that is not known here, met by another unit of the same goods, leaves open whether anything is missing: "
    "ask for the amount in the other unit. Goods that are counted here and weighed there are not compared.",
)
def units(case: Case) -> Remarks:
    """All units of one trade item are known, or are one and the same."""
    met: dict[str, dict[str, tuple[Unit, Step]]] = defaultdict(dict)
    for step in case.trail:
        for each in _quantities(step.event):
            measure = unit(each.uom)
            met[goods(each.epc_class).item].setdefault(measured_by(measure), (measure, step))
    for item, measures in met.items():
        entry = list(measures.values())[-1][1].entry
        unknown = [measure.code for measure, _ in measures.values() if measure.kind is Kind.UNKNOWN]
        label = goods(item).label
        if len(measures) == 1:
            yield passed(entry)
        elif unknown:
            others = [kind for kind in measures if kind not in unknown]
            yield undetermined(
                entry,
                f"{capitalised(label)} are measured in {and_list(unknown)}"
                f"{f' and by {and_list(others)}' if others else ''}, and no conversion is known, so the amounts were "
                f"not compared. Ask {case.asked(entry)} for both in one unit.",
                goods=item,
                units=tuple(measures),
            )
        else:
            yield unchecked(
                entry,
                f"Whether as much of {label} came out as went in, where it is measured by {and_list(tuple(measures))}: "
                "these do not convert into each other.",
            )


def _quantities(event: Event) -> tuple[Quantity, ...]:
    return event.quantities + event.input_quantities + event.output_quantities


# packed and unpacked


@rule(
    "quantity.packed",
    title="No more comes out of a pallet or container, or is seen in it, than was packed into it",
    severity=Outcome.FAILED,
    explanation="What events packed into a pallet or container, and into what stands in it, is summed for each class, "
    "and for each lot of it; what is taken out or seen is held against it, in whatever unit. More coming out than went "
    "in means that goods were added on the way, or that the packing was understated: count again, and look at what "
    "was not declared. Measured goods may differ by 0.5 %, which is what scales differ by; counted ones may not.",
)
def packed(case: Case) -> Remarks:
    """Taken out or seen: at most what is in."""
    packing = PackedAmounts()
    for step in distinct_steps(case):
        event, parent = step.event, step.event.parent_id
        if event.type != EventType.AGGREGATION or parent is None:
            continue
        if event.action == "ADD":
            packing.pack(parent, event)
        elif parent in packing:
            yield from _held_against(case, step, packing, parent)
            if event.action == "DELETE":
                packing.unpack(parent, event)
        elif event.quantities:
            yield unchecked(step.entry, f"What was packed into {parent}: no event at hand says what went in before.")


def _held_against(case: Case, step: Step, packing: PackedAmounts, parent: str) -> Remarks:
    for what, much in measured(step.event.quantities):
        limits = packing.limits(parent, what, much)
        if limits is None:
            yield unchecked(
                step.entry,
                f"Whether there was as much of {what.label} in {parent} as is said later: the packing gives no amount "
                "that compares.",
            )
            continue
        most, ever = limits
        if much.value > (most + margin(ever)).value:
            yield _too_much(case, step, what, much, most)
            continue
        yield passed(step.entry)
        if step.event.action == "DELETE":
            packing.take(parent, what, much)


def _too_much(case: Case, step: Step, what: Goods, much: Amount, most: Amount) -> Remark:
    seen = "comes out of" if step.event.action == "DELETE" else "is seen in"
    parent = step.event.parent_id or ""
    return failed_if_all_is_disclosed(
        case,
        step.entry,
        f"{step.entry.label}: {much} of {what.label} {seen} {named(thing(parent))}, in which there was "
        f"{f'at most {most}' if most.value > 0 else 'none of it'} by what was packed. Count again, and ask "
        f"{case.asked(step.entry)} and who packed it where the rest comes from.",
        goods=what.uri,
        parent=parent,
        packed=most,
        found=much,
    )


# from making to delivery


@rule(
    "quantity.transformed",
    title="No transformation gives more than it takes",
    severity=Outcome.FAILED,
    explanation="Mass is conserved: flour weighs no more than the grain it was milled from. All events of one "
    "transformation (one transformationID) are summed, in whatever unit; more coming out than went in means that goods "
    "of another origin were passed off as these. Inputs that are not weighed (pieces, or none at hand) leave the sum "
    "open. Volume is compared within one class only, since mixing changes it; pieces are not conserved. 0.5 % may be "
    "the scales'.",
)
def transformed(case: Case) -> Remarks:
    """Of each transformation: mass out at most mass in, and volume of a class at most that of the same class."""
    for steps in _transformations(case).values():
        entry = steps[-1].entry
        taken = [each for step in steps for each in step.event.input_quantities]
        given = [each for step in steps for each in step.event.output_quantities]
        yield _mass(case, entry, steps, taken, given)
        yield from _volumes(case, entry, taken, given)


def _transformations(case: Case) -> dict[object, list[Step]]:
    found: dict[object, list[Step]] = defaultdict(list)
    for step in distinct_steps(case):
        if step.event.type == EventType.TRANSFORMATION:
            found[step.event.transformation_id or id(step)].append(step)
    return found


def _mass(case: Case, entry: Entry, steps: list[Step], taken: list[Quantity], given: list[Quantity]) -> Remark:
    gives = [much for _, much in measured(given) if much.unit.kind is Kind.MASS]
    if not gives:
        return passed(entry)
    takes = [much for _, much in measured(taken) if much.unit.kind is Kind.MASS]
    unweighed = len(takes) < len(taken) or any(step.event.input_epcs for step in steps)
    if unweighed or not taken:
        why = "not all of its inputs are weighed" if taken or unweighed else "what went in is not at hand"
        return unchecked(entry, f"Whether a transformation gives more than it takes: {why}.")
    total_in, total_out = sum(takes[1:], takes[0]), sum(gives[1:], gives[0])
    return _compared(case, entry, "the transformation", total_in, total_out)


def _volumes(case: Case, entry: Entry, taken: list[Quantity], given: list[Quantity]) -> Remarks:
    went_in, came_out = Tally(), Tally()
    for tally, quantities in ((went_in, taken), (came_out, given)):
        for what, much in measured(quantities):
            if much.unit.kind is Kind.VOLUME:
                tally.add(what, much)
    for what, total in came_out.totals():
        if went_in.knows(what, total.unit):
            yield _compared(case, entry, what.label, went_in.most(what, total.unit), total)


def _compared(case: Case, entry: Entry, subject: str, went_in: Amount, came_out: Amount) -> Remark:
    came_out = came_out.into(went_in.unit)
    if came_out.value <= (went_in + margin(went_in)).value:
        return passed(entry)
    return failed_if_all_is_disclosed(
        case,
        entry,
        f"{entry.label}: {came_out} came out of {subject}, and only {went_in} went in. Ask {case.asked(entry)} what "
        "else went in, and where it came from.",
        taken=went_in,
        given=came_out,
    )


@rule(
    "quantity.commissioned",
    title="No more of a lot is packed or shipped than was made of it",
    severity=Outcome.FAILED,
    explanation="A lot is as large as the harvest, catch or batch that it was made by: the events that add it "
    "(commissioning, or a transformation's output). More of it packed or shipped means that goods of another origin "
    "travel under its name: the way in which certified or sanctioned goods are laundered. Only lots are compared, for "
    "a trade item is made for years; where no event at hand makes a lot, its size is not known.",
)
def commissioned(case: Case) -> Remarks:
    """Of each lot: what was shipped from one place, or else is packed, is at most what was made."""
    made, packed_of, shipped = Tally(), Flow(), Flow()
    for step in distinct_steps(case):
        for what, much in _made(step.event):
            made.add(what, much)
        _count_departures(step, packed_of, shipped)
    for what, measure, step in {**packed_of.seen, **shipped.seen}.values():
        if not what.part:
            continue
        whole = made.least(what, measure)
        most = max((flow.at_least(what, measure) for flow in (packed_of, shipped)), key=lambda much: much.value)
        if not whole.value:
            yield unchecked(
                step.entry, f"Whether more of {what.label} travels than was made: nothing says how much was."
            )
        elif most.value <= (whole + margin(whole)).value:
            yield passed(step.entry)
        else:
            yield failed_if_all_is_disclosed(
                case,
                step.entry,
                f"{step.entry.label}: {most} of {what.label} travel, and only {whole} were made. Ask "
                f"{case.asked(step.entry)} where the rest comes from, and who made it.",
                goods=what.uri,
                made=whole,
                found=most,
            )


def _made(event: Event) -> Iterator[tuple[Goods, Amount]]:
    if event.type == EventType.OBJECT and event.action == "ADD":
        return measured(event.quantities)
    return measured(event.output_quantities)


def _count_departures(step: Step, packed_of: Flow, shipped: Flow) -> None:
    event = step.event
    if event.type == EventType.AGGREGATION and event.action != "OBSERVE":
        packed_of.count(step)
    elif event.type == EventType.OBJECT and event.biz_step == "shipping":
        shipped.count(step)


@rule(
    "quantity.received",
    title="As much was received as was shipped",
    severity=Outcome.FAILED,
    explanation="Once the goods are delivered, what the receiver counted is held against what was shipped (or packed, "
    "where no shipping is counted), of each item and each lot. More received than shipped, or another lot, means that "
    "goods were added or swapped on the way. Less, without an event that says where the rest went (destroyed, sampled, "
    "damaged, stolen), is a warning: it may have been diverted, or be delivered elsewhere. Several shipments and "
    "deliveries are summed; up to 5 % of what is weighed or measured may dry out or leak.",
)
def received(case: Case) -> Remarks:
    """What the member that states the delivery received is between what must and what may have been shipped."""
    receivers = {
        entry.acceptance.member for entry in case.statements if entry.acceptance.milestone is Milestone.DELIVERED
    }
    if not receivers:
        return
    packed_of, shipped, arrived, lost = Flow(), Flow(), Flow(), Tally()
    for step in distinct_steps(case):
        event = step.event
        _count_departures(step, packed_of, shipped)
        if event.biz_step in _LOST or event.disposition in _LOST_AS:
            for what, much in measured(event.quantities):
                lost.add(what, much)
        elif event.biz_step in _RECEIVED and step.entry.acceptance.member in receivers:
            arrived.count(step)
    sent = shipped if shipped.seen else packed_of
    for what, measure, step in arrived.seen.values():
        if sent.names(what, measure):
            yield _no_more(case, step, what, sent.at_most(what, measure), arrived.at_least(what, measure))
    for what, measure, step in _items(sent):
        if arrived.names(what, measure):
            accounted = arrived.at_most(what, measure) + lost.most(what, measure)
            yield _no_less(step, what, sent.at_least(what, measure), accounted)
        else:
            yield unchecked(step.entry, f"How much of {what.label} arrived: nothing at hand counts it at its delivery.")


def _items(flow: Flow) -> Iterator[tuple[Goods, Unit, Step]]:
    """The trade items that were counted, each once for each measure."""
    items = {(what.item, measured_by(measure)): (measure, step) for what, measure, step in flow.seen.values()}
    for (item, _), (measure, step) in items.items():
        yield goods(item), measure, step


def _no_more(case: Case, step: Step, what: Goods, sent: Amount, arrived: Amount) -> Remark:
    if arrived.value <= (sent + margin(sent)).value:
        return passed(step.entry)
    found = f"and only {sent} shipped" if sent.value > 0 else "and none of it was shipped"
    return failed_if_all_is_disclosed(
        case,
        step.entry,
        f"{step.entry.label}: {arrived} of {what.label} were received, {found}. Count again, and ask "
        f"{case.asked(step.entry)} and the carriers where they come from.",
        goods=what.uri,
        shipped=sent,
        received=arrived,
    )


def _no_less(step: Step, what: Goods, sent: Amount, accounted: Amount) -> Remark:
    loss = Decimal(0) if sent.unit.kind is Kind.COUNT else sent.value * _LOSS
    if accounted.value >= sent.value - loss:
        return passed(step.entry)
    return warned(
        step.entry,
        f"{step.entry.label}: {sent} of {what.label} were shipped, and {accounted} were received or are said to be "
        "lost. Ask the receiver and the carriers where the rest is.",
        goods=what.uri,
        shipped=sent,
        received=accounted,
    )


RULES: Final[tuple[Rule, ...]] = (amounts, units, packed, transformed, commissioned, received)
