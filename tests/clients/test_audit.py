"""An exporter's home audited: honest, and with every fault that a thief of the laptop and its key could put in.

The faults are made with real parts: rows are opened and sealed again with the store's own key, logs are written and
signed with the member's own checkpoint key.
"""

import dataclasses
import hashlib
import json
import shutil
import sqlite3

import pytest

from clients.audit import scope_of
from clients.demo.telling import document
from clients.home import Home
from clients.practice import practice
from ledger.chain.clock import SettableClock
from ledger.chain.embedded import embedded
from ledger.epcis import read
from ledger.epcis.commitment import blind, blinded_commitment, digests
from ledger.epcis.eventhash import hash_in
from ledger.identity.keys import CheckpointKey, Keyring, SigningKey
from ledger.identity.signing import sign, signed_from_json, signed_to_json
from ledger.identity.statements import Domain
from ledger.store import schema
from ledger.store.raw import READABLE_REVISION
from ledger.store.vault import Vault
from ledger.tlog.checkpoints import Checkpoint, empty_checkpoint, read_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from ledger.verify import Outcome, Word
from ledger.verify.audit import AUDIT_RULES, audit
from ledger.verify.checks import RULES

UCR = "AUDIT-1"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]


def paper(number, events=3):
    """A document with a few events of its own."""
    return json.dumps(
        {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-05-01T08:00:00Z",
            "epcisBody": {
                "eventList": [
                    {
                        "type": "ObjectEvent",
                        "eventTime": "2026-05-01T08:00:00Z",
                        "eventTimeZoneOffset": "+00:00",
                        "epcList": [f"urn:epc:id:sgtin:4012345.066666.{number * 100 + index}"],
                        "action": "OBSERVE",
                        "bizStep": "shipping",
                        "readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"},
                    }
                    for index in range(events)
                ]
            },
        }
    ).encode()


@pytest.fixture(scope="module")
def border(tmp_path_factory):
    """A consortium whose exporter has captured twice, each time with a checkpoint on chain, and registered goods."""
    clock = SettableClock(1_778_400_000)
    with practice(tmp_path_factory.mktemp("homes"), node=embedded(clock).node, clock=clock) as found:
        papers = tmp_path_factory.mktemp("papers")
        exporter = found.exporter
        for batch in range(2):
            folder = papers / str(batch)
            folder.mkdir()
            for number in range(6):
                (folder / f"{number}.jsonld").write_bytes(paper(batch * 10 + number))
            clock.advance(60)
            assert exporter.capture([str(folder)]).complete
        exporter.register(document("01-exporter-packed.jsonld"), ucr=UCR, to="NL", importer=found.importer.address)
        exporter.seal(UCR, "KR-1")
        exporter.store.close()
        yield found


class Copy:
    """A copy of the exporter's home, to put faults into."""

    def __init__(self, border, folder):
        self.border = border
        self.exporter = border.exporter
        self.keyring = self.exporter.keyring
        shutil.copytree(self.exporter.home.folder, folder)
        self.home = Home(folder)
        self.vault = Vault(self.keyring.store_key())
        self.key = self.exporter.events.key
        self.signer = Ed25519Signer(self.key.name, self.keyring.checkpoint.private_key)

    def sql(self, query, *values):
        connection = sqlite3.connect(self.home.store_path)
        try:
            found = connection.execute(query, values).fetchall()
            connection.commit()
            return found
        finally:
            connection.close()

    def reseal(self, table, column, key_column, key, change):
        """Open a sealed column with the key, change what is in it, and seal it again."""
        place = f"{table}.{column}"
        [(sealed,)] = self.sql(f"SELECT sealed_{column} FROM {table} WHERE {key_column} = ?", key)
        new = change(self.vault.unseal(sealed, place, key))
        self.sql(
            f"UPDATE {table} SET sealed_{column} = ? WHERE {key_column} = ?", self.vault.seal(new, place, key), key
        )

    def entries(self):
        reader = LogReader(FolderSource(self.home.log_folder), [verifier_of(self.key)])
        size = reader.checkpoint().checkpoint.size
        return list(reader.entries(0, size, size))

    def write_log(self, entries):
        """Another log in the place of the log, signed by the member."""
        shutil.rmtree(self.home.log_folder)
        empty = sign_checkpoint(empty_checkpoint(self.key.name), [self.signer])
        with LogWriter.create(self.home.log_folder, empty, [verifier_of(self.key)]) as log:
            log.append(entries)
            log.publish(sign_checkpoint(log.checkpoint(), [self.signer]))

    def audit(self, contracts=True, **options):
        used = self.border.exporter.connection.contracts if contracts else None
        return audit(scope_of(self.home, self.keyring, used, workers=1, **options))

    def found(self, **options):
        """What fails: rules and places."""
        report = self.audit(**options)
        assert all(each.rule in AUDIT_RULES or each.rule in RULES for each in report.findings)
        return {each.rule: each for each in report.findings if each.outcome is Outcome.FAILED}


