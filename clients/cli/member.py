"""``smartborder member``: the consortium and its members.

What an authority decides alone (its own country's members) takes effect at once; what the authorities decide together
is proposed by one and approved by others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from clients.card import Card
from clients.cli.acts import party_command, read_time
from clients.cli.files import read_file, write_file
from clients.cli.output import AsJson, command, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, connect_node, home_at, unlock
from clients.cli.text import _
from clients.consortium import found_consortium, founder_of, newcomer_of
from clients.party import Party
from clients.timeline import iso
from ledger.chain.deployment import Deployment, attach
from ledger.chain.members import KeyRecord, KeyReplacement, MemberRecord, NewKey
from ledger.errors import InputError, NotFound
from ledger.identity.consent import consent_from_text
from ledger.identity.milestones import ALL_MILESTONES, Milestone, Role, Scope
from ledger.identity.statements import MAX_TIME, ZERO32, ZERO_ADDRESS

app = typer.Typer()

Address = Annotated[str, typer.Argument(help=_("The member's address."))]
CardFile = Annotated[Path, typer.Argument(help=_("The card that the member made with: smartborder key card"))]
Roles = Annotated[
    list[str],
    typer.Option("--role", help=_("exporter, carrier, terminal, broker, importer, agency, certifier or auditor.")),
]
Threshold = Annotated[int, typer.Option(help=_("How many authorities decide together afterwards."))]
Proposal = Annotated[int, typer.Argument(help=_("The proposal's number."))]
Consent = Annotated[
    str, typer.Option("--consent", help=_("The new key's consent, made in its home with: smartborder key consent"))
]
SuspectSince = Annotated[
    str | None, typer.Option("--suspect-since", help=_("Since when it may have been in other hands, with offset."))
]

MILESTONES = {milestone.label.replace(" ", "-"): milestone for milestone in Milestone}
ROLES = {role.label: role for role in Role if role is not Role.AUTHORITY}
SCOPES = {
    "govern": Scope.GOVERN,
    "milestones": Scope.MILESTONES,
    "checkpoints": Scope.CHECKPOINTS,
    "automation": Scope.AUTOMATION,
}


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: a sentence for people, values for programs."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)


def _show_done(done: Done, *, as_json: bool) -> None:
    if as_json:
        write_json(done.values)
    else:
        console().print(f"[green]✓[/] {done.sentence}")


def govern(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function of a party a command that changes the register."""
    return party_command(app, name, _show_done)


@command(app)
def found(
    cards: Annotated[list[Path], typer.Argument(help=_("The cards of the founding authorities, at least two."))],
    threshold: Annotated[int, typer.Option(help=_("How many of them decide together."))] = 2,
    recovery: Annotated[
        str | None, typer.Option(help=_("The recovery key's address: needed where there are only two."))
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=_("Also write the deployment file here, to give to others."))
    ] = None,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Found the consortium: put its contracts on the chain, with the founding authorities."""
    place = home_at(home)
    founders = [_read_card(card) for card in cards]
    keyring = unlock(place, password_file)
    deployment = found_consortium(connect_node(place, node), keyring.signing, founders, threshold, recovery)
    place.write(place.deployment_path, deployment.to_json())
    if output is not None:
        write_file(output, deployment.to_json().encode())
    done = Done(
        _("Founded by {n} authorities, {k} of which decide together. Give {path} to every member.").format(
            n=len(founders), k=threshold, path=output or place.deployment_path
        ),
        {
            "deployment": str(output or place.deployment_path),
            "members": deployment.members.address,
            "consignments": deployment.consignments.address,
        },
    )
    _show_done(done, as_json=as_json)


@command(app)
def join(
    deployment: Annotated[Path, typer.Argument(help=_("The deployment file of the consortium."))],
    home: HomeOption = None,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Work with a consortium's contracts from this home: check them on the chain, and keep the file."""
    place = home_at(home)
    text = read_file(deployment).decode("utf-8", "replace")
    known = Deployment.from_json(text)
    attach(connect_node(place, node), known)
    place.write(place.deployment_path, known.to_json())
    _show_done(
        Done(
            _("This home works with the consignments contract {address}.").format(address=known.consignments.address),
            {"members": known.members.address, "consignments": known.consignments.address},
        ),
        as_json=as_json,
    )


