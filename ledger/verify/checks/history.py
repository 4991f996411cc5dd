"""Nothing is missing, repeated, out of order or altered: positions, heads and digests, derived anew."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import HEADLESS, Milestone
from ledger.identity.statements import ZERO32, next_head
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, undetermined
from ledger.verify.wording import short

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry


@rule(
    "history.read",
    title="Everything that the verdict depends on could be read",
    severity=Outcome.UNDETERMINED,
    explanation="What could not be read from the node, the deployment or the store was not checked. That is neither "
    "a yes nor a no: mend what is named and verify again.",
)
def read(case: Case) -> Remarks:
    """Each gap of the case, and each statement whose transaction could not be read."""
    for gap in case.gaps:
        yield undetermined(None, f"Could not read {gap.what}: {gap.why} {gap.mend}".strip())
    for entry in case.entries:
        if entry.statement is not None:
            yield passed(entry)
            continue
        yield undetermined(
            entry, f"{entry.label} was accepted, but what it says could not be read: {entry.unread} Verify again later."
        )


@rule(
    "history.registered",
    title="The consignment was registered on this ledger, once and first",
    severity=Outcome.FAILED,
    explanation="A history begins with its registration. Without any statement there is nothing to verify: the UCR, "
    "salt or exporter may be another's, or the consignment is on another ledger.",
)
def registered(case: Case) -> Remarks:
    """The first statement, and no other, is a registration."""
    if not case.statements:
        if case.recorded is None and not case.gaps:
            id_ = f"0x{case.consignment.hex()}"
            yield undetermined(
                None,
                f"No statement about consignment {id_} was found on this ledger. Check the UCR, the salt and the "
                "exporter, and that this is the right ledger.",
                consignment=case.consignment,
            )
        return
    for index, entry in enumerate(case.statements):
        is_registration = entry.acceptance.milestone is Milestone.REGISTERED
        if is_registration == (index == 0):
            yield passed(entry)
        elif is_registration:
            yield failed(entry, f"{entry.label}: the consignment was already registered; a history begins only once.")
        else:
            yield failed(
                entry,
                f"The history begins with {entry.label.lower()}, not with a registration: its beginning is missing.",
            )


@rule(
    "history.complete",
    title="No statement is missing: positions run from 1 to the number that the contract holds",
    severity=Outcome.FAILED,
    explanation="Every statement has the next position. A gap, a repetition or a last position below the contract's "
    "says that a statement was left out of what you were given: read the history from another node.",
)
def complete(case: Case) -> Remarks:
    """Positions are consecutive, and the last is the contract's; observations, which have none, stand apart."""
    for index, entry in enumerate(case.statements, start=1):
        if entry.position == index:
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"Position {index} was expected and {entry.position or 'none'} was found: a statement is missing, "
            "repeated or out of place. Read the history again, from another node.",
            expected=index,
            found=entry.position,
        )
    for entry in case.observations:
        if entry.position is not None:
            yield failed(entry, f"{entry.label} was put among the observations, beside the history it belongs to.")
    if case.end is None:
        if case.statements and case.proven is None:  # of a bundle, evidence.history_complete says it
            yield undetermined(
                None,
                "Whether statements are missing at the end could not be checked: the contract's own count was not "
                "read. Connect to a node and verify again.",
            )
        return
    last = case.statements[-1].acceptance.position if case.statements else 0
    if last == case.end.position:
        yield passed()
        return
    again = (
        "Read the history again, from another node." if case.proven is None else "Ask for a bundle with all of them."
    )
    yield failed(
        None,
        f"The contract holds {case.end.position} statements, and the history given ends at position {last}: the last "
        f"ones are missing. {again}",
        expected=case.end.position,
        found=last,
    )


@rule(
    "history.order",
    title="Statements stand in the order in which the chain accepted them",
    severity=Outcome.FAILED,
    explanation="A statement with a later position was accepted later, in a block that is not older. Anything else "
    "is a history that was put together afterwards.",
)
def order(case: Case) -> Remarks:
    """Chain order and block times never go back."""
    for before, after in pairwise(case.statements):
        earlier, later = before.acceptance.moment, after.acceptance.moment
        if earlier < later and earlier.time <= later.time:
            yield passed(after)
            continue
        yield failed(
            after,
            f"{after.label} was accepted in block {later.block:,} and comes after {before.label.lower()}, which was "
            f"accepted in block {earlier.block:,}: they are out of order.",
            previous_block=earlier.block,
            previous_time=earlier.time,
            time=later.time,
        )


