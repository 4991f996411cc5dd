"""``smartborder witness``: an authority's witness, which cosigns what the chain recorded of logs that only grow."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from clients.cli.exits import Exit
from clients.cli.output import AsJson, command, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, home_at, open_contracts, password
from clients.cli.stopping import stop_signal
from clients.cli.text import _
from clients.own_log import member_at_home
from clients.witness import DEFAULT_PORT, create_witness, open_witness, verifier_keys, witness_name
from clients.witness_server import LOOPBACK, WitnessServer
from ledger.chain.chain_witness import AgainstChain, WitnessRecord
from ledger.errors import Unavailable
from ledger.identity.witness_keys import WitnessKeys, WitnessKeystore
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.conflicts import Conflict
from ledger.tlog.witness import Witness
from ledger.tlog.witness_requests import parse_add_checkpoint

app = typer.Typer()

Host = Annotated[
    str, typer.Option("--host", help=_("The address to listen on; beyond this machine put TLS before it."))
]
Port = Annotated[int, typer.Option("--port", min=0, max=65_535, help=_("The port; 0 for any that is free."))]


@command(app)
def create(
    name: Annotated[
        str | None, typer.Option("--name", help=_("The witness's name in cosignatures; else one made of the address."))
    ] = None,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Make this home's witness: an Ed25519 and an ML-DSA-44 key, encrypted in its keystore, and an empty record."""
    place = home_at(home)
    secret = password(password_file)
    place.keystore.unlock(secret)  # one password opens all keys of a home
    if name is None:
        contracts = open_contracts(place, node)
        name = witness_name(contracts.deployment.chain_id, member_at_home(place, contracts).address)
    create_witness(place, WitnessKeys.generate(name), secret)
    if as_json:
        return _print_keys(place.keystore.folder, as_json=True)
    console().print(_("Made the witness [bold]{name}[/]. Give its keys to the logs:").format(name=escape(name)))
    return _print_keys(place.keystore.folder, as_json=False)


@command(app)
def key(home: HomeOption = None, as_json: AsJson = False) -> None:
    """Print the witness's verifier keys (vkeys): a log puts them into its policy. No password is needed."""
    _print_keys(home_at(home).keystore.folder, as_json=as_json)


@command(app)
def serve(
    host: Host = LOOPBACK,
    port: Port = DEFAULT_PORT,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Serve this home's witness (C2SP tlog-witness) until Ctrl+C.

    It cosigns a checkpoint of a member's event log only if the register has the log's key, the log has only grown since
    the last one, and the chain recorded just this size and root. Whatever contradicts is refused and kept.
    """
    place = home_at(home)
    keys = WitnessKeystore(place.keystore.folder).unlock(password(password_file))
    witness = open_witness(place, keys, open_contracts(place, node))
    stopping = stop_signal()
    with _listening(witness, host, port) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        if as_json:
            write_json({"url": server.url, "name": keys.name})
        else:
            text = _("The witness {name} listens at {url}; stop it with Ctrl+C.")
            console().print(text.format(name=escape(keys.name), url=server.url))
        stopping.wait()
        server.shutdown()
        thread.join()


@command(app)
def conflicts(home: HomeOption = None, as_json: AsJson = False) -> None:
    """Show what convicts logs: checkpoints that contradict each other, or the chain. Exit status: 0 nothing, 1 some."""
    folder = home_at(home).witness_path
    record = WitnessRecord.open(folder)
    found = list(record.conflicts())
    against = list(record.against_chain())
    if as_json:
        write_json(
            {
                "record": str(folder),
                "conflicts": [_conflict_json(origin, conflict) for origin, conflict in found],
                "againstChain": [each.to_json() for each in against],
            }
        )
    else:
        for origin, conflict in found:
            _show_conflict(origin, conflict)
        for each in against:
            _show_against(each)
        if not found and not against:
            console().print(_("Nothing was kept against any log."))
        else:
            console().print(_("The signed notes themselves are in {folder}").format(folder=folder))
    raise typer.Exit(Exit.NO if against or any(conflict.proven for _, conflict in found) else Exit.OK)


def _listening(witness: Witness, host: str, port: int) -> WitnessServer:
    try:
        return WitnessServer(witness, host=host, port=port)
    except OSError as error:
        raise Unavailable(
            _("cannot listen there: {fault}").format(fault=error.strerror),
            where=f"{host}:{port}",
            mend=_("Choose another port, or stop what has it."),
        ) from error


def _print_keys(folder: Path, *, as_json: bool) -> None:
    public = WitnessKeystore(folder).public
    keys = [key.text() for key in verifier_keys(public)]
    if as_json:
        return write_json({"name": public.name, "keys": keys})
    for text in keys:
        console().print(text, soft_wrap=True)
    return None


def _conflict_json(origin: str, conflict: Conflict) -> dict[str, object]:
    return {
        "origin": origin,
        "proven": conflict.proven,
        "cosigned": conflict.cosigned.decode(),
        "shown": conflict.shown.decode(),
    }


def _show_conflict(origin: str, conflict: Conflict) -> None:
    cosigned = read_checkpoint(conflict.cosigned)
    shown = read_checkpoint(parse_add_checkpoint(conflict.shown).checkpoint)
    head = _("[bold red]✗ proven[/]") if conflict.proven else _("[yellow]? unproven[/]")
    out = console()
    out.print(f"{head} {escape(origin)}")
    out.print(_("  cosigned: size {size}, root {root}").format(size=cosigned.size, root=cosigned.root.hex()))
    out.print(_("  shown:    size {size}, root {root}").format(size=shown.size, root=shown.root.hex()))


def _show_against(against: AgainstChain) -> None:
    shown = read_checkpoint(against.checkpoint)
    out = console()
    out.print(_("[bold red]✗ against the chain[/] {origin}").format(origin=escape(shown.origin)))
    out.print(
        _("  recorded: size {size}, root {root} (block {block})").format(
            size=shown.size, root=against.root.hex(), block=against.block
        )
    )
    out.print(_("  shown:    size {size}, root {root}").format(size=shown.size, root=shown.root.hex()))
