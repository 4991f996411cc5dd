"""Reach a verdict about a case: run every check, and say what was found and what was not looked at.

A case is verified offline, by these steps; each check is independent of the others:

1. what could be read, and whether the history is whole: positions, order, heads, digests (``history``, ``statement``);
2. who signed (``signature``);
3. who the signers were, by the register at that moment (``ledger``, ``member``);
4. whether the rules allowed each statement, and lead to the contract's state (``transition``, ``state``);
5. whether custody and seals are unbroken (``custody``, ``seal``);
6. whether containers hold what was packed into them, and as much of it (``container``, ``quantity``);
7. whether the times and places can be true (``time``, ``moment``, ``place``);
8. whether UCR, documents and details are those committed to (``ucr``, ``document``, ``detail``, ``assessment``);
9. whether papers agree, and the goods stayed within their limits (``paper``, ``sensor``);
10. what was declared wrong later (``error``, ``correction``);
11. of an evidence bundle, whether its blocks are final and its end is proven (``evidence``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.verify.checks import OF_BUNDLES, RULES
from ledger.verify.findings import Finding, NotChecked, Outcome, Verdict, grouped

if TYPE_CHECKING:
    from ledger.verify.case import Case


def verify(case: Case) -> Verdict:
    """The verdict about a case.

    Every rule that holds gives one finding; a rule that is broken, or open, gives one for each thing that breaks it or
    leaves it open. It needs no network, clock or disk, and equal cases give equal verdicts.

    Args:
        case: all that is known; nothing in it needs to have been checked.
    """
    findings: list[Finding] = []
    unchecked: list[NotChecked] = []
    for rule in RULES.values():
        if case.proven is None and rule.id in OF_BUNDLES:
            continue
        found, left = rule.findings(case)
        findings += found
        unchecked += left
        if not found and not left:
            unchecked.append(NotChecked(rule.id, f"{rule.title}: there was nothing to look at."))
    return Verdict(
        case.consignment,
        None if case.reference is None else case.reference.ucr,
        case.as_of,
        tuple(findings),
        (*grouped(unchecked), *_limits(case)),
    )


def could_not_check(reason: str, ucr: str | None = None) -> Verdict:
    """The verdict where there is not even a case: the UCR is not known here, or nothing could be reached.

    Args:
        reason: what stood in the way, and what to do, as sentences.
        ucr: the UCR that was asked for, if one was.
    """
    return Verdict(None, ucr, None, (Finding("history.read", Outcome.UNDETERMINED, reason),))


def _limits(case: Case) -> tuple[NotChecked, ...]:
    """What no verdict can say."""
    seen = "No block was read" if case.as_of is None else f"Nothing is said about what came after {case.as_of}"
    node = NotChecked(
        "ledger.trusted", "Whether the node shows the chain that the members agreed on: blocks are not proven."
    )
    return (
        NotChecked("history.complete", f"{seen}."),
        *([node] if case.proven is None else []),
        NotChecked(
            "document.present", "What nobody observed or stated: a verdict is about statements, not about the goods."
        ),
    )
