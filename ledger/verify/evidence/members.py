"""The register as a bundle proves it: whole for the moments at which the contract accepted something, else in parts.

The contract asks the register before it accepts: so an acceptance in a final block proves that the key was the
member's, valid and of sufficient scope, that the member was active and held the role, and that the member it names was
active and eligible. What else the register holds, a bundle shows as far as its giver put it in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.chain.errors import NodeAnswerError
from ledger.chain.state import Problem, Standing
from ledger.identity.milestones import ALL_MILESTONES, Milestone, Role, Scope
from ledger.identity.statements import ZERO_ADDRESS
from ledger.verify.evidence.errors import BundleMalformedError
from ledger.verify.evidence.receipts import ADMITTED, FOUNDED
from ledger.verify.membership import Membership, Moment
from ledger.verify.proven import RegisterEntry
from ledger.verify.register import membership_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.verify.evidence.receipts import ProvenAcceptance, ProvenEvents

_ALL_ROLES: Final = sum(role.bit for role in Role)


@dataclass(frozen=True, slots=True)
class AcceptedMembership(Membership):
    """The register as far as it is proven, and for the moments of acceptances by the contract's own word.

    Attributes:
        signers: the standing of the key that signed, by key and moment.
        named: the standing of the member that was named, by address and moment.
    """

    signers: Mapping[tuple[str, Moment], Standing] = field(default_factory=lambda: MappingProxyType({}))
    named: Mapping[tuple[str, Moment], Standing] = field(default_factory=lambda: MappingProxyType({}))

    def standing_of_key(self, key: str, moment: Moment) -> Standing:
        """As the contract found it where it accepted something, else as the proven events have it."""
        return self.signers.get((key, moment)) or Membership.standing_of_key(self, key, moment)

    def standing_of_member(self, address: str, moment: Moment) -> Standing:
        """As the contract found it where it accepted something, else as the proven events have it."""
        return self.named.get((address, moment)) or Membership.standing_of_member(self, address, moment)


@dataclass(frozen=True, slots=True)
class ProvenRegister:
    """What a bundle proves of the register.

    Attributes:
        membership: for the checks.
        address: the members' addresses by their numbers.
        admitted: the members as they were admitted, by address.
        has_founding: whether the founding is proven, so that the founders are known.
        missing: the members of which no admission is proven, as messages name them.
    """

    membership: AcceptedMembership
    address: Mapping[int, str]
    admitted: Mapping[str, RegisterEntry]
    has_founding: bool
    missing: tuple[str, ...]


def prove_register(found: ProvenEvents) -> ProvenRegister:
    """What the events of a bundle prove of the register.

    Raises:
        BundleMalformedError: an event is about a key or member whose beginning is not in the bundle.
    """
    try:
        known = membership_of(found.register)
    except NodeAnswerError as error:
        raise BundleMalformedError(
            error.message, where="bundle.receipts", mend="Ask the giver for a bundle with the member's admission."
        ) from None
    address = {record.number: record.address for record in known.members.values()}
    missing = [f"member {number}" for number in sorted(found.signers - address.keys())]
    missing += sorted(found.counterparties - known.members.keys())
    signers, named = {}, {}
    for each in found.acceptances:
        if each.acceptance.member in address:
            signers[each.acceptance.key, moment_of(each)] = _signer(each, address[each.acceptance.member])
        counterparty = known.members.get(each.acceptance.statement.counterparty)
        if counterparty is not None:
            named[counterparty.address, moment_of(each)] = Standing(
                counterparty.number,
                counterparty.address,
                counterparty.country,
                roles=_ALL_ROLES,
                problem=_problem_of_named(each),
            )
    membership = AcceptedMembership(
        known.members, known.keys, known.founders, MappingProxyType(signers), MappingProxyType(named)
    )
    admitted = {
        event.values["account"]: RegisterEntry(
            event.values["account"], event.values["country"].decode("ascii", "replace")
        )
        for event in found.register
        if event.name == ADMITTED
    }
    has_founding = any(event.name == FOUNDED for event in found.register)
    return ProvenRegister(
        membership, MappingProxyType(address), MappingProxyType(admitted), has_founding, tuple(missing)
    )


def moment_of(each: ProvenAcceptance) -> Moment:
    """When something was accepted."""
    return Moment(each.place.block_number, each.place.log_index, each.place.block_time)


def _signer(each: ProvenAcceptance, address: str) -> Standing:
    said = each.acceptance
    return Standing(
        said.member,
        address,
        said.country,
        roles=said.statement.role.bit,
        scopes=Scope.MILESTONES,
        milestones=ALL_MILESTONES,
    )


def _problem_of_named(each: ProvenAcceptance) -> Problem:
    """A hold's end names a member only where that member was dismissed; everything else names active ones."""
    said = each.acceptance.statement
    lifts = said.milestone is Milestone.UNHELD and said.counterparty != ZERO_ADDRESS
    return Problem.DISMISSED if lifts else Problem.NONE