@pytest.fixture
def copy(border, tmp_path):
    return Copy(border, tmp_path / "copy")


def test_an_honest_home_is_verified_and_everything_was_looked_at(copy):
    report = copy.audit()
    assert [str(finding) for finding in report.findings if finding.outcome is not Outcome.WARNING] == []
    assert report.word is Word.VERIFIED
    looked = report.to_json()["counts"]
    assert looked["entries"] == 36
    assert looked["documents"] == 13
    assert looked["events"] == 36 + 3
    assert looked["logs"] == 1
    assert looked["checkpoints"] == 2
    assert looked["consignments"] == 1
    assert looked["statements"] == 4
    assert report.as_of.block == copy.border.node.latest_block().number


def test_the_processes_find_the_same_as_one(copy, monkeypatch):
    monkeypatch.setattr("ledger.verify.audit.documents.FEW_DOCUMENTS", 1)
    [(name,)] = copy.sql("SELECT sha256 FROM documents ORDER BY rowid LIMIT 1 OFFSET 2")
    copy.reseal("documents", "content", "sha256", name, lambda content: content.replace(b"066666", b"077777"))
    scope = scope_of(copy.home, copy.keyring, copy.border.exporter.connection.contracts, workers=2)
    told = []
    shared = audit(scope, progress=lambda *step: told.append(step))
    assert set(shared.findings) == set(copy.audit().findings)
    assert shared.counts == copy.audit().counts
    assert ("documents", 13, 13) in told
    assert ("consignments", 1, 1) in told


def test_rows_far_apart_are_all_looked_at(copy):
    copy.sql("UPDATE documents SET rowid = 1 << 61 WHERE rowid = 7")
    report = copy.audit()
    assert report.word is Word.VERIFIED
    assert report.counts["documents"] == 13


def test_a_changed_document_is_found_with_its_events(copy):
    [(name,)] = copy.sql("SELECT sha256 FROM documents ORDER BY rowid LIMIT 1")
    copy.reseal("documents", "content", "sha256", name, lambda content: content.replace(b"066666", b"077777"))
    found = copy.found()
    assert found["document.bytes"].expected == name.hex()
    assert name.hex() in found["event.digests"].place
    assert "entry.logged" not in found


def test_a_document_changed_with_everything_the_store_says_of_it_is_found_by_the_log(copy):
    [(name, number, place)] = copy.sql("SELECT document, id, place FROM events ORDER BY id LIMIT 1")
    [(sealed,)] = copy.sql("SELECT sealed_content FROM documents WHERE sha256 = ?", name)
    content = copy.vault.unseal(sealed, "documents.content", name).replace(b"066666", b"077777")
    new = hashlib.sha256(content).digest()
    copy.sql(
        "UPDATE documents SET sha256 = ?, sealed_content = ? WHERE sha256 = ?",
        new,
        copy.vault.seal(content, "documents.content", new),
        name,
    )
    for index, event in enumerate(read(content).events):
        named = digests(event)
        copy.sql(
            "UPDATE events SET document = ?, event_hash = ?, content_digest = ?, commitment = ? "
            "WHERE document = ? AND place = ?",
            new,
            hash_in(named.event_hash),
            named.content_digest,
            named.commitment,
            name,
            index,
        )
    found = copy.found()
    assert set(found) == {"entry.logged"}
    assert (number, place) == (1, 0)


