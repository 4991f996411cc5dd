"""A party's home: one folder with its settings, its keys, its store and the deployment it works with.

::

    HOME/
    ├── config.toml       settings: node, language of dates …
    ├── deployment.json   which contracts on which chain (public; given by whoever founded the consortium)
    ├── keys/             the keystore (encrypted, 0700)
    ├── store.sqlite      documents, statements, secrets (confidential columns encrypted)
    ├── log/              the member's event log, to be served as it is (C2SP tlog-tiles)
    ├── set-aside/        captured documents that break rules, and what is wrong with each
    ├── witness-policy    who is asked to cosign the log's checkpoints (C2SP tlog-policy; may be left out)
    ├── witness/          the record of an authority's witness
    └── blocks/           an authority's log of the chain's blocks, to be served as it is

A setting is taken from the command's option, else the environment (``SMARTBORDER_NODE`` …), else ``config.toml``, else
its default.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from ledger.errors import InputError, NotFound, Unavailable
from ledger.identity.keystore import Keystore

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME_VARIABLE: Final = "SMARTBORDER_HOME"
DEFAULT_NODE: Final = "http://127.0.0.1:8545"
_VARIABLE_PREFIX: Final = "SMARTBORDER_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a party may choose.

    Attributes:
        node: the address of the chain's JSON-RPC node.
        valid_hours: for how long a statement may wait before the contract refuses it, in hours.
        timeout_seconds: how long to wait for a node to answer.
        checkpoint_events: after how many captured events a checkpoint is made on the way.
    """

    node: str = DEFAULT_NODE
    valid_hours: int = 24
    timeout_seconds: int = 20
    checkpoint_events: int = 100_000

    def __post_init__(self) -> None:
        if not self.node.startswith(("http://", "https://", "ws://", "wss://")):
            raise InputError(
                f"'{self.node}' is not the address of a node", where="node", mend=f"Give one such as {DEFAULT_NODE}."
            )
        for name, most in (("valid_hours", 24 * 365), ("timeout_seconds", 600), ("checkpoint_events", 10**9)):
            if not 1 <= getattr(self, name) <= most:
                raise InputError(
                    f"{getattr(self, name)} is out of range", where=name, mend=f"Give a number from 1 to {most}."
                )


_KINDS: Final = {field.name: type(getattr(Settings(), field.name)) for field in fields(Settings)}


class Home:
    """The folder of one party.

    Args:
        folder: where it is or will be; made when something is first written to it.
        environment: searched for settings.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._environment = environment or {}

    @property
    def keystore(self) -> Keystore:
        """The keys of this party."""
        return Keystore(self.folder / "keys")

    @property
    def store_path(self) -> Path:
        """Where the store is."""
        return self.folder / "store.sqlite"

    @property
    def blocks_folder(self) -> Path:
        """Where an authority's log of the chain's blocks is."""
        return self.folder / "blocks"

    @property
    def witness_folder(self) -> Path:
        """Where the record of an authority's witness is."""
        return self.folder / "witness"

    @property
    def deployment_path(self) -> Path:
        """Where the record of the contracts is."""
        return self.folder / "deployment.json"

    @property
    def config_path(self) -> Path:
        """Where the settings are."""
        return self.folder / "config.toml"

    @property
    def log_folder(self) -> Path:
        """Where the event log is."""
        return self.folder / "log"

    @property
    def set_aside_folder(self) -> Path:
        """Where captured documents that break rules go."""
        return self.folder / "set-aside"

    @property
    def witness_policy_path(self) -> Path:
        """Where it says who is asked to cosign the event log's checkpoints."""
        return self.folder / "witness-policy"

    def witness_policy(self) -> bytes | None:
        """The policy that says who is asked to cosign checkpoints; ``None`` where nobody is.

        Raises:
            Unavailable: it cannot be read.
        """
        try:
            return self.witness_policy_path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise _unusable(self.witness_policy_path, fault) from fault

    def settings(self) -> Settings:
        """The settings in force: the environment's before the file's.

        Raises:
            InputError: a setting is unknown, of the wrong kind or out of range.
            Unavailable: the file cannot be read.
        """
        chosen = self._from_file() | self._from_environment()
        return replace(Settings(), **chosen)  # type: ignore[arg-type]  # each value was checked against its field's type

    def deployment_text(self) -> str:
        """The record of the contracts this party works with.

        Raises:
            NotFound: there is none yet.
        """
        try:
            return self.deployment_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NotFound(
                "this home does not know the consortium's contracts yet",
                where=str(self.deployment_path),
                mend="Ask a member for the deployment file and run: smartborder member join FILE",
            ) from None
        except (OSError, UnicodeDecodeError) as fault:
            raise _unusable(self.deployment_path, fault) from fault

    def write(self, path: Path, text: str) -> None:
        """Write one of the home's public files, making the folder (0700) if need be.

        Raises:
            Unavailable: the file cannot be written.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as fault:
            raise _unusable(path, fault) from fault

    def write_settings(self, settings: Settings) -> None:
        """Keep settings in ``config.toml``."""
        lines = [f"{field.name} = {json.dumps(getattr(settings, field.name))}" for field in fields(settings)]
        self.write(self.config_path, "\n".join(lines) + "\n")

    def _from_file(self) -> dict[str, object]:
        try:
            content = tomllib.loads(self.config_path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise InputError(
                f"is not TOML: {fault}", where=str(self.config_path), mend="Mend the line, or remove the file."
            ) from fault
        except OSError as fault:
            raise _unusable(self.config_path, fault) from fault
        for name, value in content.items():
            if name not in _KINDS or type(value) is not _KINDS[name]:
                raise InputError(
                    f"'{name} = {value!r}' is not a setting",
                    where=str(self.config_path),
                    mend="The settings are: " + ", ".join(f"{key} ({kind.__name__})" for key, kind in _KINDS.items()),
                )
        return content

    def _from_environment(self) -> dict[str, object]:
        chosen: dict[str, object] = {}
        for name, kind in _KINDS.items():
            variable = _VARIABLE_PREFIX + name.upper()
            if variable not in self._environment:
                continue
            try:
                chosen[name] = kind(self._environment[variable])
            except ValueError:
                raise InputError(
                    f"'{self._environment[variable]}' is not a number",
                    where=variable,
                    mend="Give a whole number, or unset the variable.",
                ) from None
        return chosen


def find_home(chosen: Path | None, environment: Mapping[str, str]) -> Home:
    """The home to use: the one chosen, else ``SMARTBORDER_HOME``, else the system's folder for a user's data."""
    if chosen is None:
        named = environment.get(HOME_VARIABLE)
        chosen = Path(named) if named else platformdirs.user_data_path("smartborder")
    return Home(chosen, environment)


def _unusable(path: Path, fault: Exception) -> Unavailable:
    return Unavailable(f"cannot be used: {fault}", where=str(path), mend="Check the path and its permissions.")
