"""What the receipts of a bundle prove: statements, changes of the register, checkpoints of event logs.

Each entry has to be of one of the contracts trusted, and to be needed: an event about another consignment, or about a
member that has no part in this one, makes the bundle malformed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from eth_abi.exceptions import DecodingError

from ledger.chain.acceptance import ACCEPTANCES, OBSERVATION_RECORDED, read_acceptance
from ledger.chain.artifacts import artifact
from ledger.chain.event_logs import CHECKPOINT_RECORDED, read_recording
from ledger.chain.history import Place, RegisterEvent
from ledger.chain.proof.headers import read_header
from ledger.chain.proof.receipts import MAX_LOGS, proved_receipt
from ledger.errors import InputError
from ledger.identity.statements import ZERO_ADDRESS
from ledger.verify.evidence.errors import BundleMalformedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.chain.acceptance import Acceptance
    from ledger.chain.event_logs import Recording
    from ledger.chain.proof.headers import Header
    from ledger.chain.proof.receipts import Log
    from ledger.verify.evidence.bundle import Bundle, ReceiptProof
    from ledger.verify.evidence.roots import TrustRoots

FOUNDED: Final = "Founded"
ADMITTED: Final = "MemberAdmitted"
OF_REGISTER: Final = frozenset(
    {
        FOUNDED, ADMITTED, "MemberSuspended", "MemberReinstated", "MemberDismissed", "RolesSet", "ProfileReplaced",
        "KeyAdded", "KeyRetired", "AllKeysRetired",
    }
)  # fmt: skip
"""The events of the register that tell who a member was, with which keys."""


@dataclass(frozen=True, slots=True)
class ProvenAcceptance:
    """A statement that was accepted, and where.

    Attributes:
        acceptance: what the contract showed of it.
        observed: whether it moves neither head nor state.
        place: where it stands in the chain.
    """

    acceptance: Acceptance
    observed: bool
    place: Place


@dataclass(frozen=True, slots=True)
class ProvenRecording:
    """A checkpoint of an event log that was recorded, and where."""

    recording: Recording
    place: Place


@dataclass(frozen=True, slots=True)
class ProvenEvents:
    """All that the receipts of a bundle prove, in the order of the chain.

    Attributes:
        headers: every header that the receipts are of, once.
        acceptances: of statements and observations.
        register: changes of the register of members.
        recordings: of checkpoints.
    """

    headers: tuple[Header, ...]
    acceptances: tuple[ProvenAcceptance, ...]
    register: tuple[RegisterEvent, ...]
    recordings: tuple[ProvenRecording, ...]

    @property
    def signers(self) -> frozenset[int]:
        """The numbers of the members that stated something, or whose log has a checkpoint here."""
        stated = (each.acceptance.member for each in self.acceptances)
        return frozenset({*stated, *(each.recording.member for each in self.recordings)})

    @property
    def counterparties(self) -> frozenset[str]:
        """The addresses of the members that statements name."""
        return frozenset(each.acceptance.statement.counterparty for each in self.acceptances) - {ZERO_ADDRESS}


def prove_receipts(bundle: Bundle, roots: TrustRoots) -> ProvenEvents:
    """What the receipts of a bundle prove.

    1. Each receipt is led to by its nodes from the receipts root of its header.
    2. Each log entry is of a contract that is trusted, and describes what this ledger knows.
    3. Each is about this consignment, or about a member that has part in it, or belongs to the founding.

    Args:
        bundle: the bundle; untrusted.
        roots: what the verifier trusts.

    Raises:
        ProofError: a receipt is not proved.
        BundleMalformedError: an entry is not of this ledger, or is not needed.
    """
    reading = _Reading(bundle, roots)
    for index, receipt in enumerate(bundle.receipts):
        reading.take(receipt, f"bundle.receipts[{index}]")
    found = ProvenEvents(
        tuple(reading.headers.values()),
        tuple(reading.acceptances),
        tuple(reading.register),
        tuple(reading.recordings),
    )
    _require_needed(found)
    return found


class _Reading:
    """What was read of the receipts so far."""

    def __init__(self, bundle: Bundle, roots: TrustRoots) -> None:
        self._consignment = bundle.consignment
        self._roots = roots
        ledger = roots.ledger
        self._readers = {
            ledger.members: (artifact("Members").interface, self._take_register),
            ledger.consignments: (artifact("Consignments").interface, self._take_acceptance),
            ledger.event_logs: (artifact("EventLogs").interface, self._take_recording),
        }
        self.headers: dict[bytes, Header] = {}
        self.acceptances: list[ProvenAcceptance] = []
        self.register: list[RegisterEvent] = []
        self.recordings: list[ProvenRecording] = []

    def take(self, proof: ReceiptProof, where: str) -> None:
        header = self.headers.get(proof.header)
        if header is None:
            header = self.headers[proof.header] = read_header(proof.header, f"{where}.header")
        receipt = proved_receipt(header.receipts_root, proof.transaction_index, proof.nodes, where)
        block_hash = header.hash()
        for index in proof.logs:
            if index >= len(receipt.logs):
                raise _malformed(f"the transaction emitted no log entry {index}", where)
            place = Place(
                header.number,
                proof.transaction_index * MAX_LOGS + index,
                header.time,
                block_hash,
                block_hash + proof.transaction_index.to_bytes(4, "big"),
            )
            self._take_log(receipt.logs[index], place, f"{where}.logs[{index}]")

    def _take_log(self, log: Log, place: Place, where: str) -> None:
        found = self._readers.get(log.address)
        if found is None:
            raise _malformed(f"is of {log.address}, which is no contract of this ledger", where)
        interface, taken = found
        try:
            event = interface.decode_log(log.topics, log.data)
            if event is None:
                raise _malformed("is no event that this ledger knows", where)
            taken(*event, place, where)
        except BundleMalformedError:
            raise
        except (DecodingError, InputError, ValueError) as error:
            raise _malformed(f"describes nothing of this version ({error})", where) from None

    def _take_acceptance(self, name: str, values: dict[str, Any], place: Place, where: str) -> None:
        if name not in ACCEPTANCES or values["consignment"] != self._consignment:
            raise _malformed("is no statement about this consignment", where)
        acceptance = read_acceptance(name, values, self._roots.domain)
        self.acceptances.append(ProvenAcceptance(acceptance, name == OBSERVATION_RECORDED, place))

    def _take_register(self, name: str, values: dict[str, Any], place: Place, where: str) -> None:
        if name not in OF_REGISTER:
            raise _malformed(f"'{name}' says nothing of who the members were", where)
        self.register.append(RegisterEvent(name, values, place))

    def _take_recording(self, name: str, values: dict[str, Any], place: Place, where: str) -> None:
        if name != CHECKPOINT_RECORDED:
            raise _malformed(f"'{name}' records no checkpoint", where)
        self.recordings.append(ProvenRecording(read_recording(values), place))


def _require_needed(found: ProvenEvents) -> None:
    """Of the register only what is about members that have part in the consignment, or founded the consortium."""
    needed = _members_needed(found)
    for event in found.register:
        if event.name != FOUNDED and event.values["member"] not in needed:
            raise _malformed(
                f"'{event.name}' is about a member that has no part in this consignment", "bundle.receipts"
            )


def _members_needed(found: ProvenEvents) -> frozenset[int]:
    founding = {event.place.transaction for event in found.register if event.name == FOUNDED}
    admitted = [event for event in found.register if event.name == ADMITTED]
    named = {event.values["member"] for event in admitted if event.values["account"] in found.counterparties}
    founders = {event.values["member"] for event in admitted if event.place.transaction in founding}
    return found.signers | named | founders


def require_one_block_each(headers: Iterable[Header]) -> None:
    """Refuse two headers of one number: a chain has one.

    Raises:
        BundleMalformedError: there are two.
    """
    for before, after in _neighbours(headers):
        if before.number == after.number:
            raise _malformed(f"two headers are of block {after.number}: a chain has one", "bundle.headers")


def _neighbours(headers: Iterable[Header]) -> Iterator[tuple[Header, Header]]:
    return pairwise(sorted(headers, key=lambda header: header.number))


def _malformed(problem: str, where: str) -> BundleMalformedError:
    return BundleMalformedError(problem, where=where, mend="Ask the giver for a bundle of this consignment alone.")
