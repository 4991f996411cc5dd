"""Trust roots: what a verifier is given and does not check, as a small file that a person makes once.

Everything else in a verdict is recomputed. The file says which ledger, who founded it, whose seals or cosignatures make
a block final, and whose word counts for where a history ends. docs/evidence.md says how to make one;
docs/formats.md ("Trust file") gives its members.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.proof.errors import ProofError
from ledger.chain.proof.qbft import ValidatorSet
from ledger.errors import InputError
from ledger.identity.statements import Domain
from ledger.identity.untrusted import JsonObject
from ledger.tlog.policy_files import format_policy, parse_policy
from ledger.verify.evidence.bundle import Ledger
from ledger.verify.evidence.errors import TrustMalformedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.tlog.policy import Policy

FILE_VERSION: Final = 1
MAX_FILE_BYTES: Final = 1_000_000  # policies with 256 keys of ML-DSA-44 take most of it
_MAX_AUTHORITIES: Final = 256
_MAX_KEYS: Final = 64
_MAX_NUMBER: Final = 2**63 - 1
_MEND: Final = "Make it anew with: smartborder evidence trust"

_REQUIRED: Final = ("smartborderTrust", "chainId", "genesisHash", "members", "consignments", "eventLogs", "founders")
_OPTIONAL: Final = ("validators", "blockLog", "eventLogWitnesses", "attestations")


@dataclass(frozen=True, slots=True)
class BlockLogTrust:
    """By whom the block log is believed.

    Attributes:
        policy: which keys of the log and which witnesses count (C2SP tlog-policy).
        depth: how many later blocks the log has to have before one counts as final; 0 where the engine never
            takes a block back.
    """

    policy: Policy
    depth: int = 0


@dataclass(frozen=True, slots=True)
class AttestationTrust:
    """Whose word counts for where a history ends.

    Attributes:
        threshold: of how many authorities.
        authorities: the addresses of the keys of each; an authority counts once, whichever of its keys sign.
    """

    threshold: int
    authorities: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class TrustRoots:
    """What a verifier trusts.

    Attributes:
        ledger: chain and contracts.
        genesis_hash: the hash of the chain's block 0 (32 bytes).
        founders: the addresses of the founding authorities.
        validators: those of a QBFT chain from some block on; None where its seals are not counted.
        block_log: by whom the block log is believed; None where it is not.
        event_logs: the witnesses of members' event logs; None where only checkpoints on chain count.
        attestations: whose word counts for a head; None where nobody's does.
    """

    ledger: Ledger
    genesis_hash: bytes
    founders: frozenset[str] = frozenset()
    validators: ValidatorSet | None = None
    block_log: BlockLogTrust | None = None
    event_logs: Policy | None = None
    attestations: AttestationTrust | None = None

    @property
    def domain(self) -> Domain:
        """Where statements of this ledger are signed (EIP-712)."""
        return Domain(self.ledger.chain_id, self.ledger.consignments)

    def to_json(self) -> dict[str, Any]:
        """The roots as the JSON object of a trust file."""
        members: dict[str, Any] = {
            "smartborderTrust": FILE_VERSION,
            "chainId": self.ledger.chain_id,
            "genesisHash": f"0x{self.genesis_hash.hex()}",
            "members": self.ledger.members,
            "consignments": self.ledger.consignments,
            "eventLogs": self.ledger.event_logs,
            "founders": sorted(self.founders),
        }
        if self.validators is not None:
            members["validators"] = {
                "since": self.validators.since,
                "addresses": sorted(self.validators.validators),
            }
        if self.block_log is not None:
            members["blockLog"] = {"policy": _policy_text(self.block_log.policy), "depth": self.block_log.depth}
        if self.event_logs is not None:
            members["eventLogWitnesses"] = _policy_text(self.event_logs)
        if self.attestations is not None:
            members["attestations"] = {
                "threshold": self.attestations.threshold,
                "authorities": [sorted(keys) for keys in self.attestations.authorities],
            }
        return members

    def text(self) -> str:
        """The trust file."""
        return json.dumps(self.to_json(), indent=2) + "\n"


def read_trust(data: bytes, where: str = "trust file") -> TrustRoots:
    """The roots in a trust file.

    Raises:
        TrustMalformedError: it is none; the message names the member.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TrustMalformedError(f"is larger than {MAX_FILE_BYTES:,} bytes", where=where, mend=_MEND)
    try:
        content = json.loads(data, object_pairs_hook=_distinct)
        read = JsonObject(content, where, _REQUIRED, _OPTIONAL)
        if read.number("smartborderTrust", _MAX_NUMBER) != FILE_VERSION:
            raise read.unexpected("smartborderTrust", f"version {FILE_VERSION}")
        return TrustRoots(
            ledger=Ledger(
                read.number("chainId", _MAX_NUMBER),
                read.address("members"),
                read.address("consignments"),
                read.address("eventLogs"),
            ),
            genesis_hash=read.hash("genesisHash"),
            founders=frozenset(_addresses(read, "founders", _MAX_AUTHORITIES)),
            validators=_optional(read, "validators", _validators),
            block_log=_optional(read, "blockLog", _block_log),
            event_logs=_policy(read, "eventLogWitnesses") if read.has("eventLogWitnesses") else None,
            attestations=_optional(read, "attestations", _attestations),
        )
    except TrustMalformedError:
        raise
    except InputError as error:
        raise TrustMalformedError(error.message, where=error.where or where, mend=_MEND) from None
    except (ValueError, RecursionError) as error:
        raise TrustMalformedError(f"is not JSON: {error}", where=where, mend=_MEND) from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _optional(read: JsonObject, name: str, reader: Callable[[object, str], Any]) -> Any:  # noqa: ANN401  # as the reader gives it
    return reader(read.raw(name), read.path(name)) if read.has(name) else None


