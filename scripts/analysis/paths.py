"""What is known along the ways through a function, for :mod:`scripts.analysis.walk`."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Path:
    """What is known at one point of a way through a function.

    Attributes:
        untold: what was changed since the last event, in the words of the source.
        told: whether there was an event.
        known: the boolean variables whose value is known, by the number of their declaration.
    """

    untold: frozenset[str] = frozenset()
    told: bool = False
    known: frozenset[tuple[int, bool]] = frozenset()

    def changed(self, what: str) -> Path:
        """After a change."""
        return replace(self, untold=self.untold | {what})

    def emitted(self) -> Path:
        """After an event, which tells what was changed before it."""
        return replace(self, untold=frozenset(), told=True)

    def knowing(self, variable: int, value: bool | None) -> Path:  # noqa: FBT001  # the variable's value is the point
        """With a boolean variable's value, or without where it is not known."""
        others = frozenset(each for each in self.known if each[0] != variable)
        return replace(self, known=others if value is None else others | {(variable, value)})

    def value_of(self, variable: int) -> bool | None:
        """A boolean variable's value, if it is known."""
        return next((value for number, value in self.known if number == variable), None)

    def after(self, call: Path) -> Path:
        """After a call that, begun with nothing changed, ended as ``call``."""
        untold = call.untold if call.told else self.untold | call.untold
        return replace(self, untold=untold, told=self.told or call.told)


Paths = frozenset[Path]
Valued = frozenset[tuple[Path, bool | None]]
"""Paths to an expression's end, each with its value where that is a boolean the path knows."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How paths leave a statement: on to the next, out of the function with a value, or out of or round a loop."""

    on: Paths = frozenset()
    returned: Valued = frozenset()
    broken: Paths = frozenset()
    continued: Paths = frozenset()

    def __or__(self, other: Ways) -> Ways:
        return Ways(
            self.on | other.on,
            self.returned | other.returned,
            self.broken | other.broken,
            self.continued | other.continued,
        )