def test_a_removed_event_is_found(copy):
    copy.sql("DELETE FROM events WHERE id = (SELECT event FROM log_entries WHERE position = 4)")
    found = copy.found()
    assert set(found) == {"event.kept", "entry.event"}
    assert "entry 4" in found["entry.event"].place


def test_a_removed_document_is_found(copy):
    [(name,)] = copy.sql("SELECT document FROM events WHERE id = 1")
    copy.sql("DELETE FROM documents WHERE sha256 = ?", name)
    found = copy.found()
    assert set(found) == {"event.stands", "entry.event"}
    assert name.hex() in found["event.stands"].place


def test_an_event_removed_with_its_document_and_its_place_is_found_by_the_gap(copy):
    [(name,)] = copy.sql("SELECT document FROM events JOIN log_entries ON events.id = event WHERE position = 4")
    copy.sql("DELETE FROM log_entries WHERE event IN (SELECT id FROM events WHERE document = ?)", name)
    copy.sql("DELETE FROM events WHERE document = ?", name)
    copy.sql("DELETE FROM documents WHERE sha256 = ?", name)
    found = copy.found()
    assert set(found) == {"entry.position"}
    assert "entries 3 to 5" in found["entry.position"].place


def test_the_last_events_removed_everywhere_in_the_store_are_found_by_the_log(copy):
    copy.sql("DELETE FROM log_entries WHERE position >= 33")
    found = copy.found()
    assert set(found) == {"entry.waiting"}
    assert "3 entries beyond" in found["entry.waiting"].reason


def test_a_document_of_a_consignment_removed_with_its_events_is_found_by_what_belongs_to_it(copy):
    [(name,)] = copy.sql("SELECT document FROM consignment_documents LIMIT 1")
    copy.sql("DELETE FROM events WHERE document = ?", name)
    copy.sql("DELETE FROM documents WHERE sha256 = ?", name)
    assert set(copy.found()) == {"document.kept"}


def test_a_statement_about_a_consignment_that_is_gone_is_found(copy):
    copy.sql("DELETE FROM consignments")
    assert "statement.sealed" in copy.found()


def test_an_added_event_row_is_found(copy):
    copy.sql(
        "INSERT INTO events (document, place, commitment, content_digest, event_hash) "
        "SELECT document, 99, commitment, content_digest, event_hash FROM events WHERE id = 1"
    )
    assert set(copy.found()) == {"event.stands"}


def test_a_forged_checkpoint_is_found(copy):
    path = copy.home.log_folder / "checkpoint"
    forged = Ed25519Signer(copy.key.name, CheckpointKey(b"\x77" * 32).private_key)
    path.write_bytes(sign_checkpoint(read_checkpoint(path.read_bytes()), [forged]).data())
    assert set(copy.found()) == {"log.checkpoint"}


def test_a_checkpoint_signed_by_the_member_over_another_root_is_found(copy):
    path = copy.home.log_folder / "checkpoint"
    said = read_checkpoint(path.read_bytes())
    path.write_bytes(sign_checkpoint(Checkpoint(said.origin, said.size, b"\1" * 32), [copy.signer]).data())
    assert "log.root" in copy.found()


def test_a_log_rewritten_and_signed_by_the_member_is_found_by_store_and_chain(copy):
    entries = copy.entries()
    entries[4] = b"\x66" * 32
    copy.write_log(entries)
    found = copy.found()
    assert set(found) == {"entry.logged", "checkpoint.root"}
    assert "entry 4" in found["entry.logged"].place
    assert found["entry.logged"].found == "66" * 32


