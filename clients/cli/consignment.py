"""``smartborder consignment``: a consignment's life as its parties state it.

A consignment is named by its UCR, or by its id on chain (0x and 64 digits).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clients.cli.acts import AtOption, DocumentOption, act, one_of, read_document, read_time
from clients.cli.files import read_file, write_file
from clients.cli.output import AsJson, command, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, open_party
from clients.cli.text import _, ngettext
from clients.cli.views import show_consignments, show_receipt
from clients.custody import Holder
from clients.party import Party
from clients.stating import Outcome
from clients.trade import Declarant, Exporter, Importer, Principal
from ledger.exchange.parcel import EVERYTHING, SHARED_BY_DEFAULT, Part
from ledger.identity.milestones import UnsealReason

app = typer.Typer()

Ucr = Annotated[str, typer.Argument(help=_("The UCR, or the id on chain."))]
Member = Annotated[str, typer.Argument(help=_("The other member's address."))]
SealOption = Annotated[str | None, typer.Option("--seal", help=_("The seal number as you read it on the goods."))]
CountryArgument = Annotated[str, typer.Argument(help=_("Two capital letters, as SG."))]

UnsealOption = Annotated[str, typer.Option("--reason", help=_("opened, found-broken or replaced."))]

UNSEAL_REASONS = {reason.label.replace(" ", "-"): reason for reason in UnsealReason}


def unseal_reason(name: str) -> UnsealReason:
    """The reason that an option names."""
    return one_of(name, UNSEAL_REASONS)


@act(app)
def register(
    party: Exporter,
    document: Annotated[Path, typer.Argument(help=_("The EPCIS document, JSON-LD or XML; - for standard input."))],
    ucr: Annotated[str, typer.Option(help=_("The Unique Consignment Reference: at most 35 characters."))],
    to: Annotated[str, typer.Option(help=_("The import country: two capital letters."))],
    via: Annotated[list[str] | None, typer.Option(help=_("A transit country; may be repeated."))] = None,
    importer: Annotated[str | None, typer.Option(help=_("The importer's address; may be named later."))] = None,
    at: AtOption = None,
) -> Outcome:
    """Register a consignment from an EPCIS document; you become its holder."""
    return party.register(
        read_file(document), ucr=ucr, to=to, via=tuple(via or ()), importer=importer, at=read_time(at)
    )


@act(app)
def record(
    party: Party,
    ucr: Ucr,
    document: Annotated[Path, typer.Argument(help=_("The EPCIS document, JSON-LD or XML; - for standard input."))],
) -> Outcome:
    """Record the events of a document as observations: they move neither goods nor head."""
    return party.observe(ucr, read_file(document))


@act(app, "name-importer")
def name_importer(
    party: Exporter,
    ucr: Ucr,
    importer: Member,
) -> Outcome:
    """Name the importer, where the registration left it open."""
    return party.name_importer(ucr, importer)


@act(app, "add-transit")
def add_transit(
    party: Holder,
    ucr: Ucr,
    country: CountryArgument,
) -> Outcome:
    """Add a transit country to the route."""
    return party.add_transit(ucr, country)


@act(app)
def appoint(
    party: Principal,
    ucr: Ucr,
    broker: Member,
) -> Outcome:
    """Appoint a broker to declare for you: the exporter for export, the importer for import."""
    return party.appoint(ucr, broker)


@act(app, "revoke-appointment")
def revoke_appointment(
    party: Principal,
    ucr: Ucr,
    broker: Member,
) -> Outcome:
    """Take the appointment of your broker back."""
    return party.revoke_appointment(ucr, broker)


@act(app)
def seal(
    party: Holder,
    ucr: Ucr,
    number: Annotated[str, typer.Argument(help=_("The seal's number."))],
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """Put a seal on the goods."""
    return party.seal(ucr, number, document=read_document(document), at=read_time(at))


@act(app)
def unseal(
    party: Holder,
    ucr: Ucr,
    reason: UnsealOption,
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """State that the seal is no longer on, and why."""
    return party.unseal(ucr, unseal_reason(reason), document=read_document(document), at=read_time(at))


@act(app)
def offer(
    party: Holder,
    ucr: Ucr,
    member: Member,
) -> Outcome:
    """Offer custody of the goods to another member."""
    return party.offer(ucr, member)


@act(app)
def accept(
    party: Holder,
    ucr: Ucr,
    seal: SealOption = None,
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """Accept custody: say which seal you see, if there is one."""
    return party.accept(ucr, seal=seal, document=read_document(document), at=read_time(at))


@act(app)
def decline(
    party: Holder,
    ucr: Ucr,
) -> Outcome:
    """Decline custody that was offered to you, or take your own offer back."""
    return party.decline(ucr)


@act(app)
def depart(
    party: Holder,
    ucr: Ucr,
    to: Annotated[str, typer.Option(help=_("The country headed for: two capital letters."))],
    seal: SealOption = None,
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """State that the goods departed."""
    return party.depart(ucr, to=to, seal=seal, document=read_document(document), at=read_time(at))


@act(app)
def arrive(
    party: Holder,
    ucr: Ucr,
    country: Annotated[str, typer.Option("--in", help=_("The country of arrival: two capital letters."))],
    seal: SealOption = None,
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """State that the goods arrived."""
    return party.arrive(ucr, country=country, seal=seal, document=read_document(document), at=read_time(at))


@act(app)
def declare(
    party: Declarant,
    ucr: Ucr,
    document: DocumentOption = None,
) -> Outcome:
    """Lodge the declaration: as exporter or importer, or as the broker either appointed."""
    return party.declare(ucr, document=read_document(document))


@act(app)
def amend(
    party: Declarant,
    ucr: Ucr,
    document: DocumentOption = None,
) -> Outcome:
    """Amend the declaration; it is accepted and assessed anew."""
    return party.amend(ucr, document=read_document(document))


@act(app)
def remove(
    party: Holder,
    ucr: Ucr,
    seal: SealOption = None,
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """State that the goods left customs' control (gate out)."""
    return party.remove(ucr, seal=seal, document=read_document(document), at=read_time(at))


