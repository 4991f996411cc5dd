"""A party's event log: EPCIS documents captured into it, and proofs of what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.capture.member_log import MemberLog, Witnessing
from ledger.capture.pipeline import Choices, capture
from ledger.capture.proving import blind_in, prove
from ledger.capture.set_aside import SetAsideFolder
from ledger.capture.sources import Sources
from ledger.chain.history import find_root
from ledger.epcis import read
from ledger.errors import NotFound
from ledger.store.blinds import Blind, EventContent
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.errors import OriginWrongError
from ledger.tlog.origins import EventLogOrigin, parse_origin
from ledger.tlog.policy_files import parse_policy
from ledger.tlog.vkeys import SignatureType, VerifierKey
from ledger.verify.evidence.bundle import LoggedProof
from ledger.verify.evidence.making import Additions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from clients.connection import Connection
    from clients.home import Home
    from ledger.capture.pipeline import Captured
    from ledger.chain.deployment import Contracts
    from ledger.identity.keys import Keyring
    from ledger.store.store import Store
    from ledger.tlog.proofs import TlogProof


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key of the log of a proof, as the chain has it.

    Attributes:
        key: the key that the register names for the log's member.
        block: the block that recorded the proof's checkpoint; ``None`` where that checkpoint is not on record.
    """

    key: VerifierKey
    block: int | None


def log_key_on_chain(contracts: Contracts, proof: TlogProof) -> LogKey:
    """Ask the chain for the key of the log that a proof names, and whether its checkpoint is on record.

    Raises:
        OriginMalformedError: the proof is of no log of this ledger.
        OriginWrongError: it is of a log of another consortium.
        NotFound: the register has no such member.
        Unavailable: the node does not answer.
    """
    checkpoint = read_checkpoint(proof.checkpoint)
    origin = parse_origin(checkpoint.origin)
    deployment = contracts.deployment
    if not isinstance(origin, EventLogOrigin) or (origin.chain_id, origin.contract) != (
        deployment.chain_id,
        deployment.event_logs.address,
    ):
        raise OriginWrongError(
            f"the proof is of the log {checkpoint.origin}, which this consortium's contract does not keep",
            where="proof",
            mend="Give the deployment of the log's consortium, or the log's key with --key.",
        )
    member = contracts.members.member(origin.member)
    if member is None:
        raise NotFound(
            f"the register has no member {origin.member}", where="proof", mend="Give the deployment of its consortium."
        )
    recorded = [each for each in find_root(contracts, checkpoint.root) if each.member == member.number]
    places = [each.place.block_number for each in recorded if each.size == checkpoint.size]
    key = VerifierKey(checkpoint.origin, SignatureType.ED25519, member.checkpoint_key)
    return LogKey(key, places[0] if places else None)


class EventDesk:
    """Where a party captures events and proves them: its keys, its store, its home and the chain together."""

    def __init__(self, keyring: Keyring, store: Store, connection: Connection, home: Home) -> None:
        self._keyring = keyring
        self._store = store
        self._connection = connection
        self._home = home

    def capture(
        self, named: Sequence[str], *, stdin: BinaryIO | None = None, choices: Choices | None = None
    ) -> Captured:
        """Capture documents; see :func:`ledger.capture.pipeline.capture`.

        Args:
            named: files, folders with all that is in them, NDJSON files, and ``-`` for ``stdin``.
            stdin: what ``-`` stands for.
            choices: how; else as the home's settings say.

        Raises:
            NotFound: one of the sources is not there; nothing was done.
            PolicyMalformedError: the home's witness policy is none; nothing was done.
            LedgerError: as :meth:`MemberLog.open` and :func:`ledger.capture.pipeline.capture`.
        """
        aside = SetAsideFolder(self._home.set_aside_folder)
        sources = Sources(named, stdin=stdin, spool=aside.spool, leave_out=(self._home.folder,))
        chosen = choices or Choices(checkpoint_events=self._home.settings().checkpoint_events)
        with MemberLog.open(self._store, self._witnessing()) as log:
            return capture(self._store, log, sources, aside, chosen)

    def prove(self, event: str, *, with_blind: bool = True) -> TlogProof:
        """The proof that an event is in the log; see :func:`ledger.capture.proving.prove`."""
        return prove(self._store, self._home.log_folder, self.key, event, with_blind=with_blind)

    def logged(self, events: Sequence[str]) -> Additions:
        """Events of the log for an evidence bundle: the proof of each, its blind and the event itself.

        Args:
            events: named as for :meth:`prove`, each once.

        Raises:
            LedgerError: as :func:`ledger.capture.proving.prove`.
        """
        key = self.key
        proofs = [prove(self._store, self._home.log_folder, key, event) for event in events]
        member = self._connection.member_of_key(self._keyring.address)
        recorded = self._connection.contracts.event_logs.checkpoint(member.number).size
        blinds, found = [], []
        with self._store.read() as kept:
            for proof in proofs:
                place = kept.event_logs.event_at(key.name, proof.index)
                opened = blind_in(proof) or b""
                blinds.append(Blind(opened, EventContent(place.digests.commitment)))
                found.append(read(kept.documents.get(place.document).content).events[place.place])
        logged = tuple(
            LoggedProof(
                member.address,
                proof.index,
                size := read_checkpoint(proof.checkpoint).size,
                blind.blinded,
                proof.hashes,
                b"" if size == recorded else proof.checkpoint.data(),
            )
            for proof, blind in zip(proofs, blinds, strict=True)
        )
        return Additions(logged=logged, blinds=tuple(blinds), events=tuple(found))

    @property
    def key(self) -> VerifierKey:
        """The log's key: its text is what others verify the log's checkpoints with."""
        return self._witnessing().signer.key

    def _witnessing(self) -> Witnessing:
        policy = self._home.witness_policy()
        return Witnessing(
            self._home.log_folder,
            self._connection.contracts,
            self._connection.sender,
            self._connection.member_of_key(self._keyring.address),
            self._keyring.checkpoint,
            None if policy is None else parse_policy(policy),
        )
