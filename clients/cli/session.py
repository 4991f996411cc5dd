"""What most commands need: the home, the password, the node — each from an option, the environment or a question."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients.cli.text import _
from clients.home import find_home
from ledger.identity.passwords import find_password

if TYPE_CHECKING:
    from clients.home import Home
    from ledger.identity.keys import Keyring

HomeOption = Annotated[
    Path | None, typer.Option("--home", help=_("The folder of keys, store and settings [env: SMARTBORDER_HOME]."))
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help=_("A file with the password; else SMARTBORDER_PASSWORD, else a question.")),
]


def home_at(chosen: Path | None) -> Home:
    """The home that a command works in."""
    return find_home(chosen, os.environ)


def password(file: Path | None, *, confirm: bool = False) -> str:
    """The password: from the file, the environment, or the person at the terminal.

    Args:
        file: the file named by the option.
        confirm: ask twice, as for a new password.
    """

    def ask() -> str:
        answer: str = typer.prompt(_("Password"), hide_input=True, confirmation_prompt=confirm, err=True)
        return answer

    return find_password(file=file, environment=os.environ, ask=ask if sys.stdin.isatty() else None)


def unlock(home: Home, file: Path | None) -> Keyring:
    """The keys of this home, opened with its password."""
    return home.keystore.unlock(password(file))
