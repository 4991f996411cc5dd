"""Rebuild the register of members from what the contract logged, so that it can be asked about any moment."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.errors import NodeAnswerError
from ledger.chain.history import register_history
from ledger.chain.state import Status
from ledger.identity.milestones import ALL_MILESTONES, Scope
from ledger.verify.membership import KeyRecord, MemberChange, MemberRecord, Membership, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.chain.deployment import Contracts
    from ledger.chain.history import Place, RegisterEvent
    from ledger.chain.nodes import Block

_OWN_KEY_SCOPES: Final = Scope.GOVERN | Scope.MILESTONES | Scope.CHECKPOINTS
"""What a member's own address may do as a key, from its admission on."""


def read_membership(contracts: Contracts, until: Block | None = None) -> Membership:
    """The register's history, read from a node.

    Args:
        contracts: the consortium's.
        until: the last block to read; the latest, if none is given.

    Raises:
        Unavailable: the node does not answer as one.
    """
    return membership_of(register_history(contracts, until))


def membership_of(events: Iterable[RegisterEvent]) -> Membership:
    """The register's history from its events, in the order of the chain.

    Raises:
        NodeAnswerError: an event is about a member or key never seen before: the beginning is missing.
    """
    register = _Register()
    for event in events:
        try:
            register.take(event)
        except KeyError as error:
            raise NodeAnswerError(
                f"'{event.name}' in block {event.place.block_number} is about a member or key never seen before: "
                f"{error}",
                where="register of members",
                mend="Ask a node that keeps all logs, with the deployment file of this consortium.",
            ) from error
    return register.membership()


class _Register:
    """The register while its events are read one by one."""

    def __init__(self) -> None:
        self._members: dict[int, MemberRecord] = {}
        self._keys: dict[str, KeyRecord] = {}
        self._admitted_in: dict[str, bytes] = {}
        self._founded_in: bytes | None = None
        self._takes: dict[str, Callable[[dict[str, Any], Place], None]] = {
            "Founded": self._founded,
            "MemberAdmitted": self._admitted,
            "MemberSuspended": lambda values, place: self._changed(values, place, status=Status.SUSPENDED),
            "MemberReinstated": lambda values, place: self._changed(values, place, status=Status.ACTIVE),
            "MemberDismissed": lambda values, place: self._changed(values, place, status=Status.DISMISSED),
            "RolesSet": lambda values, place: self._changed(values, place, roles=values["roles"]),
            "ProfileReplaced": self._renamed,
            "KeyAdded": self._key_added,
            "KeyRetired": lambda values, place: self._retired(values["key"], values, place),
            "AllKeysRetired": self._all_keys_retired,
        }

    def take(self, event: RegisterEvent) -> None:
        """Take the next event; those that change no standing are passed over."""
        taken = self._takes.get(event.name)
        if taken is not None:
            taken(event.values, event.place)

    def membership(self) -> Membership:
        """The register as far as it was read; the founders are those admitted when it was founded."""
        members = {record.address: record for record in self._members.values()}
        founders = {address for address, transaction in self._admitted_in.items() if transaction == self._founded_in}
        return Membership(MappingProxyType(members), MappingProxyType(dict(self._keys)), frozenset(founders))

    def _founded(self, values: dict[str, Any], place: Place) -> None:  # noqa: ARG002  # every event is taken alike
        self._founded_in = place.transaction

    def _admitted(self, values: dict[str, Any], place: Place) -> None:
        address, moment = values["account"], _moment(place)
        self._members[values["member"]] = MemberRecord(
            address=address,
            number=values["member"],
            country=values["country"].decode("ascii", "replace"),
            changes=(MemberChange(moment, values["roles"]),),
            name=_name(values["profile"]),
        )
        self._admitted_in[address] = place.transaction
        self._keys[address] = KeyRecord(
            address,
            address,
            added=moment,
            valid_from=moment.time,
            scopes=_OWN_KEY_SCOPES,
            milestones=ALL_MILESTONES,
        )

    def _changed(
        self, values: dict[str, Any], place: Place, *, roles: int | None = None, status: Status | None = None
    ) -> None:
        record = self._members[values["member"]]
        last = record.changes[-1]
        change = MemberChange(
            _moment(place),
            last.roles if roles is None else roles,
            last.status if status is None else status,
        )
        self._members[values["member"]] = replace(record, changes=(*record.changes, change))

    def _renamed(self, values: dict[str, Any], place: Place) -> None:  # noqa: ARG002  # every event is taken alike
        record = self._members[values["member"]]
        self._members[values["member"]] = replace(record, name=_name(values["profile"]))

    def _key_added(self, values: dict[str, Any], place: Place) -> None:
        self._keys[values["key"]] = KeyRecord(
            values["key"],
            self._members[values["member"]].address,
            added=_moment(place),
            valid_from=values["validFrom"],
            valid_until=values["validUntil"],
            scopes=Scope(values["scopes"]),
            milestones=values["milestones"],
        )

    def _all_keys_retired(self, values: dict[str, Any], place: Place) -> None:
        """Every key of the member that has not ended at this place; what is added after it counts."""
        member = self._members[values["member"]].address
        for key in [key for key, record in self._keys.items() if record.member == member]:
            if self._keys[key].retired is None and place.block_time < self._keys[key].valid_until:
                self._retired(key, values, place)

    def _retired(self, key: str, values: dict[str, Any], place: Place) -> None:
        """Retire a key, unless it has ended already; whichever suspicion reaches back furthest is kept."""
        record = self._keys[key]
        suspicions = [since for since in (record.suspect_since, values["suspectSince"]) if since]
        self._keys[key] = replace(
            record,
            retired=_moment(place) if record.retired is None else record.retired,
            suspect_since=min(suspicions, default=None),
        )


def _moment(place: Place) -> Moment:
    return Moment(place.block_number, place.log_index, place.block_time)


def _name(profile: str) -> str:
    """The name in a profile, which its member wrote; empty where it has none that can be shown on a line."""
    try:
        name = json.loads(profile).get("name")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return name if isinstance(name, str) and name.isprintable() else ""
