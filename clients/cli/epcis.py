"""``smartborder epcis``: documents of EPCIS 2.0 checked, hashed and converted, without a home or a chain."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients.cli.exits import Exit, exit_for
from clients.cli.files import read_file, write_file
from clients.cli.output import AsJson, complain, console, write_json
from clients.cli.text import _, ngettext
from ledger import epcis
from ledger.epcis.canonical import content_digest
from ledger.epcis.commitment import event_commitment
from ledger.epcis.eventhash import event_hash, prehash
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

app = typer.Typer()

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE…", help=_("EPCIS documents, JSON-LD or XML; - is standard input."), show_default=False
    ),
]


_STDOUT: Final = Path("-")


class Form(StrEnum):
    """The bindings a document can be converted to."""

    JSON = "json"
    XML = "xml"


@app.command()
def check(files: Files, as_json: AsJson = False) -> None:
    """Check documents against EPCIS 2.0 and list every problem. Exit status: 0 all valid, 1 not."""
    results = [_checked(path) for path in files]
    if as_json:
        write_json([result.as_json() for result in results])
    for result in () if as_json else results:
        result.show()
    unreadable = next((result.unreadable for result in results if result.unreadable is not None), None)
    if unreadable is not None:
        raise typer.Exit(exit_for(unreadable))
    raise typer.Exit(Exit.OK if all(result.valid for result in results) else Exit.NO)


class _Result:
    """What became of one file."""

    def __init__(self, path: Path, events: int = 0) -> None:
        self.path = path
        self.events = events
        self.problems: tuple[epcis.Problem, ...] = ()
        self.unreadable: LedgerError | None = None

    @property
    def valid(self) -> bool:
        """Whether the file could be read and breaks no rule."""
        return not self.problems and self.unreadable is None

    def as_json(self) -> dict[str, object]:
        """The result for programs."""
        found: dict[str, object] = {"file": str(self.path), "valid": self.valid, "events": self.events}
        if self.unreadable is not None:
            return found | {"valid": None, "error": str(self.unreadable)}
        return found | {"problems": [problem.to_json() for problem in self.problems]}

    def show(self) -> None:
        """The result for people: what is wrong on standard output, what could not be read on standard error."""
        if self.unreadable is not None:
            complain(self.unreadable.diagnostics())
            return
        out = console()
        if self.valid:
            text = ngettext("valid, {count} event", "valid, {count} events", self.events).format(count=self.events)
            out.print(f"{self.path}: {text}", style="green", markup=False, soft_wrap=True)
        for problem in self.problems:
            out.print(f"{self.path}: {problem}", style="red", markup=False, soft_wrap=True)
            out.print(f"  {problem.mend}", markup=False, soft_wrap=True)


def _checked(path: Path) -> _Result:
    result = _Result(path)
    try:
        result.events = len(epcis.read(read_file(path)).events)
    except epcis.EpcisInvalid as invalid:
        result.problems = invalid.problems
    except LedgerError as unreadable:
        result.unreadable = unreadable
    return result


_DERIVED: Final[dict[str, Callable[[epcis.Event], str]]] = {
    "eventHash": event_hash,
    "prehash": prehash,
    "contentDigest": lambda event: content_digest(event).hex(),
    "commitment": lambda event: event_commitment(event).hex(),
}


@app.command("hash")
def hash_events(
    files: Files,
    prehash_only: Annotated[bool, typer.Option("--prehash", help=_("The string that is hashed instead."))] = False,
    digest_only: Annotated[bool, typer.Option("--digest", help=_("The content digest instead."))] = False,
    commitment_only: Annotated[bool, typer.Option("--commitment", help=_("The event commitment instead."))] = False,
    as_json: AsJson = False,
) -> None:
    """Print the CBV event hash of each event, a line each."""
    chosen = [
        name
        for name, asked in (("prehash", prehash_only), ("contentDigest", digest_only), ("commitment", commitment_only))
        if asked
    ] or ["eventHash"]
    if len(chosen) > 1:
        raise typer.BadParameter(_("--prehash, --digest and --commitment exclude each other: choose one."))
    name = chosen[0]
    rows = [
        {"file": str(path), "event": index, name: _DERIVED[name](event)} for path, index, event in _events_of(files)
    ]
    if as_json:
        return write_json(rows)
    for row in rows:
        typer.echo(row[name])
    return None


def _events_of(files: list[Path]) -> Iterator[tuple[Path, int, epcis.Event]]:
    for path in files:
        for index, event in enumerate(_document(path).events):
            yield path, index, event


def _document(path: Path) -> epcis.Document:
    try:
        return epcis.read(read_file(path))
    except epcis.EpcisInvalid as invalid:
        raise epcis.EpcisInvalid(
            tuple(replace(problem, path=f"{path}: {problem.path or '/'}") for problem in invalid.problems)
        ) from None


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(help=_("An EPCIS document; - is standard input."), show_default=False)],
    to: Annotated[Form, typer.Option("--to", help=_("The binding to write."), show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Where to write; - is standard output."))] = Path(
        "-"
    ),
    as_json: AsJson = False,
) -> None:
    """Convert a document between JSON-LD and XML; no event's commitment changes."""
    document = _document(file)
    written = epcis.write_json(document) if to is Form.JSON else epcis.write_xml(document)
    if not as_json:
        return write_file(output, written if written.endswith(b"\n") else written + b"\n")
    report: dict[str, object] = {"file": str(file), "to": to.value, "events": len(document.events)}
    if str(output) == "-":
        return write_json(report | {"document": written.decode()})
    write_file(output, written + b"\n")
    return write_json(report | {"output": str(output)})
