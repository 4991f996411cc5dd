"""``smartborder audit``: a home's whole ledger computed anew, and everything that does not fit told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from clients.audit import scope_of
from clients.cli.exits import Exit
from clients.cli.output import AsJson, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, home_at, open_contracts, unlock
from clients.cli.text import _
from clients.cli.views import MARKS, STYLES
from ledger.chain.deployment import Contracts
from ledger.errors import Unavailable
from ledger.verify import Word
from ledger.verify.audit import AuditFinding, AuditReport
from ledger.verify.audit import audit as run_audit
from ledger.verify.audit.auditor import Progress
from ledger.verify.audit.report import COUNTED

STATUS = {Word.VERIFIED: Exit.OK, Word.NOT_VERIFIED: Exit.NO, Word.UNDETERMINED: Exit.UNDETERMINED}


def audit(
    log: Annotated[
        list[str] | None, typer.Option("--log", help=_("The folder or address of another member's log; may repeat."))
    ] = None,
    logs_only: Annotated[
        bool, typer.Option("--logs-only", help=_("Look at the logs given, and not into this home; no password."))
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help=_("How many processes read documents; 0: one for each processor."))
    ] = 0,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Audit this home's whole ledger: recompute it from its raw data, and hold it to the chain.

    Every event from the bytes of its document, every log entry from its event, every tree and every root that the chain
    recorded from the log, every statement and every consignment. Exit status: 0 everything fits, 1 something does not,
    2 something could not be checked.
    """
    if logs_only and not log:
        raise typer.BadParameter(_("--logs-only needs a --log"))
    place = home_at(home)
    keyring = None if logs_only else unlock(place, password_file)
    contracts: Contracts | None = None
    unreached = ""
    try:
        contracts = open_contracts(place, node)
    except Unavailable as error:
        unreached = error.diagnostics()
    scope = scope_of(place, keyring, contracts, logs=log or (), workers=workers, unreached=unreached)
    with _progress(as_json) as progress:
        report = run_audit(scope, progress=progress)
    if as_json:
        write_json(report.to_json())
    else:
        _show(report)
    raise typer.Exit(STATUS[report.word])


def _show(report: AuditReport) -> None:
    out = console()
    out.print(f"[{STYLES[report.word]}]{_(report.word.value).upper()}[/]")
    looked_at = ", ".join(f"{report.counts.get(name, 0):,} {_(name)}" for name in COUNTED)
    out.print(_("Looked at {counts}").format(counts=looked_at))
    if report.as_of:
        out.print(_("as of {as_of}").format(as_of=report.as_of), style="dim")
    for finding in report.findings:
        _show_finding(finding)


def _show_finding(finding: AuditFinding) -> None:
    mark, style = MARKS[finding.outcome]
    out = console()
    out.print(f"[{style}]{mark} {finding.rule}[/] {escape(finding.place)}")
    out.print(f"  {escape(finding.reason)}")
    if finding.expected or finding.found:
        text = _("  expected {expected}, found {found}")
        out.print(text.format(expected=escape(finding.expected or "-"), found=escape(finding.found or "-")))


@contextmanager
def _progress(as_json: bool) -> Iterator[Progress]:
    """A bar for each kind of thing on standard error, where a person looks at it."""
    screen = Console(stderr=True)
    if as_json or not screen.is_terminal:
        yield lambda _what, _done, _all: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=screen, transient=True) as bar:
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(_(what))
            bar.update(tasks[what], completed=done, total=total)

        yield tell
