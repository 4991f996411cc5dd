"""What a party's client does around the contract: roles and sides chosen, reasons kept, crashes survived."""

from datetime import UTC, datetime

import pytest

from clients.demo.telling import document
from clients.stating import event_seconds
from ledger.chain.errors import NodeUnreachableError
from ledger.chain.refusals import RuleRefused
from ledger.errors import InputError, NotFound
from ledger.exchange.parcel import SHARED_BY_DEFAULT, Part
from ledger.identity.milestones import Channel, Clearance, InspectionResult, Milestone, Phase, UnsealReason
from ledger.store.records import Status
from ledger.verify import Word

PACKED = document("01-exporter-packed.jsonld")
SEAL = "KR-1"


def registered(border, ucr, *, via=(), to_customs=True):
    goods = border.exporter.register(PACKED, ucr=ucr, to="NL", via=via, importer=border.importer.address)
    if to_customs:
        for party in (border.customs_kr, border.customs_nl, border.carrier, border.importer):
            party.receive(border.exporter.share(ucr, party.address))
    return goods


def exported(border, ucr):
    registered(border, ucr)
    border.exporter.declare(ucr)
    border.customs_kr.accept_declaration(ucr)
    border.customs_kr.assess(ucr, Channel.GREEN)
    border.customs_kr.release(ucr)


def arrived(border, ucr):
    exported(border, ucr)
    border.exporter.offer(ucr, border.carrier.address)
    border.carrier.accept(ucr)
    border.carrier.depart(ucr, to="NL")
    border.carrier.arrive(ucr, country="NL")


def assessed(border, ucr, channel):
    border.importer.declare(ucr)
    border.customs_nl.accept_declaration(ucr)
    border.customs_nl.settle_duties(ucr)
    border.customs_nl.assess(ucr, channel, ("because",))


def test_a_yellow_channel_is_opened_with_the_request_for_documents_and_released_after_they_came(border):
    arrived(border, "UCR-YELLOW")
    assessed(border, "UCR-YELLOW", Channel.YELLOW)
    customs = border.customs_nl
    assert customs.state_of("UCR-YELLOW").import_side.channel is Channel.CLOSED
    customs.request_documents("UCR-YELLOW", ("invoice",))
    assert customs.state_of("UCR-YELLOW").import_side.channel is Channel.YELLOW
    with pytest.raises(RuleRefused) as refusal:
        customs.release("UCR-YELLOW")
    assert refusal.value.error == "DocumentsPending"
    customs.receive_documents("UCR-YELLOW")
    customs.release("UCR-YELLOW")
    assert customs.state_of("UCR-YELLOW").import_side.clearance is Clearance.RELEASED


def test_a_red_channel_cannot_be_released_without_an_inspection_and_is_opened_by_it(border):
    arrived(border, "UCR-RED")
    assessed(border, "UCR-RED", Channel.RED)
    customs = border.customs_nl
    with pytest.raises(RuleRefused) as refusal:
        customs.release("UCR-RED")
    assert refusal.value.error == "InspectionMissing"
    customs.inspect("UCR-RED", InspectionResult.PASSED)
    customs.release("UCR-RED")
    assert customs.state_of("UCR-RED").import_side.channel is Channel.RED


def test_refused_goods_are_released_on_appeal_or_end_as_customs_states(border):
    arrived(border, "UCR-APPEAL")
    assessed(border, "UCR-APPEAL", Channel.GREEN)
    border.customs_nl.refuse("UCR-APPEAL", ("prohibited",))
    border.customs_nl.release("UCR-APPEAL", on_appeal=True)
    border.customs_nl.refuse("UCR-APPEAL", ("prohibited after all",))
    border.customs_nl.conclude("UCR-APPEAL", Milestone.DESTROYED, ("destroyed under supervision",))
    assert border.customs_nl.state_of("UCR-APPEAL").phase is Phase.DESTROYED


def test_a_rejected_declaration_is_lodged_again_and_an_amended_one_is_assessed_anew(border):
    registered(border, "UCR-AMEND")
    border.exporter.declare("UCR-AMEND")
    border.customs_kr.reject_declaration("UCR-AMEND", ("wrong goods code",))
    border.exporter.declare("UCR-AMEND")
    border.customs_kr.accept_declaration("UCR-AMEND")
    border.exporter.amend("UCR-AMEND")
    assert border.exporter.state_of("UCR-AMEND").export_side.clearance is Clearance.DECLARED


def test_a_hold_is_lifted_only_by_its_digest_and_only_by_who_set_it(border):
    registered(border, "UCR-HOLD")
    held = border.customs_nl.hold("UCR-HOLD", ("tip",))
    with pytest.raises(RuleRefused) as refusal:
        border.customs_kr.unhold("UCR-HOLD", held.digest)
    assert refusal.value.error == "HoldUnknown"
    border.customs_nl.unhold("UCR-HOLD", held.digest)
    assert not border.customs_nl.state_of("UCR-HOLD").holds


def test_custody_goes_on_under_a_new_seal_once_the_old_one_was_said_to_be_broken(border):
    registered(border, "UCR-SEAL")
    border.exporter.seal("UCR-SEAL", SEAL)
    border.exporter.unseal("UCR-SEAL", UnsealReason.FOUND_BROKEN)
    border.exporter.seal("UCR-SEAL", "KR-2")
    border.exporter.offer("UCR-SEAL", border.carrier.address)
    border.carrier.receive(border.exporter.share("UCR-SEAL", border.carrier.address))
    border.carrier.accept("UCR-SEAL", seal="KR-2")
    verdict = border.carrier.verify("UCR-SEAL")
    assert verdict.word is Word.VERIFIED
    assert [finding.rule for finding in verdict.warnings] == ["seal.found_broken"]


