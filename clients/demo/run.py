"""The demo as a whole: the story, the verdict, the frauds, as a stream of what happens."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final

from clients.demo import frauds, story
from clients.demo.telling import Narrator
from clients.practice import practice
from ledger.chain.clock import SettableClock
from ledger.chain.embedded import embedded
from ledger.identity.keyfile import ScryptCost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clients.demo.frauds import Caught
    from clients.demo.telling import Step
    from clients.practice import Practice
    from clients.timeline import Timeline
    from ledger.verify import Verdict

QUICK: Final = ScryptCost(n=2**12)  # the demo's keys live for a minute


class Demo:
    """One run of the demo.

    Args:
        border: the practice consortium.
        clock: the embedded chain's clock, which the story moves.
    """

    def __init__(self, border: Practice, clock: SettableClock) -> None:
        self.border = border
        self._narrator = Narrator(clock)

    def story(self) -> Iterator[Step]:
        """Every step from the founding to the delivery."""
        for chapter in story.CHAPTERS:
            yield from chapter(self.border, self._narrator)

    def audit(self) -> tuple[Verdict, Timeline]:
        """The auditor's verdict, and the timeline as the auditor reads it."""
        return story.audit(self.border, self._narrator), self.border.auditor.timeline(story.UCR)

    def frauds(self) -> Iterator[Caught]:
        """Each fraud, tried and caught.

        Raises:
            NotCaughtError: one went through.
        """
        frauds.prepare(self.border)
        for fraud in frauds.FRAUDS:
            yield fraud.run(self.border)


@contextmanager
def demo(folder: Path | None = None) -> Iterator[Demo]:
    """Everything that the demo needs: an embedded chain, nine homes with encrypted keystores, a clock to move.

    Args:
        folder: where the homes go, to be looked at afterwards; a temporary folder where none is given.
    """
    clock = SettableClock(int(datetime.fromisoformat(story.FOUNDED).timestamp()))
    chain = embedded(clock)
    with practice(folder, node=chain.node, clock=clock, password=secrets.token_hex(16), cost=QUICK) as border:
        yield Demo(border, clock)