@rule(
    "history.unique",
    title="No statement counts twice",
    severity=Outcome.FAILED,
    explanation="A signed statement has one effect, once. The same digest found twice is a replay.",
)
def unique(case: Case) -> Remarks:
    """Digests of statements and observations are distinct for each member: what is signed does not name who signs."""
    first = {}
    for entry in case.entries:
        said = entry.acceptance.digest, entry.acceptance.member
        if said not in first:
            first[said] = entry
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"{entry.label} is the same signed statement as {first[said].label.lower()}: it was replayed.",
            first_position=first[said].acceptance.position,
        )


@rule(
    "history.heads",
    title="The chain of heads, derived anew from the statements, is the one that the contract recorded",
    severity=Outcome.FAILED,
    explanation="Each head is the hash of the one before, the statement and the signing key; so the last head "
    "stands for the whole history, and nothing in it can be changed, dropped or moved without changing the last. "
    "Heads are computed from the statements themselves and compared with the contract's.",
)
def heads(case: Case) -> Remarks:
    """Each statement names the head before it, each next head is derived, the last is the contract's."""
    head, position = ZERO32, 0
    for entry in case.statements:
        accepted = entry.acceptance
        if accepted.position == position + 1:
            yield from _linked(entry, head)
        head, position = accepted.head, accepted.position
    end = case.end
    if end is None or end.position != position or end.head == head:
        return
    yield failed(
        None,
        f"The history ends with head {short(head)}, and the contract holds {short(end.head)}: they are not the same "
        "history. Read it again, from another node.",
        expected=end.head,
        found=head,
    )


def _linked(entry: Entry, head: bytes) -> Remarks:
    accepted, statement = entry.acceptance, entry.statement
    derived = next_head(head, accepted.digest, accepted.key)
    if statement is not None and statement.milestone not in HEADLESS and statement.previous_head != head:
        yield failed(
            entry,
            f"{entry.label} builds on head {short(statement.previous_head)}, but the history before it has head "
            f"{short(head)}: it was signed for another history, or something before it was changed.",
            expected=head,
            found=statement.previous_head,
        )
    elif derived != accepted.head:
        yield failed(
            entry,
            f"{entry.label}: the head after it should be {short(derived)}, and {short(accepted.head)} was recorded: "
            "it, or something before it, was altered.",
            expected=derived,
            found=accepted.head,
        )
    else:
        yield passed(entry)


@rule(
    "statement.digest",
    title="Each statement says what the contract accepted, about this consignment and on this ledger",
    severity=Outcome.FAILED,
    explanation="The digest (EIP-712) covers every field of a statement, the chain and the contract. It is computed "
    "anew and compared with the one in the contract's log; a statement altered in one field, or made for another "
    "ledger, has another.",
)
def digest(case: Case) -> Remarks:
    """The digest of what was read is the digest that was accepted."""
    for entry, statement in case.read_entries():
        accepted = entry.acceptance
        derived = statement.digest(case.domain)
        if statement.consignment != case.consignment:
            yield failed(
                entry,
                f"{entry.label} is about another consignment.",
                expected=case.consignment,
                found=statement.consignment,
            )
        elif derived != accepted.digest:
            yield failed(
                entry,
                f"{entry.label} is not what the contract accepted: its digest is {short(derived)} and "
                f"{short(accepted.digest)} was accepted. It was altered, or made for another ledger.",
                expected=accepted.digest,
                found=derived,
            )
        elif statement.milestone is not accepted.milestone:
            yield failed(
                entry,
                f"{entry.label} is logged as '{accepted.milestone.label}' and says '{statement.milestone.label}'.",
                expected=accepted.milestone.label,
                found=statement.milestone.label,
            )
        else:
            yield passed(entry)


RULES: Final[tuple[Rule, ...]] = (read, registered, complete, order, unique, heads, digest)