def test_store_and_log_rewritten_alike_are_found_by_the_chain(copy):
    [(number, sealed)] = copy.sql("SELECT id, sealed_secret FROM event_logs")
    secret = copy.vault.unseal(sealed, "event_logs.secret", copy.key.name.encode())
    copy.sql("UPDATE log_entries SET event = event + 100 WHERE position IN (2, 3)")
    copy.sql("UPDATE log_entries SET event = CASE position WHEN 2 THEN 4 ELSE 3 END WHERE position IN (2, 3)")
    commitments = [
        row[0]
        for row in copy.sql(
            "SELECT e.commitment FROM log_entries l JOIN events e ON e.id = l.event WHERE l.log = ? ORDER BY position",
            number,
        )
    ]
    copy.write_log([blinded_commitment(each, blind(secret, each)) for each in commitments])
    found = copy.found()
    assert set(found) == {"checkpoint.root"}
    assert "block" in found["checkpoint.root"].place


def test_a_log_shorter_than_the_chain_is_found(copy):
    copy.write_log(copy.entries()[:18])
    report = copy.audit()
    found = {
        each.rule: each.outcome for each in report.findings if each.rule.startswith(("entry", "checkpoint", "log"))
    }
    assert found == {"checkpoint.size": Outcome.FAILED, "entry.waiting": Outcome.WARNING}


def test_a_log_longer_than_the_chain_is_a_warning(copy):
    copy.write_log([*copy.entries(), b"\x09" * 32])
    rules = {each.rule: each.outcome for each in copy.audit().findings}
    assert rules["checkpoint.recorded"] is Outcome.WARNING


def test_a_tile_changed_on_disk_and_a_missing_one_are_found(copy):
    [bundle] = (copy.home.log_folder / "tile" / "entries").glob("000.p/36")
    good = bundle.read_bytes()
    bundle.write_bytes(good[:-1] + bytes((good[-1] ^ 1,)))
    assert set(copy.found()) == {"log.leaf", "entry.logged", "checkpoint.root"}
    bundle.unlink()
    assert set(copy.found()) == {"log.present"}


def test_without_the_log_the_chain_is_held_to_the_journal(copy):
    shutil.rmtree(copy.home.log_folder)
    report = copy.audit()
    assert report.word is Word.VERIFIED
    assert "log.read" in {each.rule for each in report.findings if each.outcome is Outcome.WARNING}
    copy.sql("UPDATE log_entries SET event = 1 WHERE position = 2")
    assert set(copy.found()) == {"checkpoint.root"}


def test_log_and_journal_removed_together_are_found_by_the_chain(copy):
    """What is left is a store of documents that nobody ever logged; only the chain knows better."""
    copy.sql("DELETE FROM log_entries")
    copy.sql("DELETE FROM event_logs")
    found = copy.found()
    assert set(found) == {"entry.waiting"}
    assert (found["entry.waiting"].expected, found["entry.waiting"].found) == ("36", "0")
    shutil.rmtree(copy.home.log_folder)
    for table in ("events", "documents"):
        copy.sql(f"DELETE FROM {table}")
    found = copy.found()
    assert {"entry.waiting", "checkpoint.size"} <= set(found)


def test_a_store_removed_whole_is_found_by_the_chain(copy):
    copy.home.store_path.unlink()
    assert set(copy.found()) == {"entry.waiting", "checkpoint.size"}


def test_a_consignment_removed_whole_is_told_as_a_warning(copy):
    for table in ("statements", "blinds", "consignments"):
        copy.sql(f"DELETE FROM {table}")
    [finding] = [each for each in copy.audit().findings if each.rule == "statement.kept"]
    assert finding.outcome is Outcome.WARNING
    assert "accepted 4 statements" in finding.reason


def statement_row(copy):
    """The digest of the statement that registers."""
    [(digest,)] = copy.sql("SELECT digest FROM statements ORDER BY sequence LIMIT 1")
    return digest


def test_a_wrong_statement_is_found_by_its_digest(copy):
    digest = statement_row(copy)

    def later(content):
        signed = json.loads(content)
        signed["statement"]["eventTime"] += 60
        return json.dumps(signed).encode()

    copy.reseal("statements", "statement", "digest", digest, later)
    assert "statement.digest" in copy.found()


