"""A member's event log, looked at from outside: its checkpoint, its cosignatures, and what the chain recorded of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ledger.chain.registered_logs import RegisteredLogs
from ledger.errors import NotFound
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.cosignatures import COSIGNATURE_TYPES, cosignature_time, verifier_of
from ledger.tlog.errors import LogMissingError, OriginWrongError, ResourceMissingError
from ledger.tlog.notes import MAX_NOTE_BYTES
from ledger.tlog.origins import EventLogOrigin, parse_origin
from ledger.tlog.proving import tree_root
from ledger.tlog.reading import LogReader
from ledger.tlog.tiles import CHECKPOINT_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.home import Home
    from ledger.chain.deployment import Contracts
    from ledger.chain.growth import LogRecord
    from ledger.chain.members import MemberRecord
    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Signature
    from ledger.tlog.sources import LogSource
    from ledger.tlog.vkeys import VerifierKey

_COSIGNATURE_BYTES = frozenset({8 + 64, 8 + 2420})  # Ed25519, ML-DSA-44


@dataclass(frozen=True, slots=True)
class SeenCosignature:
    """A cosignature on a checkpoint.

    Attributes:
        name: the witness that it names.
        time: when it is said to have been made (seconds since 1970, UTC).
        verified: whether a key that was given verifies it; without a key it may be anybody's.
    """

    name: str
    time: int
    verified: bool


@dataclass(frozen=True, slots=True)
class LogView:
    """What a log shows, and what the chain recorded of it.

    Attributes:
        checkpoint: what its checkpoint says; the log's signature was verified.
        cosignatures: what witnesses said of it.
        recorded: what the chain recorded last; of size 0 where nothing was.
        disagreement: why the log does not begin with what was recorded; empty where it does.
    """

    checkpoint: Checkpoint
    cosignatures: tuple[SeenCosignature, ...]
    recorded: LogRecord
    disagreement: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the log begins with what the chain recorded."""
        return not self.disagreement

    def to_json(self) -> dict[str, object]:
        """The same as a JSON object."""
        return {
            "origin": self.checkpoint.origin,
            "size": self.checkpoint.size,
            "root": f"0x{self.checkpoint.root.hex()}",
            "cosignatures": [
                {"witness": each.name, "time": each.time, "verified": each.verified} for each in self.cosignatures
            ],
            "recorded": {
                "size": self.recorded.size,
                "root": f"0x{self.recorded.root.hex()}",
                "time": self.recorded.time,
            },
            "agrees": self.agrees,
            "disagreement": self.disagreement or None,
        }


@dataclass(frozen=True, slots=True)
class StoredMemberLog:
    """A member's log at a place.

    Attributes:
        source: where it is.
        reader: reads it, trusting the key that the register has.
        member: whose log it is.
    """

    source: LogSource
    reader: LogReader
    member: MemberRecord

    @classmethod
    def at(cls, source: LogSource, contracts: Contracts) -> Self:
        """The log at a place, whose checkpoint says which member's it is.

        Raises:
            LogMissingError: there is no log.
            OriginWrongError: it is no event log of a member of this consortium.
            NoteMalformedError, CheckpointMalformedError, OriginMalformedError: its checkpoint is none of ours.
            Unavailable: place or node cannot be read.
        """
        try:
            checkpoint = read_checkpoint(source.read(CHECKPOINT_PATH, MAX_NOTE_BYTES))
        except ResourceMissingError as error:
            raise LogMissingError(
                "there is no checkpoint, so no log", where=source.name, mend="Check the folder or the address."
            ) from error
        origin = parse_origin(checkpoint.origin)
        verifiers = RegisteredLogs(contracts).get(checkpoint.origin)
        member = contracts.members.member(origin.member) if isinstance(origin, EventLogOrigin) else None
        if verifiers is None or member is None:
            raise OriginWrongError(
                f"'{checkpoint.origin}' is no event log of a member of this consortium",
                where=source.name,
                mend="Use the deployment file of the consortium whose log this is; to check any log: log check.",
            )
        return cls(source, LogReader(source, verifiers), member)


def member_at_home(home: Home, contracts: Contracts) -> MemberRecord:
    """The member whose keys a home has; the password is not needed.

    Raises:
        NotFound: the key is no member's.
        AccessError, Unavailable: keystore or node cannot be read.
    """
    address = home.keystore.address
    key = contracts.members.key(address)
    member = contracts.members.member_at(key.member) if key else None
    if member is None:
        raise NotFound(
            f"the key {address} is no member's",
            where="key",
            mend="Give your card (smartborder key card) to your customs administration and ask to be admitted.",
        )
    return member


def view_log(log: StoredMemberLog, contracts: Contracts, witnesses: Iterable[VerifierKey] = ()) -> LogView:
    """What a log shows, compared with what the chain recorded.

    Args:
        log: the log.
        contracts: the consortium's.
        witnesses: the keys of the witnesses to trust.

    Raises:
        SignatureWrongError, SignerUnknownError: the member did not sign the checkpoint.
        Unavailable: log or node cannot be read.
    """
    opened = log.reader.checkpoint()
    own = {(key.name, key.id) for key, _ in opened.verified}
    cosignatures = tuple(
        _seen(opened.note.text, signature, tuple(witnesses))
        for signature in opened.note.signatures
        if (signature.name, signature.key_id) not in own and len(signature.value) in _COSIGNATURE_BYTES
    )
    recorded = contracts.event_logs.checkpoint(log.member.number)
    return LogView(opened.checkpoint, cosignatures, recorded, _disagreement(log, opened.checkpoint, recorded))


def _disagreement(log: StoredMemberLog, checkpoint: Checkpoint, recorded: LogRecord) -> str:
    if checkpoint.size < recorded.size:
        return f"the log has only {checkpoint.size} entries"
    if recorded.size == 0:
        return ""
    try:
        root = tree_root(recorded.size, log.reader.hashes(checkpoint.size))
    except NotFound as error:
        return str(error)
    return "" if root == recorded.root else f"of that many entries the log has the root {root.hex()}"


def _seen(text: str, signature: Signature, witnesses: tuple[VerifierKey, ...]) -> SeenCosignature:
    verified = any(
        (key.name, key.id) == (signature.name, signature.key_id)
        and key.type in COSIGNATURE_TYPES
        and verifier_of(key).verifies(text, signature.value)
        for key in witnesses
    )
    return SeenCosignature(signature.name, cosignature_time(signature), verified)
