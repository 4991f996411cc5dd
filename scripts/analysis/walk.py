"""Every path through a function, over the compiler's syntax tree, and what is changed and told along it.

The walk goes through everything that the function calls inside its contract. It keeps what it needs and no more: what
was changed in storage since the last event, whether there was one, and the boolean variables and results whose value
the path knows. With these it sees that a check which answers ``false`` has changed nothing. Where it cannot follow it
takes both ways, so that it errs by finding too much. A construct that it does not know stops it: it does not guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from scripts.analysis.paths import Path, Paths, Valued, Ways
from scripts.analysis.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scripts.analysis.syntax import Node, Syntax


_ENDS: Final = {"revert", "selfdestruct"}
_CHECKS: Final = {"require", "assert"}
_YUL_REVERTS: Final = {"revert", "invalid"}
_YUL_ENDS: Final = {"return", "stop", "selfdestruct"}
_YUL_BRANCHES: Final = {"YulIf", "YulSwitch", "YulForLoop"}
_NOT: Final = {True: False, False: True, None: None}


class UnreadableError(Exception):
    """The walk does not know a construct of the language, and would have to guess; the message names it."""


@dataclass
class Walk:
    """All paths through the functions of some sources.

    Attributes:
        syntax: the sources.
    """

    syntax: Syntax
    _functions: dict[int, Node] = field(default_factory=dict)
    _variables: dict[int, Node] = field(default_factory=dict)
    _overriders: dict[int, list[Node]] = field(default_factory=dict)
    _path_of: dict[int, str] = field(default_factory=dict)
    _outcomes: dict[int, Valued] = field(default_factory=dict)
    _underway: list[int] = field(default_factory=list)
    _wrapped: list[Callable[[Paths], Paths]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path, tree in self.syntax.trees.items():
            for node in nodes(tree):
                if node["nodeType"] in ("FunctionDefinition", "ModifierDefinition"):
                    self._functions[node["id"]] = node
                    for base in node.get("baseFunctions", ()):
                        self._overriders.setdefault(base, []).append(node)
                elif node["nodeType"] == "VariableDeclaration":
                    self._variables[node["id"]] = node
                if "id" in node:
                    self._path_of[node["id"]] = path

    def outcomes(self, function: Node) -> Valued:
        """The ends of all paths through a function that succeed, begun with nothing changed, with what it returns."""
        number = function["id"]
        if number in self._underway:
            raise UnreadableError(f"{function['name']} calls itself; the walk does not follow recursion.")
        if number not in self._outcomes:
            self._underway.append(number)
            ends = self._through(function, function.get("modifiers", []), frozenset({_begun(function)}))
            self._outcomes[number] = frozenset((replace(path, known=frozenset()), value) for path, value in ends)
            self._underway.pop()
        return self._outcomes[number]

    def _through(self, function: Node, modifiers: list[Node], paths: Paths) -> Valued:
        """Through a function's body, inside what is left of its modifiers."""
        if modifiers:
            return self._inside(modifiers[0], lambda inner: self._through(function, modifiers[1:], inner), paths)
        ways = self._statement(function["body"], paths)
        results = function["returnParameters"]["parameters"]
        named = results[0]["id"] if len(results) == 1 and _is_bool(results[0]) else None
        fallen = frozenset((path, None if named is None else path.value_of(named)) for path in ways.on)
        return fallen | ways.returned

    def _inside(self, modifier: Node, rest: Callable[[Paths], Valued], paths: Paths) -> Valued:
        """Through a modifier, with the rest at its placeholder; a base's constructor is walked for itself."""
        definition = self._functions.get(modifier["modifierName"]["referencedDeclaration"])
        if definition is None or definition["nodeType"] != "ModifierDefinition":
            return rest(paths)
        self._wrapped.append(lambda inner: _ends_of(rest(inner)))
        ways = self._statement(definition["body"], paths)
        self._wrapped.pop()
        return _unknown(ways.on) | ways.returned

    # Statements

    def _statement(self, node: Node, paths: Paths) -> Ways:
        if not paths:
            return Ways()
        handler = self._STATEMENTS.get(node["nodeType"])
        if handler is None:
            raise UnreadableError(f"{node['nodeType']} is a statement that the walk does not know.")
        return handler(self, node, paths)

    def _block(self, node: Node, paths: Paths) -> Ways:
        ways = Ways(on=paths)
        for statement in node["statements"]:
            ways = replace(ways, on=frozenset()) | self._statement(statement, ways.on)
        return ways

    def _expression_statement(self, node: Node, paths: Paths) -> Ways:
        return Ways(on=_ends_of(self._value(node["expression"], paths)))

    def _declaration(self, node: Node, paths: Paths) -> Ways:
        declared = [each for each in node["declarations"] if each]
        if node.get("initialValue") is None:
            return Ways(on=frozenset(path.knowing(each["id"], _unset(each)) for path in paths for each in declared))
        valued = self._value(node["initialValue"], paths)
        if len(node["declarations"]) == 1 and _is_bool(declared[0]):
            return Ways(on=frozenset(path.knowing(declared[0]["id"], value) for path, value in valued))
        return Ways(on=_ends_of(valued))

    def _if(self, node: Node, paths: Paths) -> Ways:
        yes, no = self._branches(node["condition"], paths)
        ways = self._statement(node["trueBody"], yes)
        return ways | (self._statement(node["falseBody"], no) if node.get("falseBody") else Ways(on=no))

    def _loop(self, node: Node, paths: Paths) -> Ways:
        ways = Ways()
        if node.get("initializationExpression"):
            paths = self._statement(node["initializationExpression"], paths).on
        if node["nodeType"] == "DoWhileStatement":
            first = self._statement(node["body"], paths)
            ways, paths = Ways(first.broken, first.returned), first.on | first.continued
        seen: Paths = frozenset()
        while paths - seen:
            seen |= paths
            inside, outside = self._branches(node["condition"], seen) if node.get("condition") else (seen, frozenset())
            body = self._statement(node["body"], inside)
            ways |= Ways(outside | body.broken, body.returned)
            paths = body.on | body.continued
            if node.get("loopExpression"):
                paths = self._statement(node["loopExpression"], paths).on
        return ways

    def _return(self, node: Node, paths: Paths) -> Ways:
        if node.get("expression") is None:
            return Ways(returned=frozenset((path, None) for path in paths))
        return Ways(returned=self._value(node["expression"], paths))

    def _emit(self, node: Node, paths: Paths) -> Ways:
        told = self._each(node["eventCall"]["arguments"], paths)
        return Ways(on=frozenset(path.emitted() for path in told))

    def _revert(self, node: Node, paths: Paths) -> Ways:  # noqa: ARG002  # every statement is walked alike
        return Ways()

    def _break(self, node: Node, paths: Paths) -> Ways:  # noqa: ARG002  # every statement is walked alike
        return Ways(broken=paths)

    def _continue(self, node: Node, paths: Paths) -> Ways:  # noqa: ARG002  # every statement is walked alike
        return Ways(continued=paths)

    def _placeholder(self, node: Node, paths: Paths) -> Ways:  # noqa: ARG002  # every statement is walked alike
        inner = self._wrapped.pop()
        ways = Ways(on=inner(paths))
        self._wrapped.append(inner)
        return ways

    def _try(self, node: Node, paths: Paths) -> Ways:
        called = _ends_of(self._value(node["externalCall"], paths))
        ways = Ways()
        for clause in node["clauses"]:
            ways |= self._statement(clause["block"], called)
        return ways

    def _assembly(self, node: Node, paths: Paths) -> Ways:
        return Ways(on=self._yul(node["AST"], paths))

    # Assembly

    def _yul(self, node: Node, paths: Paths) -> Paths:
        kind = node["nodeType"]
        if kind == "YulBlock":
            for statement in node["statements"]:
                paths = self._yul(statement, paths)
            return paths
        if kind == "YulFunctionDefinition":
            if _yul_calls(node) & ({"sstore"} | _YUL_ENDS | _YUL_REVERTS):
                raise UnreadableError(f"the assembly function {node['name']} changes storage or ends the call.")
            return paths
        if kind in _YUL_BRANCHES:
            blocks = [node["body"]] if "body" in node else [case["body"] for case in node["cases"]]
            return paths.union(*(self._yul(block, paths) for block in blocks))
        return self._yul_effect(_yul_calls(node), paths)

    @staticmethod
    def _yul_effect(calls: set[str], paths: Paths) -> Paths:
        if calls & _YUL_ENDS:
            raise UnreadableError("assembly that ends the call with success is not followed.")
        if calls & _YUL_REVERTS:
            return frozenset()
        if "sstore" in calls:
            paths = frozenset(path.changed("a slot, in assembly") for path in paths)
        if any(name.startswith("log") and name[3:].isdigit() for name in calls):
            paths = frozenset(path.emitted() for path in paths)
        return paths

    # Expressions

    def _value(self, node: Node, paths: Paths) -> Valued:
        if not paths:
            return frozenset()
        handler = self._EXPRESSIONS.get(node["nodeType"])
        if handler is None:
            raise UnreadableError(f"{node['nodeType']} is an expression that the walk does not know.")
        return handler(self, node, paths)

    def _each(self, expressions: Iterable[Node | None], paths: Paths) -> Paths:
        """Through several expressions, one after the other."""
        for expression in expressions:
            paths = paths if expression is None else _ends_of(self._value(expression, paths))
        return paths

    def _branches(self, condition: Node, paths: Paths) -> tuple[Paths, Paths]:
        """The paths on which a condition may hold, and those on which it may not; there, what it asks for is known."""
        valued = self._value(condition, paths)
        yes = frozenset(_assuming(condition, path, holds=True) for path, value in valued if value is not False)
        no = frozenset(_assuming(condition, path, holds=False) for path, value in valued if value is not True)
        return yes, no

    def _literal(self, node: Node, paths: Paths) -> Valued:
        value = node["value"] == "true" if node.get("kind") == "bool" else None
        return frozenset((path, value) for path in paths)

    def _identifier(self, node: Node, paths: Paths) -> Valued:
        number = node.get("referencedDeclaration") or 0
        return frozenset((path, path.value_of(number)) for path in paths)

    def _parts(self, node: Node, paths: Paths) -> Valued:
        """An expression that is no more than its parts."""
        parts = [node.get(name) for name in ("expression", "baseExpression", "indexExpression")]
        parts += [node.get(name) for name in ("startExpression", "endExpression")] + node.get("options", [])
        return _unknown(self._each(parts, paths))

    def _tuple(self, node: Node, paths: Paths) -> Valued:
        if len(node["components"]) == 1 and not node.get("isInlineArray"):
            return self._value(node["components"][0], paths)
        return _unknown(self._each(node["components"], paths))

    def _unary(self, node: Node, paths: Paths) -> Valued:
        valued = self._value(node["subExpression"], paths)
        if node["operator"] == "!":
            return frozenset((path, _NOT[value]) for path, value in valued)
        ends = _ends_of(valued)
        if node["operator"] in ("++", "--", "delete"):
            ends = self._assigned(node["subExpression"], ends, None)
        return _unknown(ends)

    def _binary(self, node: Node, paths: Paths) -> Valued:
        decides = {"&&": False, "||": True}.get(node["operator"])
        if decides is None:
            return _unknown(self._each((node["leftExpression"], node["rightExpression"]), paths))
        yes, no = self._branches(node["leftExpression"], paths)
        decided, open_ones = (yes, no) if decides else (no, yes)
        return frozenset((path, decides) for path in decided) | self._value(node["rightExpression"], open_ones)

    def _conditional(self, node: Node, paths: Paths) -> Valued:
        yes, no = self._branches(node["condition"], paths)
        return self._value(node["trueExpression"], yes) | self._value(node["falseExpression"], no)

    def _assignment(self, node: Node, paths: Paths) -> Valued:
        target, plain = node["leftHandSide"], node["operator"] == "="
        valued = self._value(node["rightHandSide"], paths)
        result: set[tuple[Path, bool | None]] = set()
        for path, value in valued:
            known = value if plain else None
            reached = self._each((target,), frozenset({path}))
            result |= {(end, known) for end in self._assigned(target, reached, known)}
        return frozenset(result)

    def _assigned(self, target: Node, paths: Paths, value: bool | None) -> Paths:  # noqa: FBT001  # see Path.knowing
        """After an assignment to ``target``."""
        if target["nodeType"] == "TupleExpression":
            for component in target["components"]:
                paths = paths if component is None else self._assigned(component, paths, None)
            return paths
        if self._is_kept(target):
            what = self.syntax.text(self._path_of[target["id"]], target)
            return frozenset(path.changed(what) for path in paths)
        if target["nodeType"] == "Identifier":
            return frozenset(path.knowing(target["referencedDeclaration"], value) for path in paths)
        return paths

    def _is_kept(self, target: Node) -> bool:
        """Whether an assignment to ``target`` changes storage, and not a local variable, memory or the code itself."""
        if target["nodeType"] == "Identifier":
            variable = self._variables.get(target["referencedDeclaration"], {})
            return bool(variable.get("stateVariable")) and variable.get("mutability") == "mutable"
        base = target.get("baseExpression") or target.get("expression")
        return base is not None and _is_storage(base)

    def _call(self, node: Node, paths: Paths) -> Valued:
        callee = node["expression"]
        if node["kind"] != "functionCall":
            return _unknown(self._each(node["arguments"], paths))
        paths = self._each((callee, *node["arguments"]), paths)
        while callee["nodeType"] == "FunctionCallOptions":
            callee = callee["expression"]
        name = callee.get("name") or callee.get("memberName")
        reference = callee.get("referencedDeclaration")
        if reference is None or reference < 0:
            return self._built_in(str(name), callee, node, paths)
        if reference in self._functions:
            return self._called(self._functions[reference], callee, paths)
        raise UnreadableError(f"{self.syntax.text(self._path_of[node['id']], node)}: a call through a variable.")

    def _built_in(self, name: str, callee: Node, node: Node, paths: Paths) -> Valued:
        if callee["nodeType"] == "Identifier" and name in _ENDS:
            return frozenset()
        if callee["nodeType"] == "Identifier" and name in _CHECKS:
            return _unknown(self._branches(node["arguments"][0], paths)[0])
        if name in ("push", "pop") and _is_storage(callee["expression"]):
            what = self.syntax.text(self._path_of[callee["id"]], callee)
            return _unknown(frozenset(path.changed(what) for path in paths))
        return _unknown(paths)

    def _called(self, function: Node, callee: Node, paths: Paths) -> Valued:
        """After a call; what another contract does there is its own affair."""
        if "_external_" in callee["typeDescriptions"]["typeIdentifier"]:
            return _unknown(paths)
        candidates = [each for each in (function, *self._overriding(function)) if each.get("body")]
        return frozenset(
            (path.after(end), value)
            for candidate in candidates
            for end, value in self.outcomes(candidate)
            for path in paths
        )

    def _overriding(self, function: Node) -> Iterator[Node]:
        for node in self._overriders.get(function["id"], ()):
            yield node
            yield from self._overriding(node)

    # What walks which node

    _STATEMENTS: ClassVar[dict[str, Callable[[Any, Node, Paths], Ways]]] = {
        "Block": _block,
        "UncheckedBlock": _block,
        "ExpressionStatement": _expression_statement,
        "VariableDeclarationStatement": _declaration,
        "IfStatement": _if,
        "ForStatement": _loop,
        "WhileStatement": _loop,
        "DoWhileStatement": _loop,
        "Return": _return,
        "EmitStatement": _emit,
        "RevertStatement": _revert,
        "Break": _break,
        "Continue": _continue,
        "PlaceholderStatement": _placeholder,
        "TryStatement": _try,
        "InlineAssembly": _assembly,
    }
    _EXPRESSIONS: ClassVar[dict[str, Callable[[Any, Node, Paths], Valued]]] = {
        "Literal": _literal,
        "Identifier": _identifier,
        "MemberAccess": _parts,
        "IndexAccess": _parts,
        "IndexRangeAccess": _parts,
        "FunctionCallOptions": _parts,
        "NewExpression": _parts,
        "ElementaryTypeNameExpression": _parts,
        "TupleExpression": _tuple,
        "UnaryOperation": _unary,
        "BinaryOperation": _binary,
        "Conditional": _conditional,
        "Assignment": _assignment,
        "FunctionCall": _call,
    }


