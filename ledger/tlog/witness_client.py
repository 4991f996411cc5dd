"""Ask witnesses to cosign a checkpoint.

::

    gathered = gather_cosignatures(note, endpoints_of(policy), lambda old: reader.consistency_proof(old, size))
    policy.check(gathered.note)                    # raises where too few have cosigned
    log.publish(gathered.note)

The witnesses are asked at the same time; one that is slow, down, or says no costs the others nothing. A witness that
names another size is asked again with the proof from there. Source: C2SP tlog-witness.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import requests

from ledger.errors import InputError, LedgerError, Refused, Unavailable
from ledger.tlog.answers import body_of
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.cosignatures import cosignature_time, verifier_of
from ledger.tlog.errors import CheckpointRefusedError, SignatureWrongError, SignerUnknownError
from ledger.tlog.notes import parse_signature_lines
from ledger.tlog.spellings import decimal, shown
from ledger.tlog.witness_requests import ADD_CHECKPOINT, MAX_REQUEST_BYTES, SIZE_MEDIA_TYPE, AddCheckpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.tlog.notes import Note, Signature
    from ledger.tlog.policy import Policy
    from ledger.tlog.vkeys import VerifierKey

DEFAULT_TIMEOUT_SECONDS: Final = 10.0
MAX_ATTEMPTS: Final = 4  # others may ask the same witness at the same time, and move it on
_ASKED_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class WitnessEndpoint:
    """A witness to ask.

    Attributes:
        url: its submission prefix.
        keys: the keys that it is trusted to cosign with.
    """

    url: str
    keys: tuple[VerifierKey, ...]


@dataclass(frozen=True, slots=True)
class WitnessOutcome:
    """What came of asking a witness.

    Attributes:
        url: its submission prefix.
        cosignatures: those that were verified.
        problem: why there are none; ``None`` where there are.
    """

    url: str
    cosignatures: tuple[Signature, ...] = ()
    problem: LedgerError | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of asking witnesses.

    Attributes:
        note: the checkpoint with the cosignatures that were verified.
        outcomes: of each witness, in the order asked.
    """

    note: Note
    outcomes: tuple[WitnessOutcome, ...]


def endpoints_of(policy: Policy) -> tuple[WitnessEndpoint, ...]:
    """The witnesses of a policy that have a URL; several keys at one URL are one witness."""
    keys: dict[str, list[VerifierKey]] = {}
    for witness in policy.witnesses:
        if witness.url:
            keys.setdefault(witness.url.rstrip("/"), []).append(witness.key)
    return tuple(WitnessEndpoint(url, tuple(found)) for url, found in keys.items())


