"""A practice consortium: three customs administrations and the parties of one trade, each in a home of its own.

For examples, tutorials and the demo::

    with practice() as border:
        goods = border.exporter.register(document, ucr="6KR8801234-0042", to="NL")

Each party keeps its own keys and store; only the chain is shared.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from clients.auditor import Auditor
from clients.card import Card
from clients.connection import Connection
from clients.consortium import found_consortium, newcomer_of
from clients.customs import Customs
from clients.home import Home, Settings
from clients.party import Party
from clients.trade import Broker, Carrier, Exporter, Importer, Terminal
from ledger.chain.clock import system_clock
from ledger.chain.embedded import embedded
from ledger.identity.keyfile import STANDARD_COST
from ledger.identity.keys import Keyring
from ledger.identity.keystore import Keystore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.chain.deployment import Deployment
    from ledger.chain.nodes import Node
    from ledger.identity.keyfile import ScryptCost

THRESHOLD: Final = 2


@dataclass(frozen=True, slots=True)
class Cast:
    """One party of the practice: the folder of its home, who plays it, where, and under which name."""

    folder: str
    kind: type[Party]
    country: str
    name: str
    gln: str = ""


CAST: Final = (
    Cast("customs-kr", Customs, "KR", "Korea Customs"),
    Cast("customs-sg", Customs, "SG", "Singapore Customs"),
    Cast("customs-nl", Customs, "NL", "Dutch Customs"),
    Cast("exporter", Exporter, "KR", "Hanbat Cells", "8801234000017"),
    Cast("carrier", Carrier, "SG", "Straits Line", "8881234000019"),
    Cast("terminal", Terminal, "NL", "Maas Terminal"),
    Cast("broker", Broker, "NL", "Delta Brokers"),
    Cast("importer", Importer, "NL", "Noorderlicht Energie", "8712345000011"),
    Cast("auditor", Auditor, "NL", "Customs Audit Office"),
)
AnyParty = TypeVar("AnyParty", bound=Party)


@dataclass(frozen=True, slots=True)
class Practice:
    """The parties of a practice consortium, each with its own home, and the chain that they share.

    Attributes:
        node: the chain.
        deployment: the consortium's contracts.
        parties: by the folder of their home.
    """

    node: Node
    deployment: Deployment
    parties: dict[str, Party]

    @property
    def customs_kr(self) -> Customs:
        """The authority of the export country."""
        return self._party("customs-kr", Customs)

    @property
    def customs_sg(self) -> Customs:
        """The authority of the transit country."""
        return self._party("customs-sg", Customs)

    @property
    def customs_nl(self) -> Customs:
        """The authority of the import country."""
        return self._party("customs-nl", Customs)

    @property
    def exporter(self) -> Exporter:
        """The exporter, in KR."""
        return self._party("exporter", Exporter)

    @property
    def carrier(self) -> Carrier:
        """The carrier, of SG."""
        return self._party("carrier", Carrier)

    @property
    def terminal(self) -> Terminal:
        """The terminal in NL."""
        return self._party("terminal", Terminal)

    @property
    def broker(self) -> Broker:
        """The broker in NL."""
        return self._party("broker", Broker)

    @property
    def importer(self) -> Importer:
        """The importer, in NL."""
        return self._party("importer", Importer)

    @property
    def auditor(self) -> Auditor:
        """The auditor, in NL."""
        return self._party("auditor", Auditor)

    def _party(self, name: str, kind: type[AnyParty]) -> AnyParty:
        party = self.parties[name]
        if not isinstance(party, kind):
            raise TypeError(f"{name} is a {type(party).__name__}")
        return party


@contextmanager
def practice(
    folder: Path | None = None,
    *,
    node: Node | None = None,
    clock: Callable[[], int] = system_clock,
    password: str | None = None,
    cost: ScryptCost | None = None,
) -> Iterator[Practice]:
    """Found a practice consortium and admit its members.

    Args:
        folder: where the homes go; a temporary folder where none is given.
        node: the chain; an embedded one where none is given.
        clock: the time now, in seconds.
        password: encrypts every keystore; keys are kept in memory only where none is given.
        cost: the scrypt work for the keystores.
    """
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="smartborder-")))
        chain = node or embedded(clock).node
        homes = {cast.folder: Home(place / cast.folder) for cast in CAST}
        keyrings = {cast.folder: Keyring.generate(os.urandom) for cast in CAST}
        if password is not None:
            for name, keyring in keyrings.items():
                Keystore(homes[name].folder / "keys", cost=cost or STANDARD_COST).create(keyring, password)
        deployment = _found(chain, keyrings)
        parties: dict[str, Party] = {}
        for cast in CAST:
            home, keyring = homes[cast.folder], keyrings[cast.folder]
            home.write(home.deployment_path, deployment.to_json())
            if chain.name.startswith("http"):
                home.write_settings(Settings(node=chain.name))
            connection = Connection.open(chain, deployment, keyring.signing, clock=clock)
            parties[cast.folder] = stack.enter_context(cast.kind.open(home, keyring, connection))
        _admit(parties)
        yield Practice(chain, deployment, parties)


def _found(node: Node, keyrings: dict[str, Keyring]) -> Deployment:
    founders = [_card(cast, keyrings[cast.folder]) for cast in CAST if cast.kind is Customs]
    return found_consortium(node, keyrings[CAST[0].folder].signing, founders, THRESHOLD)


def _admit(parties: dict[str, Party]) -> None:
    authorities = {cast.country: parties[cast.folder] for cast in CAST if cast.kind is Customs}
    for cast in CAST:
        if cast.kind.role is None or cast.kind is Customs:
            continue
        connection = authorities[cast.country].connection
        card = _card(cast, parties[cast.folder].keyring)
        connection.members.admit(connection.sender, newcomer_of(card, frozenset({cast.kind.role})))


def _card(cast: Cast, keyring: Keyring) -> Card:
    return Card.make(keyring, cast.country, cast.name, gln=cast.gln)
