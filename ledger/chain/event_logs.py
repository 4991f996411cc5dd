"""The event logs' contract: it keeps how far each member's log has come, and takes only what grew from that.

event_logs.submit_signed(sender, signed)
event_logs.checkpoint(member).size
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.consignments import MAX_TRANSACTION_GAS, Outcome
from ledger.chain.contract import Contract
from ledger.chain.errors import NodeAnswerError
from ledger.chain.growth import LogRecord
from ledger.chain.packing import packed_fields
from ledger.chain.refusals import explain
from ledger.chain.transactions import Call
from ledger.errors import InputError
from ledger.identity.addresses import normal_address
from ledger.identity.checkpoints import CheckpointStatement, SignedCheckpoint, require_proof
from ledger.identity.signatures import Signature
from ledger.identity.statements import ZERO32, Domain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.chain.growth import Growth
    from ledger.chain.transactions import Receipt, Sender

CHECKPOINT_RECORDED: Final = "CheckpointRecorded"

CHECKPOINT_GAS: Final = 250_000  # the largest sizes take about 150,000
BATCH_BASE_GAS: Final = 100_000
MAX_BATCH: Final = (MAX_TRANSACTION_GAS - BATCH_BASE_GAS) // CHECKPOINT_GAS
"""How many checkpoints fit in one transaction for certain."""

# The widths of the fields, in bits, from the lowest on (contracts/types/Recording.sol).
_RECORDING: Final = (160, 16, 40)
_GROWTH: Final = (64, 64, 64, 64)


@dataclass(frozen=True, slots=True)
class Recording:
    """One checkpoint as the contract recorded it. Times are whole seconds since 1970, UTC.

    Attributes:
        member: the number of the member whose log it is.
        previous_size: the size on record before.
        size: how many events the log has.
        root: the root of the tree over them (32 bytes).
        time: the time of the block that took it.
        key: the address of the key that sent or signed it.
        country: the country of the key's member.
        signed: what was signed, and the signature, without the proof; ``None`` where the key sent it itself.
    """

    member: int
    previous_size: int
    size: int
    root: bytes
    time: int
    key: str
    country: str
    signed: SignedCheckpoint | None

    @property
    def record(self) -> LogRecord:
        """What the contract kept from then on."""
        return LogRecord(self.size, self.root, self.time)


@dataclass(frozen=True, slots=True)
class EventLogs(Contract):
    """The contract that keeps how far the members' event logs have come.

    Attributes:
        since: the block in which it was deployed.
    """

    since: int

    @property
    def domain(self) -> Domain:
        """Where checkpoints for it are signed (EIP-712)."""
        return Domain(self.node.chain_id, self.address)

    def checkpoint(self, member: int) -> LogRecord:
        """The last checkpoint of a member's log, by the member's number; of size 0 where there is none."""
        return LogRecord(*self.read("checkpoint", member))

    def submit(self, sender: Sender, growth: Growth) -> Receipt:
        """Record a checkpoint of one's own log: the sender's key is one of the member.

        Raises:
            InputError: the proof is none between any sizes.
            RuleRefused: the rules do not allow it; nothing was done.
            TransactionRefusedError, OutcomeUnknownError, Unavailable: as for :meth:`Sender.send`.
        """
        proof = tuple(growth.proof)
        require_proof(proof)
        arguments = (growth.previous_size, growth.size, growth.root, proof)
        return self.write(sender, "submit", *arguments, gas=CHECKPOINT_GAS)

    def submit_signed(self, sender: Sender, signed: SignedCheckpoint) -> Receipt:
        """Record a checkpoint that a member signed; anyone may carry it.

        Raises:
            RuleRefused: the rules do not allow it; nothing was done.
            TransactionRefusedError, OutcomeUnknownError, Unavailable: as for :meth:`Sender.send`.
        """
        return self.write(sender, "submitSigned", _entry(signed), gas=CHECKPOINT_GAS)

    def attempt(self, sender: Sender, signed: SignedCheckpoint) -> None:
        """See whether a signed checkpoint would be accepted now, without recording it.

        Raises:
            RuleRefused: the rules would not allow it.
        """
        data = self.interface.encode_call("submitSigned", _entry(signed))
        sender.attempt(Call(self.address, self.interface, data, CHECKPOINT_GAS))

    def submit_batch(self, sender: Sender, batch: Sequence[SignedCheckpoint]) -> tuple[Outcome, ...]:
        """Record several checkpoints, in order; what the rules refuse is skipped, and the others count.

        Where there are more than :data:`MAX_BATCH`, each transaction takes as many as fit.

        Returns:
            one outcome for each checkpoint, in the order given.

        Raises:
            TransactionRefusedError, OutcomeUnknownError, Unavailable: as for :meth:`Sender.send`; of the transactions
                before, the checkpoints stay recorded, and sending the whole batch again is safe.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(batch), MAX_BATCH):
            outcomes += self._submit_some(sender, batch[start : start + MAX_BATCH])
        return tuple(outcomes)

    def recorded(self, receipt: Receipt) -> tuple[Recording, ...]:
        """The checkpoints that a transaction's events show to be recorded, in order.

        Raises:
            NodeAnswerError: an event describes no checkpoint of this version.
        """
        return tuple(self.recording(values) for values in self.events(receipt, CHECKPOINT_RECORDED))

    def recording(self, values: Mapping[str, Any]) -> Recording:
        """The checkpoint that an event shows to be recorded.

        Args:
            values: the event's values by the contract's names for them.

        Raises:
            NodeAnswerError: it describes no checkpoint of this version.
        """
        try:
            return read_recording(values)
        except (InputError, ValueError) as error:
            raise NodeAnswerError(
                f"an event describes no checkpoint of this version ({error})",
                where=self.node.name,
                mend="Update this program, or ask another node.",
            ) from error

    def _submit_some(self, sender: Sender, batch: Sequence[SignedCheckpoint]) -> list[Outcome]:
        gas = BATCH_BASE_GAS + CHECKPOINT_GAS * len(batch)
        receipt = self.write(sender, "submitBatch", [_entry(signed) for signed in batch], gas=gas)
        refusals = {
            values["index"]: explain(self.interface, values["refusal"])
            for values in self.events(receipt, "CheckpointSkipped")
        }
        domain = self.domain
        return [
            Outcome(signed.statement.digest(domain), refusals.get(index), receipt) for index, signed in enumerate(batch)
        ]


