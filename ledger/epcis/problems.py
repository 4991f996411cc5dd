"""What can be wrong with an EPCIS document, and how it is told.

A document is judged whole: :class:`EpcisInvalid` carries every :class:`Problem` that was found, each with the place, a
stable rule id (:mod:`ledger.epcis.rules`), the value found, the cause in plain words and how to mend it.

Checks return a tuple of problems whose paths are relative to the value they were given; the caller puts its own
segment in front with :func:`under`. An empty tuple means that nothing is wrong.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Final

from ledger.epcis.rules import RULES
from ledger.errors import InputError

FOUND_CHARACTERS: Final = 200
"""How much of a wrong value is shown: enough to recognise it, too little to flood a terminal or a log."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at one place of a document.

    Args:
        path: a JSON pointer (RFC 6901) into a JSON document, or a path of elements and the line of an XML document.
        rule: the stable id of the rule that is broken, a key of :data:`ledger.epcis.rules.RULES`.
        found: the value that was found, shortened; empty where something is missing.
        message: the cause in plain words.
        mend: what to do about it.
    """

    path: str
    rule: str
    found: str
    message: str
    mend: str

    def __str__(self) -> str:
        found = f" (found {self.found})" if self.found else ""
        return f"{self.path or '/'}: {self.message}{found} [{self.rule}]"

    def to_json(self) -> dict[str, str]:
        """The problem for programs."""
        return asdict(self)


Problems = tuple[Problem, ...]
NONE: Final[Problems] = ()


class EpcisInvalid(InputError):  # noqa: N818 - the name says the verdict; it is raised for documents, not for faults
    """A document or an event that breaks rules of EPCIS 2.0; ``problems`` holds all of them, in document order."""

    def __init__(self, problems: Problems) -> None:
        first = problems[0]
        others = "" if len(problems) == 1 else f" (and {len(problems) - 1} more)"
        super().__init__(f"{first.message}{others}", where=first.path or "/", mend=first.mend)
        self.problems = problems

    def diagnostics(self) -> str:
        """Every problem on a line of its own, each followed by what to do about it."""
        return "\n".join(f"{problem}\n  {problem.mend}" for problem in self.problems)


def problem(rule: str, found: object, message: str, mend: str) -> Problems:
    """One problem at the place of the value itself; ``found`` may be any parsed value."""
    if rule not in RULES:
        raise KeyError(rule)
    return (Problem("", rule, shown(found), message, mend),)


def refusal(problems: Problems, most: int) -> EpcisInvalid:
    """The refusal of a document, with at most ``most`` of its problems."""
    if len(problems) <= most:
        return EpcisInvalid(problems)
    message = f"there are more problems than the {most} that are listed"
    return EpcisInvalid(problems[:most] + problem("limit.problems", _NOTHING, message, "Mend these first."))


def missing(rule: str, message: str, mend: str) -> Problems:
    """One problem about something that is not there."""
    return problem(rule, _NOTHING, message, mend)


def under(segment: str | int, problems: Problems) -> Problems:
    """The same problems, seen from one level further out."""
    step = "/" + escaped(str(segment))
    return tuple(replace(each, path=step + each.path) for each in problems)


def at(path: tuple[str | int, ...], problems: Problems) -> Problems:
    """The same problems, seen from several levels further out; ``path`` begins with the outermost."""
    for segment in reversed(path) if problems else ():
        problems = under(segment, problems)
    return problems


def escaped(segment: str) -> str:
    """One segment of a JSON pointer (RFC 6901, section 3)."""
    return segment.replace("~", "~0").replace("/", "~1")


def shown(value: object) -> str:
    """A value as it is shown in a message: JSON, shortened to :data:`FOUND_CHARACTERS`."""
    if value is _NOTHING:
        return ""
    if isinstance(value, dict | list):
        kind = "an object with" if isinstance(value, dict) else "a list of"
        names = (
            ", ".join(str(key)[:40] for key in list(value)[:5]) if isinstance(value, dict) else f"{len(value)} values"
        )
        return f"{kind} {names or 'nothing in it'}"[:FOUND_CHARACTERS]
    text = json.dumps(value[:FOUND_CHARACTERS], ensure_ascii=False) if isinstance(value, str) else _scalar(value)
    return text if len(text) <= FOUND_CHARACTERS else text[: FOUND_CHARACTERS - 1] + "…"


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value)


_NOTHING: Final = object()
