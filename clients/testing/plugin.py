"""The pytest plugin ``smartborder``: a chain, and a consortium on it, for tests (docs/chain-tests.md).

It is loaded wherever this package is installed. It imports the ledger inside its fixtures only: pytest loads plugins
before anything is measured, and before a project that merely has this package installed asks for a chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.testing.consortium import Consortium, EmbeddedConsortium
    from ledger.chain.clock import SettableClock
    from ledger.chain.embedded import EmbeddedChain


@pytest.fixture
def smartborder_clock() -> SettableClock:
    """The clock of ``smartborder_chain``: it stands still until a test advances it."""
    from ledger.chain.clock import SettableClock  # noqa: PLC0415 - see the module's docstring

    return SettableClock()


@pytest.fixture
def smartborder_chain(smartborder_clock: SettableClock) -> EmbeddedChain:
    """An embedded chain with nothing on it."""
    from ledger.chain.embedded import embedded  # noqa: PLC0415 - see the module's docstring

    return embedded(smartborder_clock)


@pytest.fixture(scope="session")
def smartborder_session() -> EmbeddedConsortium:
    """The one consortium of a test session; tests ask for ``consortium``, which puts it back as it was."""
    from clients.testing.consortium import start  # noqa: PLC0415 - see the module's docstring

    return start()


@pytest.fixture
def consortium(smartborder_session: EmbeddedConsortium) -> Iterator[Consortium]:
    """A deployed consortium with its members, as if it were new: what a test does to it is undone after the test."""
    time, snapshot = smartborder_session.clock.now, smartborder_session.chain.snapshot()
    yield smartborder_session.consortium
    smartborder_session.chain.revert(snapshot)
    smartborder_session.clock.now = time


@pytest.fixture
def consortium_clock(consortium: Consortium, smartborder_session: EmbeddedConsortium) -> SettableClock:  # noqa: ARG001 - after it
    """The clock of ``consortium``: it stands still until a test advances it."""
    return smartborder_session.clock
