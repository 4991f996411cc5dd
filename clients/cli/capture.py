"""``smartborder capture``: EPCIS documents into the member's event log, and its checkpoint on chain."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from clients.cli.exits import Exit, exit_for
from clients.cli.output import AsJson, complain, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, open_party
from clients.cli.text import _, ngettext
from clients.party import Party
from ledger.capture.pipeline import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.capture.pipeline import Captured
    from ledger.capture.pipeline import Progress as Read

SHOWN = 20  # of the documents that were set aside: the folder has them all

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILE…]",
        help=_(
            "EPCIS documents: files, folders, NDJSON files (.ndjson, .jsonl), or - for standard input; "
            "none completes what an earlier capture left."
        ),
        show_default=False,
    ),
]


def capture(
    files: Sources = None,
    processes: Annotated[
        int, typer.Option("--processes", min=0, max=64, help=_("How many processes read; 0 for one a processor."))
    ] = 0,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Capture EPCIS documents: validate, hash, keep and log every event once, and record the log's checkpoint on chain.

    Interrupted at any moment, the same command completes the work. A document that breaks rules is set aside whole.
    Exit status: 0 all captured, 1 some documents were set aside or could not be read, 64 and up: it could not go on.
    """
    with open_party(Party, home, node, password_file) as party:
        events = 0 if party.home is None else party.home.settings().checkpoint_events
        with _showing_progress(not as_json) as tell:
            choices = Choices(processes, events, tell)
            captured = party.capture(files or [], stdin=sys.stdin.buffer, choices=choices)
        folder = None if party.home is None else party.home.set_aside_folder
    if as_json:
        write_json(captured_as_json(captured))
    else:
        _show(captured, folder)
    raise typer.Exit(_status(captured))


def captured_as_json(captured: Captured) -> dict[str, object]:
    """What came of a capture, for programs."""
    point = captured.checkpoint
    return {
        "documents": {"new": captured.documents_new, "known": captured.documents_known},
        "events": {
            "new": captured.events_new,
            "known": captured.events_known,
            "caughtUp": captured.events_caught_up,
        },
        "setAside": {
            "count": captured.set_aside_count,
            "documents": [
                {
                    "file": aside.name,
                    "path": str(aside.path),
                    "problems": [problem.to_json() for problem in aside.problems],
                }
                for aside in captured.set_aside
            ],
        },
        "unreadable": {
            "count": captured.lost_count,
            "files": [{"file": lost.name, "reason": lost.reason} for lost in captured.lost],
        },
        "passedOver": captured.passed_over,
        "checkpoint": {
            "size": point.size,
            "root": f"0x{point.root.hex()}",
            "block": point.block,
            "transaction": f"0x{point.transaction.hex()}" if point.transaction else None,
            "recorded": point.waiting is None,
            "waiting": None if point.waiting is None else str(point.waiting),
            "cosigned": list(point.cosigned),
            "witnessProblems": [str(problem) for problem in point.witness_problems],
        },
    }


def _status(captured: Captured) -> int:
    """The exit status: a checkpoint that waits says more than documents that were set aside."""
    if captured.checkpoint.waiting is not None:
        return exit_for(captured.checkpoint.waiting)
    return Exit.OK if captured.complete else Exit.NO


def _show(captured: Captured, folder: Path | None) -> None:
    out = console()
    out.print(
        _("{new} documents kept, {known} known already").format(
            new=f"{captured.documents_new:,}", known=f"{captured.documents_known:,}"
        )
    )
    text = _("{new} events logged, {known} logged already").format(
        new=f"{captured.events_new:,}", known=f"{captured.events_known:,}"
    )
    if captured.events_caught_up:
        text += _(", {count} of an earlier capture completed").format(count=f"{captured.events_caught_up:,}")
    out.print(text)
    if captured.passed_over:
        out.print(
            ngettext(
                "{count} file of another kind passed over", "{count} files of other kinds passed over",
                captured.passed_over,
            ).format(count=f"{captured.passed_over:,}"),
            style="dim",
        )  # fmt: skip
    _show_checkpoint(captured)
    _show_left_out(captured, folder)


def _show_checkpoint(captured: Captured) -> None:
    out, point = console(), captured.checkpoint
    if not point.size:
        out.print(_("The log is empty."))
        return
    out.print(_("checkpoint: {size} entries · root 0x{root}").format(size=f"{point.size:,}", root=point.root.hex()))
    if point.waiting is not None:
        complain(
            _("The checkpoint waits to be recorded on chain: {reason}").format(reason=point.waiting.diagnostics())
            + "\n"
            + _("Every event is kept and logged. To have the checkpoint recorded, run: smartborder capture")
        )
    elif point.block is not None:
        out.print(_("[green]✓[/] recorded on chain in block {block}").format(block=point.block))
    else:
        out.print(_("[green]✓[/] on record on chain"))
    if point.cosigned:
        out.print(_("[green]✓[/] cosigned by {names}").format(names=escape(", ".join(point.cosigned))))
    for problem in point.witness_problems:
        out.print(_("[yellow]! witness:[/] {problem}").format(problem=escape(problem.diagnostics())))


def _show_left_out(captured: Captured, folder: Path | None) -> None:
    out = console()
    for lost in captured.lost[:SHOWN]:
        complain(_("{name}: cannot be read: {reason}").format(name=lost.name, reason=lost.reason))
    for aside in captured.set_aside[:SHOWN]:
        for problem in aside.problems[:SHOWN]:
            out.print(f"{aside.name}: {problem}", style="red", markup=False, soft_wrap=True)
            out.print(f"  {problem.mend}", markup=False, soft_wrap=True)
    if captured.set_aside_count:
        complain(
            ngettext(
                "{count} document breaks rules and was set aside in {folder}, with its problems beside it",
                "{count} documents break rules and were set aside in {folder}, each with its problems beside it",
                captured.set_aside_count,
            ).format(count=f"{captured.set_aside_count:,}", folder=folder)
            + "\n"
            + _("Mend them and capture them again.")
        )
    if captured.lost_count:
        complain(
            ngettext("{count} file could not be read", "{count} files could not be read", captured.lost_count).format(
                count=f"{captured.lost_count:,}"
            )
            + "\n"
            + _("Check their permissions, and capture again.")
        )


@contextmanager
def _showing_progress(wanted: bool) -> Iterator[Callable[[Read], None] | None]:
    """A bar on standard error, where that is a terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("capturing"), total=None)

        def tell(read: Read) -> None:
            text = _("{documents} documents, {events} events").format(
                documents=f"{read.documents:,}", events=f"{read.events:,}"
            )
            bar.update(task, description=text, completed=read.size_bytes, total=read.total_bytes)

        yield tell