def test_a_statement_signed_again_by_another_is_found_by_its_signature(copy):
    digest = statement_row(copy)

    def signed_again(content):
        signed = signed_from_json(json.loads(content))
        domain = copy.border.exporter.connection.domain
        assert signed.statement.digest(Domain(domain.chain_id, domain.contract)) == digest
        return json.dumps(signed_to_json(sign(signed.statement, domain, SigningKey(b"\x31" * 32)))).encode()

    copy.reseal("statements", "statement", "digest", digest, signed_again)
    found = copy.found()
    assert found["statement.signature"].expected == copy.keyring.address


def test_a_statement_said_to_be_accepted_elsewhere_or_by_nobody_is_found(copy):
    copy.sql("UPDATE statements SET position = 7 WHERE digest = ?", statement_row(copy))
    assert "position 7" in copy.found()["statement.recorded"].found
    stranger = SigningKey(b"\x32" * 32)
    digest = statement_row(copy)
    [(sealed,)] = copy.sql("SELECT sealed_statement FROM statements WHERE digest = ?", digest)
    signed = signed_from_json(json.loads(copy.vault.unseal(sealed, "statements.statement", digest)))
    other = dataclasses.replace(signed.statement, event_time=signed.statement.event_time + 1)
    domain = copy.border.exporter.connection.domain
    made = json.dumps(signed_to_json(sign(other, domain, stranger))).encode()
    new = other.digest(domain)
    copy.sql(
        "INSERT INTO statements (sequence, digest, consignment, chain_id, contract, status, sealed_statement) "
        "SELECT 99, ?, consignment, chain_id, contract, 3, ? FROM statements WHERE digest = ?",
        new,
        copy.vault.seal(made, "statements.statement", new),
        digest,
    )
    report = copy.audit()
    about = {each.rule for each in report.findings if new.hex() in each.place}
    assert about == {"statement.signature", "statement.recorded"}


def test_a_statement_removed_from_the_store_is_told_as_a_warning(copy):
    copy.sql("DELETE FROM statements WHERE digest = ?", statement_row(copy))
    [finding] = [each for each in copy.audit().findings if each.rule == "statement.kept"]
    assert finding.outcome is Outcome.WARNING
    assert "1 statements" in finding.reason


@pytest.mark.parametrize(
    ("table", "column", "key", "rule"),
    [
        ("documents", "content", "sha256", "document.sealed"),
        ("statements", "statement", "digest", "statement.sealed"),
        ("blinds", "content", "blinded", "blind.opens"),
    ],
)
def test_a_row_altered_without_the_key_is_found(copy, table, column, key, rule):
    copy.sql(f"UPDATE {table} SET sealed_{column} = zeroblob(64) WHERE rowid = (SELECT min(rowid) FROM {table})")
    assert rule in copy.found()
    copy.sql(f"UPDATE {table} SET sealed_{column} = 'text' WHERE rowid = (SELECT min(rowid) FROM {table})")
    assert rule in copy.found()


def test_a_document_that_is_no_epcis_is_found(copy):
    [(name,)] = copy.sql("SELECT sha256 FROM documents ORDER BY rowid LIMIT 1")
    copy.reseal("documents", "content", "sha256", name, lambda _: b"{}")
    assert {"document.bytes", "document.valid"} <= set(copy.found())


def test_a_blind_that_opens_something_else_is_found(copy):
    [(blinded,)] = copy.sql("SELECT blinded FROM blinds LIMIT 1")

    def other(content):
        return json.dumps(json.loads(content) | {"blind": "0x" + "07" * 32}).encode()

    copy.reseal("blinds", "content", "blinded", blinded, other)
    assert copy.found()["blind.opens"].expected == blinded.hex()


def test_rows_that_no_program_of_ours_has_written_are_told_and_the_rest_is_checked(copy):
    [(blinded,)] = copy.sql("SELECT blinded FROM blinds LIMIT 1")
    copy.reseal("blinds", "content", "blinded", blinded, lambda _: b"{")
    copy.sql("INSERT INTO log_entries (log, position, event) VALUES (1, 9007199254740993, 1)")
    report = copy.audit()
    rules = {each.rule for each in report.findings if each.outcome is Outcome.FAILED}
    assert rules == {"blind.opens", "store.read", "entry.position"}
    assert report.counts["consignments"] == 1


