"""A witness: cosigns the checkpoints of logs that only grow, and keeps what convicts those that do not.

::

    state = WitnessState.create(folder)                                   # once, for a new witness
    witness = Witness([Ed25519Cosigner(name, key)], logs, state, clock=lambda: int(time.time()))
    answer = witness.add_checkpoint(body)                                 # clients/witness_server.py serves this

The decision itself (:func:`decide`) is pure. Around it: one lock a log, from reading the record to writing it; and the
new record is durable before the cosignature leaves. Source: C2SP tlog-witness.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from ledger.tlog.checkpoints import Checkpoint, parse_checkpoint, read_checkpoint
from ledger.tlog.conflicts import Conflict, contradicts
from ledger.tlog.cosignatures import cosignature_time
from ledger.tlog.errors import (
    CheckpointMalformedError,
    ProofWrongError,
    RequestMalformedError,
    SignatureWrongError,
    SignerUnknownError,
)
from ledger.tlog.merkle import EMPTY_ROOT, verify_consistency
from ledger.tlog.notes import MAX_SIGNATURES, Note, open_note
from ledger.tlog.vkeys import SignatureType
from ledger.tlog.witness_requests import Answer, parse_add_checkpoint, refusal, size_conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ledger.tlog.cosignatures import Cosigner
    from ledger.tlog.notes import OpenedNote, Signature, Verifier
    from ledger.tlog.witness_requests import AddCheckpoint
    from ledger.tlog.witness_state import LogRecord, WitnessState


@dataclass(frozen=True, slots=True)
class Decision:
    """What a witness decides about a checkpoint that its log has signed.

    Attributes:
        refused: the answer, where it does not cosign.
        conflict: whether the checkpoint contradicts the one on record: ``True`` proven, ``False`` possible; ``None``
            nothing speaks for it.
    """

    refused: Answer | None = None
    conflict: bool | None = None


def decide(request: AddCheckpoint, shown: Checkpoint, latest: Checkpoint | None) -> Decision:
    """Decide whether to cosign a checkpoint.

    Args:
        request: the request.
        shown: the checkpoint in it, whose signature by its log was verified.
        latest: the checkpoint of that log that was cosigned last.
    """
    proven = latest is not None and contradicts(latest, shown, request.old_size, request.proof)
    conflict = True if proven else None
    if request.old_size > shown.size:
        reason = f"the old size {request.old_size} is above the checkpoint's, {shown.size}"
        return Decision(refusal(HTTPStatus.BAD_REQUEST, reason), conflict)
    known_size = latest.size if latest else 0
    if request.old_size != known_size:
        return Decision(size_conflict(known_size), conflict)
    try:
        verify_consistency(
            old_size=known_size,
            old_root=latest.root if latest else EMPTY_ROOT,
            new_size=shown.size,
            new_root=shown.root,
            proof=request.proof,
        )
    except ProofWrongError as error:
        possible = True if proven else (False if known_size else None)
        return Decision(refusal(HTTPStatus.UNPROCESSABLE_ENTITY, error.message), possible)
    return Decision()


class Witness:
    """Answers the requests of logs.

    Args:
        cosigners: of the witness's keys; each gives a cosignature.
        logs: the logs that it knows: for each origin, what verifies its keys.
        state: its record.
        clock: the time (seconds since 1970, UTC).
        allowed: asked last, of a checkpoint that is otherwise good: ``None``, or the reason why not (403). Such as that
            the chain has not recorded it.
    """

    def __init__(
        self,
        cosigners: Sequence[Cosigner],
        logs: Mapping[str, Sequence[Verifier]],
        state: WitnessState,
        *,
        clock: Callable[[], int],
        allowed: Callable[[Checkpoint], str | None] = lambda _: None,
    ) -> None:
        self._cosigners = tuple(cosigners)
        self._logs = logs
        self._state = state
        self._clock = clock
        self._allowed = allowed

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request for cosignatures.

        Args:
            body: the request's body.

        Raises:
            WitnessStateError: the record cannot be used; nothing was cosigned.
            LedgerError: what ``allowed`` raises.
        """
        # 1. the request's form; 2. a known log; 3. its signature
        try:
            request = parse_add_checkpoint(body)
            shown = parse_checkpoint(request.checkpoint.text)
        except (RequestMalformedError, CheckpointMalformedError) as error:
            return refusal(HTTPStatus.BAD_REQUEST, error.message)
        verifiers = self._logs.get(shown.origin)
        if verifiers is None:
            return refusal(HTTPStatus.NOT_FOUND, "this log is not known here")
        try:
            opened = open_note(request.checkpoint, verifiers)
        except (SignatureWrongError, SignerUnknownError) as error:
            return refusal(HTTPStatus.FORBIDDEN, error.message)
        if shown.extensions and any(each.key.type == SignatureType.ML_DSA_44_COSIGNATURE for each in self._cosigners):
            return refusal(HTTPStatus.BAD_REQUEST, "this witness does not cosign extension lines")
        # 4. consistency with the record, 5. what else is asked for, 6. the record, 7. the answer
        with self._state.deciding(shown.origin) as record:
            return self._answer(request, opened, shown, record)

    def checkpoint(self, hashed_origin: str) -> bytes | None:
        """The last checkpoint cosigned of a log, with the cosignatures, for monitors.

        Args:
            hashed_origin: SHA-256 of the log's origin, in hexadecimal digits.

        Returns:
            The checkpoint, or ``None`` where there is none.

        Raises:
            WitnessStateError: the record cannot be read.
        """
        return self._state.checkpoint(hashed_origin)

    def _answer(self, request: AddCheckpoint, opened: OpenedNote, shown: Checkpoint, record: LogRecord) -> Answer:
        latest = record.latest()
        decision = decide(request, shown, read_checkpoint(latest) if latest else None)
        if decision.conflict is not None and latest:
            record.keep_conflict(Conflict(latest.data(), request.body(), decision.conflict), shown)
        if decision.refused:
            return decision.refused
        if reason := self._allowed(shown):
            return refusal(HTTPStatus.FORBIDDEN, reason)
        time = max(self._clock(), self._last_time(latest))  # a clock set back must not contradict what was cosigned
        cosignatures = [cosigner.cosign(opened.note.text, time) for cosigner in self._cosigners]
        # one of each key, and as many as a note holds: whoever repeats them would make a record that nobody reads again
        log_signatures = list(dict(opened.verified).values())[: MAX_SIGNATURES - len(cosignatures)]
        record.keep(Note(opened.note.text, (*log_signatures, *cosignatures)))
        return Answer(HTTPStatus.OK, "".join(signature.line() for signature in cosignatures).encode())

    def _last_time(self, latest: Note | None) -> int:
        own = {(cosigner.key.name, cosigner.key.id) for cosigner in self._cosigners}
        return max(
            (cosignature_time(each) for each in _signatures(latest) if (each.name, each.key_id) in own), default=1
        )


def _signatures(note: Note | None) -> tuple[Signature, ...]:
    return note.signatures if note else ()
