"""``smartborder log``: check any log of the tlog-tiles kind; a member's log, its key, and what the chain recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from clients.cli.exits import Exit
from clients.cli.output import AsJson, command, console, write_json
from clients.cli.session import HomeOption, NodeOption, home_at, open_contracts
from clients.cli.text import _
from clients.own_log import LogView, StoredMemberLog, member_at_home, view_log
from clients.timeline import iso
from ledger.chain.registered_logs import block_log_key, member_log_key
from ledger.errors import LedgerError, NotFound, Unavailable
from ledger.identity.addresses import normal_address
from ledger.tlog.cosignatures import verifiers_of
from ledger.tlog.fsck import LogReport, LogWord, check_log
from ledger.tlog.fsck import Progress as LogProgress
from ledger.tlog.sources import source_of
from ledger.tlog.vkeys import parse_vkey

app = typer.Typer()

STATUS: Final = {
    LogWord.VERIFIED: Exit.OK,
    LogWord.NOT_VERIFIED: Exit.NO,
    LogWord.UNDETERMINED: Exit.UNDETERMINED,
}
_STYLES: Final = {
    LogWord.VERIFIED: "bold green",
    LogWord.NOT_VERIFIED: "bold red",
    LogWord.UNDETERMINED: "bold yellow",
}


@command(app)
def check(
    place: Annotated[str, typer.Argument(help=_("The log's folder, or its http or https address."))],
    key: Annotated[
        list[str], typer.Option("--key", help=_("The log's verifier key (vkey), from a source you trust; may repeat."))
    ],
    as_json: AsJson = False,
) -> None:
    """Check a whole log: every entry, every tile, the root and the checkpoint's signature. Only the key is trusted.

    Any log in the format of C2SP tlog-tiles will do, whoever wrote it. Exit status: 0 every entry is in the tree that
    the log signed, 1 something is wrong, 2 something could not be read.
    """
    verifiers = verifiers_of(parse_vkey(text) for text in key)
    source = source_of(place)
    with _progress(as_json) as progress:
        report = check_log(source, verifiers, progress=progress)
    if as_json:
        write_json(report_json(report))
    else:
        _show_report(report)
    raise typer.Exit(STATUS[report.word])


@command(app, "key")
def log_key(
    member: Annotated[
        str | None, typer.Argument(help=_("The address of another member; else this home's own log."))
    ] = None,
    blocks: Annotated[
        bool, typer.Option("--blocks", help=_("The key of an authority's log of the chain's blocks instead."))
    ] = False,
    home: HomeOption = None,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Print the verifier key (vkey) of a member's event log, as the register on chain has it; no password is needed."""
    place = home_at(home)
    contracts = open_contracts(place, node)
    if member is None:
        record = member_at_home(place, contracts)
    else:
        found = contracts.members.member(normal_address(member, "member"))
        if found is None:
            raise NotFound(
                _("no member has the address {member}").format(member=member),
                where="member",
                mend=_("See who is one: smartborder member list"),
            )
        record = found
    vkey = block_log_key(contracts, record) if blocks else member_log_key(contracts, record)
    if as_json:
        return write_json({"member": record.address, "origin": vkey.name, "key": vkey.text()})
    console().print(vkey.text(), soft_wrap=True)
    return None


@command(app)
def show(
    place: Annotated[
        str | None, typer.Argument(help=_("The log's folder or address; else this home's own log."))
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option("--witness", help=_("A witness's verifier key (vkey) to trust; may repeat."))
    ] = None,
    home: HomeOption = None,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Show a member's event log: its checkpoint, who cosigned it, and what the chain recorded of it.

    Exit status: 0 the log begins with what the chain recorded, 1 it does not, 2 that could not be checked.
    """
    own = home_at(home)
    contracts = open_contracts(own, node)
    keys = [parse_vkey(text) for text in witness or []]
    try:
        log = StoredMemberLog.at(source_of(place or str(own.log_folder)), contracts)
        view = view_log(log, contracts, keys)
    except Unavailable as error:
        raise _undetermined(error, as_json) from error
    if as_json:
        write_json(view.to_json())
    else:
        _show_view(view)
    raise typer.Exit(Exit.OK if view.agrees else Exit.NO)


def report_json(report: LogReport) -> dict[str, object]:
    """The report of a check as JSON; what could not be checked stands apart from what is wrong."""
    checkpoint = report.checkpoint
    return {
        "format": "smartborder-log-check/1",
        "verdict": report.word.value,
        "place": report.place,
        "origin": checkpoint.origin if checkpoint else None,
        "size": checkpoint.size if checkpoint else None,
        "root": f"0x{checkpoint.root.hex()}" if checkpoint else None,
        "entries": report.entries,
        "findings": [
            {"rule": finding.rule.name.lower(), "path": finding.path, "entry": finding.index, "reason": finding.reason}
            for finding in report.findings
        ],
        "notChecked": list(report.not_checked),
    }


def _show_report(report: LogReport) -> None:
    out = console()
    style = _STYLES[report.word]
    out.print(f"[{style}]{_(report.word.value).upper()}[/] {escape(report.place)}")
    if report.checkpoint:
        out.print(
            _("{entries} of {size} entries are in the tree that {origin} signed").format(
                entries=f"{report.entries:,}",
                size=f"{report.checkpoint.size:,}",
                origin=escape(report.checkpoint.origin),
            )
        )
    _list("[bold red]✗[/]", map(str, report.findings))
    _list("[yellow]?[/]", report.not_checked)


def _show_view(view: LogView) -> None:
    out = console()
    checkpoint, recorded = view.checkpoint, view.recorded
    out.print(f"[bold]{escape(checkpoint.origin)}[/]")
    out.print(_("size {size}, root {root}").format(size=f"{checkpoint.size:,}", root=checkpoint.root.hex()))
    for cosignature in view.cosignatures:
        mark = "[green]✓[/]" if cosignature.verified else "[yellow]?[/]"
        text = _("cosigned by {name} at {time}") if cosignature.verified else _("said to be cosigned by {name}")
        out.print(f"{mark} " + text.format(name=escape(cosignature.name), time=iso(cosignature.time)))
    if not recorded.size:
        out.print(_("The chain has recorded nothing of this log yet."))
    elif view.agrees:
        text = _("[green]✓[/] The chain recorded {size} entries at {time}; the log begins with them.")
        out.print(text.format(size=f"{recorded.size:,}", time=iso(recorded.time)))
    else:
        text = _("[bold red]✗[/] The chain recorded {size} entries with root {root}: {reason}")
        out.print(text.format(size=f"{recorded.size:,}", root=recorded.root.hex(), reason=view.disagreement))


def _list(mark: str, lines: Iterable[str]) -> None:
    for line in lines:
        console().print(f"{mark} {escape(line)}")


def _undetermined(error: LedgerError, as_json: bool) -> typer.Exit:
    """What could not be checked, said without reading as a verdict."""
    if as_json:
        write_json({"verdict": LogWord.UNDETERMINED.value, "notChecked": [error.diagnostics()]})
    else:
        console().print(f"[{_STYLES[LogWord.UNDETERMINED]}]{_(LogWord.UNDETERMINED.value).upper()}[/]")
        _list("[yellow]?[/]", [error.diagnostics()])
    return typer.Exit(Exit.UNDETERMINED)


@contextmanager
def _progress(as_json: bool) -> Iterator[LogProgress | None]:
    """A progress bar on standard error, where a person looks at it."""
    screen = Console(stderr=True)
    if as_json or not screen.is_terminal:
        yield None
        return
    columns = (TextColumn(_("entries")), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total)
