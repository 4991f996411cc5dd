"""Every way in which the rules refuse, by the name of the contract's error, in words for people.

The rules in Python (:mod:`ledger.chain.lifecycle`) and the contracts refuse with the same names and arguments, so what
a person reads is the same whoever refused first. The texts stand in :mod:`ledger.chain.refusal_texts`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.errors import TransactionRefusedError
from ledger.chain.refusal_texts import TEXTS
from ledger.chain.state import Problem, Status
from ledger.errors import Refused
from ledger.identity.milestones import Channel, Clearance, Milestone, Phase, Role, Side

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import IntEnum

    from ledger.chain.interface import Interface
    from ledger.errors import LedgerError


class RuleRefused(Refused):
    """The rules do not allow a statement or an act of membership; nothing was done.

    Attributes:
        error: the name of the contract's error.
        arguments: the values that came with it, in the order of the contract's error; countries as text.
    """

    def __init__(self, error: str, *arguments: object) -> None:
        text = TEXTS.get(error)
        if text is None:
            super().__init__(
                f"the contract refused: {error}{arguments}", mend="Update this program: it knows no such refusal."
            )
            self.arguments = arguments
        else:
            values = [
                _as_country(value) if kind == "country" else value
                for kind, value in zip(text.kinds, arguments, strict=True)
            ]
            words = {
                name: _in_words(kind, value) for name, kind, value in zip(text.names, text.kinds, values, strict=True)
            }
            super().__init__(text.message.format(**words), mend=text.mend.format(**words))
            self.arguments = tuple(values)
        self.error = error


def require(condition: object, error: str, *arguments: object) -> None:
    """Refuse with ``error`` unless ``condition`` holds.

    Raises:
        RuleRefused: it does not.
    """
    if not condition:
        raise RuleRefused(error, *arguments)


def explain(interface: Interface, data: bytes) -> LedgerError:
    """What the bytes mean with which a contract refused.

    Args:
        interface: the contract's.
        data: what it returned: selector and arguments of a custom error, as a rule.
    """
    found = interface.decode_error(data)
    if found is None:
        return TransactionRefusedError(
            f"the contract failed without a reason that this program knows (0x{data.hex()})",
            where="contract",
            mend="Check that the deployment file is the one of this consortium, and that this program is up to date.",
        )
    name, arguments = found
    return RuleRefused(name, *arguments)


def _as_country(value: Any) -> str:  # noqa: ANN401  # two bytes from the contract, text from the rules in Python
    return value.decode("latin-1").rstrip("\0") if isinstance(value, bytes) else str(value)


def _in_words(kind: str, value: Any) -> str:  # noqa: ANN401  # what it is depends on the kind
    return _WORDS[kind](value)


def _time(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"


def _hash(value: bytes) -> str:
    return f"0x{value.hex()}"


def _word(kind: type[IntEnum]) -> Callable[[int], str]:
    known = {member.value: member.name.lower().replace("_", " ") for member in kind}
    return lambda number: known.get(number, f"number {number}")


def _roles(mask: int) -> str:
    held = [role.label for role in Role if mask & role.bit]
    return ", ".join(held) or "none"


def _authority(number: int) -> str:
    return f"authority {number}" if number else "the recovery key"


_WORDS: Final[dict[str, Callable[[Any], str]]] = {
    "text": str,
    "number": str,
    "address": str,
    "country": lambda value: value or "none",
    "time": _time,
    "hash": _hash,
    "roles": _roles,
    "role": _word(Role),
    "milestone": _word(Milestone),
    "side": _word(Side),
    "phase": _word(Phase),
    "clearance": _word(Clearance),
    "channel": _word(Channel),
    "member": lambda number: f"member {number}",
    "authority": _authority,
    "status": _word(Status),
    "problem": _word(Problem),
}
