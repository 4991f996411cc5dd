"""NatSpec: nothing in the contracts is without words that say what it means.

The rule, as strict as the sources deserve:

1. Every contract, interface, library, function (constructors, private and free ones too), modifier, event, error,
   struct, enumeration and type has ``@notice`` or ``@dev``, or inherits it (``@inheritdoc``). So has every public
   state variable, which is a function too.
2. A function that others call (external or public) names each parameter in ``@param``. One that returns a single value
   says in its notice what it is; one that returns several names each in ``@return``.
3. A struct that others see, one of an interface or of a file, names each field in ``@param``. The struct of a
   contract's own storage may draw its words instead.
4. An event or an error says in its notice what happened, and need not repeat it for each parameter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scripts.analysis.findings import Finding
from scripts.analysis.syntax import definitions, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.analysis.syntax import Node, Syntax

_KINDS: Final = {
    "ContractDefinition": "contract",
    "FunctionDefinition": "function",
    "ModifierDefinition": "modifier",
    "EventDefinition": "event",
    "ErrorDefinition": "error",
    "StructDefinition": "struct",
    "EnumDefinition": "enumeration",
    "UserDefinedValueTypeDefinition": "type",
}
_TAG: Final = re.compile(r"@(param|return|inheritdoc|notice|dev|title)\b[ \t]*(\S*)")


def find(syntax: Syntax) -> list[Finding]:
    """What is without words."""
    interfaces = {
        node["name"] for _, tree in syntax.own() for node in tree["nodes"] if node.get("contractKind") == "interface"
    }
    return [
        Finding(f"natspec/{rule}", name_of(path, contract, node), f"{what} ({syntax.place(path, node)})")
        for path, tree in syntax.own()
        for contract, node in definitions(tree)
        if _is_documented_kind(node)
        for rule, what in _faults(_words(syntax, path, node), node, seen=not contract or contract in interfaces)
    ]


def _is_documented_kind(node: Node) -> bool:
    is_getter = node["nodeType"] == "VariableDeclaration" and node["visibility"] == "public"
    return is_getter or node["nodeType"] in _KINDS


def _words(syntax: Syntax, path: str, node: Node) -> str:
    """The NatSpec of a definition. The compiler keeps none of a type's: there, the line above tells."""
    if node["nodeType"] == "UserDefinedValueTypeDefinition":
        above = syntax.line_before(path, node)
        return f"@notice {above[3:].strip()}" if above.startswith("///") else ""
    words = str((node.get("documentation") or {}).get("text", ""))
    return words if not words.strip() or words.lstrip().startswith("@") else f"@notice {words}"


def _faults(words: str, node: Node, *, seen: bool) -> Iterator[tuple[str, str]]:
    tags = [(tag, name) for tag, name in _TAG.findall(words) if name]
    kinds = {tag for tag, _ in tags}
    if "inheritdoc" in kinds:
        return
    if not kinds & {"notice", "dev"}:
        kind = _KINDS.get(node["nodeType"], "public state variable")
        yield "missing", f"the {kind} has neither @notice nor @dev"
    named = {name for tag, name in tags if tag == "param"}
    for parameter in _parameters(node, seen=seen):
        if parameter not in named:
            yield "parameter", f"@param {parameter} is missing"
    returned = _returned(node)
    if len(returned) > sum(tag == "return" for tag, _ in tags):
        yield "return", f"several values are returned, and not each has its @return ({', '.join(returned)})"


def _parameters(node: Node, *, seen: bool) -> list[str]:
    """What ``@param`` must name."""
    if node["nodeType"] == "FunctionDefinition" and _is_called_by_others(node):
        return [each["name"] for each in node["parameters"]["parameters"] if each["name"]]
    if node["nodeType"] == "StructDefinition" and seen:
        return [each["name"] for each in node["members"]]
    return []


def _returned(node: Node) -> list[str]:
    """What ``@return`` must name: the values that a function returns to others, where there are several."""
    if node["nodeType"] != "FunctionDefinition" or not _is_called_by_others(node):
        return []
    values = [each["name"] or "unnamed" for each in node["returnParameters"]["parameters"]]
    return values if len(values) > 1 else []


def _is_called_by_others(node: Node) -> bool:
    return node["visibility"] in ("external", "public") or node["kind"] == "constructor"
