"""Commands that state something: a decorator gives each the options that all share and opens the party.

A command is written as what it does with the party; its first parameter says which kind of party states it::

    @act(app)
    def seal(party: Holder, ucr: Ucr, number: Annotated[str, typer.Argument()]) -> Outcome:
        \"\"\"Put a seal on the goods.\"\"\"
        return party.seal(ucr, number)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from clients.cli.files import read_file
from clients.cli.output import AsJson
from clients.cli.session import HomeOption, NodeOption, PasswordFile, open_party
from clients.cli.text import _
from clients.cli.views import show_outcome
from ledger.errors import InputError

DocumentOption = Annotated[
    Path | None, typer.Option("--document", help=_("The EPCIS document of what happened; - for standard input."))
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at", help=_("When it happened, with offset, as 2026-03-03T17:30:00+09:00; else as the document says.")
    ),
]

Chosen = TypeVar("Chosen")

_SHARED = (
    inspect.Parameter("home", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=HomeOption),
    inspect.Parameter("node", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=NodeOption),
    inspect.Parameter("password_file", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=PasswordFile),
    inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson),
)


def party_command(
    app: typer.Typer, name: str | None, show: Callable[..., None]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function of a party a command of ``app``, with the options that all such commands share.

    Args:
        app: the group of commands.
        name: the command's name, where it is not the function's.
        show: shows what the function returned; takes it and ``as_json``.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        party_parameter, *own = inspect.signature(function, eval_str=True).parameters.values()
        kind = party_parameter.annotation

        @wraps(function)
        def command(
            *,
            home: Path | None,
            node: str | None,
            password_file: Path | None,
            as_json: bool,
            **arguments: Any,  # noqa: ANN401 - each command has its own
        ) -> None:
            with open_party(kind, home, node, password_file) as party:
                result = function(party, **arguments)
            show(result, as_json=as_json)

        parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + list(_SHARED)
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads the options here
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(name, help=_(inspect.getdoc(function) or ""))(command)
        return function

    return register


def act(app: typer.Typer, name: str | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function that states something about a consignment a command of ``app``."""
    return party_command(app, name, show_outcome)


def one_of(value: str, choices: Mapping[str, Chosen]) -> Chosen:
    """What a word of a closed list stands for.

    Raises:
        BadParameter: it is none of them; the message lists them.
    """
    if value not in choices:
        raise typer.BadParameter(_("'{value}' is not one of: {names}").format(value=value, names=", ".join(choices)))
    return choices[value]


def read_document(path: Path | None) -> bytes | None:
    """The document named by an option, if one was."""
    return None if path is None else read_file(path)


def read_time(text: str | None) -> datetime | None:
    """The time named by an option, if one was.

    Raises:
        InputError: it is not a time with an offset.
    """
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise InputError(
            _("'{text}' is not a time with an offset").format(text=text),
            where="--at",
            mend=_("Give one as 2026-03-03T17:30:00+09:00."),
        )
    return time
