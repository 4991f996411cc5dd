"""What most commands need: the home, the password, the node — each from an option, the environment or a question."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from clients.cli.text import _
from clients.connection import Connection
from clients.home import Home, find_home
from clients.party import Party
from ledger.chain.deployment import Contracts, Deployment, attach
from ledger.chain.nodes import Node, connect
from ledger.identity.keys import Keyring
from ledger.identity.passwords import find_password

AnyParty = TypeVar("AnyParty", bound=Party)
SECONDS_PER_HOUR = 3600

HomeOption = Annotated[
    Path | None, typer.Option("--home", help=_("The folder of keys, store and settings (else SMARTBORDER_HOME)."))
]
NodeOption = Annotated[
    str | None, typer.Option("--node", help=_("The address of the chain's node (else SMARTBORDER_NODE)."))
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help=_("A file with the password; else SMARTBORDER_PASSWORD, else a question.")),
]


def home_at(chosen: Path | None) -> Home:
    """The home that a command works in."""
    return find_home(chosen, os.environ)


def connect_node(home: Home, node: str | None) -> Node:
    """The node that the option, the environment or the settings name."""
    settings = home.settings()
    return connect(node or settings.node, timeout_seconds=settings.timeout_seconds)


def open_contracts(home: Home, node: str | None) -> Contracts:
    """The consortium's contracts, to be read: no key and no password are needed."""
    deployment = Deployment.from_json(home.deployment_text(), str(home.deployment_path))
    return attach(connect_node(home, node), deployment)


@contextmanager
def open_party(
    kind: type[AnyParty], chosen: Path | None, node: str | None, password_file: Path | None
) -> Iterator[AnyParty]:
    """The party that lives in a home: its keys unlocked, its store open, the chain connected.

    Args:
        kind: which kind of party the command needs.
        chosen: the home named by the option.
        node: the node named by the option.
        password_file: the password file named by the option.
    """
    home = home_at(chosen)
    deployment = Deployment.from_json(home.deployment_text(), str(home.deployment_path))
    keyring = unlock(home, password_file)
    connection = Connection.open(
        connect_node(home, node),
        deployment,
        keyring.signing,
        validity_seconds=home.settings().valid_hours * SECONDS_PER_HOUR,
    )
    with kind.open(home, keyring, connection) as party:
        yield party


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
