"""A log and witnesses with fixed keys, for the tests of logs."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.tlog.checkpoints import Checkpoint, empty_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import Ed25519Cosigner, MlDsa44Cosigner, verifiers_of
from ledger.tlog.merkle import EMPTY_ROOT, leaf_hashes, node_hash, root_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.storage import LogWriter

ORIGIN = "logs.example/events"
SIGNER = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x11" * 32))
OTHER_SIGNER = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x22" * 32))
VERIFIERS = verifiers_of([SIGNER.key])
NOW = 1_772_352_900


def ed25519_cosigner(name="witness.example/w1", seed=0x33):
    return Ed25519Cosigner(name, Ed25519PrivateKey.from_private_bytes(bytes((seed,)) * 32))


def ml_dsa_cosigner(name="witness.example/w1", seed=0x44):
    return MlDsa44Cosigner(name, MLDSA44PrivateKey.from_seed_bytes(bytes((seed,)) * 32))


def entries(count, first=0, mark=b""):
    return [mark + number.to_bytes(32 - len(mark), "big") for number in range(first, first + count)]


def checkpoint_of(log_entries, origin=ORIGIN, extensions=()):
    return Checkpoint(origin, len(log_entries), root_of(leaf_hashes(log_entries)), extensions)


def signed(checkpoint, signer=SIGNER):
    return sign_checkpoint(checkpoint, [signer])


def new_log(folder, signer=SIGNER, **options):
    return LogWriter.create(
        folder, signed(empty_checkpoint(signer.name), signer), verifiers_of([signer.key]), **options
    )


def publish(log, signer=SIGNER):
    note = signed(log.checkpoint(), signer)
    log.publish(note)
    return note


def written_log(folder, log_entries):
    """A log with these entries, published and closed."""
    with new_log(folder) as log:
        log.append(log_entries)
        publish(log)
    return folder


def merkle_tree_hash(leaves):
    """MTH of RFC 9162, section 2.1.1, as it is written there."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(merkle_tree_hash(leaves[:split]), merkle_tree_hash(leaves[split:]))


def inclusion_path(index, leaves):
    """PATH of RFC 9162, section 2.1.3.1, as it is written there."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*inclusion_path(index, leaves[:split]), merkle_tree_hash(leaves[split:])]
    return [*inclusion_path(index - split, leaves[split:]), merkle_tree_hash(leaves[:split])]


def consistency_path(size, leaves, *, known=True):
    """SUBPROOF of RFC 9162, section 2.1.4.1, as it is written there."""
    if size == len(leaves):
        return [] if known else [merkle_tree_hash(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if size <= split:
        return [*consistency_path(size, leaves[:split], known=known), merkle_tree_hash(leaves[split:])]
    return [*consistency_path(size - split, leaves[split:], known=False), merkle_tree_hash(leaves[:split])]
