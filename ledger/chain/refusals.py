"""Every way in which the rules refuse, by the name of the contract's error, in words for people.

The rules in Python (:mod:`ledger.chain.lifecycle`) and the contracts refuse with the same names and arguments, so what
a person reads is the same whoever refused first.
"""

from __future__ import annotations

from ledger.errors import Refused


class RuleRefused(Refused):
    """The rules do not allow a statement or an act of membership; nothing was done.

    Attributes:
        error: the name of the contract's error.
        arguments: the values that came with it, in the order of the contract's error.
    """

    def __init__(self, error: str, *arguments: object) -> None:
        super().__init__(error)
        self.error = error
        self.arguments = arguments


def require(condition: object, error: str, *arguments: object) -> None:
    """Refuse with ``error`` unless ``condition`` holds.

    Raises:
        RuleRefused: it does not.
    """
    if not condition:
        raise RuleRefused(error, *arguments)
