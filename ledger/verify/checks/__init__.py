"""Every check, in the order in which findings are listed.

A new check is one function with :func:`ledger.verify.rule.rule`, in the module of its subject, and in that module's
``RULES``. Its text appears in docs/checks.md, which a test compares with the code.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.verify.checks import (
    assessments,
    containers,
    corrections,
    custody,
    devices,
    documents,
    errors,
    evidence,
    history,
    lifecycle,
    locations,
    members,
    moments,
    papers,
    places,
    quantities,
    seals,
    sensors,
    signatures,
    times,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.verify.rule import Rule

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.id: rule
        for subject in (
            history,
            signatures,
            members,
            lifecycle,
            custody,
            seals,
            containers,
            quantities,
            times,
            moments,
            places,
            locations,
            documents,
            papers,
            sensors,
            devices,
            errors,
            assessments,
            corrections,
            evidence,
        )
        for rule in subject.RULES
    }
)
"""Every rule by its id."""

OF_BUNDLES: Final = frozenset(rule.id for rule in evidence.RULES)
"""The rules that look at what an evidence bundle proved, and at nothing else."""
