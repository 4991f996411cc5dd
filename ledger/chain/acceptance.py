"""Acceptances: a statement as an event of the consignments contract shows it, rebuilt whole with its signature.

The event packs its small fields into two words (contracts/types/Acceptance.sol); the digest that was signed and the
head that the statement made follow from the rest. Nothing read here is trusted by a verifier, who recomputes all of it.

    acceptance = read_acceptance("StatementAccepted", values, domain)
    acceptance.statement.milestone
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.packing import packed_fields, packed_word
from ledger.identity.addresses import normal_address
from ledger.identity.milestones import HEADLESS, Milestone, Role, Side
from ledger.identity.signatures import Signature
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Statement, next_head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.identity.statements import Domain

STATEMENT_ACCEPTED: Final = "StatementAccepted"
OBSERVATION_RECORDED: Final = "ObservationRecorded"
ACCEPTANCES: Final = (STATEMENT_ACCEPTED, OBSERVATION_RECORDED)

# The widths of the fields, in bits, from the lowest on.
_ACCEPTANCE: Final = (160, 8, 8, 8, 16, 32)
_TIMES: Final = (64, 64, 64, 32)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One statement as the contract accepted it.

    Attributes:
        statement: what was stated, rebuilt from the event.
        digest: the digest that was signed (32 bytes).
        key: the address of the key that signed.
        signature: its signature.
        member: the number of the member whose key it was.
        country: that member's country.
        position: its number in the history; 0 for an observation, which has none.
        head: the head after it (32 bytes); zeros for an observation.
    """

    statement: Statement
    digest: bytes
    key: str
    signature: Signature
    member: int
    country: str
    position: int
    head: bytes


def read_acceptance(event: str, values: Mapping[str, Any], domain: Domain) -> Acceptance:
    """The acceptance that an event shows.

    Args:
        event: the event's name, one of :data:`ACCEPTANCES`.
        values: its values by the contract's names for them.
        domain: where the statement was signed for.

    Raises:
        InputError, ValueError: the event describes no statement of this version.
    """
    key, milestone, side, role, country, member = packed_fields(values["acceptance"], _ACCEPTANCE)
    event_time, signed_time, valid_until, position = packed_fields(values["times"], _TIMES)
    previous_head = values.get("previousHead", ZERO32)
    statement = Statement(
        consignment=values["consignment"],
        milestone=Milestone(milestone),
        side=Side(side),
        commitment=values["commitment"],
        event_time=event_time,
        signed_time=signed_time,
        valid_until=valid_until,
        role=Role(role),
        previous_head=ZERO32 if milestone in HEADLESS else previous_head,
        counterparty=values.get("counterparty", ZERO_ADDRESS),
        terms=values.get("terms", ZERO32),
        detail=values["detail"],
    )
    digest = statement.digest(domain)
    signer = normal_address(f"0x{key:040x}")
    return Acceptance(
        statement=statement,
        digest=digest,
        key=signer,
        signature=Signature(values["r"], values["vs"]),
        member=member,
        country=country.to_bytes(2, "big").decode("ascii", "replace"),
        position=position,
        head=ZERO32 if event == OBSERVATION_RECORDED else next_head(previous_head, digest, signer),
    )


def pack_acceptance(acceptance: Acceptance, previous_head: bytes) -> dict[str, object]:
    """The values of the event that shows an acceptance, by the contract's names for them.

    Args:
        acceptance: what was accepted.
        previous_head: the head that it found (32 bytes).
    """
    stated = acceptance.statement
    country = int.from_bytes(acceptance.country.encode(), "big")
    who = (int(acceptance.key, 16), stated.milestone, stated.side, stated.role, country, acceptance.member)
    return {
        "consignment": stated.consignment,
        "commitment": stated.commitment,
        "acceptance": packed_word(who, _ACCEPTANCE),
        "times": packed_word((stated.event_time, stated.signed_time, stated.valid_until, acceptance.position), _TIMES),
        "previousHead": previous_head,
        "counterparty": stated.counterparty,
        "terms": stated.terms,
        "detail": stated.detail,
        "r": acceptance.signature.r,
        "vs": acceptance.signature.vs,
    }
