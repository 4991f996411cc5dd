"""Where a history ends, as a bundle proves it: by the contract's storage, or by the word of authorities.

A receipt proves that something was stated, never that nothing else was. These two prove a number of statements and a
head after a block; whoever left a statement off at the end has another number and another head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.chain.proof.heads import proved_head
from ledger.chain.proof.storage import proved_storage
from ledger.identity.attestations import attestation_signers
from ledger.verify.evidence.errors import BundleMalformedError
from ledger.verify.evidence.storage import state_slots, stored_state
from ledger.verify.findings import AsOf
from ledger.verify.proven import ProvenEnd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.chain.proof.storage import StorageProof
    from ledger.chain.state import State
    from ledger.identity.attestations import HeadAttestation
    from ledger.verify.evidence.bundle import AttestedHead, Bundle
    from ledger.verify.evidence.roots import TrustRoots


@dataclass(frozen=True, slots=True)
class FoundEnds:
    """What a bundle says of where the history ends.

    Attributes:
        ends: what is proven, the contract's storage first.
        state: the contract's state, as its storage proves it.
        attested: the attestations that enough authorities signed; what others claim counts for nothing.
        problem: why something that was given proves nothing.
    """

    ends: tuple[ProvenEnd, ...] = ()
    state: State | None = None
    attested: tuple[HeadAttestation, ...] = ()
    problem: str = ""


def prove_ends(bundle: Bundle, roots: TrustRoots, address: Mapping[int, str]) -> FoundEnds:
    """Where the history ends.

    1. The storage proof is of this consignment's slots in the contract that is trusted, and of no others.
    2. An attestation is signed by as many authorities as the trust file asks for; each counts once.

    Args:
        bundle: the bundle; untrusted.
        roots: what the verifier trusts.
        address: the members' addresses by their numbers.

    Raises:
        ProofError: the storage proof proves nothing.
        BundleMalformedError: it is of other slots, or its state names a member whose admission is not in the bundle.
        SignatureMalformedError: a signature is none.
    """
    stored = None if bundle.head is None else _stored(bundle, bundle.head, roots, address)
    ends = [] if stored is None else [stored[0]]
    attested, problems = [], []
    for each in bundle.attestations:
        end, problem = _attested(bundle, each, roots)
        if end is not None:
            ends.append(end)
            attested.append(each.attestation)
        problems += [problem] if problem else []
    return FoundEnds(tuple(ends), None if stored is None else stored[1], tuple(attested), " ".join(problems))


def _stored(
    bundle: Bundle, proof: StorageProof, roots: TrustRoots, address: Mapping[int, str]
) -> tuple[ProvenEnd, State | None]:
    head = proved_head(proof, roots.ledger.consignments, bundle.consignment, "bundle.head")
    values = proved_storage(proof, "bundle.head").values
    if values.keys() != set(state_slots(bundle.consignment)):
        raise _malformed("is not of the slots that hold this consignment's state, and of no others")
    try:
        state = stored_state(bundle.consignment, values, address)
    except ValueError as error:
        raise _malformed(f"holds what the contract never writes ({error})") from None
    except KeyError as error:
        raise _malformed(f"names member {error}, whose admission is not in the bundle") from None
    as_of = AsOf(head.block.number, head.block.time)
    return ProvenEnd(as_of, head.position, head.head, "the contract's storage"), state


def _attested(bundle: Bundle, each: AttestedHead, roots: TrustRoots) -> tuple[ProvenEnd | None, str]:
    said, trust = each.attestation, roots.attestations
    if said.consignment != bundle.consignment:
        raise BundleMalformedError(
            "is about another consignment", where="bundle.attestations", mend="Ask the giver for the bundle again."
        )
    if trust is None:
        return None, "your trust file names no authorities whose word for it counts."
    keys = attestation_signers(said, each.signatures, roots.domain)
    known = [authority for authority in trust.authorities if authority & keys]
    if len(known) < trust.threshold:
        return None, (
            f"the head after block {said.block_number:,} is attested by {len(known)} of your authorities, and "
            f"your trust file asks for {trust.threshold}."
        )
    by = f"the word of {len(known)} authorities"
    return ProvenEnd(AsOf(said.block_number, None), said.position, said.head, by), ""


def _malformed(problem: str) -> BundleMalformedError:
    return BundleMalformedError(problem, where="bundle.head", mend="Ask the giver for the bundle again.")
