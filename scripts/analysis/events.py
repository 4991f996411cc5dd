"""No change without an event: whatever a call changes in storage, an event that follows on the same path tells.

Every function of a contract that others may call, and that may change something, is walked along all of its paths
(:mod:`scripts.analysis.walk`). A path that succeeds and has changed what no later event follows is a finding. A path
that reverts has changed nothing. So a statement that a batch skips has changed nothing either: no event follows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.analysis.findings import Finding
from scripts.analysis.syntax import definitions, name_of
from scripts.analysis.walk import Walk

if TYPE_CHECKING:
    from scripts.analysis.syntax import Node, Syntax


def find(syntax: Syntax) -> list[Finding]:
    """The functions of our contracts that change something on a path that ends without an event.

    Raises:
        UnreadableError: a construct is not known.
    """
    walk = Walk(syntax)
    found: list[Finding] = []
    for path, tree in syntax.own():
        contracts = {node["name"] for node in tree["nodes"] if node.get("contractKind") == "contract"}
        for contract, node in definitions(tree):
            if contract in contracts and _is_entry(node):
                untold = sorted(frozenset[str]().union(*(each.untold for each, _ in walk.outcomes(node))))
                what = f"changes {', '.join(untold)} on a path that no event follows ({syntax.place(path, node)})"
                found += [Finding("events/silent", name_of(path, contract, node), what)] if untold else []
    return found


def _is_entry(node: Node) -> bool:
    if node["nodeType"] != "FunctionDefinition" or not node.get("body"):
        return False
    is_called_by_others = node["visibility"] in ("external", "public") or node["kind"] == "constructor"
    return is_called_by_others and node["stateMutability"] not in ("view", "pure")