def test_an_offer_is_declined_and_a_consignment_cancelled_before_it_departs(border):
    registered(border, "UCR-CANCEL")
    border.exporter.offer("UCR-CANCEL", border.carrier.address)
    border.carrier.decline("UCR-CANCEL")
    border.exporter.cancel("UCR-CANCEL")
    assert border.exporter.state_of("UCR-CANCEL").phase is Phase.CANCELLED


def test_an_importer_left_open_is_named_once_and_a_broker_appointed_and_revoked(border):
    border.exporter.register(PACKED, ucr="UCR-OPEN", to="NL")
    border.exporter.name_importer("UCR-OPEN", border.importer.address)
    border.importer.receive(border.exporter.share("UCR-OPEN", border.importer.address))
    border.importer.appoint("UCR-OPEN", border.broker.address)
    border.importer.revoke_appointment("UCR-OPEN", border.broker.address)
    border.broker.receive(border.importer.share("UCR-OPEN", border.broker.address))
    with pytest.raises(RuleRefused):
        border.broker.declare("UCR-OPEN")


def test_a_transit_country_added_on_the_way_lets_pass_before_the_goods_leave_it(border):
    exported(border, "UCR-VIA")
    border.exporter.add_transit("UCR-VIA", "SG")
    border.exporter.offer("UCR-VIA", border.carrier.address)
    border.carrier.accept("UCR-VIA")
    border.carrier.depart("UCR-VIA", to="SG")
    border.carrier.arrive("UCR-VIA", country="SG")
    with pytest.raises(RuleRefused) as refusal:
        border.carrier.depart("UCR-VIA", to="NL")
    assert refusal.value.error == "TransitNotPassed"
    border.customs_sg.receive(border.carrier.share("UCR-VIA", border.customs_sg.address))
    border.customs_sg.pass_transit("UCR-VIA")
    border.carrier.depart("UCR-VIA", to="NL")


def test_a_statement_that_was_sent_before_the_connection_broke_is_found_again(border, monkeypatch):
    registered(border, "UCR-LOST", to_customs=False)
    connection = border.exporter.connection
    submit = type(connection).submit

    def lost(self, signed):
        submit(self, signed)
        raise NodeUnreachableError("the connection broke")

    monkeypatch.setattr(type(connection), "submit", lost)
    with pytest.raises(NodeUnreachableError):
        border.exporter.seal("UCR-LOST", SEAL)
    monkeypatch.undo()
    with border.exporter.store.read() as kept:
        assert [each.status for each in kept.statements.unsettled()] == [Status.SIGNED]
    border.carrier.receive(border.exporter.share("UCR-LOST", border.carrier.address))
    with border.exporter.store.read() as kept:
        assert kept.statements.unsettled() == ()
    assert border.carrier.verify("UCR-LOST").word is Word.VERIFIED


def test_a_parcel_without_documents_leaves_the_verdict_undetermined_and_names_whom_to_ask(border):
    registered(border, "UCR-BARE", to_customs=False)
    parts = SHARED_BY_DEFAULT - {Part.DOCUMENTS}
    receipt = border.auditor.receive(border.exporter.share("UCR-BARE", border.auditor.address, parts))
    assert receipt.documents == 0
    assert any("documents" in limit for limit in receipt.limits)
    verdict = border.auditor.verify("UCR-BARE")
    assert verdict.word is Word.UNDETERMINED
    assert any("Hanbat Cells" in finding.reason for finding in verdict.undetermined)


def test_a_parcel_for_nobody_is_not_made(border):
    registered(border, "UCR-NOBODY", to_customs=False)
    with pytest.raises(NotFound, match="no member"):
        border.exporter.share("UCR-NOBODY", "0x" + "11" * 20)


def test_one_ucr_of_two_consignments_must_be_told_apart_by_id(border):
    first = border.exporter.register(PACKED, ucr="UCR-TWICE", to="NL")
    border.exporter.register(PACKED, ucr="UCR-TWICE", to="NL")
    with pytest.raises(InputError, match="2 consignments"):
        border.exporter.state_of("UCR-TWICE")
    assert border.exporter.state_of(first.id).position == 1


def test_a_document_without_events_states_nothing(border):
    empty = PACKED[: PACKED.index(b'"eventList"')] + b'"eventList": []}}'
    with pytest.raises(InputError):
        border.exporter.register(empty, ucr="UCR-EMPTY", to="NL")
    with pytest.raises(NotFound):
        border.exporter.find("UCR-EMPTY")


def test_a_refusal_names_members_by_their_names(border):
    registered(border, "UCR-NAMES")
    border.carrier.receive(border.exporter.share("UCR-NAMES", border.carrier.address))
    with pytest.raises(RuleRefused) as refusal:
        border.carrier.offer("UCR-NAMES", border.terminal.address)
    assert "Straits Line" in str(refusal.value)
    assert "member " not in str(refusal.value)


def test_a_time_needs_an_offset():
    assert event_seconds(None) is None
    assert event_seconds(datetime(2026, 3, 3, tzinfo=UTC)) == 1_772_496_000
    with pytest.raises(InputError, match="offset"):
        event_seconds(datetime(2026, 3, 3))  # noqa: DTZ001 - that is the point


def test_an_id_that_the_chain_does_not_know_is_not_found(border):
    with pytest.raises(NotFound, match="no consignment"):
        border.exporter.state_of("0x" + "ab" * 32)


def test_a_digest_that_is_none_is_refused(border):
    registered(border, "UCR-DIGEST", to_customs=False)
    for text in ("", "0x12", "zz" * 32):
        with pytest.raises(InputError, match="digest"):
            border.exporter.correct("UCR-DIGEST", text)
