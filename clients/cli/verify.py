"""``smartborder verify``: a verdict about a consignment, or about a document that someone hands over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clients.auditor import Auditor
from clients.cli.exits import Exit
from clients.cli.files import read_file
from clients.cli.output import AsJson, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, open_party
from clients.cli.text import _
from clients.cli.views import show_verdict
from ledger.errors import NotFound, Unavailable
from ledger.verify import Verdict, Word, could_not_check

STATUS = {Word.VERIFIED: Exit.OK, Word.NOT_VERIFIED: Exit.NO, Word.UNDETERMINED: Exit.UNDETERMINED}


def verify(
    ucr: Annotated[str | None, typer.Argument(help=_("The UCR, or the id on chain."))] = None,
    document: Annotated[
        Path | None,
        typer.Option("--document", help=_("An EPCIS document that someone hands over; - for standard input.")),
    ] = None,
    every: Annotated[bool, typer.Option("--all", "-a", help=_("Show what passed, too."))] = False,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Verify a consignment by its UCR, or a document against what was recorded.

    Exit status: 0 verified, 1 not verified, 2 undetermined (something could not be checked).
    """
    if ucr is None and document is None:
        raise typer.BadParameter(_("name a consignment by its UCR, a document, or both"))
    try:
        with open_party(Auditor, home, node, password_file) as party:
            verdict = _verdict(party, ucr, document)
    except Unavailable as error:
        verdict = could_not_check(error.diagnostics(), ucr)
    if as_json:
        write_json(verdict.to_json())
    else:
        show_verdict(verdict, every=every)
    raise typer.Exit(STATUS[verdict.word])


def _verdict(party: Auditor, ucr: str | None, document: Path | None) -> Verdict:
    """The verdict; a consignment that this home knows nothing of is neither verified nor not."""
    handed_over = None if document is None else read_file(document)
    try:
        return party.verify(str(ucr)) if handed_over is None else party.verify_document(handed_over, ucr)
    except NotFound as error:
        return could_not_check(error.diagnostics(), ucr)
