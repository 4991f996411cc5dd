"""A member with a store, a log and a chain on paper, and documents to capture, for the tests of this folder."""

import hashlib
import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from ledger.capture.member_log import MemberLog, Witnessing
from ledger.capture.pipeline import Choices, capture
from ledger.capture.set_aside import SetAsideFolder
from ledger.capture.sources import Sources
from ledger.chain.growth import EMPTY, LogRecord, judge_own
from ledger.chain.members import MemberRecord
from ledger.chain.state import Problem, Standing, Status
from ledger.chain.transactions import Receipt
from ledger.epcis import digests, read
from ledger.epcis.commitment import blind, blinded_commitment
from ledger.identity.keys import Keyring
from ledger.identity.milestones import Role, Scope
from ledger.store.store import Store
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.fsck import LogWord, check_log
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from tests.ledger.tlog.disks import QuickDisk

CHAIN_ID = 1337
CONTRACT = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
MEMBER_NUMBER = 7
NOW = 1_778_400_000


def keyring(seed):
    return Keyring.generate(lambda length: (seed.encode() * length)[:length])


KEYS = keyring("member")


def event(serial):
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T09:15:00+01:00",
        "eventTimeZoneOffset": "+01:00",
        "epcList": [f"urn:epc:id:sgtin:9521321.011111.{serial}"],
        "action": "OBSERVE",
        "bizStep": "shipping",
    }


def document(*serials, **members):
    """A document on one line with an event for each serial number."""
    content = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T12:00:00Z",
        "epcisBody": {"eventList": [event(serial) for serial in serials]},
        **members,
    }
    return json.dumps(content, separators=(",", ":")).encode()


BROKEN = document(1).replace(b'"OBSERVE"', b'"WATCH"')


def commitments(*contents):
    """The event commitments of some documents, in order."""
    return [digests(event).commitment for content in contents for event in read(content).events]


class PaperChain:
    """What the contract has on record, kept in a file, by the rules of :mod:`ledger.chain.growth`."""

    def __init__(self, path, problem=Problem.NONE):
        self.path = path
        self.problem = problem
        self.fault = None  # raised instead of an answer
        self.submitted = []
        self.deployment = SimpleNamespace(chain_id=CHAIN_ID, event_logs=SimpleNamespace(address=CONTRACT))
        self.event_logs = self

    def checkpoint(self, number):
        assert number == MEMBER_NUMBER
        if self.fault:
            raise self.fault
        if not self.path.exists():
            return EMPTY
        size, root, time = json.loads(self.path.read_text())
        return LogRecord(size, bytes.fromhex(root), time)

    def submit(self, sender, growth):
        record = self.checkpoint(MEMBER_NUMBER)
        standing = Standing(MEMBER_NUMBER, sender, "KR", scopes=Scope.CHECKPOINTS, problem=self.problem)
        grown = judge_own(record, growth, sender, standing, NOW)
        staged = self.path.with_suffix(".new")
        staged.write_text(json.dumps([grown.size, grown.root.hex(), grown.time]))
        staged.replace(self.path)
        self.submitted.append(growth)
        return Receipt(b"\x77" * 32, len(self.submitted), b"\x78" * 32, 60_000, None, ())


@dataclass
class Rig:
    """A member's home, and what it captures."""

    folder: Path
    chain: PaperChain = None
    keys: Keyring = KEYS
    policy: object = None
    disk: object = field(default_factory=QuickDisk)

    def __post_init__(self):
        self.folder.mkdir(exist_ok=True)
        self.chain = self.chain or PaperChain(self.folder.parent / f"{self.folder.name}.chain")

    @property
    def witnessing(self):
        member = MemberRecord(
            MEMBER_NUMBER,
            self.keys.address,
            "KR",
            frozenset({Role.EXPORTER}),
            Status.ACTIVE,
            self.keys.encryption.public_bytes,
            self.keys.checkpoint.public_bytes,
        )
        return Witnessing(self.folder / "log", self.chain, self.keys.address, member, self.keys.checkpoint, self.policy)

    @property
    def store_path(self):
        return self.folder / "store.sqlite"

    @property
    def aside(self):
        return self.folder / "set-aside"

    @property
    def reader(self):
        return LogReader(FolderSource(self.folder / "log"), [verifier_of(self.witnessing.signer.key)])

    @contextmanager
    def open(self):
        with ExitStack() as stack:
            store = stack.enter_context(Store.open(self.store_path, self.keys.store_key()))
            yield store, stack.enter_context(MemberLog.open(store, self.witnessing, disk=self.disk))

    def capture(self, *named, stdin=None, **choices):
        aside = SetAsideFolder(self.aside, self.disk)
        sources = Sources([str(name) for name in named], stdin=stdin, spool=aside.spool)
        with self.open() as (store, log):
            return capture(store, log, sources, aside, Choices(**{"processes": 1, **choices}))

    def entries(self):
        size = self.reader.checkpoint().checkpoint.size
        return list(self.reader.entries(0, size, size))

    def expected(self, *contents):
        """The entries that documents give, each event once, in order."""
        with Store.open(self.store_path, self.keys.store_key()) as store, store.read() as kept:
            secret = kept.event_logs.secret(self.witnessing.origin)
        return [blinded_commitment(each, blind(secret, each)) for each in dict.fromkeys(commitments(*contents))]

    def require_exactly_once(self, *contents):
        """Every event of the documents is in store, log and chain once, and nothing else is."""
        entries = self.entries()
        assert sorted(entries) == sorted(self.expected(*contents))
        with Store.open(self.store_path, self.keys.store_key()) as store, store.read() as kept:
            origin = self.witnessing.origin
            assert kept.event_logs.size(origin) == len(entries)
            logged = kept.event_logs.commitments(origin, 0, len(entries))
            secret = kept.event_logs.secret(origin)
            assert [blinded_commitment(each, blind(secret, each)) for each in logged] == entries
            for content in contents:
                assert kept.documents.get(digest(content)).content == content
        checkpoint = self.reader.checkpoint().checkpoint
        record = self.chain.checkpoint(MEMBER_NUMBER)
        assert (record.size, record.root if record.size else checkpoint.root) == (checkpoint.size, checkpoint.root)
        report = check_log(FolderSource(self.folder / "log"), [verifier_of(self.witnessing.signer.key)])
        assert report.word is LogWord.VERIFIED, report


def digest(content):
    return hashlib.sha256(content).digest()
