"""An authority's witness: its keys and its record in the authority's home, and the checkpoints it may cosign.

::

    keys = create_witness(home, WitnessKeys.generate(name), password)     # once
    witness = open_witness(home, keys, contracts)
    with WitnessServer(witness, port=8750) as server:
        server.serve_forever()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.chain.chain_witness import ChainWitness, WitnessRecord
from ledger.chain.clock import system_clock
from ledger.errors import Refused
from ledger.identity.keyfile import STANDARD_COST
from ledger.identity.witness_keys import WitnessKeystore
from ledger.tlog.cosignatures import Ed25519Cosigner, MlDsa44Cosigner
from ledger.tlog.policy import PolicyWitness
from ledger.tlog.vkeys import SignatureType, VerifierKey, require_key_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.home import Home
    from ledger.chain.deployment import Contracts
    from ledger.identity.keyfile import ScryptCost
    from ledger.identity.witness_keys import WitnessKeys, WitnessPublicKeys
    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.cosignatures import Cosigner

DEFAULT_PORT: Final = 8750


def witness_name(chain_id: int, member: str) -> str:
    """The name that a witness has unless it is given another.

    Args:
        chain_id: of the consortium's chain.
        member: the authority's address (EIP-55).
    """
    return f"smartborder.witness/{chain_id}/{member}"


def create_witness(home: Home, keys: WitnessKeys, password: str, *, cost: ScryptCost = STANDARD_COST) -> None:
    """Make the witness of a home: its encrypted keys, and an empty record.

    Both are made together: an empty record with keys that have cosigned before could cosign what contradicts them.

    Args:
        home: the authority's.
        keys: new ones.
        password: the one that opens the home's keystore.
        cost: the scrypt work for the key file.

    Raises:
        KeyMalformedError: the name cannot be one.
        FileTakenError: there is a witness already.
        Refused: there is the record of one whose keys are gone.
        FileExposedError, FileUnusableError, WitnessStateError: the home cannot be used.
    """
    require_key_name(keys.name)
    keystore = WitnessKeystore(home.keystore.folder, cost=cost)
    if not keystore.exists:
        _empty_record(home)  # before the keys: without them it cosigns nothing
    keystore.create(keys, password)


def open_witness(
    home: Home,
    keys: WitnessKeys,
    contracts: Contracts,
    *,
    clock: Callable[[], int] = system_clock,
    blocks: Callable[[Checkpoint], str | None] | None = None,
    depth: int = 0,
) -> ChainWitness:
    """The witness of a home.

    Args:
        home: the authority's.
        keys: its witness's, unlocked.
        contracts: the consortium's, on the authority's own node.
        clock: the time (seconds since 1970, UTC).
        blocks: see :class:`ledger.chain.chain_witness.ChainWitness`.
        depth: likewise.

    Raises:
        WitnessStateError: there is no record, or it cannot be used.
    """
    record = WitnessRecord.open(home.witness_folder)
    return ChainWitness(cosigners_of(keys), contracts, record, clock=clock, blocks=blocks, depth=depth)


def cosigners_of(keys: WitnessKeys) -> tuple[Cosigner, ...]:
    """What cosigns with the keys of a witness: with Ed25519 for everybody now, with ML-DSA-44 for the years to come."""
    return Ed25519Cosigner(keys.name, keys.ed25519), MlDsa44Cosigner(keys.name, keys.ml_dsa_44)


def verifier_keys(keys: WitnessPublicKeys) -> tuple[VerifierKey, ...]:
    """The keys that verify a witness's cosignatures: what logs put into their policies.

    It is one witness: a policy counts it once, by one of the keys, or by a group of both of which any counts.
    """
    return (
        VerifierKey(keys.name, SignatureType.ED25519_COSIGNATURE, keys.ed25519),
        VerifierKey(keys.name, SignatureType.ML_DSA_44_COSIGNATURE, keys.ml_dsa_44),
    )


def policy_witnesses(keys: WitnessPublicKeys, url: str) -> tuple[PolicyWitness, ...]:
    """A witness as a policy has it: each of its keys by a name of its own, both at one address.

    Args:
        keys: the witness's.
        url: its address.

    Raises:
        PolicyMalformedError: the address cannot stand in a policy.
    """
    ed25519, ml_dsa_44 = verifier_keys(keys)
    return (PolicyWitness(keys.name, ed25519, url), PolicyWitness(f"{keys.name}/ml-dsa-44", ml_dsa_44, url))


def _empty_record(home: Home) -> None:
    folder = home.witness_folder
    if not folder.exists():
        WitnessRecord.create(folder)
        return
    if not WitnessRecord.open(folder).is_empty:
        raise Refused(
            "there is the record of a witness whose keys are gone",
            where=str(folder),
            mend="Restore witness.json in the keystore from a copy; for a witness with new keys, move the folder away.",
        )
