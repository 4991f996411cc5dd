"""Make a bundle: receipts and storage from a node, documents and secrets from a case. Only this part reaches out.

    case = gather(contracts, store, consignment)
    made = make_bundle(contracts, case, parts)
    data = encode_bundle(made.bundle)

What a node cannot give, as a storage proof of a state that it no longer keeps, is left out and told in ``limits``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.chain.history import checkpoint_history, consignment_history, register_history
from ledger.chain.proof.gathering import gather_block, gather_storage
from ledger.chain.proof.headers import read_header
from ledger.errors import LedgerError, NotFound
from ledger.identity.statements import ZERO_ADDRESS
from ledger.verify.evidence.bundle import (
    GIVEN_BY_DEFAULT,
    BlockLog,
    Bundle,
    Ledger,
    Part,
    ReceiptProof,
    WitnessedBlock,
)
from ledger.verify.evidence.disclosure import disclose
from ledger.verify.evidence.errors import EvidenceError
from ledger.verify.evidence.receipts import ADMITTED, FOUNDED, OF_REGISTER
from ledger.verify.evidence.storage import state_slots
from ledger.verify.evidence.validators import validator_changes
from ledger.verify.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ledger.chain.deployment import Contracts, Deployment
    from ledger.chain.history import ConsignmentHistory, Place, RegisterEvent
    from ledger.chain.nodes import Block, Node
    from ledger.chain.proof.gathering import GatheredBlock
    from ledger.chain.proof.storage import StorageProof
    from ledger.epcis import Event
    from ledger.store.blinds import Blind
    from ledger.tlog.notes import Note
    from ledger.verify.case import Case
    from ledger.verify.evidence.bundle import AttestedHead, LoggedProof


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What makes blocks final where no validators' seals do.

    Attributes:
        checkpoint: a checkpoint of the block log with its cosignatures.
        inclusion_proof: gives the inclusion proof of a block by its number and the checkpoint's size.
        size: the checkpoint's size.
        depth: how many later blocks the log has to have for a block to count.
    """

    checkpoint: Note
    inclusion_proof: Callable[[int, int], Sequence[bytes]]
    size: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Additions:
    """What a giver adds that neither chain nor store has.

    Attributes:
        attestations: authorities' word for the head.
        logged: events in members' event logs, to be proven by checkpoints on chain or by their own.
        blinds: what opens those.
        events: the events behind those.
    """

    attestations: tuple[AttestedHead, ...] = ()
    logged: tuple[LoggedProof, ...] = ()
    blinds: tuple[Blind, ...] = ()
    events: tuple[Event, ...] = ()


NOTHING_ADDED: Final = Additions()


@dataclass(frozen=True, slots=True)
class MadeBundle:
    """A bundle, and what it does not hold.

    Attributes:
        bundle: the bundle.
        limits: what whoever receives it cannot check for want of it, each in a sentence.
    """

    bundle: Bundle
    limits: tuple[str, ...] = ()


def make_bundle(
    contracts: Contracts,
    case: Case,
    parts: Collection[Part] = GIVEN_BY_DEFAULT,
    *,
    validators_since: int = 0,
    witnesses: Witnesses | None = None,
    additions: Additions = NOTHING_ADDED,
) -> MadeBundle:
    """The evidence of a consignment up to the node's newest block.

    Args:
        contracts: the consortium's, on a node that keeps receipts.
        case: the consignment as it was gathered (:func:`ledger.verify.gather.gather`): what of it may be disclosed.
        parts: what is disclosed.
        validators_since: the block whose validators the verifier trusts, on a QBFT chain.
        witnesses: the block log, where blocks are witnessed.
        additions: what the giver has beside chain and store.

    Raises:
        EvidenceError: documents are chosen without the events' blinds, which match them with statements.
        NotFound: nothing was stated about the consignment.
        ProofError: what the node gave proves nothing.
        Unavailable: the node does not answer, or lacks receipts.
    """
    _require_matching(parts)
    node, as_of = contracts.node, contracts.node.latest_block()
    history = consignment_history(contracts, case.consignment, as_of)
    if not history.statements:
        raise NotFound(
            f"nothing was stated about consignment 0x{case.consignment.hex()}",
            where="consignment",
            mend="Check the id, and that the node is of the right chain.",
        )
    logged = additions.logged
    places = [each.place for each in (*history.statements, *history.observations)]
    places += _register_places(contracts, history, as_of, {each.member for each in logged})
    places += _checkpoint_places(contracts, as_of, [each for each in logged if not each.checkpoint])
    receipts = _receipts(node, places)
    last = _last_block(as_of.number, places, witnesses)
    head, limits = _head(contracts, case.consignment, last) if Part.COMPLETENESS in parts else (None, _WITHOUT_HEAD)
    headers = [receipt.header for receipt in receipts] + ([head.header] if head else [])
    bundle = Bundle(
        ledger=ledger_of(contracts.deployment),
        consignment=case.consignment,
        receipts=receipts,
        head=head,
        changes=validator_changes(node, headers, validators_since),
        block_log=None if witnesses is None else _block_log(headers, witnesses),
        attestations=additions.attestations,
        logged=logged,
    )
    disclosure = disclose(case, history, parts, additions)
    return MadeBundle(disclosure.put_in(bundle), (*disclosure.limits, *limits))


