"""The steps of an audit one by one: what a node could show, what a process or a disk could do."""

import dataclasses
import sqlite3

import pytest

from clients.testing.consortium import start
from ledger.chain.history import checkpoint_history
from ledger.errors import Unavailable
from ledger.identity.checkpoints import CheckpointStatement, sign_checkpoint
from ledger.identity.keys import CheckpointKey, SigningKey
from ledger.identity.signatures import Signature
from ledger.store.errors import NotAStoreError, StoreUnusableError
from ledger.store.raw import RawStore
from ledger.store.store import Store
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.proving import MemoryTree, consistency_proof, tree_root
from ledger.tlog.sources import FolderSource
from ledger.verify import Outcome, Word
from ledger.verify.audit import AuditFinding, AuditScope, audit, documents
from ledger.verify.audit.checkpoints import audit_recorded
from ledger.verify.audit.report import MAX_FINDINGS, Ledger
from ledger.verify.register import read_membership
from tests.ledger.chain.member_logs import MemberLog, entries
from tests.ledger.store.samples import DOCUMENT, KEY, digests
from tests.ledger.verify.audit import dying


@pytest.fixture(scope="module")
def consortium():
    return start().consortium


@pytest.fixture(scope="module")
def recorded(consortium):
    """Two checkpoints of the carrier, signed by it and carried by another."""
    logs, party = consortium.contracts.event_logs, consortium.party("carrier")
    member = consortium.members.member(party.address)
    tree, before = MemoryTree(leaf_hashes(entries(5))), 0
    for size in (3, 5):
        now = consortium.now()
        proof = tuple(consistency_proof(before, size, tree)) if before else ()
        statement = CheckpointStatement(member.number, before, size, tree_root(size, tree), now, now + 3600)
        logs.submit_signed(
            consortium.sender("auditor"), sign_checkpoint(statement, logs.domain, party.keyring.signing, proof)
        )
        before = size
    return checkpoint_history(consortium.contracts, member.number)


def found(consortium, recorded):
    ledger = Ledger()
    membership = read_membership(consortium.contracts)
    audit_recorded(recorded, "the log", consortium.contracts.event_logs.domain, membership, ledger)
    return [(each.rule, each.place) for each in ledger.report(None).findings]


def test_checkpoints_that_were_signed_and_grew_are_right(consortium, recorded):
    assert [each.signed is not None for each in recorded] == [True, True]
    assert found(consortium, recorded) == []


def test_a_checkpoint_left_out_shows_in_the_next(consortium, recorded):
    assert [rule for rule, _ in found(consortium, recorded[1:])] == ["checkpoint.growth"]


def test_a_checkpoint_shown_by_the_node_with_another_root_is_not_what_was_signed(consortium, recorded):
    first = recorded[0]
    altered = dataclasses.replace(first.signed.statement, root=b"\7" * 32)
    signed = dataclasses.replace(first.signed, statement=altered)
    shown = dataclasses.replace(first, root=b"\7" * 32, signed=signed)
    [(rule, place)] = found(consortium, [shown, recorded[1]])
    assert rule == "checkpoint.signature"
    assert "checkpoint of 3 entries" in place
    broken = dataclasses.replace(first.signed, signature=Signature(bytes(31) + b"\5", bytes(31) + b"\1"))
    assert [rule for rule, _ in found(consortium, [dataclasses.replace(first, signed=broken), recorded[1]])] == [
        "checkpoint.signature"
    ]


def test_a_checkpoint_by_a_key_that_was_not_the_members_is_told(consortium, recorded):
    stranger = SigningKey(b"\x51" * 32).address
    shown = [dataclasses.replace(each, signed=None, key=stranger) for each in recorded]
    assert [rule for rule, _ in found(consortium, shown)] == ["checkpoint.signature"] * 2
    other = consortium.party("exporter").address
    shown = [dataclasses.replace(each, signed=None, key=other) for each in recorded]
    assert [rule for rule, _ in found(consortium, shown)] == ["checkpoint.signature"] * 2


def test_a_checkpoint_key_that_was_replaced_is_a_warning_until_the_log_is_published_anew(consortium, tmp_path):
    log = MemberLog(consortium, "importer", tmp_path / "log")
    log.grow_and_record(*entries(4))
    scope = AuditScope(contracts=consortium.contracts, others=(FolderSource(log.folder),))
    assert audit(scope).findings == ()
    consortium.members.replace_checkpoint_key(consortium.sender("importer"), CheckpointKey(b"\x61" * 32).public_bytes)
    report = audit(scope)
    assert report.word is Word.VERIFIED
    assert [(each.rule, each.outcome) for each in report.findings] == [("log.checkpoint", Outcome.WARNING)]


