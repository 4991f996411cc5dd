"""An evidence bundle of a chain that was never run: receipts, headers, seals and storage as a chain would have them.

It stands in where a real chain would take hours to fill. The proofs are whole and true to their formats: the receipts'
tries are built, headers are sealed by QBFT validators with keys of their own, and the contract's storage is a trie of
the slots that hold the state. Only nobody has executed anything.

    recorded = record_bundle(case)
    verify_evidence(encode_bundle(recorded.bundle), recorded.roots)
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from eth_abi.abi import encode as encode_abi
from eth_utils.crypto import keccak

from ledger.chain.acceptance import OBSERVATION_RECORDED, STATEMENT_ACCEPTED, Acceptance, pack_acceptance
from ledger.chain.artifacts import artifact
from ledger.chain.packing import packed_word
from ledger.chain.proof.extra_data import ExtraData
from ledger.chain.proof.headers import BFT_MIX_HASH, Header, read_header
from ledger.chain.proof.qbft import ValidatorSet, commit_digest
from ledger.chain.proof.receipts import LEGACY, Log, Receipt, bloom_of, receipt_proof, receipts_root
from ledger.chain.proof.rlp import encode, integer_bytes
from ledger.chain.proof.storage import SlotProof, StorageProof
from ledger.chain.proof.trie import EMPTY_ROOT, prove, root_of
from ledger.identity.addresses import address_bytes
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Milestone
from ledger.identity.signatures import Signature
from ledger.identity.statements import ZERO32, ZERO_ADDRESS
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.proving import MemoryTree, inclusion_proof, tree_root
from ledger.verify.evidence.bundle import Bundle, Ledger, LoggedProof, ReceiptProof
from ledger.verify.evidence.contents import event_text
from ledger.verify.evidence.roots import TrustRoots
from ledger.verify.evidence.storage import state_slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.chain.interface import Interface
    from ledger.chain.state import SideState, State
    from ledger.verify import Case
    from ledger.verify.case import Entry
    from ledger.verify.membership import MemberRecord, Moment

VALIDATORS: Final = 4
_MEMBERS: Final = "0x2222222222222222222222222222222222222222"
_EVENT_LOGS: Final = "0x3333333333333333333333333333333333333333"
_GENESIS_HASH: Final = keccak(text="smartborder recorded genesis")
_CODE_HASH: Final = keccak(text="smartborder recorded code")
_COURSE: Final = (32, 32, 32, 32, 16, 16, 16, 16, 8, 8, 8, 16, 16)
_CLEARANCE: Final = (4, 2, 2, 1, 1, 1)
_PARTIES: Final = (32, 32, 32, 32, 16, 16, 16, 16, 16, 16)


@dataclass(frozen=True, slots=True)
class RecordedBundle:
    """A bundle, and the roots by which it is verified."""

    bundle: Bundle
    roots: TrustRoots


def validator(number: int) -> SigningKey:
    """The key of a validator of the recorded chain."""
    return SigningKey(keccak(text=f"smartborder recorded validator {number}"))


def seal(header: Header, validators: Sequence[SigningKey], sealing: Sequence[SigningKey] | None = None) -> Header:
    """A header as a QBFT chain of these validators would have it, with their commit seals.

    Args:
        header: the header, of whatever engine.
        validators: whom it lists.
        sealing: who seals it; a quorum of them, if none are named.
    """
    listed = tuple(sorted((key.address for key in validators), key=str.lower))
    extra = ExtraData(b"smartborder".ljust(32, b"\0"), listed, None, 0, ())
    header = replace(header, mix_hash=BFT_MIX_HASH, difficulty=1, extra_data=extra.encode())
    chosen = validators[: -(-2 * len(validators) // 3)] if sealing is None else sealing
    seals = tuple(key.sign_digest(commit_digest(header)) for key in chosen)
    return replace(header, extra_data=replace(extra, seals=seals).encode())


def record_bundle(case: Case, validators: int = VALIDATORS) -> RecordedBundle:
    """The evidence of a case as a chain of QBFT would have given it.

    Args:
        case: an honest case with its register, of which every member was admitted in one block.
        validators: how many seal the chain.
    """
    keys = [validator(number) for number in range(validators)]
    blocks: defaultdict[int, list[list[Log]]] = defaultdict(list)
    times: dict[int, int] = {}
    for moment, logs in (*_register(case), *_stated(case)):
        blocks[moment.block].append(logs)
        times[moment.block] = moment.time
    receipts: list[ReceiptProof] = []
    for number, transactions in sorted(blocks.items()):
        receipts += _proofs(number, times[number], transactions, keys)
    ledger = Ledger(case.domain.chain_id, _MEMBERS, case.domain.contract, _EVENT_LOGS)
    founders = frozenset() if case.membership is None else case.membership.founders
    trusted = ValidatorSet(frozenset(key.address for key in keys), 0)
    bundle = Bundle(
        ledger=ledger,
        consignment=case.consignment,
        receipts=tuple(receipts),
        head=_head(case, keys),
        reference=case.reference,
        blinds=_needed_blinds(case),
        openings=tuple((entry.acceptance.digest, entry.opening) for entry in case.entries if entry.opening is not None),
        events=tuple(
            text
            for known in case.openings.events.values()
            if known.event is not None and (text := event_text(known.event)) is not None
        ),
    )
    return RecordedBundle(bundle, TrustRoots(ledger, _GENESIS_HASH, founders, trusted))


def with_register_event(
    recorded: RecordedBundle, name: str, *, block: int, time: int, **values: object
) -> RecordedBundle:
    """The bundle with one event of the register more, in a block of its own.

    Args:
        recorded: the bundle.
        name: the event's name.
        block: the block that recorded it.
        time: that block's time, in seconds.
        values: the event's values by the contract's names for them.
    """
    log = _log(_MEMBERS, artifact("Members").interface, name, **values)
    keys = [validator(number) for number in range(VALIDATORS)]
    receipts = (*recorded.bundle.receipts, *_proofs(block, time, [[log]], keys))
    return replace(recorded, bundle=replace(recorded.bundle, receipts=receipts))


def with_log(
    recorded: RecordedBundle, member: MemberRecord, entries: Sequence[bytes], index: int, *, block: int
) -> RecordedBundle:
    """The bundle with one event of a member's log, whose checkpoint was recorded on chain.

    Args:
        recorded: a bundle that proves the member's admission.
        member: whose log it is.
        entries: all of the log: blinded commitments (32 bytes each).
        index: which of them is proven.
        block: the block that recorded the checkpoint, right after the register's.
    """
    leaves = leaf_hashes(entries)
    time = read_header(recorded.bundle.receipts[0].header).time
    key = int(member.address, 16)
    log = _log(
        _EVENT_LOGS,
        artifact("EventLogs").interface,
        "CheckpointRecorded",
        member=member.number,
        root=tree_root(len(leaves), MemoryTree(leaves)),
        recording=packed_word((key, _country(member.country), time), (160, 16, 40)),
        growth=packed_word((0, len(leaves), 0, 0), (64, 64, 64, 64)),
        r=ZERO32,
        vs=ZERO32,
    )
    keys = [validator(number) for number in range(VALIDATORS)]
    hashes = tuple(inclusion_proof(index, len(leaves), MemoryTree(leaves)))
    logged = LoggedProof(member.address, index, len(leaves), entries[index], hashes)
    return replace(
        recorded,
        bundle=replace(
            recorded.bundle,
            receipts=(*recorded.bundle.receipts, *_proofs(block, time, [[log]], keys)),
            logged=(*recorded.bundle.logged, logged),
        ),
    )


def _needed_blinds(case: Case) -> tuple[Any, ...]:
    stated = {word for _, said in case.read_entries() for word in (said.commitment, said.detail)}
    return tuple(blind for blinded, blind in case.openings.blinds.items() if blinded in stated)


def _register(case: Case) -> Iterable[tuple[Moment, list[Log]]]:
    """The founding, then an admission and the keys of each member that takes part."""
    membership = case.membership
    if membership is None:
        raise ValueError("what has no register cannot be recorded")
    named = {said.counterparty for _, said in case.read_entries()}
    named |= {entry.acceptance.member for entry in case.entries}
    interface = artifact("Members").interface
    founded = [_log(_MEMBERS, interface, "Founded", recoveryKey=ZERO_ADDRESS, predecessor=ZERO_ADDRESS, threshold=2)]
    admitted = {address: membership.members[address] for address in sorted(named - {ZERO_ADDRESS})}
    founders = {address: membership.members[address] for address in sorted(membership.founders)}
    first = next(iter(membership.members.values())).changes[0].moment
    yield first, founded + [_admission(interface, record) for record in founders.values()]
    yield first, [_admission(interface, record) for address, record in admitted.items() if address not in founders]
    yield (
        first,
        [
            _log(
                _MEMBERS,
                interface,
                "KeyAdded",
                member=membership.members[key.member].number,
                key=key.key,
                scopes=int(key.scopes),
                milestones=key.milestones,
                validFrom=key.valid_from,
                validUntil=key.valid_until,
                ref=ZERO32,
                by=ZERO_ADDRESS,
            )
            for key in membership.keys.values()
            if key.member in {**admitted, **founders} and key.key != key.member
        ],
    )


def _admission(interface: Interface, record: MemberRecord) -> Log:
    return _log(
        _MEMBERS,
        interface,
        "MemberAdmitted",
        member=record.number,
        account=record.address,
        country=record.country.encode(),
        roles=record.changes[0].roles,
        encryptionKey=ZERO32,
        checkpointKey=ZERO32,
        profile=f'{{"name":"{record.name}"}}',
        by=ZERO_ADDRESS,
    )


def _stated(case: Case) -> Iterable[tuple[Moment, list[Log]]]:
    interface, head = artifact("Consignments").interface, ZERO32
    for entry in sorted(case.entries, key=lambda entry: entry.acceptance.moment):
        yield entry.acceptance.moment, [_acceptance(case, entry, head, interface)]
        head = entry.acceptance.head


def _acceptance(case: Case, entry: Entry, previous_head: bytes, interface: Interface) -> Log:
    logged, statement, membership = entry.acceptance, entry.statement, case.membership
    if statement is None or membership is None:
        raise ValueError("what could not be read cannot be recorded")
    observed = logged.milestone is Milestone.OBSERVED
    accepted = Acceptance(
        statement,
        logged.digest,
        logged.key,
        Signature(entry.signature[:32], entry.signature[32:]),
        membership.members[logged.member].number,
        logged.country,
        0 if observed else logged.position,
        logged.head,
    )
    name = OBSERVATION_RECORDED if observed else STATEMENT_ACCEPTED
    return _log(case.domain.contract, interface, name, **pack_acceptance(accepted, previous_head))


def _log(contract: str, interface: Interface, name: str, **values: object) -> Log:
    event = interface.events[interface.topic(name)]
    indexed = [encode_abi([each.kind], [values[each.name]]) for each in event.parameters if each.indexed]
    plain = [each for each in event.parameters if not each.indexed]
    data = encode_abi([each.kind for each in plain], [values[each.name] for each in plain])
    return Log(contract, (event.topic, *indexed), data)


def _proofs(
    number: int, time: int, transactions: Sequence[list[Log]], keys: Sequence[SigningKey]
) -> list[ReceiptProof]:
    receipts = [
        Receipt(LEGACY, succeeded=True, cumulative_gas=60_000 * (index + 1), bloom=bloom_of(logs), logs=tuple(logs))
        for index, logs in enumerate(transactions)
    ]
    header = seal(make_header(number, time, receipts_root=receipts_root(receipts)), keys).encode()
    return [
        ReceiptProof(header, index, receipt_proof(receipts, index), tuple(range(len(logs))))
        for index, logs in enumerate(transactions)
        if logs
    ]


def make_header(number: int, time: int, *, state_root: bytes = EMPTY_ROOT, receipts_root: bytes = EMPTY_ROOT) -> Header:
    """A header of the London rules that nobody has sealed yet."""
    return Header(
        parent_hash=keccak(text=f"block {number - 1}"),
        ommers_hash=keccak(b"\xc0"),
        beneficiary=bytes(20),
        state_root=state_root,
        transactions_root=EMPTY_ROOT,
        receipts_root=receipts_root,
        logs_bloom=bytes(256),
        difficulty=1,
        number=number,
        gas_limit=30_000_000,
        gas_used=0,
        time=time,
        extra_data=b"",
        mix_hash=ZERO32,
        nonce=bytes(8),
        base_fee=0,
    )


def _head(case: Case, keys: Sequence[SigningKey]) -> StorageProof | None:
    if case.recorded is None or case.as_of is None or case.as_of.time is None or case.membership is None:
        return None
    number = {record.address: record.number for record in case.membership.members.values()}
    slots = dict(zip(state_slots(case.consignment), _words(case.recorded, {**number, ZERO_ADDRESS: 0}), strict=True))
    storage = {keccak(slot): encode(integer_bytes(word)) for slot, word in slots.items() if word}
    account = encode([integer_bytes(1), integer_bytes(0), root_of(storage), _CODE_HASH])
    others = {keccak(text=f"account {each}"): account for each in range(20)}
    accounts = {**others, keccak(address_bytes(case.domain.contract)): account}
    header = seal(make_header(case.as_of.block, case.as_of.time, state_root=root_of(accounts)), keys)
    return StorageProof(
        header.encode(),
        case.domain.contract,
        prove(accounts, keccak(address_bytes(case.domain.contract))),
        tuple(SlotProof(slot, prove(storage, keccak(slot))) for slot in sorted(slots)),
    )


def _words(state: State, number: Mapping[str, int]) -> list[int]:
    """The words of the six slots (contracts/types)."""
    transit = list(state.transit)
    passed = sum(1 << index for index, country in enumerate(transit) if state.transit[country])
    course = (
        number[state.holder],
        number[state.offered_to],
        state.position,
        len(state.holds),
        *(_country(each) for each in (state.location, state.destination, state.export_country, state.import_country)),
        state.phase,
        int(state.departed),
        passed,
        _side(state.export_side),
        _side(state.import_side),
    )
    parties = (
        number[state.exporter],
        number[state.importer],
        number[state.export_side.declarant],
        number[state.import_side.declarant],
        *(_country(each) for each in (*transit, *[""] * (6 - len(transit)))),
    )
    hashes = (state.seal, state.export_side.assessment, state.import_side.assessment)
    seal_word, *assessments = (int.from_bytes(word, "big") for word in hashes)
    head = int.from_bytes(state.head, "big")
    return [head, packed_word(course, _COURSE), packed_word(parties, _PARTIES), seal_word, *assessments]


def _side(side: SideState) -> int:
    fields = (side.clearance, side.channel, side.inspection or 0, side.documents_pending, side.duties_met, side.stopped)
    return packed_word([int(field) for field in fields], _CLEARANCE)


def _country(code: str) -> int:
    return int.from_bytes(code.encode(), "big")
