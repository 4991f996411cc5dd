"""The contracts as the compiler reads them: syntax trees, and the names that the checks call things by.

Nothing is translated to code, so that reading all contracts takes two seconds.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import solcx
from solcx.exceptions import SolcError

from scripts import contracts
from scripts.contracts import SETTINGS, CompilationError
from scripts.tools import SOLC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Node = dict[str, Any]
"""A node of a syntax tree, in the compiler's own form."""

_IMPORT: Final = re.compile(r'^import [^;]*?"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Syntax:
    """Sources and what the compiler made of them.

    Attributes:
        sources: the text of each source by its path.
        trees: the syntax tree of each.
        contracts: the compiler's ``abi``, ``devdoc`` and ``userdoc``, by path and contract.
    """

    sources: Mapping[str, str]
    trees: Mapping[str, Node]
    contracts: Mapping[str, Mapping[str, Any]]

    def own(self) -> Iterator[tuple[str, Node]]:
        """The trees of the sources that are ours, by path."""
        return ((path, tree) for path, tree in self.trees.items() if is_own(path))

    def place(self, path: str, node: Node) -> str:
        """The file and line of a node."""
        line = self._before(path, node).count(b"\n") + 1
        return f"{path}:{line}"

    def text(self, path: str, node: Node) -> str:
        """The source text of a node."""
        start, length = _span(node)
        return self.sources[path].encode()[start : start + length].decode()

    def line_before(self, path: str, node: Node) -> str:
        """The line above the one that a node begins on, without its indentation."""
        lines = self._before(path, node).decode().split("\n")
        return lines[-2].strip() if len(lines) > 1 else ""

    def _before(self, path: str, node: Node) -> bytes:
        return self.sources[path].encode()[: _span(node)[0]]


def is_own(path: str) -> bool:
    """Whether a source is ours, and not a dependency's."""
    return path.startswith("contracts/")


def read_contracts() -> Syntax:
    """All contracts with what they import."""
    available = contracts.sources()
    texts = {path: source["content"] for path, source in available.items()}
    return read(with_imports([path for path in texts if is_own(path)], texts))


def with_imports(paths: Iterable[str], available: Mapping[str, str]) -> dict[str, str]:
    """The sources at some paths, and all that they import."""
    wanted: dict[str, str] = {}
    ahead = list(paths)
    while ahead:
        path = ahead.pop()
        if path not in wanted:
            wanted[path] = available[path]
            ahead += imports(path, available[path])
    return wanted


def imports(path: str, text: str) -> list[str]:
    """The paths of the sources that a source imports."""
    named = _IMPORT.findall(text)
    folder = posixpath.dirname(path)
    return [posixpath.normpath(posixpath.join(folder, name)) if name.startswith(".") else name for name in named]


def read(sources: Mapping[str, str]) -> Syntax:
    """Sources, by path, with everything that they import among them.

    Raises:
        CompilationError: the compiler does not take them; its own words follow.
    """
    standard_input = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sources.items()},
        "settings": SETTINGS | {"outputSelection": {"*": {"": ["ast"], "*": ["abi", "devdoc", "userdoc"]}}},
    }
    try:
        output = solcx.compile_standard(standard_input, solc_binary=SOLC)
    except SolcError as error:
        raise CompilationError(str(error)) from error
    trees = {path: source["ast"] for path, source in output["sources"].items()}
    return Syntax(sources, trees, output.get("contracts", {}))


def nodes(tree: Any) -> Iterator[Node]:  # noqa: ANN401  # a tree is nodes, lists of them, and plain values
    """Every node of a tree, from the top."""
    if isinstance(tree, dict):
        if "nodeType" in tree:
            yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from nodes(item)


def definitions(tree: Node) -> Iterator[tuple[str, Node]]:
    """Every definition of a source, with the name of the contract that it stands in (empty: in none), from the top."""
    for node in tree["nodes"]:
        yield "", node
        if node["nodeType"] == "ContractDefinition":
            yield from ((node["name"], inner) for inner in node["nodes"])


def name_of(path: str, contract: str, node: Node) -> str:
    """What the checks call a definition: ``Council._statusOf``; a free function goes by its file, ``Course.holder``."""
    name = node.get("name") or node.get("kind", node["nodeType"])
    if node["nodeType"] == "ContractDefinition":
        return str(name)
    return f"{contract or posixpath.basename(path).removesuffix('.sol')}.{name}"


def _span(node: Node) -> tuple[int, int]:
    start, length, _ = node["src"].split(":")
    return int(start), int(length)
