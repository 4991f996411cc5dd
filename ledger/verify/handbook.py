"""The handbook of checks: docs/checks.md, written from the rules and from examples of what they find.

The examples are cases of the tests, so that each sentence on the page is one that a verification really gave:
``python -m scripts.handbook`` tells them and writes the page.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.verify.checks import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.verify.rule import Rule

LINE: Final = 120

_HEAD: Final = """\
# The checks

Every check of a verification, in the order in which findings are listed, with examples of what each finds. This page is
written by `python -m scripts.handbook`: every finding on it was given for the history named, and a test compares.

A check looks at one case: what the ledger recorded about a consignment, and what was handed over of it. Each thing it
looks at passes, or gives a finding: **failed** (a rule is broken), **warning** (no rule is broken, but a person should
look), or **undetermined** (it could not be checked; neither a yes nor a no). The severity is the worst it can find.

The verdict is one word. It is *not verified* if anything failed; else *undetermined* if anything could not be checked;
else *verified*. What was not looked at, and why, stands beside it and changes nothing.

Each fraud named here is a whole history ([tests/vectors/frauds](../tests/vectors/frauds)), honest but for the one thing
that it is named after; it is found by that rule and by no other.

| rule | holds when | severity |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One example of what a rule says.

    Attributes:
        outcome: what it is an example of, as it begins the line: ``Failed``, or ``Undetermined, told by …``.
        story: what happened, in a few words; empty where there is no such example.
        reason: what was said of it.
    """

    outcome: str
    story: str
    reason: str


def page(examples: Mapping[str, Iterable[Told]]) -> str:
    """The page, in Markdown.

    Args:
        examples: what each rule says of which history, by the rule's id; a rule without any has only its explanation.
    """
    rules = RULES.values()
    table = "".join(
        f"| [`{rule.id}`](#{_anchor(rule.id)}) | {rule.title} | {rule.severity.value} |\n" for rule in rules
    )
    return f"{_HEAD}{table}{''.join(_section(rule, examples.get(rule.id, ())) for rule in rules)}"


def _section(rule: Rule, examples: Iterable[Told]) -> str:
    told = "".join(f"\n{_item(each)}" for each in examples)
    return f"\n## {rule.id}\n{_wrapped(rule.title)}.\n\n{_wrapped(rule.explanation)}\n{told and told + chr(10)}"


def _item(example: Told) -> str:
    story = f" *{example.story}*:" if example.story else ""
    return _wrapped(f"- **{example.outcome}**:{story} {_plain(example.reason)}", "  ")


def _plain(text: str) -> str:
    """A reason as Markdown shows it letter by letter."""
    return text.replace("*", "\\*").replace("_", "\\_").replace("<", "\\<")


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, LINE, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _anchor(rule: str) -> str:
    return rule.replace(".", "")