def read_recording(values: Mapping[str, Any]) -> Recording:
    """The checkpoint that an event ``CheckpointRecorded`` shows; a verifier checks the signature itself.

    Args:
        values: the event's values by the contract's names for them.

    Raises:
        InputError, ValueError: the event describes no checkpoint of this version.
    """
    key, country, time = packed_fields(values["recording"], _RECORDING)
    previous_size, size, signed_time, valid_until = packed_fields(values["growth"], _GROWTH)
    member, root = values["member"], values["root"]
    signed = None
    if (values["r"], values["vs"]) != (ZERO32, ZERO32):
        statement = CheckpointStatement(member, previous_size, size, root, signed_time, valid_until)
        signed = SignedCheckpoint(statement, Signature(values["r"], values["vs"]))
    return Recording(
        member=member,
        previous_size=previous_size,
        size=size,
        root=root,
        time=time,
        key=normal_address(f"0x{key:040x}"),
        country=country.to_bytes(2, "big").decode("ascii", "replace"),
        signed=signed,
    )


def _entry(signed: SignedCheckpoint) -> tuple[object, ...]:
    """The struct that the contract takes."""
    said = signed.statement
    checkpoint = (said.member, said.previous_size, said.size, said.root, said.signed_time, said.valid_until)
    return (checkpoint, signed.signature.r, signed.signature.vs, signed.proof)
