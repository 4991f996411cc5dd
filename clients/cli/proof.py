"""``smartborder proof``: proofs that an event is in a member's log (C2SP tlog-proof), made and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from typer.core import TyperGroup

from clients.cli.exits import Exit
from clients.cli.files import read_file, write_file
from clients.cli.output import AsJson, command, complain, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, connect_node, home_at, open_party
from clients.cli.text import _
from clients.events import LogKey, log_key_on_chain
from clients.party import Party
from ledger.capture.proving import ProvenEvent, check_proof
from ledger.chain.deployment import Deployment, attach
from ledger.errors import InputError, Refused, Unavailable
from ledger.tlog.policy import Policy, PolicyLog
from ledger.tlog.policy_files import parse_policy
from ledger.tlog.proofs import parse_proof
from ledger.tlog.vkeys import parse_vkey

MAKE = "make"


class EventFirst(TyperGroup):
    """``proof EVENT`` is short for ``proof make EVENT``."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - typer gives its own click's types
        """Put the command in front where an event is named."""
        if args and args[0] not in self.commands and args[0] not in {"-h", "--help"}:
            args = [MAKE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=EventFirst, no_args_is_help=True)


@command(app, MAKE)
def make(
    event: Annotated[
        str,
        typer.Argument(
            help=_("Its event hash ID (ni:///…), content digest or event commitment (64 digits), or position.")
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Where to write; - is standard output."))] = Path(
        "-"
    ),
    without_blind: Annotated[
        bool, typer.Option("--without-blind", help=_("Leave out what tells of which event the proof is."))
    ] = False,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write the proof that an event is in this member's log; whoever has the event's document can check it offline."""
    with open_party(Party, home, node, password_file) as party:
        proof = party.prove(event, with_blind=not without_blind)
        key = party.events.key.text()
    if not as_json:
        return write_file(output, proof.data())
    report: dict[str, object] = {"event": event, "position": proof.index, "key": key, "blind": not without_blind}
    if str(output) == "-":
        return write_json(report | {"proof": proof.data().decode()})
    write_file(output, proof.data())
    return write_json(report | {"output": str(output)})


@command(app)
def check(
    proof: Annotated[Path, typer.Argument(help=_("The proof; - is standard input."))],
    document: Annotated[Path, typer.Option("--document", help=_("The EPCIS document with the event."))],
    key: Annotated[
        str | None,
        typer.Option("--key", help=_("The log's key (vkey), for a check without any node; else the chain is asked.")),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help=_("A trust policy (C2SP tlog-policy) that the proof has to meet."))
    ] = None,
    blind: Annotated[
        str | None, typer.Option("--blind", help=_("The blind (64 digits), where the proof holds none."))
    ] = None,
    deployment: Annotated[
        Path | None, typer.Option("--deployment", help=_("The deployment file, instead of the home's."))
    ] = None,
    home: HomeOption = None,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Check a proof against a document, and tell which of its events is proven to be in which log.

    With --key or a --policy that names the log it works offline; else the log's key is asked of the chain.
    Exit status: 0 proven, 1 not proven, 2 undetermined (something could not be checked).
    """
    try:
        proven, known = _checked(proof, document, key, policy, blind, deployment, home, node)
    except (Refused, Unavailable) as error:
        complain(error.diagnostics())
        raise typer.Exit(Exit.UNDETERMINED if isinstance(error, Unavailable) else Exit.NO) from None
    if as_json:
        write_json(_as_json(proven, known))
    else:
        _show(proven, known)


def _checked(
    proof: Path,
    document: Path,
    key: str | None,
    policy: Path | None,
    blind: str | None,
    deployment: Path | None,
    home: Path | None,
    node: str | None,
) -> tuple[ProvenEvent, LogKey | None]:
    parsed = parse_proof(read_file(proof))
    trusted = parse_policy(read_file(policy)) if policy else Policy(())
    known = None
    if key:
        trusted = _with_log(trusted, PolicyLog(parse_vkey(key)))
    elif not trusted.logs:
        place = home_at(home)
        text = read_file(deployment).decode(errors="replace") if deployment else place.deployment_text()
        record = Deployment.from_json(text, str(deployment or place.deployment_path))
        known = log_key_on_chain(attach(connect_node(place, node), record), parsed)
        trusted = _with_log(trusted, PolicyLog(known.key))
    return check_proof(parsed, read_file(document), trusted, _blind(blind)), known


def _with_log(policy: Policy, log: PolicyLog) -> Policy:
    if any(each.key == log.key for each in policy.logs):
        return policy
    return Policy((*policy.logs, log), policy.witnesses, policy.groups, policy.quorum)


def _blind(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        value = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        value = b""
    if len(value) != 32:
        raise InputError(_("a blind has 64 hexadecimal digits"), where="--blind", mend=_("Give the whole blind."))
    return value


def _as_json(proven: ProvenEvent, known: LogKey | None) -> dict[str, object]:
    checkpoint = proven.checkpoint
    return {
        "proven": True,
        "event": proven.place,
        "eventHash": proven.digests.event_hash,
        "contentDigest": proven.digests.content_digest.hex(),
        "position": proven.position,
        "log": checkpoint.checkpoint.origin,
        "size": checkpoint.checkpoint.size,
        "root": f"0x{checkpoint.checkpoint.root.hex()}",
        "cosigned": [{"witness": each.name, "time": each.time} for each in checkpoint.cosigned],
        "block": known.block if known else None,
    }


def _show(proven: ProvenEvent, known: LogKey | None) -> None:
    out = console()
    checkpoint = proven.checkpoint
    out.print(
        _("[green]✓[/] event {place} of the document is entry {position} of the log").format(
            place=proven.place + 1, position=proven.position
        )
    )
    out.print(proven.digests.event_hash, markup=False)
    out.print(
        _("log {origin}, checkpoint of {size} entries").format(
            origin=escape(checkpoint.checkpoint.origin), size=f"{checkpoint.checkpoint.size:,}"
        )
    )
    if checkpoint.cosigned:
        names = ", ".join(each.name for each in checkpoint.cosigned)
        out.print(_("[green]✓[/] cosigned by {names}").format(names=escape(names)))
    if known and known.block is not None:
        out.print(_("[green]✓[/] recorded on chain in block {block}").format(block=known.block))
    elif known:
        out.print(_("[yellow]![/] this checkpoint itself is not on record on chain; its key is the registered one"))