@act(app)
def deliver(
    party: Importer,
    ucr: Ucr,
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """State, as importer and holder, that the goods were delivered: the consignment's end."""
    return party.deliver(ucr, document=read_document(document), at=read_time(at))


@act(app)
def cancel(
    party: Exporter,
    ucr: Ucr,
) -> Outcome:
    """Cancel a consignment that never departed."""
    return party.cancel(ucr)


@act(app)
def correct(
    party: Party,
    ucr: Ucr,
    statement: Annotated[str, typer.Argument(help=_("The digest of the statement corrected (see show)."))],
    document: DocumentOption = None,
) -> Outcome:
    """Correct an earlier statement with an EPCIS error declaration; nothing is erased."""
    return party.correct(ucr, statement, document=read_document(document))


@command(app)
def share(
    ucr: Ucr,
    to: Annotated[str, typer.Option(help=_("The recipient's member address."))],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Where to write the parcel."))],
    leave_out: Annotated[
        list[str] | None,
        typer.Option(help=_("reference, statements, events, seals, details or documents; may be repeated.")),
    ] = None,
    with_assessments: Annotated[
        bool, typer.Option("--with-assessments", help=_("Also channels that were not opened yet, and reasons."))
    ] = False,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write a parcel with what you know of a consignment, sealed to one member."""
    parts = _parts(leave_out or [], with_assessments=with_assessments)
    with open_party(Party, home, node, password_file) as party:
        parcel = party.share(ucr, to, parts)
    write_file(output, parcel)
    if as_json:
        return write_json({"parcel": str(output), "bytes": len(parcel), "to": to})
    if str(output) != "-":
        console().print(
            _("Wrote {path} ({size} bytes): only {to} can open it.").format(path=output, size=len(parcel), to=to)
        )
    return None


def _parts(leave_out: list[str], *, with_assessments: bool) -> frozenset[Part]:
    names = {part.value: part for part in Part}
    chosen = EVERYTHING if with_assessments else SHARED_BY_DEFAULT
    return chosen - {one_of(name, names) for name in leave_out}


@command(app)
def receive(
    parcel: Annotated[Path, typer.Argument(help=_("The parcel's file; - for standard input."))],
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Open a parcel, check everything in it against the chain, and keep it."""
    with open_party(Party, home, node, password_file) as party:
        receipt = party.receive(read_file(parcel))
    show_receipt(receipt, as_json=as_json)


@command(app, "list")
def list_consignments(home: HomeOption = None, password_file: PasswordFile = None, as_json: AsJson = False) -> None:
    """The consignments that this home knows."""
    with open_party(Party, home, None, password_file) as party:
        known = party.consignments()
    if not as_json and not known:
        console().print(_("None yet: register one, or receive a parcel."))
        return
    show_consignments(known, as_json=as_json)
    if not as_json:
        console().print(ngettext("{n} consignment", "{n} consignments", len(known)).format(n=len(known)))
