"""Collect every text for people into ``clients/locale/smartborder.pot``, the template that translators begin with.

``python -m scripts.texts`` writes it, ``python -m scripts.texts --check`` fails where it is stale. A translation is
``clients/locale/LANGUAGE/LC_MESSAGES/smartborder.mo`` (made from the template with any gettext tool), and is chosen by
the environment (``LANGUAGE``, ``LC_ALL``, ``LANG``).
"""

from __future__ import annotations

import ast
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from ledger.identity.milestones import Clearance, Milestone, Phase
from ledger.verify import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "clients" / "locale" / "smartborder.pot"
COMMANDS = {"act", "govern", "party_command", "command"}
NAMELESS = datetime(2026, 1, 1, tzinfo=UTC)  # the template depends on the texts alone, not on when it was made

Text = str | tuple[str, str]


def texts_of(tree: ast.AST) -> Iterator[tuple[int, Text]]:
    """Line and text of everything a module shows: what it hands to ``_`` or ``ngettext``, and its commands' help."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _called(node, node.func.id)
        if isinstance(node, ast.FunctionDef) and any(_name(each) in COMMANDS for each in node.decorator_list):
            help_text = ast.get_docstring(node)
            if help_text:
                yield node.lineno, help_text


def template() -> bytes:
    """The template's bytes."""
    catalogue = Catalog(project="smartborder", creation_date=NAMELESS, revision_date=NAMELESS, fuzzy=False)
    for path in sorted((ROOT / "clients" / "cli").glob("*.py")):
        for line, text in texts_of(ast.parse(path.read_text(encoding="utf-8"))):
            catalogue.add(text, locations=[(path.relative_to(ROOT).as_posix(), line)])
    for word in (*Milestone, *Phase, *Clearance):
        catalogue.add(word.label)
    for verdict in Word:
        catalogue.add(verdict.value)
    output = BytesIO()
    write_po(output, catalogue, include_lineno=False, sort_output=True)
    return output.getvalue()


def main() -> int:
    """Write the template, or check it; returns 1 where it is stale."""
    made = template()
    if "--check" not in sys.argv:
        TEMPLATE.parent.mkdir(exist_ok=True)
        TEMPLATE.write_bytes(made)
        return 0
    if TEMPLATE.read_bytes() != made:
        print(f"{TEMPLATE.relative_to(ROOT)} is stale: run make texts")
        return 1
    return 0


def _called(call: ast.Call, name: str) -> Iterator[tuple[int, Text]]:
    values = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    if name == "_" and texts:
        yield call.lineno, texts[0]
    if name == "ngettext" and len(texts) == 2:
        yield call.lineno, (texts[0], texts[1])


def _name(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


if __name__ == "__main__":
    sys.exit(main())