def ledger_of(deployment: Deployment) -> Ledger:
    """The ledger of a deployment, as bundles and trust files name it."""
    contracts = (deployment.members, deployment.consignments, deployment.event_logs)
    return Ledger(deployment.chain_id, *(contract.address for contract in contracts))


def _require_matching(parts: Collection[Part]) -> None:
    if Part.DOCUMENTS in parts and Part.EVENTS not in parts:
        raise EvidenceError(
            "without the events' blinds nobody can match a document with a statement",
            where="parts",
            mend="Choose the events as well, or leave the documents out.",
        )


_WITHOUT_HEAD: Final = (
    "Without a proof of the contract's storage nobody can tell whether statements were left off at the end.",
)


def _last_block(newest: int, places: Iterable[Place], witnesses: Witnesses | None) -> int:
    """The block after which the head is proved: the newest that counts as final, and none before the last statement."""
    if witnesses is None:
        return newest
    stated = max(place.block_number for place in places)
    return max(stated, min(newest, witnesses.size - 1 - witnesses.depth))


def _head(contracts: Contracts, consignment: bytes, number: int) -> tuple[StorageProof | None, tuple[str, ...]]:
    """The proof of where the history ends; left out where the node keeps no such state."""
    address = contracts.deployment.consignments.address
    try:
        return gather_storage(contracts.node, address, state_slots(consignment), number), ()
    except LedgerError as error:
        return None, (*_WITHOUT_HEAD, f"The node gave none: {sentence(error)}")


def _register_places(
    contracts: Contracts, history: ConsignmentHistory, as_of: Block, logs_of: Collection[str]
) -> list[Place]:
    """Where the register tells of the founding, and of every member that has part in the consignment."""
    events = [event for event in register_history(contracts, as_of) if event.name in OF_REGISTER]
    every = (*history.statements, *history.observations)
    numbers = {each.member for each in every}
    named = {each.statement.counterparty for each in every} - {ZERO_ADDRESS} | set(logs_of)
    founding = {event.place.transaction for event in events if event.name == FOUNDED}
    for event in events:
        if event.name == ADMITTED and (event.values["account"] in named or event.place.transaction in founding):
            numbers.add(event.values["member"])
    return [event.place for event in events if _concerns(event, numbers)]


def _concerns(event: RegisterEvent, numbers: Collection[int]) -> bool:
    return event.name == FOUNDED or event.values["member"] in numbers


def _checkpoint_places(contracts: Contracts, as_of: Block, logged: Sequence[LoggedProof]) -> list[Place]:
    """Where the checkpoints were recorded that logged events need."""
    if not logged:
        return []
    needed = {(each.member, each.size) for each in logged}
    found = {member: contracts.members.member(member) for member, _ in needed}
    number = {record.number: member for member, record in found.items() if record is not None}
    return [
        each.place
        for each in checkpoint_history(contracts, until=as_of)
        if (number.get(each.member, ""), each.size) in needed
    ]


def _receipts(node: Node, places: Iterable[Place]) -> tuple[ReceiptProof, ...]:
    """The proofs of log entries, those of one transaction together."""
    blocks: dict[int, GatheredBlock] = {}
    found: dict[tuple[bytes, int], ReceiptProof] = {}
    for place in places:
        block = blocks.get(place.block_number)
        if block is None:
            block = blocks[place.block_number] = gather_block(node, place.block_number)
        proof = block.prove_place(place)
        key = proof.header, proof.transaction_index
        logs = (*found[key].logs, proof.log_index) if key in found else (proof.log_index,)
        found[key] = ReceiptProof(proof.header, proof.transaction_index, proof.nodes, logs)
    return tuple(found.values())


def _block_log(headers: Iterable[bytes], witnesses: Witnesses) -> BlockLog:
    blocks = []
    for data in dict.fromkeys(headers):
        number = read_header(data).number
        if number < witnesses.size:
            blocks.append(WitnessedBlock(data, tuple(witnesses.inclusion_proof(number, witnesses.size))))
    return BlockLog(witnesses.checkpoint.data(), tuple(blocks))