def _show_members(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        return write_json(found)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("#", _("name"), _("country"), _("status"), _("roles"), _("address")):
        table.add_column(heading, no_wrap=heading != _("roles"))
    for entry in found:
        table.add_row(
            str(entry["number"]),
            entry["name"],
            entry["country"],
            _(entry["status"]),
            ", ".join(entry["roles"]),
            entry["address"],
        )
    console().print(table)
    return None


@party_command(app, "list", _show_members)
def list_members(party: Party) -> list[dict[str, Any]]:
    """Every member that was ever admitted."""
    return [_member_json(party, member) for member in party.connection.members.all()]


def _show_member(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        return write_json(found)
    for name, value in found.items():
        console().print(f"[dim]{name:<14}[/] {', '.join(value) if isinstance(value, list) else value}")
    return None


@party_command(app, "show", _show_member)
def show_member(party: Party, address: Address) -> dict[str, Any]:
    """One member: its roles, keys and status."""
    member = party.connection.members.member(address)
    if member is None:
        raise NotFound(
            _("no member has the address {address}").format(address=address),
            where="address",
            mend=_("See who is one: smartborder member list"),
        )
    keys = [_key_text(key) for key in party.connection.keys_of(member.address)]
    return {
        **_member_json(party, member),
        "encryptionKey": f"0x{member.encryption_key.hex()}",
        "checkpointKey": f"0x{member.checkpoint_key.hex()}",
        "keys": keys,
    }


@govern("admit")
def admit(party: Party, card: CardFile, role: Roles) -> Done:
    """Admit a member of your country."""
    known = _read_card(card)
    number = party.connection.members.admit(party.connection.sender, newcomer_of(known, _roles(role)))
    return Done(
        _("{name} is member {number}.").format(name=known.profile["name"], number=number),
        {"member": number, "address": known.address},
    )


@govern("suspend")
def suspend(party: Party, address: Address) -> Done:
    """Suspend a member of your country: it can state nothing until it is reinstated."""
    party.connection.members.suspend(party.connection.sender, address)
    return Done(_("{address} is suspended.").format(address=address), {"address": address})


@govern("reinstate")
def reinstate(party: Party, address: Address) -> Done:
    """Reinstate a suspended member of your country."""
    party.connection.members.reinstate(party.connection.sender, address)
    return Done(_("{address} is active again.").format(address=address), {"address": address})


@govern("dismiss")
def dismiss(party: Party, address: Address) -> Done:
    """Dismiss a member of your country for good."""
    party.connection.members.dismiss(party.connection.sender, address)
    return Done(_("{address} is dismissed.").format(address=address), {"address": address})


@govern("set-roles")
def set_roles(party: Party, address: Address, role: Roles) -> Done:
    """Set the roles of a member of your country."""
    party.connection.members.set_roles(party.connection.sender, address, _roles(role))
    return Done(_("{address} now has: {roles}.").format(address=address, roles=", ".join(role)), {"roles": role})


@govern("key-add")
def key_add(
    party: Party,
    key: Annotated[str, typer.Argument(help=_("The new key's address."))],
    consent: Consent,
    member: Annotated[str | None, typer.Option(help=_("The member's address; else your own."))] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help=_("govern, milestones, checkpoints or automation; may be repeated."))
    ] = None,
    milestone: Annotated[
        list[str] | None, typer.Option(help=_("A milestone it may sign, as departed; may be repeated; else all."))
    ] = None,
    until: Annotated[str | None, typer.Option(help=_("Until when it is valid, with offset."))] = None,
    holder: Annotated[
        str, typer.Option(help=_("Which officer or machine has it; only a hash of it goes on chain."))
    ] = "",
) -> Done:
    """Add a key to your member, or to a member of your country."""
    scopes = _scopes(scope or ["milestones"])
    new = NewKey(
        key,
        scopes,
        _milestones(milestone) if Scope.MILESTONES in scopes else 0,
        valid_until=_seconds(until, MAX_TIME),
        reference=hashlib.sha256(holder.encode()).digest() if holder else ZERO32,
        consent=consent_from_text(consent, "--consent"),
    )
    party.connection.members.add_key(party.connection.sender, member or party.address, new)
    return Done(_("{key} may now sign.").format(key=key), {"key": key})


