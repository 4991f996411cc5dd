"""``smartborder demo``: a consignment's whole story on the embedded chain, and six frauds that fail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from clients.cli.exits import Exit
from clients.cli.output import AsJson, console, write_json
from clients.cli.text import _
from clients.cli.views import show_timeline, show_verdict
from ledger.verify import Word

if TYPE_CHECKING:
    from clients.demo.frauds import Caught
    from clients.demo.run import Demo
    from clients.demo.telling import Step


def demo(
    homes: Annotated[Path | None, typer.Option(help=_("Keep the parties' homes in this folder, to look at."))] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the whole story on an embedded chain: register, hand over, clear, verify; then try six frauds.

    Nothing is installed, nothing is sent to anyone; it takes less than two minutes.
    """
    from clients.demo.run import demo as start  # noqa: PLC0415 - the embedded chain takes a second to load

    with start(homes) as run:
        word = _as_json(run) if as_json else _as_text(run)
    raise typer.Exit(Exit.OK if word is Word.VERIFIED else Exit.NO)


def _as_json(run: Demo) -> Word:
    steps = [step.to_json() for step in run.story()]
    verdict, timeline = run.audit()
    caught = [each.to_json() for each in run.frauds()]
    write_json({"steps": steps, "timeline": timeline.to_json(), "verdict": verdict.to_json(), "frauds": caught})
    return verdict.word


def _as_text(run: Demo) -> Word:
    out = console()
    title = _("The SMART Border Ledger: one consignment, three customs administrations, nobody to trust blindly")
    out.print(Panel(title, subtitle=_("times are UTC")))
    chapter = ""
    for step in run.story():
        if step.chapter != chapter:
            chapter = step.chapter
            out.print()
            out.print(Text(_(chapter), style="bold underline"))
        _show_step(step)
    verdict, timeline = run.audit()
    _heading(_("The auditor, who holds parcels and a node, reads the timeline"))
    show_timeline(timeline)
    _heading(_("… and verifies it"))
    show_verdict(verdict, every=True)
    _heading(_("Six frauds"))
    for number, caught in enumerate(run.frauds(), start=1):
        _show_caught(number, caught)
    out.print()
    out.print(_("Every one was caught. Next: docs/tutorial-exporter.md, docs/tutorial-customs.md"), style="bold green")
    return verdict.word


def _heading(text: str) -> None:
    console().print()
    console().print(Text(text, style="bold underline"))


def _show_step(step: Step) -> None:
    day = datetime.fromtimestamp(step.time, UTC).strftime("%d %b %H:%M")
    position = step.facts.get("position")
    mark = f"[{position}]" if position else ""
    console().print(
        Text.assemble(
            (f"  {day}  ", "dim"),
            (f"{mark:>5}  ", "cyan"),
            (f"{step.by} ", "bold"),
            step.text,
            (f"  (+{step.facts['observations']} observations)" if "observations" in step.facts else "", "dim"),
        )
    )


def _show_caught(number: int, caught: Caught) -> None:
    first, _newline, rest = caught.message.partition("\n")
    out = console()
    out.print(Text.assemble((f"  {number}. {caught.fraud}", "bold"), f": {caught.lie}"))
    out.print(Text.assemble(("     ✗ ", "bold red"), (f"{_('caught by {by}').format(by=caught.by)}: ", "red"), first))
    if rest:
        out.print(Text(f"       {rest}", style="dim"))
