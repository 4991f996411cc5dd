"""What can go wrong with a log, a checkpoint, a proof or a witness.

::

    InputError   ├── NoteMalformedError
                 ├── KeyMalformedError
                 ├── CheckpointMalformedError
                 ├── ProofMalformedError
                 ├── PolicyMalformedError
                 ├── OriginMalformedError
                 ├── RequestMalformedError
                 └── EntryTooLargeError
    Refused      ├── SignatureWrongError
                 ├── SignerUnknownError
                 ├── OriginWrongError
                 ├── ProofWrongError
                 ├── QuorumMissingError
                 ├── CheckpointRefusedError
                 ├── LogTakenError
                 └── LogBehindError
    NotFound     ├── LogMissingError
                 └── ResourceMissingError
    Unavailable  ├── LogBusyError
                 ├── LogDamagedError
                 ├── LogUnusableError
                 └── WitnessStateError
"""

from __future__ import annotations

from ledger.errors import InputError, NotFound, Refused, Unavailable


class NoteMalformedError(InputError):
    """The bytes are no signed note."""


class KeyMalformedError(InputError):
    """A verifier key, its name or its key material is not as it has to be."""


class CheckpointMalformedError(InputError):
    """The text of a note is no checkpoint."""


class ProofMalformedError(InputError):
    """The bytes are no proof of the format that they should have."""


class PolicyMalformedError(InputError):
    """The text is no trust policy."""


class OriginMalformedError(InputError):
    """The text is no origin of a log of this ledger."""


class RequestMalformedError(InputError):
    """The body is no request to a witness."""


class EntryTooLargeError(InputError):
    """An entry is longer than an entry bundle can hold."""


class SignatureWrongError(Refused):
    """A signature that names a known key was not made by it over this text."""


class SignerUnknownError(Refused):
    """None of the signatures is by a known key."""


class OriginWrongError(Refused):
    """The checkpoint is of another log."""


class ProofWrongError(Refused):
    """A proof does not lead to the root hash that it has to.

    Args:
        computed: the root hash that the proof leads to (32 bytes); ``None`` where its length is wrong already.
        expected: the root hash that it should lead to (32 bytes).
    """

    def __init__(
        self, message: str, *, computed: bytes | None = None, expected: bytes = b"", where: str = "", mend: str = ""
    ) -> None:
        super().__init__(message, where=where, mend=mend)
        self.computed = computed
        self.expected = expected


class QuorumMissingError(Refused):
    """Fewer witnesses have cosigned than the policy asks for."""


class CheckpointRefusedError(Refused):
    """The checkpoint does not go with what the log holds or has published."""


class LogTakenError(Refused):
    """There is a log in the folder already."""


class LogBehindError(Refused):
    """The log in the folder is shorter than what others have on record of it."""


class LogMissingError(NotFound):
    """There is no log, or its checkpoint is missing."""


class ResourceMissingError(NotFound):
    """A file of a log is not there."""


class LogBusyError(Unavailable):
    """Another process writes to this log."""


class LogDamagedError(Unavailable):
    """The files of a log do not fit its checkpoint or each other."""


class LogUnusableError(Unavailable):
    """A log's folder or server could not be used: neither a yes nor a no."""


class WitnessStateError(Unavailable):
    """What a witness has on record is missing, damaged or cannot be used."""
