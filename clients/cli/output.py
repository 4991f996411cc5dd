"""What the command line writes: people's text with rich, programs' text as JSON, complaints to standard error."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from clients.cli.text import _

WIDTH_ELSEWHERE = 120  # of files and pipes

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON for programs instead of text for people."))]


def console() -> Console:
    """Standard output for people; where it is not a terminal: plain, tables of a fixed width, text not wrapped."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=WIDTH_ELSEWHERE, soft_wrap=True)


def complain(text: str) -> None:
    """Write an error to standard error: the first line in red, the rest (what to do) plain."""
    first, _newline, rest = text.partition("\n")
    errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    errors.print(first, style="bold red")
    if rest:
        errors.print(rest)


def write_json(value: object) -> None:
    """Write one JSON value to standard output, with a line feed at its end."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def command(app: typer.Typer, name: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command of ``app``, with its docstring as help in the person's language."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.command(name, help=_(inspect.getdoc(function) or ""))(function)
        return function

    return register
