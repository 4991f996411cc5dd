"""Trust policies: which logs count, and which witnesses must have cosigned a checkpoint before it is believed.

::

    log smartborder.events/1337/0x…+1c2d…
    witness DE witness.zoll.example/w1+ab12cd34+BH…  https://witness.zoll.example
    witness NL …
    witness KR …
    group authorities 2 DE NL KR
    quorum authorities

A policy is a value: parsed, written, made from a list of witnesses (:func:`k_of_n`), and asked about a checkpoint::

    verified = parse_policy(data).check(note)          # ledger.tlog.policy_files
    verified.checkpoint.root, [cosigned.name for cosigned in verified.cosigned]

Source: C2SP tlog-policy; tlog-checkpoint; tlog-cosignature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.tlog.checkpoints import parse_checkpoint
from ledger.tlog.cosignatures import COSIGNATURE_TYPES, cosignature_time, verifiers_of
from ledger.tlog.errors import OriginWrongError, PolicyMalformedError, QuorumMissingError
from ledger.tlog.notes import open_note
from ledger.tlog.spellings import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Note
    from ledger.tlog.vkeys import VerifierKey

NO_QUORUM: Final = "none"
MAX_MEMBERS: Final = 256  # of logs, of witnesses, of groups; the specification asks for at least 32


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log whose checkpoints count.

    Attributes:
        key: its key; the name is its origin.
        url: how to reach it, or empty.
    """

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness.

    Attributes:
        name: what this policy calls it.
        key: the key that it cosigns with.
        url: its submission prefix, or empty.
    """

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses or groups, of which so many have to have cosigned.

    Attributes:
        name: what this policy calls it.
        threshold: how many.
        members: the names of witnesses, and of groups that stand before it.
    """

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cosigned:
    """One witness of a policy that has cosigned.

    Attributes:
        name: what the policy calls it.
        key: its key.
        time: when it did (seconds since 1970, UTC); 0 where it does not say.
    """

    name: str
    key: VerifierKey
    time: int


