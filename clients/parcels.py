"""Parcels as a party gives and takes them: to a member named by its address, checked against the chain before kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.chain.history import consignment_history
from ledger.errors import NotFound
from ledger.exchange.checking import Accepted, check_parcel
from ledger.exchange.keeping import gather_parcel, note_given, store_parcel
from ledger.exchange.parcel import SHARED_BY_DEFAULT
from ledger.exchange.sealing import Envelope, open_parcel, seal_parcel

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from clients.connection import Connection
    from ledger.chain.history import Accepted as Recorded
    from ledger.exchange.parcel import Part
    from ledger.identity.keys import Keyring
    from ledger.store.store import Store


@dataclass(frozen=True, slots=True)
class ParcelReceipt:
    """What a parcel held that was checked and kept.

    Attributes:
        giver: the name of the member that gave it.
        consignment: the consignment's id (32 bytes).
        ucr: its UCR, or the id as text where the UCR was not disclosed.
        statements: how many statements it held.
        documents: how many documents.
        blinds: how many openings of commitments.
        limits: what cannot be done for want of what was left out.
    """

    giver: str
    consignment: bytes
    ucr: str
    statements: int
    documents: int
    blinds: int
    limits: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The receipt as a JSON object."""
        return {
            "giver": self.giver,
            "consignment": f"0x{self.consignment.hex()}",
            "ucr": self.ucr,
            "statements": self.statements,
            "documents": self.documents,
            "blinds": self.blinds,
            "limits": list(self.limits),
        }


class ChainReader:
    """What the check of a parcel must know of the chain, read through a party's own connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accepted(self, consignment: bytes) -> Sequence[Accepted]:
        """The accepted statements and observations about a consignment, in the order of the chain."""
        history = consignment_history(self._connection.contracts, consignment)
        every = (*history.statements, *history.observations)
        addresses = {number: self._connection.members.address_of(number) for number in {each.member for each in every}}
        return [self._accepted(each, addresses[each.member]) for each in every]

    @staticmethod
    def _accepted(recorded: Recorded, member: str) -> Accepted:
        statement = recorded.statement
        return Accepted(
            digest=recorded.digest,
            milestone=statement.milestone,
            side=statement.side,
            commitment=statement.commitment,
            detail=statement.detail,
            key=recorded.key,
            member=member,
            transaction=recorded.place.transaction,
            position=recorded.position or None,
        )

    def member_of_key(self, key: str) -> str | None:
        """The member whose key this is or was."""
        record = self._connection.members.key(key)
        return self._connection.members.address_of(record.member) if record else None


def make_parcel(
    keyring: Keyring,
    store: Store,
    connection: Connection,
    consignment: bytes,
    to: str,
    parts: Collection[Part] = SHARED_BY_DEFAULT,
) -> bytes:
    """A parcel for one member, sealed to the encryption key that it registered.

    Raises:
        NotFound: the recipient is no member, or the store lacks what was chosen.
    """
    recipient = connection.members.member(to)
    if recipient is None:
        raise NotFound(
            f"no member has the address {to}",
            where="recipient",
            mend="See who is one: smartborder member list",
        )
    with store.read() as kept:
        parcel = gather_parcel(kept, consignment, parts)
    giver = connection.member_of_key(keyring.address)
    envelope = Envelope(connection.domain, giver=giver.address, recipient=recipient.address)
    data = seal_parcel(parcel, envelope, keyring.signing, recipient.encryption_key)
    note_given(store, data, envelope, consignment, at=connection.clock())
    return data


def take_parcel(keyring: Keyring, store: Store, connection: Connection, data: bytes) -> ParcelReceipt:
    """Open a parcel, check everything in it against the chain, and keep it.

    Raises:
        InputError, AccessError, Refused: it is no parcel, altered, for someone else, of another chain, from a
            stranger, or does not agree with the chain; nothing was kept.
    """
    recipient = connection.member_of_key(keyring.address)
    opened = open_parcel(data, keyring.encryption, connection.domain, recipient.address)
    checked = check_parcel(opened, ChainReader(connection))
    store_parcel(store, checked, at=connection.clock())
    parcel = opened.parcel
    return ParcelReceipt(
        giver=connection.name_of(opened.envelope.giver),
        consignment=parcel.consignment,
        ucr=parcel.reference.ucr if parcel.reference else f"0x{parcel.consignment.hex()}",
        statements=len(parcel.statements),
        documents=len(parcel.documents),
        blinds=len(parcel.blinds),
        limits=parcel.limits(),
    )
