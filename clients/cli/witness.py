"""``smartborder witness``: an authority's witness, which cosigns what the chain recorded of logs that only grow."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from clients.block_keeping import STEP_SECONDS, BlockKeeper, open_block_log
from clients.cli.exits import Exit
from clients.cli.files import read_file
from clients.cli.output import AsJson, command, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, home_at, open_contracts, password
from clients.cli.stopping import stop_signal
from clients.cli.text import _
from clients.own_log import member_at_home
from clients.witness import (
    DEFAULT_PORT,
    create_witness,
    open_witness,
    policy_witnesses,
    verifier_keys,
    witness_name,
)
from clients.witness_server import LOOPBACK, WitnessServer
from ledger.chain.chain_witness import AgainstChain, WitnessRecord
from ledger.chain.final_blocks import Buried, Sealed
from ledger.errors import Unavailable
from ledger.identity.witness_keys import WitnessKeys, WitnessKeystore
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.conflicts import Conflict
from ledger.tlog.policy_files import parse_policy
from ledger.tlog.witness import Witness
from ledger.tlog.witness_client import WitnessEndpoint, endpoints_of
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
def key(
    url: Annotated[
        str | None, typer.Option("--url", help=_("Print lines for a policy file, with this address of the witness."))
    ] = None,
    home: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Print the witness's verifier keys (vkeys): a log puts them into its policy. No password is needed."""
    folder = home_at(home).keystore.folder
    if url is None or as_json:
        return _print_keys(folder, as_json=as_json)
    for each in policy_witnesses(WitnessKeystore(folder).public, url):
        console().print(f"witness {each.name} {each.key.text()} {each.url}", soft_wrap=True)
    return None


@command(app)
def serve(
    host: Host = LOOPBACK,
    port: Port = DEFAULT_PORT,
    blocks: Annotated[
        bool, typer.Option("--blocks", help=_("Keep a log of the chain's blocks, too, and cosign that of others."))
    ] = False,
    depth: Annotated[
        int | None,
        typer.Option("--depth", min=0, help=_("Blocks with so many on top count as final; else those sealed by QBFT.")),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help=_("A policy file with other witnesses that cosign the block log."))
    ] = None,
    every: Annotated[
        float, typer.Option("--every", min=0.1, help=_("Seconds between two looks for new blocks."))
    ] = STEP_SECONDS,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Serve this home's witness (C2SP tlog-witness) until Ctrl+C.

    It cosigns a checkpoint of a member's event log only if the register has the log's key, the log has only grown since
    the last one, and the chain recorded just this size and root. Whatever contradicts is refused and kept. With
    --blocks it logs the chain's final blocks into the home's folder blocks, has each checkpoint cosigned, and cosigns
    the block logs of other authorities where its own node has the same blocks.
    """
    place = home_at(home)
    secret = password(password_file)
    keys = WitnessKeystore(place.keystore.folder).unlock(secret)
    contracts = open_contracts(place, node)
    others = endpoints_of(parse_policy(read_file(policy))) if policy else ()
    stopping = stop_signal()
    with ExitStack() as stack:
        keeper = None
        if blocks:
            key = place.keystore.unlock(secret).checkpoint
            final = Sealed() if depth is None else Buried(depth)
            log = stack.enter_context(open_block_log(place, contracts.node, key, final))
            keeper = BlockKeeper(log, place.blocks_folder, key)
        witness = open_witness(place, keys, contracts, blocks=keeper.objection if keeper else None, depth=depth or 0)
        server = stack.enter_context(_listening(witness, host, port))
        threads = [threading.Thread(target=server.serve_forever)]
        if keeper:
            endpoints = (WitnessEndpoint(server.url, verifier_keys(keys.public)), *others)
            threads.append(threading.Thread(target=keeper.keep, args=(endpoints, stopping, every)))
        for thread in threads:
            thread.start()
        _tell_address(server.url, keys.name, as_json)
        stopping.wait()
        server.shutdown()
        for thread in threads:
            thread.join()


@command(app)
def conflicts(home: HomeOption = None, as_json: AsJson = False) -> None:
    """Show what convicts logs: checkpoints that contradict each other, or the chain. Exit status: 0 nothing, 1 some."""
    folder = home_at(home).witness_folder
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


def _tell_address(url: str, name: str, as_json: bool) -> None:
    if as_json:
        write_json({"url": url, "name": name})
        sys.stdout.flush()
        return
    text = _("The witness {name} listens at {url}; stop it with Ctrl+C.")
    console().print(text.format(name=escape(name), url=url))


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
