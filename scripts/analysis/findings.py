"""What an analysis finds, and which of it stands for a reason.

Every finding has a rule and a place that stay when lines move: ``slither/timestamp`` in ``Council._statusOf``. The
findings that stand are listed in ``contracts/justified.toml``, each with its reason. One that is not listed fails the
check, and so does an entry that no finding answers to any more.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.tools import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

JUSTIFIED: Final = ROOT / "contracts" / "justified.toml"


class JustificationError(Exception):
    """The file of justifications says something it may not; the message names it."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that an analysis objects to.

    Attributes:
        rule: the analysis and its rule: ``slither/timestamp``, ``natspec/missing``, ``events/silent``.
        where: the contract and function, or whatever else it is about, without line numbers.
        what: what is objected to, for a person, with the line as it stands now.
    """

    rule: str
    where: str
    what: str

    @property
    def key(self) -> tuple[str, str]:
        """What a justification names it by."""
        return self.rule, self.where


Justifications = dict[tuple[str, str], str]
"""The reason for each finding that stands, by rule and place."""


def read_justifications(path: Path = JUSTIFIED) -> Justifications:
    """The justifications in a file.

    Raises:
        JustificationError: an entry has no rule, no place or no reason, or justifies what another does already.
    """
    justified: Justifications = {}
    for number, entry in enumerate(tomllib.loads(path.read_text("utf-8")).get("justified", []), start=1):
        rule, reason, places = entry.get("rule"), entry.get("reason", "").strip(), entry.get("where")
        if not (rule and reason and places) or entry.keys() - {"rule", "reason", "where"}:
            raise JustificationError(
                f"{path.name}: entry {number} ({rule}) needs exactly 'rule', 'where' (a list) and 'reason', none empty."
            )
        for where in places:
            if (rule, where) in justified:
                raise JustificationError(f"{path.name}: {rule} in {where} is justified twice. Keep one reason.")
            justified[rule, where] = " ".join(reason.split())
    return justified


def objections(analysis: str, findings: Iterable[Finding], justified: Mapping[tuple[str, str], str]) -> list[str]:
    """Why an analysis fails, a line each: what is found and not justified, and what is justified and not found."""
    found = sorted(findings)
    open_ones = [f"{each.rule} in {each.where}: {each.what}" for each in found if each.key not in justified]
    answered = {each.key for each in found}
    stale = [
        f"{rule} in {where} is justified, but nothing of the kind is found. Remove it from {JUSTIFIED.name}."
        for rule, where in sorted(justified)
        if rule.partition("/")[0] == analysis and (rule, where) not in answered
    ]
    return open_ones + stale