def test_an_event_behind_a_blind_that_is_not_at_hand_is_a_warning(copy):
    [(name,)] = copy.sql("SELECT document FROM events WHERE id = 37")
    copy.sql("DELETE FROM events WHERE document = ?", name)
    copy.sql("DELETE FROM consignment_documents")
    copy.sql("DELETE FROM documents WHERE sha256 = ?", name)
    report = copy.audit()
    assert "blind.event" in {each.rule for each in report.findings if each.outcome is Outcome.WARNING}


def test_a_ucr_put_on_other_goods_is_found(copy):
    [(consignment,)] = copy.sql("SELECT id FROM consignments")
    copy.reseal("consignments", "ucr", "id", consignment, lambda _: b"AUDIT-2")
    assert copy.found()["consignment.reference"].expected == consignment.hex()
    copy.sql("UPDATE consignments SET sealed_salt = zeroblob(60)")
    assert "cannot be read" in copy.found()["consignment.reference"].reason


def test_a_log_secret_that_was_altered_is_told(copy):
    copy.sql("UPDATE event_logs SET sealed_secret = zeroblob(60)")
    assert "store.read" in copy.found()


def test_without_a_node_the_rest_is_checked_and_the_word_is_undetermined(copy):
    report = copy.audit(contracts=False)
    assert report.word is Word.UNDETERMINED
    assert {each.rule for each in report.findings} == {"chain.read", "log.read"}
    assert report.counts["events"] == 39
    [(name,)] = copy.sql("SELECT sha256 FROM documents ORDER BY rowid LIMIT 1")
    copy.reseal("documents", "content", "sha256", name, lambda content: content.replace(b"066666", b"077777"))
    assert copy.audit(contracts=False).word is Word.NOT_VERIFIED


def test_another_members_log_is_audited_from_its_folder_alone(copy, border):
    scope = scope_of(
        Home(copy.home.folder), None, border.auditor.connection.contracts, logs=[str(copy.home.log_folder)]
    )
    report = audit(scope)
    assert report.word is Word.VERIFIED
    assert report.counts["entries"] == 36
    copy.write_log(copy.entries()[:20])
    assert [each.rule for each in audit(scope).findings] == ["checkpoint.size"]
    (copy.home.log_folder / "checkpoint").unlink()
    assert [each.rule for each in audit(scope).findings] == ["log.read"]
    away = scope_of(copy.home, None, border.auditor.connection.contracts, logs=["http://127.0.0.1:9/log"])
    assert audit(away).word is Word.UNDETERMINED


def test_a_log_of_another_kind_is_not_audited_as_a_members(copy, border):
    signer = Ed25519Signer("logs.example/other", copy.keyring.checkpoint.private_key)
    (copy.home.log_folder / "checkpoint").write_bytes(sign_checkpoint(empty_checkpoint(signer.name), [signer]).data())
    scope = scope_of(copy.home, None, border.auditor.connection.contracts, logs=[str(copy.home.log_folder)])
    [finding] = audit(scope).findings
    assert finding.rule == "log.read"
    assert "no event log of a member" in finding.reason
    assert copy.found()["log.checkpoint"]


def test_a_home_without_the_right_key_is_refused_before_anything_is_said(copy):
    from ledger.store.errors import NotAStoreError, StoreUnusableError, WrongStoreKeyError

    with pytest.raises(WrongStoreKeyError):
        audit(scope_of(copy.home, Keyring.generate(), None))
    copy.sql("UPDATE alembic_version SET version_num = '0002'")
    with pytest.raises(StoreUnusableError, match="revision 0002"):
        copy.audit()
    copy.home.store_path.write_bytes(b"no store")
    with pytest.raises(NotAStoreError):
        copy.audit()


def test_the_raw_tables_are_those_of_the_present_revision():
    assert READABLE_REVISION == schema.HEAD_REVISION
