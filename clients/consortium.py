"""Founding a consortium and admitting members, from the cards that they made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.chain.deployment import Founding, deploy
from ledger.chain.members import Founder, Newcomer
from ledger.chain.transactions import Sender
from ledger.identity.statements import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.card import Card
    from ledger.chain.deployment import Deployment
    from ledger.chain.nodes import Node
    from ledger.identity.keys import SigningKey
    from ledger.identity.milestones import Role


def found_consortium(
    node: Node, key: SigningKey, founders: Sequence[Card], threshold: int, recovery: str | None = None
) -> Deployment:
    """Put the contracts on the chain.

    Args:
        node: the chain.
        key: who sends; it gains nothing by it.
        founders: the founding authorities' cards.
        threshold: how many of them decide together.
        recovery: the recovery key's address, needed where there are two.

    Raises:
        RuleRefused: the contract does not allow such a consortium.
    """
    cards = tuple(founder_of(card) for card in founders)
    return deploy(Sender(node, key), Founding(cards, threshold, recovery or ZERO_ADDRESS)).deployment


def founder_of(card: Card) -> Founder:
    """A card as an authority's founding record."""
    keys = (card.encryption_key, card.checkpoint_key)
    return Founder(card.address, card.country, *keys, card.profile_json, consent=card.consent)


def newcomer_of(card: Card, roles: frozenset[Role]) -> Newcomer:
    """A card as a member's admission."""
    keys = (card.encryption_key, card.checkpoint_key)
    return Newcomer(card.address, roles, *keys, card.profile_json, consent=card.consent)