def _begun(function: Node) -> Path:
    """Before a function's first statement: boolean results are unset."""
    results = function["returnParameters"]["parameters"]
    return Path(known=frozenset((each["id"], False) for each in results if _is_bool(each)))


def _ends_of(valued: Valued) -> Paths:
    return frozenset(path for path, _ in valued)


def _unknown(paths: Paths) -> Valued:
    return frozenset((path, None) for path in paths)


def _assuming(condition: Node, path: Path, *, holds: bool) -> Path:
    """The path on which a condition holds or does not: where it is a boolean variable, that is known from here on."""
    while condition["nodeType"] == "UnaryOperation" and condition["operator"] == "!":
        condition, holds = condition["subExpression"], not holds
    if condition["nodeType"] == "Identifier" and condition["typeDescriptions"]["typeString"] == "bool":
        return path.knowing(condition["referencedDeclaration"], holds)
    return path


def _is_bool(variable: Node) -> bool:
    return bool(variable["typeDescriptions"]["typeString"] == "bool")


def _unset(variable: Node) -> bool | None:
    return False if _is_bool(variable) else None


def _is_storage(expression: Node) -> bool:
    kind = expression["typeDescriptions"]["typeIdentifier"]
    return bool(kind.startswith("t_mapping") or kind.endswith(("_storage", "_storage_ptr")))


def _yul_calls(node: Node) -> set[str]:
    return {each["functionName"]["name"] for each in nodes(node) if each["nodeType"] == "YulFunctionCall"}
