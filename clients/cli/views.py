"""How things look to people: outcomes, verdicts, timelines, parcels. Each has its JSON for programs, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clients.cli.output import console, write_json
from clients.cli.text import _, ngettext
from clients.timeline import iso
from ledger.identity.milestones import Milestone
from ledger.verify import Outcome as Found
from ledger.verify import Word

if TYPE_CHECKING:
    from clients.parcels import ParcelReceipt
    from clients.stating import Outcome
    from clients.timeline import Timeline
    from ledger.store.records import Consignment
    from ledger.verify import Finding, Verdict

STYLES = {Word.VERIFIED: "bold green", Word.NOT_VERIFIED: "bold red", Word.UNDETERMINED: "bold yellow"}
MARKS = {
    Found.PASSED: ("✓", "green"),
    Found.WARNING: ("!", "yellow"),
    Found.FAILED: ("✗", "bold red"),
    Found.UNDETERMINED: ("?", "yellow"),
}


def show_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """Show what was recorded: a line for each statement."""
    if as_json:
        return write_json(
            {
                "consignment": outcome.id,
                "recorded": [
                    {
                        "milestone": entry.milestone.label,
                        "position": entry.position,
                        "digest": f"0x{entry.digest.hex()}",
                        "head": f"0x{entry.head.hex()}" if entry.head else None,
                        "block": entry.block,
                        "transaction": f"0x{entry.transaction.hex()}",
                    }
                    for entry in outcome.recorded
                ],
                "skipped": [
                    {"digest": f"0x{entry.digest.hex()}", "refusal": str(entry.refusal)} for entry in outcome.skipped
                ],
            }
        )
    for entry in outcome.recorded:
        place = _("position {n}").format(n=entry.position) if entry.position else _("beside the history")
        console().print(
            _("[green]✓[/] [bold]{milestone}[/] · {place} · block {block} · {digest}").format(
                milestone=_(entry.milestone.label), place=place, block=entry.block, digest=f"0x{entry.digest.hex()}"
            )
        )
    for skipped in outcome.skipped:
        console().print(_("[yellow]! not recorded:[/] {refusal}").format(refusal=escape(skipped.refusal.diagnostics())))
    if outcome.recorded and outcome.recorded[0].milestone is Milestone.REGISTERED:
        console().print(_("The consignment's id on chain is {id}").format(id=outcome.id))
    return None


def show_verdict(verdict: Verdict, *, every: bool) -> None:
    """Show a verdict: the word, what speaks against it, what could not be checked, and (on demand) what passed."""
    out = console()
    name = verdict.ucr or (f"0x{verdict.consignment.hex()}" if verdict.consignment else _("the document"))
    out.print(Text(f"{_(verdict.word.value).upper()}  {name}", style=STYLES[verdict.word]))
    if verdict.as_of is not None:
        out.print(_("as of {as_of}").format(as_of=verdict.as_of), style="dim")
    shown = [*verdict.failed, *verdict.undetermined, *verdict.warnings, *(verdict.passed if every else ())]
    for finding in shown:
        _show_finding(finding)
    if not every and verdict.passed:
        count = len(verdict.passed)
        out.print(ngettext("{n} check passed", "{n} checks passed", count).format(n=count), style="green")
    for unchecked in verdict.not_checked:
        out.print(_("not checked: {reason}").format(reason=unchecked.reason), style="dim", markup=False)


def _show_finding(finding: Finding) -> None:
    out = console()
    mark, style = MARKS[finding.outcome]
    out.print(Text.assemble((f"{mark} ", style), (finding.rule, "bold"), "  ", finding.reason))
    if finding.outcome in {Found.FAILED, Found.WARNING}:
        for name, value in finding.evidence.items():
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            out.print(Padding(Text(f"{name}: {shown}", style="dim"), (0, 0, 0, 4)))


def show_timeline(timeline: Timeline) -> None:
    """Show where a consignment stands, and its lines."""
    out = console()
    state = timeline.state
    out.print(Text(timeline.ucr or f"0x{timeline.consignment.hex()}", style="bold"))
    place = state.location if not state.destination else f"{state.location} → {state.destination}"
    out.print(
        _("{phase} · {place} · held by {holder} · export {export} · import {import_}").format(
            phase=_(state.phase.label),
            place=place,
            holder=timeline.holder,
            export=_(state.export_side.clearance.label),
            import_=_(state.import_side.clearance.label),
        )
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("#", justify="right", no_wrap=True)
    for heading in (_("what"), _("by"), _("when")):
        table.add_column(heading, no_wrap=True)
    table.add_column(_("which"), overflow="fold")
    for line in timeline.lines:
        number = str(line.position) if line.position else "·"
        when = iso(line.event_time)[:16].replace("T", " ")
        table.add_row(number, _(line.milestone.label), line.by, when, escape(line.note))
    out.print(table)


def show_receipt(receipt: ParcelReceipt, *, as_json: bool) -> None:
    """Show what a parcel held, once it was checked and kept."""
    if as_json:
        return write_json(receipt.to_json())
    console().print(
        _(
            "[green]✓[/] From {giver}: consignment [bold]{ucr}[/] with {documents} documents and {blinds} openings, "
        ).format(giver=receipt.giver, ucr=receipt.ucr, documents=receipt.documents, blinds=receipt.blinds)
        + _("all checked against the chain and kept.")
    )
    return None


def show_consignments(known: tuple[Consignment, ...], *, as_json: bool) -> None:
    """Show the consignments of a store."""
    if as_json:
        return write_json(
            [{"id": f"0x{each.id.hex()}", "ucr": each.reference.ucr if each.reference else None} for each in known]
        )
    for each in known:
        console().print(f"{each.reference.ucr if each.reference else _('(UCR not disclosed)'):<36} 0x{each.id.hex()}")
    return None
