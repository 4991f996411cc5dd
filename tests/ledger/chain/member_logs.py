"""A member's event log on disk, whose checkpoints it records on chain, for the tests of who watches logs."""

import shutil
from pathlib import Path

from ledger.chain.growth import Growth
from ledger.chain.registered_logs import member_log_key
from ledger.tlog.checkpoints import empty_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from ledger.tlog.witness_requests import AddCheckpoint


class MemberLog:
    """The event log of one party of a consortium (``clients.testing.consortium``)."""

    def __init__(self, consortium, name, folder):
        self.consortium, self.name, self.folder = consortium, name, Path(folder)
        keyring = consortium.party(name).keyring
        self.member = consortium.members.member(consortium.party(name).address)
        self.key = member_log_key(consortium.contracts, self.member)
        self.signer = Ed25519Signer(self.key.name, keyring.checkpoint.private_key)
        self.verifiers = (verifier_of(self.key),)
        if not self.folder.exists():
            LogWriter.create(self.folder, self.signed(empty_checkpoint(self.key.name)), self.verifiers).close()

    @property
    def origin(self):
        return self.key.name

    @property
    def reader(self):
        return LogReader(FolderSource(self.folder), self.verifiers)

    @property
    def checkpoint(self):
        return self.reader.checkpoint().checkpoint

    @property
    def note(self):
        return self.reader.checkpoint().note

    def signed(self, checkpoint):
        return sign_checkpoint(checkpoint, [self.signer])

    def grow(self, *entries):
        """Append entries and publish, without a word to the chain."""
        with LogWriter(self.folder, self.verifiers) as log:
            log.append(entries)
            log.publish(self.signed(log.checkpoint()))
        return self.note

    def record(self):
        """Put the present checkpoint on chain."""
        logs, now = self.consortium.contracts.event_logs, self.checkpoint
        before = logs.checkpoint(self.member.number).size
        proof = self.reader.consistency_proof(before, now.size) if before else ()
        return logs.submit(self.consortium.sender(self.name), Growth(before, now.size, now.root, tuple(proof)))

    def grow_and_record(self, *entries):
        self.grow(*entries)
        self.record()
        return self.note

    def forked(self, folder):
        """A copy that can be grown otherwise."""
        shutil.copytree(self.folder, folder)
        return MemberLog(self.consortium, self.name, folder)

    def request(self, old_size=0):
        """The body that asks a witness to cosign the present checkpoint."""
        size = self.checkpoint.size
        proof = self.reader.consistency_proof(old_size, size) if 0 < old_size < size else ()
        return AddCheckpoint(old_size, tuple(proof), self.note).body()


def entries(count, mark=b"event"):
    return [mark + number.to_bytes(32 - len(mark), "big") for number in range(count)]
