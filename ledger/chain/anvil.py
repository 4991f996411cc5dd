"""The local chain: one anvil process that several programs can use, and whose chain survives a restart.

It listens on loopback only, charges nothing, and saves its state every few seconds; a crash loses at most what came
after the last save. The folder (the chain's *home*) holds the state and the connection file that clients are given.

    with LocalChain.start(home, program) as chain:
        connect(chain.connection.url)
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Self

from ledger.chain.nodes import Node, asking, connect
from ledger.errors import InputError, NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8545
CHAIN_ID: Final = 31_337
GAS_LIMIT: Final = 100_000_000
SAVE_SECONDS: Final = 2
START_TIMEOUT_SECONDS: Final = 30.0
STOP_TIMEOUT_SECONDS: Final = 20.0
ANSWER_TIMEOUT_SECONDS: Final = 2.0

_STATE: Final = "state.json"
_BACKUP: Final = "state.backup.json"
_CONNECTION: Final = "chain.json"
_LOG: Final = "anvil.log"


@dataclass(frozen=True, slots=True)
class Connection:
    """What a program needs to use the local chain; the connection file holds it.

    Attributes:
        url: the node's address.
        chain_id: the chain's id.
        genesis_time: the time of its block 0, in seconds; it stays the same over restarts, and so does the chain.
        pid: the process that runs it.
    """

    url: str
    chain_id: int
    genesis_time: int
    pid: int

    @classmethod
    def read(cls, home: Path) -> Self:
        """The connection of the chain in ``home``.

        Raises:
            NotFound: no chain was ever started there.
            InputError: the file is damaged.
        """
        path = home / _CONNECTION
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(str(content["url"]), int(content["chain_id"]), int(content["genesis_time"]), int(content["pid"]))
        except FileNotFoundError:
            raise NotFound(
                "no local chain was started here", where=str(home), mend="Run: smartborder chain start"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"is no connection file ({error})", where=str(path), mend="Remove it and start the chain again."
            ) from error

    def stop(self) -> None:
        """Stop the chain, whichever process started it; it saves its state first.

        Raises:
            Unavailable: it does not run, or does not stop.
        """
        self.node()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            try:
                self.node()
            except Unavailable:
                return
            time.sleep(0.05)
        raise Unavailable(
            f"the chain's process {self.pid} does not stop", where=self.url, mend="End that process yourself."
        )

    def node(self) -> Node:
        """A connection to the chain.

        Raises:
            Unavailable: it does not run.
        """
        return connect(self.url, timeout_seconds=ANSWER_TIMEOUT_SECONDS, chain_id=self.chain_id)


@dataclass(slots=True)
class LocalChain:
    """A local chain that this process runs.

    Attributes:
        home: its folder.
        connection: how to reach it.
    """

    home: Path
    connection: Connection
    _process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, home: Path, program: Path, port: int = DEFAULT_PORT) -> Self:
        """Start the chain in ``home``, or go on with the one that was there, and wait until it answers.

        Args:
            home: its folder, made if need be.
            program: anvil.
            port: the port on loopback; 0 for any that is free.

        Raises:
            Refused: the chain in ``home`` runs already.
            Unavailable: the port is taken, the folder cannot be written, or anvil does not start.
        """
        _require_not_running(home)
        chosen = _free_port(port)
        genesis_time = _prepare(home)
        with (home / _LOG).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  # the program named, with arguments of our own
                _command(program, home, chosen, genesis_time),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        connection = Connection(f"http://{LOOPBACK}:{chosen}", CHAIN_ID, genesis_time, process.pid)
        chain = cls(home, connection, process)
        try:
            chain._await_answer()
            _write(home / _CONNECTION, json.dumps(asdict(connection), indent=2) + "\n")
        except BaseException:
            chain.stop()
            raise
        return chain

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def was_stopped(self) -> bool:
        """Whether the process ended because it was asked to."""
        return self._process.poll() in (0, -signal.SIGTERM, -signal.SIGINT)

    def keep_backup(self) -> None:
        """Copy the state that anvil saved, if it is whole: anvil may be killed while it writes."""
        if _is_whole(self.home / _STATE):
            with contextlib.suppress(OSError):
                _write(self.home / _BACKUP, (self.home / _STATE).read_text(encoding="utf-8"))

    def stop(self) -> None:
        """Stop it; it saves its state first."""
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.keep_backup()

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self.running and time.monotonic() < deadline:
            try:
                _set_clock(self.connection.node())
            except Unavailable:
                time.sleep(0.05)
                continue
            return
        raise Unavailable(
            f"anvil did not start: {_last_words(self.home / _LOG)}",
            where=str(self.home),
            mend=f"Look at {self.home / _LOG}.",
        )


def _command(program: Path, home: Path, port: int, genesis_time: int) -> list[str]:
    options = {
        "--host": LOOPBACK,
        "--port": port,
        "--chain-id": CHAIN_ID,
        "--hardfork": "london",
        "--accounts": 0,
        "--base-fee": 0,
        "--gas-price": 0,
        "--gas-limit": GAS_LIMIT,
        "--timestamp": genesis_time,
        "--state": home / _STATE,
        "--state-interval": SAVE_SECONDS,
    }
    flags = ["--disable-min-priority-fee", "--silent"]
    return [str(program), *flags, *(str(part) for option in options.items() for part in option)]


def _set_clock(node: Node) -> None:
    """Let blocks have the machine's time: anvil goes on from the time of its genesis otherwise."""
    with asking(node.name):
        node.web3.manager.request_blocking("evm_setTime", [int(time.time())])  # type: ignore[arg-type]  # a method's name


def _prepare(home: Path) -> int:
    """Make the folder, put a whole state in its place, and tell the genesis time."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        state, backup = home / _STATE, home / _BACKUP
        if state.exists() and not _is_whole(state):
            backup.replace(state) if _is_whole(backup) else state.unlink()
        if state.exists():
            return Connection.read(home).genesis_time
        return int(time.time())
    except OSError as error:
        raise Unavailable(
            f"cannot be used: {error}", where=str(home), mend="Check the folder and its permissions."
        ) from error


def _is_whole(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except (OSError, ValueError):
        return False


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_suffix(".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise Unavailable(f"cannot be written: {error}", where=str(path), mend="Check the folder.") from error


def _require_not_running(home: Path) -> None:
    try:
        connection = Connection.read(home)
        connection.node()
    except (NotFound, InputError, Unavailable):
        return
    raise Refused(
        f"the chain in {home} runs already at {connection.url}",
        where="chain",
        mend="Use it, or stop it first, or choose another folder with --home.",
    )


def _free_port(port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise Unavailable(
                f"the port {port} is taken", where="port", mend="Choose another one with --port, or 0 for any."
            ) from error
        return int(probe.getsockname()[1])


def _last_words(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace").strip()[-300:] or "it said nothing"
    except OSError:
        return "it left no log"
