"""What is wrong with a proof.

::

    InputError └── ProofError           it proves nothing
                   ├── EncodingError    bytes that are not canonical, or not of the shape that they should be
                   ├── BlockHashError   a header that is not of the block named
                   ├── TrieProofError   nodes that do not lead from the root to what is claimed
                   ├── SealsError       commit seals that do not make a block final
                   ├── ValidatorsError  a list of validators that may not follow the trusted one
                   ├── WitnessError     a proof from a block log that is of another block or chain
                   └── EngineError      a block whose engine is not judged here: neither a yes nor a no
"""

from __future__ import annotations

from ledger.errors import InputError


class ProofError(InputError):
    """A proof proves nothing: it is malformed, or not of what it claims."""


class EncodingError(ProofError):
    """Bytes that are no canonical encoding, exceed a limit, or hold something else than they should."""


class BlockHashError(ProofError):
    """A header that is not the one of the block named.

    Attributes:
        expected: the hash named (32 bytes).
        found: the hash of the header (32 bytes).
    """

    def __init__(self, expected: bytes, found: bytes, where: str, mend: str) -> None:
        super().__init__(f"hashes to 0x{found.hex()}, expected was 0x{expected.hex()}", where=where, mend=mend)
        self.expected = expected
        self.found = found


class TrieProofError(ProofError):
    """Trie nodes that do not lead from the root to what is claimed, or that are more than needed."""


class SealsError(ProofError):
    """Commit seals that do not make a block final in the eyes of the validators that are trusted."""


class ValidatorsError(ProofError):
    """A list of validators that may not follow the trusted one."""


class WitnessError(ProofError):
    """A proof from a block log that is of another block, or of another chain's log."""


class EngineError(ProofError):
    """A block whose engine, or mode of it, is not judged here: that it is final is neither shown nor refuted."""
