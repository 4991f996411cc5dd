import sqlite3

from clients.demo.story import SEAL, UCR
from ledger.identity.milestones import Clearance, Phase
from ledger.verify import Word


def test_the_story_ends_with_delivered_goods_released_on_both_sides(told):
    state = told.run.border.importer.state_of(UCR)
    assert state.phase is Phase.DELIVERED
    assert state.export_side.clearance is state.import_side.clearance is Clearance.RELEASED
    assert state.holder == told.run.border.importer.address


def test_the_auditor_verifies_it_with_nothing_left_open(told):
    assert told.verdict.word is Word.VERIFIED
    assert not told.verdict.undetermined
    assert not told.verdict.warnings


def test_every_position_is_told_once_and_in_order(told):
    positions = [step.facts["position"] for step in told.steps if "position" in step.facts]
    assert positions == list(range(1, len(positions) + 1))
    assert positions[-1] == told.run.border.auditor.state_of(UCR).position


def test_the_timeline_shows_every_statement_and_observation_in_the_order_of_the_chain(told):
    positions = [line.position for line in told.timeline.lines if line.position]
    assert positions == list(range(1, told.timeline.state.position + 1))
    assert sum(line.position is None for line in told.timeline.lines) == 2
    assert f"seal {SEAL}" in told.timeline.lines[3].note


def test_each_party_has_a_home_of_its_own_with_an_encrypted_keystore_and_store(told):
    for name, party in told.run.border.parties.items():
        home = told.homes / name
        assert (home / "keys").stat().st_mode & 0o777 == 0o700
        secret = party.keyring.signing.reveal()
        for path in home.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert secret not in content
                assert secret.hex().encode() not in content


def test_no_store_file_holds_the_ucr_a_seal_or_a_document_in_clear(told):
    exporter = told.run.border.exporter
    with sqlite3.connect(exporter.store.path) as connection:
        dump = "\n".join(connection.iterdump()).encode()
    raw = exporter.store.path.read_bytes()
    for secret in (UCR.encode(), SEAL.encode(), b"sgtin:8801234"):
        assert secret not in raw
        assert secret not in dump
        assert secret.hex().upper().encode() not in dump


def test_a_party_that_got_no_parcel_can_say_nothing_by_ucr(told):
    known = {consignment.id for consignment in told.run.border.customs_sg.consignments()}
    assert known == {told.run.border.exporter.find(UCR)}