def test_a_node_that_fails_on_the_way_leaves_the_chain_unread(consortium, monkeypatch):
    def down(*_):
        raise Unavailable("the node does not answer", mend="Start it.")

    monkeypatch.setattr("ledger.verify.audit.auditor.read_chain", down)
    report = audit(AuditScope(contracts=consortium.contracts))
    assert report.word is Word.UNDETERMINED
    assert [str(each) for each in report.findings] == ["chain: the node does not answer\nStart it."]


@pytest.fixture
def store_path(tmp_path):
    path = tmp_path / "store.sqlite"
    with Store.open(path, KEY) as store, store.write() as kept:
        kept.documents.keep(DOCUMENT)
        kept.documents.keep_events(DOCUMENT.sha256, [digests(1)])
    return path


def test_a_process_that_ends_leaves_its_documents_undetermined(store_path, monkeypatch):
    monkeypatch.setattr(documents, "FEW_DOCUMENTS", 0)
    monkeypatch.setattr(documents, "examine", dying.die)
    report = audit(AuditScope(store=store_path, store_key=KEY, workers=2))
    [finding] = [each for each in report.findings if each.rule == "store.read"]
    assert finding.outcome is Outcome.UNDETERMINED
    assert "ended before it had answered" in finding.reason


@pytest.mark.parametrize("workers", [1, 2])
def test_a_part_that_cannot_be_read_is_told_and_the_rest_goes_on(store_path, monkeypatch, workers):
    monkeypatch.setattr(documents, "FEW_DOCUMENTS", 0)
    monkeypatch.setattr(documents, "examine", dying.unreadable)
    report = audit(AuditScope(store=store_path, store_key=KEY, workers=workers))
    [finding] = [each for each in report.findings if each.rule == "store.read"]
    assert (finding.place, finding.outcome) == ("documents in rows 1 to 1", Outcome.FAILED)
    assert report.counts.get("statements", 0) == 0


def test_a_table_that_is_gone_is_told_and_the_rest_is_looked_at(store_path):
    with sqlite3.connect(store_path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("DROP TABLE blinds")
    connection.close()
    report = audit(AuditScope(store=store_path, store_key=KEY, workers=1))
    assert "no such table: blinds" in " ".join(each.reason for each in report.findings if each.rule == "store.read")
    assert report.counts["documents"] == 1


def test_what_is_no_store_or_cannot_be_opened_is_refused(tmp_path, store_path, monkeypatch):
    with pytest.raises(NotAStoreError, match="there is no store"):
        RawStore(tmp_path / "nowhere", KEY)

    def fail(*_, **__):
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr("ledger.store.raw.sqlite3.connect", fail)
    with pytest.raises(StoreUnusableError, match="unable to open"):
        RawStore(store_path, KEY)


def test_a_document_whose_events_cannot_be_recorded_is_told(tmp_path):
    from ledger.epcis.model import Media
    from ledger.store.records import Document

    content = (
        b'{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"x":"https://x.example/"}],'
        b'"type":"ObjectEvent","eventTime":"2026-05-01T08:00:00Z","eventTimeZoneOffset":"+00:00","action":"OBSERVE",'
        b'"epcList":["urn:epc:id:sgtin:4012345.066666.1"],"x:weight":9007199254740993}'
    )
    path = tmp_path / "store.sqlite"
    with Store.open(path, KEY) as store, store.write() as kept:
        document = Document(content, Media.JSON)
        kept.documents.keep(document)
        kept.documents.keep_events(document.sha256, [digests(1)])
    report = audit(AuditScope(store=path, store_key=KEY, workers=1))
    [finding] = [each for each in report.findings if each.rule == "event.digests"]
    assert "cannot be recorded" in finding.reason


def test_a_report_holds_so_much_and_says_that_there_is_more():
    ledger = Ledger()
    for number in range(MAX_FINDINGS + 7):
        ledger.warn("log.read", f"log {number}", "something")
    report = ledger.report(None)
    assert len(report.findings) == MAX_FINDINGS + 1
    assert report.findings[-1] == AuditFinding("audit.more", Outcome.FAILED, "audit", "7 more findings are not listed")
    assert report.word is Word.NOT_VERIFIED