def _validators(content: object, where: str) -> ValidatorSet:
    read = JsonObject(content, where, ("since", "addresses"))
    try:
        return ValidatorSet(
            frozenset(_addresses(read, "addresses", _MAX_AUTHORITIES)), read.number("since", _MAX_NUMBER)
        )
    except ProofError as error:
        raise TrustMalformedError(error.message, where=where, mend=_MEND) from None


def _block_log(content: object, where: str) -> BlockLogTrust:
    read = JsonObject(content, where, ("policy", "depth"))
    return BlockLogTrust(_policy(read, "policy"), read.number("depth", _MAX_NUMBER))


def _attestations(content: object, where: str) -> AttestationTrust:
    read = JsonObject(content, where, ("threshold", "authorities"))
    groups = []
    for index, item in enumerate(read.items("authorities", _MAX_AUTHORITIES)):
        keys = JsonObject({"keys": item}, f"{where}.authorities[{index}]", ("keys",))
        groups.append(frozenset(_addresses(keys, "keys", _MAX_KEYS)))
    every = [key for keys in groups for key in keys]
    if len(set(every)) != len(every):
        raise TrustMalformedError("a key is of two authorities", where=read.path("authorities"), mend=_MEND)
    threshold = read.number("threshold", _MAX_AUTHORITIES)
    if not 1 <= threshold <= len(groups):
        raise read.unexpected("threshold", f"a number from 1 to {len(groups)}, of the authorities named")
    return AttestationTrust(threshold, tuple(groups))


def _addresses(read: JsonObject, name: str, most: int) -> list[str]:
    items = read.items(name, most)
    found = [JsonObject({"address": item}, f"{read.path(name)}[{n}]", ("address",)).address("address") for n, item in
             enumerate(items)]  # fmt: skip
    if len(set(found)) != len(found):
        raise TrustMalformedError("an address stands twice", where=read.path(name), mend=_MEND)
    return found


def _policy(read: JsonObject, name: str) -> Policy:
    return parse_policy(read.text(name, MAX_FILE_BYTES).encode(errors="surrogateescape"))


def _policy_text(policy: Policy) -> str:
    return format_policy(policy).decode(errors="surrogateescape")
