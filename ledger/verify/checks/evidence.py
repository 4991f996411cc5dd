"""Evidence bundles: final blocks, an end that nobody left off, the register as far as it is in the bundle, event logs.

These rules look only at what a bundle proved, and say nothing of a case that was read from a node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.statements import ZERO32
from ledger.verify.findings import Outcome
from ledger.verify.proven import Proof
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, unchecked, undetermined
from ledger.verify.wording import and_list, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.verify.case import Case
    from ledger.verify.proven import ProvenBlock, ProvenEnd


@rule(
    "evidence.block_final",
    title="Each block that the bundle relies on is final, by validators or witnesses that you trust",
    severity=Outcome.FAILED,
    explanation="What a receipt proves is worth as much as the proof that its block stays. A block is final if enough "
    "of the validators in your trust file sealed it, or if enough of its witnesses saw it in the block log. A block "
    "whose seals or inclusion proof are wrong was forged; where nothing speaks for a block, ask for a bundle with its "
    "seals or with a block log, or name the validators or witnesses in your trust file.",
)
def block_final(case: Case) -> Remarks:
    """Every block is final; those that nothing speaks for are told together."""
    if case.proven is None:
        return
    for block in case.proven.blocks:
        if block.final is Proof.GIVEN:
            yield passed()
        elif block.final is Proof.REFUTED:
            yield failed(
                None,
                f"Block {block.number:,} is not one of the chain that you trust: {block.reason}",
                number=block.number,
                hash=block.hash,
            )
    for reason, blocks in _by_reason(case.proven.blocks).items():
        spans = _spans([block.number for block in blocks])
        what = f"Block {spans[0]} is" if len(blocks) == 1 else f"The blocks {and_list(spans)} are"
        yield undetermined(
            None,
            f"{what} not shown to be final: {reason}",
            numbers=[block.number for block in blocks],
            hashes=[block.hash for block in blocks],
        )


def _by_reason(blocks: Iterable[ProvenBlock]) -> dict[str, list[ProvenBlock]]:
    found: dict[str, list[ProvenBlock]] = {}
    for block in blocks:
        if block.final is Proof.MISSING:
            found.setdefault(block.reason, []).append(block)
    return found


def _spans(numbers: Sequence[int]) -> list[str]:
    """Rising numbers, those that follow each other as a span: ``7`` or ``9 to 12``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return [f"{span[0]:,}" if len(span) == 1 else f"{span[0]:,} to {span[-1]:,}" for span in spans]


@rule(
    "evidence.history_complete",
    title="Where the history ends is proven, so that nobody left off the last statements",
    severity=Outcome.FAILED,
    explanation="A receipt proves that something was stated, and never that nothing else was. Who hands over a bundle "
    "may leave off a refusal or a hold at its end. So the bundle proves the head and the number of statements after a "
    "later block: from the contract's storage (EIP-1186), or by the word of as many authorities as you ask for. If "
    "there is no such proof, ask for one; if two of them cannot both be true, one is forged.",
)
def history_complete(case: Case) -> Remarks:
    """There is a proof of the end, and no two of them contradict each other."""
    if case.proven is None or not case.entries:
        return
    ends = case.proven.ends
    if not ends:
        why = case.proven.unproven_end or "the bundle holds no proof of where it ends."
        yield undetermined(
            None,
            f"Whether statements were left off at the end could not be checked: {why} Ask the giver for a bundle with "
            "a proof of the contract's storage, or with the head attested by your authorities.",
        )
        return
    newest = ends[0]
    for end in ends:
        if _can_both_hold(end, newest, case):
            yield passed()
            continue
        yield failed(
            None,
            f"{_told(newest)}, and {_told(end).lower()}: a history only grows, so one of the two is wrong.",
            expected=newest.head,
            found=end.head,
        )


def _can_both_hold(end: ProvenEnd, newest: ProvenEnd, case: Case) -> bool:
    """Whether an end, proven of no time before the last statement at hand, can have become the newest one."""
    if (end.position, end.head) == (newest.position, newest.head):
        return True
    last = case.statements[-1].acceptance if case.statements else None
    position, head = (last.position, last.head) if last is not None else (0, ZERO32)
    has_grown = end.as_of.block < newest.as_of.block and position <= end.position < newest.position
    return has_grown and (end.position > position or end.head == head)


def _told(end: ProvenEnd) -> str:
    return (
        f"After block {end.as_of.block:,} the history had {end.position} statements and head {short(end.head)} by "
        f"{end.by}"
    )


@rule(
    "evidence.register",
    title="What the bundle shows of the register agrees with what the contract accepted",
    severity=Outcome.FAILED,
    explanation="The contract names member, key, role and country in what it accepts, after it asked the register: so "
    "one receipt proves who was a member at that moment, and needs no other. The register's own events are in the "
    "bundle for names and addresses. Which of them were left out nobody can tell from a bundle: whether a key was said "
    "later to have been stolen, ask a node.",
)
def register(case: Case) -> Remarks:
    """The country that was accepted is that of the member's admission."""
    if case.proven is None or not case.entries:
        return
    for entry in case.entries:
        admitted = case.proven.admitted.get(entry.acceptance.member)
        if admitted is None:
            continue
        if admitted.country == entry.acceptance.country:
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"{entry.label} was accepted as by a member of {entry.acceptance.country}, and {case.asked(entry)} was "
            f"admitted for {admitted.country}: the two are not of one register.",
            expected=admitted.country,
            found=entry.acceptance.country,
        )
    yield unchecked(
        None,
        "Whether a key was said later to have been stolen, and what else the register holds beyond this bundle: a "
        "bundle can show what is in the register, and never that nothing else is. Membership itself needs none of it: "
        "the contract checked it when it accepted each statement.",
    )


@rule(
    "evidence.log_inclusion",
    title="Each event that is said to stand in a member's event log stands there",
    severity=Outcome.FAILED,
    explanation="A member cannot take back what is in its log once a checkpoint is on chain, or cosigned. The event's "
    "blinded commitment is followed up to the checkpoint's root (RFC 9162), and the checkpoint to its receipt or its "
    "witnesses. An event that does not lead to the root was never logged, or elsewhere.",
)
def log_inclusion(case: Case) -> Remarks:
    """Every logged event is included under a checkpoint that counts."""
    if case.proven is None:
        return
    for event in case.proven.logged:
        place = f"Event {event.index:,} of the log of {case.name(event.member)}"
        if event.included is Proof.GIVEN:
            yield passed()
        elif event.included is Proof.REFUTED:
            yield failed(
                None,
                f"{place} is not in that log: {event.reason} Do not rely on it.",
                logged=event.entry,
                member=event.member,
            )
        else:
            yield undetermined(
                None,
                f"{place} was not shown to be in it: {event.reason}",
                logged=event.entry,
                member=event.member,
            )


RULES: Final[tuple[Rule, ...]] = (block_final, history_complete, register, log_inclusion)