def gather_cosignatures(
    checkpoint: Note,
    endpoints: Sequence[WitnessEndpoint],
    prove: Callable[[int], Sequence[bytes]],
    *,
    last_size: int = 0,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
) -> Gathered:
    """Ask witnesses to cosign a checkpoint.

    Args:
        checkpoint: the checkpoint, signed by its log.
        endpoints: whom to ask.
        prove: gives the consistency proof from a smaller size to the checkpoint's; several threads may call it.
        last_size: the size that the witnesses have probably cosigned last.
        timeout_seconds: how long one answer may take.

    Returns:
        The checkpoint with what was gathered, and what each witness said. Whether it is enough is the policy's to say.

    Raises:
        CheckpointMalformedError: the note is no checkpoint.
    """
    size = read_checkpoint(checkpoint).size
    if not endpoints:
        return Gathered(checkpoint, ())
    asking = _Asking(checkpoint, size, prove, timeout_seconds)
    with ThreadPoolExecutor(min(_ASKED_AT_ONCE, len(endpoints))) as pool:
        outcomes = tuple(pool.map(lambda endpoint: asking.outcome(endpoint, min(last_size, size)), endpoints))
    cosignatures = [signature for outcome in outcomes for signature in outcome.cosignatures]
    return Gathered(checkpoint.with_signatures(cosignatures), outcomes)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One checkpoint, for which witnesses are asked."""

    checkpoint: Note
    size: int
    prove: Callable[[int], Sequence[bytes]]
    timeout_seconds: float

    def outcome(self, endpoint: WitnessEndpoint, old_size: int) -> WitnessOutcome:
        """Ask one witness."""
        try:
            return WitnessOutcome(endpoint.url, self._cosignatures(endpoint, old_size))
        except LedgerError as error:
            return WitnessOutcome(endpoint.url, problem=error)

    def _cosignatures(self, endpoint: WitnessEndpoint, old_size: int) -> tuple[Signature, ...]:
        with requests.Session() as session:
            for _ in range(MAX_ATTEMPTS):
                proof = tuple(self.prove(old_size)) if 0 < old_size < self.size else ()
                body = AddCheckpoint(old_size, proof, self.checkpoint).body()
                status, media_type, answer = self._post(session, endpoint.url, body)
                if status == HTTPStatus.OK:
                    return self._verified(endpoint, answer)
                if status != HTTPStatus.CONFLICT or media_type != SIZE_MEDIA_TYPE:
                    raise _refused(endpoint.url, status, answer)
                old_size = self._told_size(endpoint.url, answer)
        raise Unavailable(
            "others moved the witness on each time it was asked", where=endpoint.url, mend="Ask it again later."
        )

    def _post(self, session: requests.Session, url: str, body: bytes) -> tuple[int, str, str]:
        try:
            with session.post(
                f"{url}/{ADD_CHECKPOINT}",
                data=body,
                timeout=self.timeout_seconds,
                stream=True,
                allow_redirects=False,
            ) as response:
                content = body_of(response, most_bytes=MAX_REQUEST_BYTES, seconds=self.timeout_seconds)
                media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                status = response.status_code
        except (requests.RequestException, OSError) as error:
            raise Unavailable(
                f"the witness cannot be reached: {error}", where=url, mend="Check the address, or ask it later."
            ) from error
        if len(content) > MAX_REQUEST_BYTES:
            raise Unavailable("the answer is too long for a witness's", where=url, mend="Check the address.")
        return status, media_type, content.decode(errors="replace")

    def _told_size(self, url: str, answer: str) -> int:
        size = decimal(answer.removesuffix("\n"))
        if size is None:
            raise InputError(f"it names the size {shown(answer)}", where=url, mend="Tell the witness's operator.")
        if size > self.size:
            raise CheckpointRefusedError(
                f"the witness has cosigned {size} entries, and this checkpoint is of {self.size}",
                where=url,
                mend="Have the log's newest checkpoint cosigned; if it has no newer, find out who signs for it.",
            )
        return size

    def _verified(self, endpoint: WitnessEndpoint, answer: str) -> tuple[Signature, ...]:
        known = {(key.name, key.id): verifier_of(key) for key in endpoint.keys}
        found = []
        for signature in parse_signature_lines(answer):
            verifier = known.pop((signature.name, signature.key_id), None)
            if verifier is None:
                continue  # by an unknown key, or one more by a known one: a note has room for so many only
            if not verifier.verifies(self.checkpoint.text, signature.value) or not cosignature_time(signature):
                raise SignatureWrongError(
                    f"the cosignature of {signature.name} is not by that key over this checkpoint, or has no time",
                    where=endpoint.url,
                    mend="Check the witness's key; tell its operator.",
                )
            found.append(signature)
        if not found:
            raise SignerUnknownError(
                "it answers with cosignatures by unknown keys only",
                where=endpoint.url,
                mend="Check which key the witness has.",
            )
        return tuple(found)


def _refused(url: str, status: int, answer: str) -> LedgerError:
    said = f"the witness answers {status}: {shown(answer.strip())}"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(said, where=url, mend="Ask it again later.")
    return Refused(said, where=url, mend="See to what it names; a witness keeps what contradicts it.")