@dataclass(frozen=True, slots=True)
class VerifiedCheckpoint:
    """A checkpoint that a policy accepts.

    Attributes:
        checkpoint: what the log says.
        note: the note it came in.
        log: the key that signed it for its log.
        cosigned: the policy's witnesses that have cosigned it; at least a quorum.
    """

    checkpoint: Checkpoint
    note: Note
    log: VerifierKey
    cosigned: tuple[Cosigned, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Who has to have signed.

    Attributes:
        logs: any one of them has to have signed.
        witnesses: who counts as a witness.
        groups: groups of them, in an order in which each names only what stands before it.
        quorum: the name of the witness or group that has to have cosigned, or ``none``.

    Raises:
        PolicyMalformedError: a name is missing, taken or used twice, a key is there twice or not of its kind, a
            threshold cannot be met, or one witness could count twice by two of its keys.
    """

    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NO_QUORUM

    def __post_init__(self) -> None:
        _require_distinct_keys([log.key for log in self.logs], "log")
        _require_distinct_keys([witness.key for witness in self.witnesses], "witness")
        for counted, what in ((self.logs, "logs"), (self.witnesses, "witnesses"), (self.groups, "groups")):
            if len(counted) > MAX_MEMBERS:
                raise malformed(f"it has {len(counted)} {what}, more than {MAX_MEMBERS}")
        names: set[str] = set()
        for witness in self.witnesses:
            if witness.key.type not in COSIGNATURE_TYPES:
                raise malformed(f"the key of the witness {shown(witness.name)} is not for cosignatures")
            _define(witness.name, names)
        used: set[str] = set()
        key_names = {witness.name: witness.key.name for witness in self.witnesses}
        for group in self.groups:
            _require_members(group, names, used)
            _require_distinct_witnesses(group, key_names)
            _define(group.name, names)
        _require_together(self.groups, key_names)
        if self.quorum != NO_QUORUM and self.quorum not in names:
            raise malformed(f"the quorum {shown(self.quorum)} is not defined")

    def check(self, data: bytes | Note, *, logs: Iterable[VerifierKey] = ()) -> VerifiedCheckpoint:
        """Verify a checkpoint by this policy.

        Args:
            data: the note, or its bytes.
            logs: keys of logs that count besides the policy's.

        Raises:
            NoteMalformedError, CheckpointMalformedError: it is no signed checkpoint.
            SignatureWrongError: the signature of a known log or witness is not by it.
            SignerUnknownError: nobody known has signed it.
            OriginWrongError: no known key of the log that it names has signed it.
            QuorumMissingError: too few witnesses have cosigned it.
        """
        log_keys = [*(log.key for log in self.logs), *logs]
        opened = open_note(data, verifiers_of([*log_keys, *(witness.key for witness in self.witnesses)]))
        checkpoint = parse_checkpoint(opened.note.text)
        signed = {key for key, _ in opened.verified}
        log = next((key for key in log_keys if key in signed and key.name == checkpoint.origin), None)
        if log is None:
            raise OriginWrongError(
                f"no known key of the log {shown(checkpoint.origin)} has signed it",
                where="checkpoint",
                mend="Add the log to the policy if it is to be trusted.",
            )
        by_key = {witness.key: witness for witness in self.witnesses}
        cosigned = {
            by_key[key].name: Cosigned(by_key[key].name, key, cosignature_time(signature))
            for key, signature in opened.verified
            if key in by_key
        }
        if not self.satisfied_by(cosigned):
            raise QuorumMissingError(
                f"cosigned by {', '.join(sorted(cosigned)) or 'no witness'}; the policy asks for {self.quorum}",
                where="checkpoint",
                mend="Ask more witnesses to cosign it.",
            )
        return VerifiedCheckpoint(checkpoint, opened.note, log, tuple(cosigned.values()))

    def satisfied_by(self, witnesses: Collection[str]) -> bool:
        """Whether these witnesses, by their names here, are a quorum."""
        satisfied = {*witnesses, NO_QUORUM}
        for group in self.groups:
            if sum(member in satisfied for member in group.members) >= group.threshold:
                satisfied.add(group.name)
        return self.quorum in satisfied


def k_of_n(logs: Iterable[PolicyLog], witnesses: Sequence[PolicyWitness], k: int) -> Policy:
    """The policy that any ``k`` of some witnesses have to have cosigned; with ``k`` of 0, none.

    Raises:
        PolicyMalformedError: there are not that many witnesses, or as :class:`Policy`.
    """
    if k == 0:
        return Policy(tuple(logs), tuple(witnesses))
    taken = {witness.name for witness in witnesses}
    name = "witnesses"  # not "quorum": other implementations keep the keywords to themselves
    while name in taken:
        name += "-counted"
    group = Group(name, k, tuple(witness.name for witness in witnesses))
    return Policy(tuple(logs), tuple(witnesses), (group,), name)


def malformed(problem: str, line: int = 0) -> PolicyMalformedError:
    """The error for a policy that is none.

    Args:
        problem: what is wrong.
        line: where, from 1; 0 where it is no line's fault.
    """
    return PolicyMalformedError(
        f"this is no trust policy: {problem}",
        where=f"policy, line {line}" if line else "policy",
        mend="Correct the policy; C2SP tlog-policy has the rules.",
    )


def _define(name: str, names: set[str]) -> None:
    if not name or name == NO_QUORUM or any(character <= " " or character == "\x7f" for character in name):
        raise malformed(f"{shown(name)} cannot be a name")
    if name in names:
        raise malformed(f"the name {shown(name)} is defined twice")
    names.add(name)


def _require_members(group: Group, names: set[str], used: set[str]) -> None:
    if not 1 <= group.threshold <= len(group.members):
        raise malformed(
            f"the group {shown(group.name)} asks for {group.threshold} of {len(group.members)}, which cannot be met"
        )
    for member in group.members:
        if member not in names:
            raise malformed(f"{shown(member)} in the group {shown(group.name)} is not defined before it")
        if member in used:
            raise malformed(f"{shown(member)} is a group's member twice")
        used.add(member)


def _require_distinct_witnesses(group: Group, key_names: Mapping[str, str]) -> None:
    """Refuse two keys of one witness, which have one name, where both could count in the place of two witnesses."""
    found = [key_names[member] for member in group.members if member in key_names]
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None and 1 < group.threshold < len(group.members):
        raise malformed(
            f"the group {shown(group.name)} counts the witness {shown(twice)} once for each of its keys; put these "
            "into a group of their own, of which any counts"
        )


def _require_together(groups: Sequence[Group], key_names: Mapping[str, str]) -> None:
    """Refuse keys of one witness in several groups, each of which it could meet in the place of another witness."""
    group_of: dict[str, str] = {}
    for group in groups:
        for witness in {key_names[member] for member in group.members if member in key_names}:
            if witness in group_of:
                raise malformed(
                    f"the witness {shown(witness)} has keys in the groups {shown(group_of[witness])} and "
                    f"{shown(group.name)}; put all of them into one"
                )
            group_of[witness] = group.name


def _require_distinct_keys(keys: Sequence[VerifierKey], what: str) -> None:
    seen: set[bytes] = set()
    for key in keys:
        if key.public_key in seen:
            raise malformed(f"two {what} lines have the same public key ({shown(key.name)})")
        seen.add(key.public_key)
