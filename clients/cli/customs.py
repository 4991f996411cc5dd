"""``smartborder customs``: what authorities and other border agencies state.

The side (export or import) follows from the country of the authority.
"""

from __future__ import annotations

from typing import Annotated

import typer

from clients.cli.acts import AtOption, DocumentOption, act, one_of, read_document, read_time
from clients.cli.consignment import CountryArgument, Ucr, UnsealOption, unseal_reason
from clients.cli.text import _
from clients.customs import Border, Customs
from clients.stating import Outcome
from ledger.identity.milestones import Channel, Duties, InspectionResult, Milestone

app = typer.Typer()

Reasons = Annotated[list[str] | None, typer.Option("--reason", help=_("Why; may be repeated. Kept in your store."))]

CHANNELS = {channel.label: channel for channel in (Channel.GREEN, Channel.YELLOW, Channel.RED)}
DUTIES = {duties.label.replace(" ", "-"): duties for duties in Duties}
RESULTS = {result.label: result for result in InspectionResult}
ENDS = {end.label: end for end in (Milestone.RETURNED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED)}


@act(app, "accept-declaration")
def accept_declaration(
    party: Customs,
    ucr: Ucr,
) -> Outcome:
    """Accept the declaration."""
    return party.accept_declaration(ucr)


@act(app, "reject-declaration")
def reject_declaration(
    party: Customs,
    ucr: Ucr,
    reason: Reasons = None,
) -> Outcome:
    """Reject the declaration; another may be lodged."""
    return party.reject_declaration(ucr, tuple(reason or ()))


@act(app, "request-documents")
def request_documents(
    party: Customs,
    ucr: Ucr,
    reason: Reasons = None,
) -> Outcome:
    """Ask for documents; opens the channel where it was assessed yellow."""
    return party.request_documents(ucr, tuple(reason or ()))


@act(app, "receive-documents")
def receive_documents(
    party: Customs,
    ucr: Ucr,
) -> Outcome:
    """State that the documents asked for have come."""
    return party.receive_documents(ucr)


@act(app, "settle-duties")
def settle_duties(
    party: Customs,
    ucr: Ucr,
    how: Annotated[str, typer.Option(help=_("settled, secured or none-due."))] = "settled",
) -> Outcome:
    """State that duties are settled, secured, or not due."""
    chosen = one_of(how, DUTIES)
    return party.settle_duties(ucr, chosen)


@act(app)
def assess(
    party: Customs,
    ucr: Ucr,
    channel: Annotated[str, typer.Option(help=_("green, yellow or red; only green is opened at once."))],
    reason: Reasons = None,
) -> Outcome:
    """Assess the declaration: channel and reasons go on chain as a commitment that nobody can guess."""
    chosen = one_of(channel, CHANNELS)
    return party.assess(ucr, chosen, tuple(reason or ()))


@act(app)
def stop(
    party: Customs,
    ucr: Ucr,
    reason: Reasons = None,
) -> Outcome:
    """Stop the goods for inspection; opens the channel where it was assessed red."""
    return party.stop(ucr, tuple(reason or ()))


@act(app)
def inspect(
    party: Customs,
    ucr: Ucr,
    result: Annotated[str, typer.Option(help=_("passed or failed."))],
    reason: Reasons = None,
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """State an inspection's result; opens the channel where it was assessed red."""
    chosen = one_of(result, RESULTS)
    return party.inspect(ucr, chosen, tuple(reason or ()), document=read_document(document), at=read_time(at))


@act(app)
def release(
    party: Customs,
    ucr: Ucr,
    appeal: Annotated[bool, typer.Option("--on-appeal", help=_("A refusal was overturned."))] = False,
) -> Outcome:
    """Release the goods for export or import."""
    return party.release(ucr, on_appeal=appeal)


@act(app)
def hold(
    party: Border,
    ucr: Ucr,
    reason: Reasons = None,
) -> Outcome:
    """Hold the goods: they move no further until you lift it. The digest printed names the hold."""
    return party.hold(ucr, tuple(reason or ()))


@act(app)
def unhold(
    party: Border,
    ucr: Ucr,
    digest: Annotated[str, typer.Argument(help=_("The digest of your hold."))],
) -> Outcome:
    """Lift a hold of your own."""
    return party.unhold(ucr, digest)


@act(app)
def refuse(
    party: Customs,
    ucr: Ucr,
    reason: Reasons = None,
) -> Outcome:
    """Refuse the goods."""
    return party.refuse(ucr, tuple(reason or ()))


@act(app)
def conclude(
    party: Customs,
    ucr: Ucr,
    end: Annotated[str, typer.Argument(help=_("returned, destroyed, seized or abandoned."))],
    reason: Reasons = None,
    document: DocumentOption = None,
) -> Outcome:
    """State what became of refused goods: the consignment's end."""
    chosen = one_of(end, ENDS)
    return party.conclude(ucr, chosen, tuple(reason or ()), document=read_document(document))


@act(app, "pass-transit")
def pass_transit(
    party: Customs,
    ucr: Ucr,
) -> Outcome:
    """Let the goods pass in transit through your country."""
    return party.pass_transit(ucr)


@act(app)
def seal(
    party: Customs,
    ucr: Ucr,
    number: Annotated[str, typer.Argument(help=_("The number of the customs seal."))],
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """Put a customs seal on the goods, as after an inspection."""
    return party.seal(ucr, number, document=read_document(document), at=read_time(at))


@act(app)
def unseal(
    party: Customs,
    ucr: Ucr,
    reason: UnsealOption = "opened",
    document: DocumentOption = None,
    at: AtOption = None,
) -> Outcome:
    """State that the seal is no longer on, as when the goods are opened for inspection."""
    return party.unseal(ucr, unseal_reason(reason), document=read_document(document), at=read_time(at))


@act(app, "add-transit")
def add_transit(party: Customs, ucr: Ucr, country: CountryArgument) -> Outcome:
    """Add a transit country to the route."""
    return party.add_transit(ucr, country)
