"""``smartborder key``: a member's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clients.card import Card
from clients.cli.files import write_file
from clients.cli.output import AsJson, command, console, write_json
from clients.cli.session import HomeOption, PasswordFile, home_at, password, unlock
from clients.cli.text import _
from ledger.identity.addresses import normal_address
from ledger.identity.consent import consent_to_text, sign_consent
from ledger.identity.keys import Keyring, SigningKey

app = typer.Typer()


@command(app)
def create(home: HomeOption = None, password_file: PasswordFile = None, as_json: AsJson = False) -> None:
    """Make new keys and keep them encrypted in the home."""
    place = home_at(home)
    keyring = Keyring.generate()
    place.keystore.create(keyring, password(password_file, confirm=True))
    if as_json:
        return write_json({"address": keyring.address, "folder": str(place.keystore.folder)})
    console().print(_("Your address is [bold]{address}[/]").format(address=keyring.address))
    console().print(
        _("Keep a copy of {folder} and the password apart from each other: without both, nobody can help.").format(
            folder=place.keystore.folder
        )
    )
    return None


@command(app)
def show(home: HomeOption = None, as_json: AsJson = False) -> None:
    """Show this home's address; no password is needed."""
    address = home_at(home).keystore.address
    if as_json:
        return write_json({"address": address})
    console().print(address)
    return None


@command(app)
def card(
    country: Annotated[str, typer.Option(help=_("Your country: two capital letters, as KR."))],
    name: Annotated[str, typer.Option(help=_("Your organisation's name, shown to every member."))],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Where to write the card."))],
    gln: Annotated[str, typer.Option(help=_("Your GLN, if you have one."))] = "",
    aeo: Annotated[str, typer.Option(help=_("Your AEO number, if you have one."))] = "",
    home: HomeOption = None,
    password_file: PasswordFile = None,
) -> None:
    """Write your member card: give it to the authority that shall admit you. It holds nothing secret."""
    made = Card.make(unlock(home_at(home), password_file), country, name, gln=gln, aeo=aeo)
    write_file(output, made.to_json().encode())
    console().print(
        _("Wrote the card of {name} ({address}) to {path}").format(name=name, address=made.address, path=output)
    )


@command(app)
def consent(
    member: Annotated[str, typer.Argument(help=_("The address of the member that this home's key shall speak for."))],
    home: HomeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Consent that this home's key becomes a key of a member: give the text to whoever adds it."""
    signing = unlock(home_at(home), password_file).signing
    given = consent_to_text(sign_consent(normal_address(member, "member"), signing))
    if as_json:
        return write_json({"member": normal_address(member), "key": signing.address, "consent": given})
    console().print(given, soft_wrap=True)
    return None


@command(app)
def rotate(
    member: Annotated[
        str | None, typer.Option(help=_("Your member's address, where your present key is not its first one."))
    ] = None,
    home: HomeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Put a new signing key in place of the present one, whose file is kept.

    The contract takes the new key once it was added with the consent shown here: smartborder member key-add, signed by
    a key that governs.
    """
    keystore = home_at(home).keystore
    own = keystore.address if member is None else normal_address(member, "member")
    new = SigningKey.generate()
    given = consent_to_text(sign_consent(own, new))
    kept = keystore.replace_signing_key(new, password(password_file))
    if as_json:
        return write_json({"address": new.address, "kept": str(kept), "member": own, "consent": given})
    console().print(
        _("The new key is [bold]{address}[/]; the old one is kept in {kept}").format(address=new.address, kept=kept)
    )
    console().print(_("Its consent to speak for {member}:").format(member=own))
    console().print(given, soft_wrap=True)
    return None
