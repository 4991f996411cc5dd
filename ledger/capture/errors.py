"""What can go wrong with a capture. What was kept before stays kept, and the next capture goes on from there.

::

    NotFound     └── EventUnknownError     the log has no such event
    Refused      ├── StoreBehindError      the chain or the log has more than the store: it is an older copy
                 ├── LogForeignError       the log in the folder is another one than the store's
                 ├── OtherRootError        the chain has another history of this log on record
                 ├── CheckpointKeyError    the key is not the one that the register names
                 └── NotProvenError        the proof is of no event of the document
    Unavailable  ├── ReaderLostError       a process that reads documents ended
                 └── SetAsideError         a document could not be set aside
"""

from __future__ import annotations

from ledger.errors import NotFound, Refused, Unavailable


class EventUnknownError(NotFound):
    """The log has no such event, or its checkpoint does not cover it yet."""


class StoreBehindError(Refused):
    """Chain or log have more entries than the store: the store is an older copy of itself."""


class LogForeignError(Refused):
    """The log in the folder does not hold what the store says it holds."""


class OtherRootError(Refused):
    """The chain has another root of this log on record than its entries have."""


class CheckpointKeyError(Refused):
    """The register names another checkpoint key for the member than the keyring has."""


class NotProvenError(Refused):
    """None of the document's events is where the proof says."""


class ReaderLostError(Unavailable):
    """A process that reads documents ended before it had answered."""


class SetAsideError(Unavailable):
    """A document that breaks rules could not be copied to where it is set aside."""
