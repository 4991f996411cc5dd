"""Read and write trust policies as files.

Names, URLs and comments are octets: what is not UTF-8 survives reading and writing, and two names are equal if
their octets are. Source: C2SP tlog-policy, sections "Policy file syntax and structure" and "Character set".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.tlog.errors import KeyMalformedError, PolicyMalformedError
from ledger.tlog.policy import NO_QUORUM, Group, Policy, PolicyLog, PolicyWitness, malformed
from ledger.tlog.spellings import decimal, shown
from ledger.tlog.vkeys import parse_vkey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_POLICY_BYTES: Final = 4_000_000  # 256 logs and witnesses with keys of ML-DSA-44, and their groups
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_FIELDS: Final = re.compile("[ \t]+")
_THRESHOLDS: Final[dict[str, Callable[[int], int]]] = {"any": lambda _: 1, "all": lambda count: count}


def parse_policy(data: bytes) -> Policy:
    """The policy in a file.

    Args:
        data: the file; its last line has to end in a newline too, so that one that was cut short is noticed.

    Raises:
        PolicyMalformedError: it is no policy; the message names the line.
    """
    if len(data) > MAX_POLICY_BYTES:
        raise malformed(f"it has {len(data)} bytes, more than {MAX_POLICY_BYTES}")
    text = data.decode(errors="surrogateescape")
    if not text.endswith("\n"):
        raise malformed("its last line does not end in a newline: it may have been cut short")
    reading = _Reading()
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        if control := _FORBIDDEN.search(line):
            raise malformed(f"it has the control character U+{ord(control.group()):04X}", number)
        fields = _FIELDS.split(line.strip(" \t"))
        if fields[0] and not fields[0].startswith("#"):
            try:
                reading.take(fields)
            except (PolicyMalformedError, KeyMalformedError) as error:
                problem = error.message.removeprefix("this is no trust policy: ")
                raise malformed(problem, number) from None
    return reading.policy()


def format_policy(policy: Policy) -> bytes:
    """A policy as a file."""
    lines = [_line("log", log.key.text(), log.url) for log in policy.logs]
    lines += [_line("witness", each.name, each.key.text(), each.url) for each in policy.witnesses]
    lines += [_line("group", group.name, str(group.threshold), *group.members) for group in policy.groups]
    lines.append(_line("quorum", policy.quorum))
    return "".join(lines).encode(errors="surrogateescape")


class _Reading:
    """What was read of a policy so far."""

    def __init__(self) -> None:
        self._logs: list[PolicyLog] = []
        self._witnesses: list[PolicyWitness] = []
        self._groups: list[Group] = []
        self._defined: set[str] = set()
        self._quorum: str | None = None

    def take(self, fields: Sequence[str]) -> None:
        """Take one line."""
        keyword, values = fields[0], fields[1:]
        if keyword == "log" and len(values) in {1, 2}:
            self._logs.append(PolicyLog(parse_vkey(values[0]), *values[1:]))
        elif keyword == "witness" and len(values) in {2, 3}:
            self._witnesses.append(PolicyWitness(values[0], parse_vkey(values[1]), *values[2:]))
            self._defined.add(values[0])
        elif keyword == "group" and len(values) >= 3:
            self._take_group(values[0], values[1], tuple(values[2:]))
        elif keyword == "quorum" and len(values) == 1:
            self._take_quorum(values[0])
        else:
            raise malformed(f"{shown(' '.join(fields))} is no line of a policy")
        self.policy(quorum=NO_QUORUM)  # so that a fault is told with its line

    def policy(self, *, quorum: str | None = None) -> Policy:
        """The policy that was read."""
        quorum = quorum or self._quorum
        if quorum is None:
            raise malformed("it has no quorum line")
        return Policy(tuple(self._logs), tuple(self._witnesses), tuple(self._groups), quorum)

    def _take_group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        for member in members:
            if member not in self._defined:
                raise malformed(f"{shown(member)} in the group {shown(name)} is not defined before it")
        count = _THRESHOLDS[threshold](len(members)) if threshold in _THRESHOLDS else decimal(threshold)
        if count is None:
            raise malformed(f"the threshold {shown(threshold)} is neither 'all', 'any' nor a number")
        self._groups.append(Group(name, count, members))
        self._defined.add(name)

    def _take_quorum(self, name: str) -> None:
        if self._quorum is not None:
            raise malformed("it has two quorum lines")
        if name != NO_QUORUM and name not in self._defined:
            raise malformed(f"the quorum {shown(name)} is not defined before it")
        self._quorum = name


def _line(*fields: str) -> str:
    return f"{' '.join(field for field in fields if field)}\n"
