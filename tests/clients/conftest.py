import pytest

from clients.practice import practice
from ledger.chain.clock import SettableClock
from ledger.chain.embedded import embedded


@pytest.fixture(scope="module")
def border(tmp_path_factory):
    """A practice consortium on an embedded chain whose clock stands at the tenth of May 2026."""
    clock = SettableClock(1_778_400_000)
    with practice(tmp_path_factory.mktemp("homes"), node=embedded(clock).node, clock=clock) as found:
        yield found
