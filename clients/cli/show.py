"""``smartborder show``: where a consignment stands, and its timeline."""

from __future__ import annotations

from typing import Annotated

import typer

from clients.cli.output import AsJson, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, open_party
from clients.cli.text import _
from clients.cli.views import show_timeline
from clients.party import Party


def show(
    ucr: Annotated[str, typer.Argument(help=_("The UCR, or the id on chain."))],
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Show where a consignment stands, and everything that was stated about it."""
    with open_party(Party, home, node, password_file) as party:
        timeline = party.timeline(ucr)
    if as_json:
        write_json(timeline.to_json())
    else:
        show_timeline(timeline)
