"""``smartborder practice``: a consortium to practise with, each party in a home of its own, on a local chain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clients.cli.output import AsJson, console, write_json
from clients.cli.session import NodeOption, PasswordFile, connect_node, home_at, password
from clients.cli.text import _
from clients.practice import practice as found
from ledger.errors import Refused
from ledger.identity.keyfile import ScryptCost

FOR_PRACTICE = ScryptCost(n=2**14)  # opens at once; keys that matter are made with: smartborder key create


def practice(
    folder: Annotated[Path, typer.Argument(help=_("Where the homes go: a new or empty folder."))],
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Found a consortium to practise with: three authorities and the parties of a trade, all under one password.

    Start a chain first: smartborder chain start
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused(_("the folder is not empty"), where=str(folder), mend=_("Name a new folder."))
    with found(
        folder, node=connect_node(home_at(None), node), password=password(password_file, confirm=True)
    ) as border:
        homes = {name: party.address for name, party in border.parties.items()}
    if as_json:
        write_json({"folder": str(folder), "homes": homes})
        return
    for name, address in homes.items():
        console().print(f"{folder / name!s:<32} {address}")
    console().print(_("Act as one of them with --home, or by setting SMARTBORDER_HOME."))
