"""Verify a consignment: small checks, each finding explained, and the one word that follows.

    >>> from ledger.verify import could_not_check, verify
    >>> verdict = verify(case)                                         # doctest: +SKIP
    >>> verdict.word, [finding.reason for finding in verdict.failed]   # doctest: +SKIP
    (<Word.VERIFIED: 'verified'>, [])

A :class:`Case` is everything that a verdict is reached from; :func:`verify` needs no network, clock or disk. Only
:mod:`ledger.verify.gather` reaches out, to build a case from a node and a store.
"""

from ledger.verify.case import Case
from ledger.verify.findings import AsOf, Finding, NotChecked, Outcome, Verdict, Word
from ledger.verify.handed_over import verify_document
from ledger.verify.verifier import could_not_check, verify

__all__ = [
    "AsOf",
    "Case",
    "Finding",
    "NotChecked",
    "Outcome",
    "Verdict",
    "Word",
    "could_not_check",
    "verify",
    "verify_document",
]
