"""The handbook of checks: docs/checks.md, written from the rules themselves, so that page and code say the same.

python -c "from ledger.verify.handbook import page; print(page(), end='')" > docs/checks.md
"""

from __future__ import annotations

import textwrap
from typing import Final

from ledger.verify.checks import RULES

LINE: Final = 120

_HEAD: Final = """\
# The checks

Every check of a verification, in the order in which findings are listed. This page is written from the code
(`ledger/verify/handbook.py`); a test compares the two.

A check looks at one case: what the ledger recorded about a consignment, and what was handed over of it. Each thing it
looks at passes, or gives a finding: **failed** (a rule is broken), **warning** (no rule is broken, but a person should
look), or **undetermined** (it could not be checked; neither a yes nor a no). The severity is the worst it can find.

The verdict is one word. It is *not verified* if anything failed; else *undetermined* if anything could not be checked;
else *verified*. What was not looked at, and why, stands beside it and changes nothing.

| rule | holds when | severity |
|---|---|---|
"""


def page() -> str:
    """The page, in Markdown."""
    rules = RULES.values()
    table = "".join(
        f"| [`{rule.id}`](#{_anchor(rule.id)}) | {rule.title} | {rule.severity.value} |\n" for rule in rules
    )
    sections = "".join(f"\n## {rule.id}\n{_wrapped(rule.title)}.\n\n{_wrapped(rule.explanation)}\n" for rule in rules)
    return f"{_HEAD}{table}{sections}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, LINE, break_long_words=False, break_on_hyphens=False)


def _anchor(rule: str) -> str:
    return rule.replace(".", "")
