"""Evidence as a party makes it: a bundle about one consignment, and the trust file by which others verify it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.chain.proof.errors import ProofError
from ledger.chain.proof.gathering import gather_header
from ledger.chain.proof.qbft import listed_validators
from ledger.tlog.cosignatures import verifiers_of
from ledger.tlog.policy import NO_QUORUM
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import source_of
from ledger.verify.evidence.encoding import encode_bundle
from ledger.verify.evidence.making import NOTHING_ADDED, Witnesses, ledger_of, make_bundle
from ledger.verify.evidence.roots import AttestationTrust, TrustRoots

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.chain.deployment import Contracts, Deployment
    from ledger.chain.nodes import Node
    from ledger.chain.proof.qbft import ValidatorSet
    from ledger.tlog.policy import Policy
    from ledger.verify import Case
    from ledger.verify.evidence.bundle import Bundle, Part
    from ledger.verify.evidence.making import Additions
    from ledger.verify.evidence.roots import BlockLogTrust


@dataclass(frozen=True, slots=True)
class Evidence:
    """An evidence bundle as it is handed over.

    Attributes:
        data: the file.
        bundle: what is in it.
        limits: what whoever receives it cannot check, each in a sentence.
    """

    data: bytes
    bundle: Bundle
    limits: tuple[str, ...]


def make_evidence(
    contracts: Contracts,
    case: Case,
    parts: Collection[Part],
    *,
    validators_since: int = 0,
    witnesses: Witnesses | None = None,
    additions: Additions = NOTHING_ADDED,
) -> Evidence:
    """The evidence of a consignment; arguments and errors as for :func:`ledger.verify.evidence.making.make_bundle`."""
    made = make_bundle(
        contracts, case, parts, validators_since=validators_since, witnesses=witnesses, additions=additions
    )
    return Evidence(encode_bundle(made.bundle), made.bundle, made.limits)


def witnesses_of(place: str, trust: BlockLogTrust) -> Witnesses:
    """The block log in a folder or at a URL, with a checkpoint that a policy accepts.

    Args:
        place: the folder, or the URL that the log's resources are under.
        trust: by whom it is believed.

    Raises:
        Refused: the policy does not accept the checkpoint.
        NotFound, Unavailable: the log cannot be read.
    """
    reader = LogReader(source_of(place), verifiers_of([log.key for log in trust.policy.logs]))
    note = reader.checkpoint().note
    size = trust.policy.check(note).checkpoint.size
    return Witnesses(note, reader.inclusion_proof, size, trust.depth)


@dataclass(frozen=True, slots=True)
class MadeTrust:
    """Trust roots, and what was taken on trust to make them, each in a sentence."""

    roots: TrustRoots
    taken: tuple[str, ...]


def make_trust(
    deployment: Deployment,
    node: Node,
    *,
    block_log: BlockLogTrust | None = None,
    validators_since: int = 0,
    threshold: int = 0,
) -> MadeTrust:
    """The trust roots of a consortium, as a node and the deployment file show it.

    Args:
        deployment: the deployment file's.
        node: a node of its chain: what it says of its validators is taken on trust.
        block_log: by whom the block log is believed, if it is.
        validators_since: the block whose validators are trusted, on a QBFT chain.
        threshold: how many of the founding authorities together can attest where a history ends; 0: none can.

    Raises:
        Unavailable: the node does not answer.
    """
    validators = _validators(node, validators_since)
    attestations = None
    if threshold:
        attestations = AttestationTrust(threshold, tuple(frozenset({each}) for each in deployment.founders))
    roots = TrustRoots(
        ledger=ledger_of(deployment),
        genesis_hash=deployment.genesis_hash,
        founders=frozenset(deployment.founders),
        validators=validators,
        block_log=block_log,
        attestations=attestations,
    )
    return MadeTrust(roots, tuple(_taken(roots, validators_since)))


def _validators(node: Node, number: int) -> ValidatorSet | None:
    try:
        return listed_validators(gather_header(node, number))
    except ProofError:
        return None


def _taken(roots: TrustRoots, validators_since: int) -> list[str]:
    ledger = roots.ledger
    chain = (
        f"The deployment file: chain {ledger.chain_id} with the genesis block 0x{roots.genesis_hash.hex()}, the "
        f"contracts {ledger.members}, {ledger.consignments} and {ledger.event_logs}."
    )
    taken = [chain, f"The deployment file: the founding authorities {', '.join(sorted(roots.founders))}."]
    if roots.validators is not None:
        listed = ", ".join(sorted(roots.validators.validators))
        taken.append(f"The node: the validators of block {validators_since} are {listed}.")
    if roots.block_log is not None:
        taken.append(_taken_of_block_log(roots.block_log.policy))
    if roots.validators is None and roots.block_log is None:
        taken.append(
            "Nothing makes a block final: this chain names no validators in its headers, and no policy of a block log "
            "was given. Every verdict will be undetermined; give --block-log."
        )
    if roots.attestations is not None:
        taken.append(
            f"The word of {roots.attestations.threshold} of the founding authorities for where a history ends, each by "
            "the key of its own address."
        )
    return taken


def _taken_of_block_log(policy: Policy) -> str:
    if policy.quorum == NO_QUORUM:
        return "The policy file: the block log is believed on its own signature; its policy asks for no witness."
    groups = [f"{group.name}: {group.threshold} of {', '.join(group.members)}" for group in policy.groups]
    counted = f" ({'; '.join(groups)})" if groups else ""
    return f"The policy file: the block log is believed where '{policy.quorum}' has cosigned{counted}."
