"""The command ``smartborder``: its groups of commands, and how every run of it ends."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import logging
import os
import sys
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from clients.cli.exits import Exit, exit_for
from clients.cli.output import complain
from clients.cli.text import _
from ledger.errors import LedgerError

app = typer.Typer(
    help=_("Supply-chain provenance at the border: register, hand over, clear and verify consignments."),
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

GROUPS = {
    "key": _("A member's keys: make, show, rotate; the card to be admitted with."),
    "member": _("The consortium: found it, admit members, keys, proposals, recognition."),
    "consignment": _("A consignment's life: register, seal, hand over, move, share."),
    "customs": _("What customs and agencies state: declarations, assessment, inspection, release, holds."),
    "proof": _("Proofs that an event is in a member's log: make and check them."),
    "evidence": _("Evidence bundles: prove a consignment offline, and verify by a trust file."),
    "log": _("Event logs: check any tlog-tiles log, show one's own, its key."),
    "witness": _("An authority's witness: cosigns logs that only grow, keeps what convicts the others."),
    "epcis": _("EPCIS 2.0 documents: check, hash, convert."),
    "chain": _("A local chain that several processes can use."),
}


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"smartborder {importlib.metadata.version('smartborder')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[  # noqa: ARG001 - its callback acts on it
        bool, typer.Option("--version", help=_("Print the version and stop."), callback=_print_version, is_eager=True)
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help=_("Log what happens to standard error."))] = False,
) -> None:
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s %(message)s")


COMMANDS = ("capture", "verify", "audit", "show", "demo", "practice")


def assemble(arguments: list[str]) -> typer.Typer:
    """The command with the group that is asked for, or with all where none is: what is not needed is not loaded."""
    named = next((argument for argument in arguments if not argument.startswith("-")), "")
    wanted = {named} if named in {*GROUPS, *COMMANDS} else {*GROUPS, *COMMANDS}
    for name in (name for name in GROUPS if name in wanted):
        group = importlib.import_module(f"clients.cli.{name}")
        app.add_typer(group.app, name=name, help=GROUPS[name])
    for name in (name for name in COMMANDS if name in wanted):
        command = getattr(importlib.import_module(f"clients.cli.{name}"), name)
        app.command(name, help=_(inspect.getdoc(command) or ""))(command)
    return app


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status; every way to end is decided here.

    A crash leaves a traceback only where SMARTBORDER_DEBUG is set: to everybody else it says what to do.
    """
    try:
        status = assemble(arguments)(arguments or ["--help"], prog_name="smartborder", standalone_mode=False)
        sys.stdout.flush()
    except TyperException as usage:
        complain(usage.format_message() + "\n" + _("Add --help to see how the command is used."))
        return Exit.USAGE
    except LedgerError as error:
        complain(error.diagnostics())
        return exit_for(error)
    except (typer.Abort, KeyboardInterrupt):
        complain(_("Interrupted; what was recorded before stays recorded."))
        return Exit.INTERRUPTED
    except (BrokenPipeError, SystemExit) as end:
        return _left_early(end)
    except Exception as crash:  # noqa: BLE001 - the last line of defence: a crash must never read as a verdict
        return _crashed(crash)
    return int(status or 0)


def _left_early(end: BrokenPipeError | SystemExit) -> Exit:
    """Typer exits by itself where a shell asked for completions (0), or where whoever read the output is gone (1)."""
    if isinstance(end, SystemExit) and not end.code:
        return Exit.OK
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.OUTPUT


def _crashed(crash: Exception) -> Exit:
    if os.environ.get("SMARTBORDER_DEBUG"):
        logging.getLogger(__name__).error("crash", exc_info=crash)
    complain(
        _("This is a fault of smartborder itself: {kind}: {crash}").format(kind=type(crash).__name__, crash=crash)
        + "\n"
        + _("Run it again with SMARTBORDER_DEBUG=1 and report what it prints.")
    )
    return Exit.CRASH


def main() -> NoReturn:
    """The entry point of the command line."""
    sys.exit(run(sys.argv[1:]))
