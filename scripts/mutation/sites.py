"""Where the contracts can be changed, and how: conditions, comparisons, operators, assignments, statements.

The places are read from the compiler's syntax tree. Each mutant is told as pieces of text to put into the source, so
that mutants may lie inside each other.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Node: TypeAlias = dict[str, Any]

COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
BOUNDARIES: Final = {"<": "less", "<=": "lessOrEqual", ">": "more", ">=": "moreOrEqual"}
ARITHMETIC: Final = {"+": "plus", "-": "minus", "|": "or", "&": "and", "<<": "left", ">>": "right"}
OPPOSITE: Final = {"+": "-", "-": "+", "|": "&", "&": "|", "<<": ">>", ">>": "<<", "<": "<=", "<=": "<", ">": ">="}
OPPOSITE_OF: Final = {**OPPOSITE, ">=": ">"}
EMPTY: Final = {"uint": "{}(0)", "bytes": "{}(0)", "address": "address(0)"}
"""What a variable of an elementary type holds before it is assigned, by the beginning of the type's name."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of the sources.

    Attributes:
        source: the path of the source.
        function: the function that it is in, or the contract's name.
        start: where the changed text begins, in bytes.
        end: where it ends.
        text: the changed text as it stands, on one line.
        change: what becomes of it, in words.
        before: what to put before it; ``{id}`` stands for the mutant's number.
        after: what to put after it.
        operator: an operator inside it to be replaced by a comma: its start and end; None where there is none.
        occurrence: the number of the same change of the same text in the same function, from 1.
    """

    source: str
    function: str
    start: int
    end: int
    text: str
    change: str
    before: str
    after: str
    operator: tuple[int, int] | None = None
    occurrence: int = 1

    @property
    def name(self) -> str:
        """What the mutant is called, wherever lines move: ``source function: text: change``."""
        again = "" if self.occurrence == 1 else f" (number {self.occurrence})"
        return f"{self.source} {self.function}: {self.text}: {self.change}{again}"


def mutants(trees: dict[str, Node], texts: dict[str, bytes]) -> list[Mutant]:
    """Every mutant of the sources, in the order of the sources and their text.

    Args:
        trees: the compiler's syntax tree by path.
        texts: the source by path, as bytes, for the compiler counts in bytes.
    """
    found = [mutant for source in sorted(trees) for mutant in _Reader(source, texts[source]).read(trees[source])]
    seen: Counter[str] = Counter()
    numbered = []
    for mutant in sorted(found, key=lambda each: (each.source, each.start, -each.end)):
        seen[mutant.name] += 1
        numbered.append(replace(mutant, occurrence=seen[mutant.name]))
    return numbered


class _Reader:
    """Reads the mutants of one source."""

    def __init__(self, source: str, text: bytes) -> None:
        self._source = source
        self._text = text
        self._scope = ""
        self._decided: set[int] = set()
        self._changes: dict[str, Callable[[Node], Iterator[Mutant]]] = {
            "BinaryOperation": self._in_operation,
            "Conditional": self._in_choice,
            "EmitStatement": self._left_out,
            "ExpressionStatement": self._in_statement,
            "IfStatement": self._in_if,
            "Return": self._in_return,
            "VariableDeclarationStatement": self._in_declaration,
            "YulAssignment": self._left_out_of_assembly,
            "YulExpressionStatement": self._left_out_of_assembly,
        }

    def read(self, node: object) -> Iterator[Mutant]:
        """The mutants of a node and of all that is in it."""
        if isinstance(node, list):
            for each in node:
                yield from self.read(each)
        elif isinstance(node, dict):
            yield from self._read_node(node)

    def _read_node(self, node: Node) -> Iterator[Mutant]:
        kind = node.get("nodeType", "")
        if kind == "VariableDeclaration" and node.get("constant"):
            return
        if kind in {"ContractDefinition", "FunctionDefinition"}:
            self._scope = node["name"] or node.get("kind", "")
        if kind in self._changes:
            yield from self._changes[kind](node)
        for name, child in node.items():
            if not (kind == "ForStatement" and name in {"initializationExpression", "loopExpression"}):
                yield from self.read(child)

    def _in_operation(self, node: Node) -> Iterator[Mutant]:
        operator = node["operator"]
        if operator in COMPARISONS and node["id"] not in self._decided:
            yield self._negated(node)
        if operator in {"&&", "||"}:
            yield from self._dropped_operands(node)
        if operator in BOUNDARIES and _is_counted(node):
            yield self._called(node, BOUNDARIES[operator])
        if operator in ARITHMETIC and node["typeDescriptions"]["typeString"] == "uint256" and _is_counted(node):
            yield self._called(node, ARITHMETIC[operator])

    def _in_if(self, node: Node) -> Iterator[Mutant]:
        condition = node["condition"]
        self._decided.add(condition["id"])
        yield self._wrapped(condition, "never", "(!Mutant.on({id}) && (", "))")
        if condition["nodeType"] != "BinaryOperation":
            yield self._negated(condition)

    def _in_choice(self, node: Node) -> Iterator[Mutant]:
        if not _is_comparison(node["condition"]):
            yield self._negated(node["condition"])

    def _in_return(self, node: Node) -> Iterator[Mutant]:
        value = node.get("expression")
        if value and value["typeDescriptions"]["typeString"] == "bool" and not _is_decided_elsewhere(value):
            yield self._negated(value)

    def _in_statement(self, node: Node) -> Iterator[Mutant]:
        expression = node["expression"]
        if expression["nodeType"] != "Assignment" or not _is_pointer(expression["leftHandSide"]):
            yield from self._left_out(node)

    def _in_declaration(self, node: Node) -> Iterator[Mutant]:
        value, declared = node.get("initialValue"), node["declarations"]
        if not value or len(declared) != 1 or value.get("value") in {"0", "false"}:
            return
        type_name = declared[0]["typeDescriptions"]["typeString"]
        if type_name == "bool":
            yield self._wrapped(value, "false", "(!Mutant.on({id}) && (", "))")
        elif re.fullmatch(r"uint\d+|bytes\d+|address", type_name):
            empty = EMPTY[re.sub(r"\d+", "", type_name)].format(type_name)
            yield self._wrapped(value, "zero", f"(Mutant.on({{id}}) ? {empty} : (", "))")

    def _dropped_operands(self, node: Node) -> Iterator[Mutant]:
        operator = node["operator"]
        before, word = ("(Mutant.on({id}) || (", "true") if operator == "&&" else ("(!Mutant.on({id}) && (", "false")
        for operand in (node["leftExpression"], node["rightExpression"]):
            self._decided.add(operand["id"])
            if operand.get("operator") != operator:
                yield self._wrapped(operand, f"{word} in its '{operator}'", before, "))")

    def _negated(self, node: Node) -> Mutant:
        return self._wrapped(node, "negated", "(Mutant.on({id}) != (", "))")

    def _called(self, node: Node, function: str) -> Mutant:
        """A binary operation done by a function of the switchboard, which does the opposite when switched on."""
        change = f"'{node['operator']}' to '{OPPOSITE_OF[node['operator']]}'"
        wrapped = self._wrapped(node, change, f"Mutant.{function}({{id}}, ", ")")
        left, right = node["leftExpression"], node["rightExpression"]
        return replace(wrapped, operator=(_span(left)[1], _span(right)[0]))

    def _left_out(self, node: Node) -> Iterator[Mutant]:
        """A statement with its semicolon; two blocks, so that no 'else' finds another 'if'."""
        mutant = self._wrapped(node, "left out", "{{ if (!Mutant.on({id})) {{ ", " }} }}")
        yield replace(mutant, end=self._text.index(b";", mutant.end - 1) + 1)

    def _left_out_of_assembly(self, node: Node) -> Iterator[Mutant]:
        yield self._wrapped(node, "left out", "if iszero(eq(coinbase(), {{address}})) {{ ", " }}")

    def _wrapped(self, node: Node, change: str, before: str, after: str) -> Mutant:
        start, end = _span(node)
        text = re.sub(r"\s+", " ", self._text[start:end].decode())
        return Mutant(self._source, self._scope, start, end, text, change, before, after)


def _span(node: Node) -> tuple[int, int]:
    start, length, _ = map(int, node["src"].split(":"))
    return start, start + length


def _is_comparison(node: Node) -> bool:
    return node["nodeType"] == "BinaryOperation" and node["operator"] in COMPARISONS


def _is_decided_elsewhere(value: Node) -> bool:
    """Whether a returned truth is made of operations, which have mutants of their own, or follows a condition."""
    refuses: bool = value.get("expression", {}).get("memberName") == "refuse"
    operates: bool = value["nodeType"] == "BinaryOperation"
    return refuses or operates


def _is_counted(node: Node) -> bool:
    """Whether both operands are unsigned numbers, which the switchboard's functions take."""
    types = [node[side]["typeDescriptions"]["typeString"] for side in ("leftExpression", "rightExpression")]
    return all(re.match(r"uint\d+$|int_const [^-]", each) for each in types) and any("uint" in each for each in types)


def _is_pointer(node: Node) -> bool:
    """Whether it is a local name for storage or calldata, which the compiler wants assigned on every path."""
    location = node["typeDescriptions"]["typeString"]
    return node["nodeType"] == "Identifier" and (" storage pointer" in location or " calldata" in location)