@govern("key-retire")
def key_retire(
    party: Party,
    key: Annotated[str, typer.Argument(help=_("The key's address."))],
    suspect_since: SuspectSince = None,
) -> Done:
    """Retire a key at once; what it signed before stays valid, and is doubted from the time you name.

    A key that has ended can be retired again, to name that time.
    """
    party.connection.members.retire_key(party.connection.sender, key, _seconds(suspect_since, 0))
    return Done(_("{key} may sign no more.").format(key=key), {"key": key})


@govern("propose-addition")
def propose_addition(party: Party, card: CardFile, threshold: Threshold) -> Done:
    """Propose to add an authority."""
    known = _read_card(card)
    number = party.connection.members.propose_addition(party.connection.sender, founder_of(known), threshold)
    return _proposed(number)


@govern("propose-removal")
def propose_removal(party: Party, address: Address, threshold: Threshold) -> Done:
    """Propose to remove an authority."""
    return _proposed(party.connection.members.propose_removal(party.connection.sender, address, threshold))


@govern("propose-threshold")
def propose_threshold(party: Party, threshold: Annotated[int, typer.Argument(help=_("How many decide."))]) -> Done:
    """Propose how many authorities decide together."""
    return _proposed(party.connection.members.propose_threshold(party.connection.sender, threshold))


@govern("propose-key-replacement")
def propose_key_replacement(
    party: Party,
    address: Address,
    added: Annotated[str, typer.Option(help=_("The address of the new key."))],
    consent: Consent,
    lost: Annotated[
        str | None, typer.Option(help=_("The address of the lost key; else all keys of the authority are retired."))
    ] = None,
    suspect_since: SuspectSince = None,
) -> Done:
    """Propose to replace another authority's lost key, or all its keys."""
    replacement = KeyReplacement(
        added,
        lost or ZERO_ADDRESS,
        _seconds(suspect_since, 0),
        consent=consent_from_text(consent, "--consent"),
    )
    members = party.connection.members
    return _proposed(members.propose_key_replacement(party.connection.sender, address, replacement))


@govern("approve")
def approve(party: Party, proposal: Proposal) -> Done:
    """Approve a proposal; the approval that reaches the threshold carries it out."""
    party.connection.members.approve(party.connection.sender, proposal)
    status = party.connection.members.proposal(proposal).status
    return Done(
        _("Approved proposal {n}; it is {status}.").format(n=proposal, status=status.name.lower()),
        {"proposal": proposal, "status": status.name.lower()},
    )


@govern("withdraw-approval")
def withdraw_approval(party: Party, proposal: Proposal) -> Done:
    """Take your approval back."""
    party.connection.members.withdraw_approval(party.connection.sender, proposal)
    return Done(_("Your approval of proposal {n} no longer counts.").format(n=proposal), {"proposal": proposal})


