"""``smartborder chain``: a local chain that several processes can use, and that survives a restart."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from clients.cli.output import AsJson, console, write_json
from clients.cli.stopping import stop_signal
from clients.cli.text import _
from ledger.chain.anvil import DEFAULT_PORT, SAVE_SECONDS, Connection, LocalChain
from ledger.chain.anvil_install import default_folder, find_anvil, install_anvil
from ledger.errors import Unavailable

app = typer.Typer(no_args_is_help=True)

ChainHome = Annotated[
    Path | None,
    typer.Option("--home", envvar="SMARTBORDER_CHAIN_HOME", help=_("The chain's own folder; one per user by default.")),
]
Port = Annotated[int, typer.Option("--port", min=0, max=65_535, help=_("The port on this machine; 0 for any free."))]


@app.command(help=_("Start the local chain, or go on with the one that was there; stop it with Ctrl+C."))
def start(home: ChainHome = None, port: Port = DEFAULT_PORT, as_json: AsJson = False) -> None:
    folder = _folder(home)
    program = find_anvil() or _installed(as_json)
    stopping = stop_signal()
    with LocalChain.start(folder, program, port) as chain:
        _tell(chain.connection, folder, as_json)
        while chain.running and not stopping.wait(SAVE_SECONDS):
            chain.keep_backup()
        if not (stopping.is_set() or chain.was_stopped):
            raise Unavailable(
                _("the chain's node ended by itself"),
                where=str(folder),
                mend=_("Start it again; look at {log}.").format(log=folder / "anvil.log"),
            )
    if not as_json:
        console().print(_("Stopped; its state is kept in {folder}.").format(folder=folder))


@app.command(help=_("Tell whether the local chain runs, and where."))
def status(home: ChainHome = None, as_json: AsJson = False) -> None:
    folder = _folder(home)
    connection = Connection.read(folder)
    block = connection.node().latest_block()
    if as_json:
        write_json({**asdict(connection), "home": str(folder), "block": block.number})
        return
    text = _("The chain {chain_id} runs at {url}; its newest block is {block}.")
    console().print(text.format(chain_id=connection.chain_id, url=connection.url, block=block.number))


@app.command(help=_("Stop a local chain that another process started."))
def stop(home: ChainHome = None) -> None:
    folder = _folder(home)
    Connection.read(folder).stop()
    console().print(_("Stopped; its state is kept in {folder}.").format(folder=folder))


@app.command(help=_("Install anvil, the local chain's node; 'start' does it by itself."))
def install() -> None:
    console().print(_("anvil is at {program}.").format(program=find_anvil() or _installed(False)))


def _folder(home: Path | None) -> Path:
    return (home or platformdirs.user_data_path("smartborder") / "chain").absolute()


def _installed(as_json: bool) -> Path:
    if not as_json:
        text = _("Installing anvil, the chain's node, into {folder} (once) …")
        console().print(text.format(folder=default_folder()))
    return install_anvil()


def _tell(connection: Connection, folder: Path, as_json: bool) -> None:
    if as_json:
        write_json({**asdict(connection), "home": str(folder)})
        return
    text = _("The chain {chain_id} runs at {url}. Its state is kept in {folder}; stop it with Ctrl+C.")
    console().print(text.format(chain_id=connection.chain_id, url=connection.url, folder=folder))
