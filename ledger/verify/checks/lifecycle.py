"""The rules of a consignment's life, judged anew for every statement (docs/transitions.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.verify.checks.replay import Step, replay
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, unchecked, undetermined

if TYPE_CHECKING:
    from ledger.chain.state import State
    from ledger.verify.case import Case


_COMPARED: Final = (
    "exporter", "importer", "export_country", "import_country", "transit", "phase", "location", "destination", "holder",
    "offered_to", "seal", "departed", "export_side", "import_side",
)  # fmt: skip
"""The fields of a state that the contract can tell; position and head have a rule of their own."""


@rule(
    "transition.allowed",
    title="Each statement was allowed by the rules when it was accepted",
    severity=Outcome.FAILED,
    explanation="Who may state a milestone, in which state of the goods, and with which effect is one table "
    "(docs/transitions.md). Every statement is put to an independent implementation of it, with the standing of the "
    "signer and the block time of its own moment. One that the rules refuse cannot have been accepted by the "
    "contract as it should be.",
)
def allowed(case: Case) -> Remarks:
    """Every statement in turn is put to the rules."""
    if case.membership is None:
        if case.statements:
            yield undetermined(
                None,
                "Whether the rules allowed each statement could not be checked: the register of members was not read.",
            )
        return
    judged = set()
    for step in replay(case, case.membership):
        judged.add(step.entry.acceptance.digest)
        yield from _judgement(case, step)
    for entry in case.entries:
        if entry.acceptance.digest not in judged:
            yield unchecked(
                entry, "Whether the rules allowed what follows a statement that they refuse or that is unread."
            )


def _judgement(case: Case, step: Step) -> Remarks:
    entry = step.entry
    if step.refusal is None and step.state is None:
        yield undetermined(
            entry, f"{entry.label} could not be read, so neither it nor what follows it could be judged."
        )
    elif step.refusal is None:
        yield passed(entry)
        if not step.opening_known:
            yield unchecked(
                entry,
                f"Whether the channel that {entry.label.lower()} opened is the one committed to, as the contract "
                f"found: blind and reasons were not in its transaction. {case.asked(entry)} has them.",
            )
    else:
        yield failed(
            entry,
            f"{entry.label} breaks the rules: {step.refusal.message}. It should never have been accepted; report it "
            "to the authorities that govern the ledger.",
            error=step.refusal.error,
        )


@rule(
    "state.recorded",
    title="The state that follows from the statements is the state that the contract holds",
    severity=Outcome.FAILED,
    explanation="Where the goods are, who holds them, which seal is on them and how far clearance has come follow "
    "from the statements. If the contract says otherwise, a statement was altered or left out.",
)
def recorded(case: Case) -> Remarks:
    """Field by field, the derived state is the recorded one."""
    derived = _last_state(case)
    if case.recorded is None and case.proven is not None:
        yield unchecked(
            None, "Whether the statements lead to the state that the contract holds: it is not in the bundle."
        )
        return
    if derived is None or case.recorded is None or derived.head != case.recorded.head:
        if case.statements:
            yield unchecked(
                None, "Whether the statements lead to the state that the contract holds: they lead to none."
            )
        return
    different = [name for name in _COMPARED if getattr(derived, name) != getattr(case.recorded, name)]
    if len(derived.holds) != len(case.recorded.holds):
        different.append("holds")
    if not different:
        yield passed()
    for name in different:
        yield failed(
            None,
            f"The statements lead to another {name.replace('_', ' ')} than the contract holds. A statement was "
            "altered or left out: read the history from another node.",
            field=name,
            derived=getattr(derived, name),
            recorded=getattr(case.recorded, name),
        )


def _last_state(case: Case) -> State | None:
    if case.membership is None:
        return None
    state = None
    for step in replay(case, case.membership):
        if step.entry.position is None:
            break
        state = step.state
    return state


RULES: Final[tuple[Rule, ...]] = (allowed, recorded)