def _show_proposals(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        return write_json(found)
    for entry in found:
        console().print(_("{number}  {kind}  {status}  {approvals} of {required}").format(**entry))
    if not found:
        console().print(_("There are no proposals."))
    return None


@party_command(app, "proposals", _show_proposals)
def proposals(party: Party) -> list[dict[str, Any]]:
    """Every proposal, and where it stands."""
    return [
        {
            "number": proposal.number,
            "kind": proposal.kind.name.lower().replace("_", " "),
            "status": proposal.status.name.lower(),
            "approvals": proposal.approvals,
            "required": proposal.required,
            "expires": iso(proposal.expires_at),
        }
        for proposal in party.connection.members.proposals()
    ]


@govern("aeo-grant")
def aeo_grant(
    party: Party, address: Address, until: Annotated[str, typer.Option(help=_("Until when, with offset."))]
) -> Done:
    """Grant AEO status to a member of your country."""
    party.connection.members.grant_aeo(party.connection.sender, address, 0, _seconds(until, 0))
    return Done(_("{address} is an Authorized Economic Operator.").format(address=address), {"address": address})


@govern("aeo-withdraw")
def aeo_withdraw(party: Party, address: Address) -> Done:
    """Withdraw the AEO status of a member of your country."""
    party.connection.members.withdraw_aeo(party.connection.sender, address)
    return Done(_("{address} is no Authorized Economic Operator now.").format(address=address), {"address": address})


@govern("aeo-recognise")
def aeo_recognise(
    party: Party, country: Annotated[str, typer.Argument(help=_("The country whose grants you recognise."))]
) -> Done:
    """Recognise the AEO grants of another country."""
    party.connection.members.recognise_aeo(party.connection.sender, country)
    return Done(_("The grants of {country} count here.").format(country=country), {"country": country})


@govern("aeo-unrecognise")
def aeo_unrecognise(
    party: Party, country: Annotated[str, typer.Argument(help=_("The country whose grants you recognise no more."))]
) -> Done:
    """Recognise the AEO grants of another country no more."""
    party.connection.members.withdraw_recognition(party.connection.sender, country)
    return Done(_("The grants of {country} count here no more.").format(country=country), {"country": country})


def _read_card(path: Path) -> Card:
    return Card.from_json(read_file(path).decode("utf-8", "replace"), str(path))


def _proposed(number: int) -> Done:
    return Done(
        _("Proposal {n} is made; others approve it with: smartborder member approve {n}").format(n=number),
        {"proposal": number},
    )


def _member_json(party: Party, member: MemberRecord) -> dict[str, Any]:
    return {
        "number": member.number,
        "name": party.connection.name_of(member.address),
        "country": member.country,
        "status": member.status.name.lower(),
        "roles": sorted(role.label for role in member.roles),
        "address": member.address,
    }


def _key_text(key: KeyRecord) -> str:
    scopes = [name for name, scope in SCOPES.items() if scope in key.scopes]
    if Scope.MILESTONES in key.scopes and key.milestones != ALL_MILESTONES:
        scopes += [name for name, milestone in MILESTONES.items() if key.milestones >> milestone & 1]
    until = _("for good") if key.valid_until >= MAX_TIME else _("until {time}").format(time=iso(key.valid_until))
    return f"{key.address} ({', '.join(scopes)}; {until})"


def _roles(names: list[str]) -> frozenset[Role]:
    return frozenset(ROLES[name] for name in _known(names, ROLES))


def _scopes(names: list[str]) -> Scope:
    scopes = Scope(0)
    for name in _known(names, SCOPES):
        scopes |= SCOPES[name]
    return scopes


def _milestones(names: list[str] | None) -> int:
    """The mask of the milestones named, or of all where none is."""
    if not names:
        return ALL_MILESTONES
    return sum({1 << MILESTONES[name] for name in _known(names, MILESTONES)})


def _known(names: list[str], choices: dict[str, Any]) -> list[str]:
    for name in names:
        if name not in choices:
            raise InputError(
                _("'{name}' is not one of them").format(name=name),
                where=name,
                mend=_("Give one of: {names}").format(names=", ".join(choices)),
            )
    return names


def _seconds(text: str | None, default: int) -> int:
    time: datetime | None = read_time(text)
    return default if time is None else int(time.timestamp())
