"""A log and its twin that forked from it, and a witness to show them to, for the tests."""

from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.proving import MemoryTree, consistency_proof
from ledger.tlog.witness import Witness
from ledger.tlog.witness_requests import AddCheckpoint
from ledger.tlog.witness_state import WitnessState
from tests.ledger.tlog.disks import QuickDisk
from tests.ledger.tlog.samples import NOW, ORIGIN, SIGNER, VERIFIERS, checkpoint_of, ed25519_cosigner, entries, signed

FORK = 5  # the entries that a log and its twin have in common


def honest(size):
    return entries(size)


def forked(size):
    return [*entries(FORK), *entries(size - FORK, FORK, b"forked")]


def request(old_size, log_entries, *, proof=None, signer=SIGNER, note=None):
    """What a log asks for when it grew from a size to these entries."""
    if proof is None:
        proof = consistency_proof(old_size, len(log_entries), MemoryTree(leaf_hashes(log_entries)))
    return AddCheckpoint(old_size, tuple(proof), note or signed(checkpoint_of(log_entries), signer))


class Clock:
    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


def new_witness(folder, cosigners=None, logs=None, disk=None, clock=None, **options):
    state = WitnessState.create(folder, disk=disk or QuickDisk())
    logs = {ORIGIN: VERIFIERS} if logs is None else logs
    return Witness(cosigners or [ed25519_cosigner()], logs, state, clock=clock or Clock(), **options)
