"""What the demo tells: steps in chapters, each with who acts, what happens, and what the chain recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clients.stating import Outcome
    from ledger.chain.clock import SettableClock


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens.

    Attributes:
        chapter: the chapter that it belongs to.
        by: who acts.
        text: what they do.
        time: when, in seconds since 1970.
        facts: what the chain recorded: names and values.
    """

    chapter: str
    by: str
    text: str
    time: int
    facts: dict[str, str | int] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The step as a JSON object."""
        return {"chapter": self.chapter, "by": self.by, "text": self.text, "time": self.time, "facts": self.facts}


class Narrator:
    """Moves the clock and makes the steps of one chapter after another."""

    def __init__(self, clock: SettableClock) -> None:
        self._clock = clock
        self._chapter = ""

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._chapter = title

    def at(self, moment: str) -> None:
        """Move the clock to a moment (ISO 8601 with offset); it never goes back."""
        self._clock.now = max(self._clock.now, int(datetime.fromisoformat(moment).timestamp()))

    def tell(self, by: str, text: str, outcome: Outcome | None = None) -> Step:
        """A step, with what the chain recorded of it."""
        facts: dict[str, str | int] = {}
        if outcome is not None:
            first = outcome.recorded[0]
            facts["milestone"] = first.milestone.label
            if first.position is not None:
                facts["position"] = first.position
            if len(outcome.recorded) > 1:
                facts["observations"] = len(outcome.recorded) - 1
        return Step(self._chapter, by, text, self._clock.now, facts)


def document(name: str) -> bytes:
    """One of the demo's own EPCIS documents."""
    return (files("clients.demo") / "documents" / name).read_bytes()
