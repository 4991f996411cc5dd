"""From a chain and a store to a verdict: everything here happens on the embedded chain."""

import json
from dataclasses import replace

import pytest

from ledger.chain.errors import NodeUnreachableError
from ledger.chain.history import carried
from ledger.chain.members import KeyReplacement, NewKey
from ledger.chain.nodes import Node
from ledger.epcis import read
from ledger.epcis.commitment import digests
from ledger.identity.consent import sign_consent
from ledger.identity.errors import SignatureMalformedError
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Channel, InspectionResult, Milestone, Role, Scope, Side, UnsealReason
from ledger.identity.signatures import Signature
from ledger.identity.signing import Opening, SignedStatement
from ledger.identity.statements import next_head
from ledger.identity.terms import (
    channel_terms,
    country_terms,
    duties_terms,
    inspection_terms,
    leg_terms,
    unseal_terms,
)
from ledger.store.blinds import AssessmentContent, Blind, EventContent, SealContent
from ledger.store.records import Document, Reference
from ledger.store.store import Store
from ledger.verify import Outcome, Word, could_not_check, verify, verify_document
from ledger.verify.case import Trust
from ledger.verify.gather import gather
from ledger.verify.membership import Moment
from ledger.verify.register import read_membership
from tests.ledger.verify.builder import make_event, moment_stamp

UCR = "KR1234567890-0001"
SECRET = b"\x05" * 32
JSON_LD = "application/ld+json"


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite", b"\x01" * 32) as opened:
        yield opened


class Journey:
    """A consignment on its way: what the parties say, and what is kept of it in one store."""

    def __init__(self, consortium, clock, store):
        from clients.testing.consortium import salt_of

        self.consortium, self.clock, self.store = consortium, clock, store
        self.id = consortium.register(UCR, transit=["SG"])
        self.reference = Reference(UCR, salt_of(UCR), consortium.party("exporter").address)
        self.seal = Blind.of(SealContent("KR-7730011"), SECRET)
        with store.write() as kept:
            kept.consignments.keep_reference(self.reference)
            kept.consignments.keep_blind(self.id, self.seal)

    def say(self, name, milestone, **fields):
        return self.consortium.say(name, milestone, self.id, **fields)

    def event(self, number):
        """An event that happened now, kept with its document and blind; its blinded commitment."""
        made = make_event(number, self.consortium.now())
        content = json.dumps(
            {"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], **made.data}
        )
        document = Document(content.encode(), JSON_LD)
        named = digests(read(document.content).events[0])
        blind = Blind.of(EventContent(named.commitment), SECRET)
        with self.store.write() as kept:
            kept.documents.keep(document)
            kept.documents.keep_events(document.sha256, [named])
            kept.consignments.keep_blind(self.id, blind)
        self.document = document
        return blind.blinded

    def seal_and_clear(self):
        self.say("exporter", Milestone.SEALED, detail=self.seal.blinded, commitment=self.event(1))
        self.consortium.clear("customs_kr", "exporter", self.id, Side.EXPORT)

    def sail(self):
        self.seal_and_clear()
        self.consortium.hand_over("exporter", "carrier", self.id)
        self.say(
            "carrier",
            Milestone.DEPARTED,
            terms=leg_terms("KR", "SG"),
            detail=self.seal.blinded,
            commitment=self.event(2),
        )

    def case(self, **changes):
        return gather(self.consortium.contracts, self.store, self.id, **changes)

    def verdict(self):
        return verify(self.case())


@pytest.fixture
def journey(consortium, consortium_clock, store):
    return Journey(consortium, consortium_clock, store)


def new_key(member, key, **fields):
    return NewKey(key.address, **fields, consent=sign_consent(member, key))


def told(verdict):
    return {
        (finding.rule, finding.outcome.value) for finding in verdict.findings if finding.outcome is not Outcome.PASSED
    }


def test_a_whole_honest_life_on_the_chain_is_verified(journey):
    consortium, say = journey.consortium, journey.say
    journey.sail()
    say("carrier", Milestone.OBSERVED, commitment=journey.event(3))
    say("carrier", Milestone.ARRIVED, terms=country_terms("SG"), detail=journey.seal.blinded)
    say("customs_sg", Milestone.TRANSIT_PASSED, terms=country_terms("SG"))
    say("carrier", Milestone.DEPARTED, terms=leg_terms("SG", "NL"), detail=journey.seal.blinded)
    say("carrier", Milestone.ARRIVED, terms=country_terms("NL"), detail=journey.seal.blinded)
    broker = consortium.party("import_broker").address
    say("importer", Milestone.APPOINTED, side=Side.IMPORT, counterparty=broker)
    say("import_broker", Milestone.DECLARED, side=Side.IMPORT)
    say("customs_nl", Milestone.DECLARATION_ACCEPTED, side=Side.IMPORT)
    say("customs_nl", Milestone.DUTIES_SETTLED, side=Side.IMPORT, terms=duties_terms(1))
    red = Blind.of(AssessmentContent(Channel.RED, ("weight",), b"\x02" * 32), SECRET)
    with journey.store.write() as kept:
        kept.consignments.keep_blind(journey.id, red)
    say("customs_nl", Milestone.ASSESSED, side=Side.IMPORT, detail=red.blinded)
    say("agency", Milestone.HELD)
    hold, _ = next(iter(consortium.state(journey.id).holds))
    say("agency", Milestone.UNHELD, terms=hold)
    say(
        "customs_nl",
        Milestone.STOPPED,
        side=Side.IMPORT,
        terms=channel_terms(Channel.RED),
        opening=red.opening(),
    )
    terms = unseal_terms(UnsealReason.OPENED)
    say("customs_nl", Milestone.UNSEALED, terms=terms, detail=journey.seal.blinded)
    say("customs_nl", Milestone.INSPECTED, side=Side.IMPORT, terms=inspection_terms(InspectionResult.PASSED))
    say("customs_nl", Milestone.RELEASED, side=Side.IMPORT)
    consortium.hand_over("carrier", "importer", journey.id)
    say("importer", Milestone.REMOVED)
    say("importer", Milestone.DELIVERED, commitment=journey.event(4))
    case = journey.case()
    verdict = verify(case)
    assert told(verdict) == set()
    assert verdict.word is Word.VERIFIED
    assert verdict.ucr == UCR
    assert len(case.statements) == case.recorded.position
    assert len(case.observations) == 1
    assert case.membership.founders == {
        consortium.party(name).address for name in ("customs_kr", "customs_sg", "customs_nl")
    }
    passed = {finding.rule for finding in verdict.passed}
    assert {"assessment.opens", "seal.number", "state.recorded", "document.unaltered", "ucr.opens"} <= passed


def test_statements_of_a_batch_are_found_with_their_signatures(journey):
    consortium = journey.consortium
    bad = consortium.sign("carrier", Milestone.SEALED, journey.id, detail=b"\x01" * 32)
    good = consortium.sign("exporter", Milestone.SEALED, journey.id, detail=journey.seal.blinded)
    forged = consortium.sign(
        "exporter",
        Milestone.SEALED,
        journey.id,
        detail=journey.seal.blinded,
        key=consortium.party("carrier").keyring.signing,
    )
    nobodys = replace(good, signature=signature_of_no_key(good.statement.digest(consortium.contracts.domain)))
    next_one = consortium.sign(
        "exporter",
        Milestone.DECLARED,
        journey.id,
        side=Side.EXPORT,
        previous_head=next_head(
            good.statement.previous_head,
            good.statement.digest(consortium.contracts.domain),
            consortium.party("exporter").address,
        ),
    )
    batch = [bad, nobodys, forged, good, next_one]
    outcomes = consortium.contracts.consignments.submit_batch(consortium.sender("auditor"), batch)
    assert [outcome.accepted for outcome in outcomes] == [False, False, False, True, True]
    assert journey.verdict().word is Word.VERIFIED


def signature_of_no_key(digest):
    """A signature in range that no key can have made: its r is no point of the curve."""
    for r in range(1, 100):
        signature = Signature(r.to_bytes(32, "big"), b"\0" * 31 + b"\1")
        try:
            signature.signer(digest)
        except SignatureMalformedError:
            return signature
    raise AssertionError("half of all numbers are no point")


def test_a_suspension_and_a_retired_key_undo_nothing_of_the_past(journey):
    consortium, members = journey.consortium, journey.consortium.members
    machine = SigningKey(b"\x09" * 32)
    exporter = consortium.party("exporter")
    members.add_key(consortium.sender("exporter"), exporter.address, new_key(exporter.address, machine))
    journey.say("exporter", Milestone.SEALED, detail=journey.seal.blinded, key=machine)
    since = consortium.now()
    journey.clock.advance(3_600)
    members.retire_key(consortium.sender("exporter"), machine.address)
    members.suspend(consortium.sender("customs_kr"), exporter.address)
    assert journey.verdict().word is Word.VERIFIED
    assert since < consortium.now()


def test_a_key_retired_as_stolen_warns_about_what_it_signed_since(journey):
    consortium, members = journey.consortium, journey.consortium.members
    machine = SigningKey(b"\x09" * 32)
    exporter = consortium.party("exporter").address
    members.add_key(consortium.sender("exporter"), exporter, new_key(exporter, machine))
    since = consortium.now()
    journey.clock.advance(60)
    journey.say("exporter", Milestone.SEALED, detail=journey.seal.blinded, key=machine)
    journey.clock.advance(60)
    members.retire_key(consortium.sender("exporter"), machine.address, suspect_since=since)
    verdict = journey.verdict()
    assert told(verdict) == {("member.suspect", "warning")}
    assert verdict.word is Word.VERIFIED


def test_the_register_is_rebuilt_as_the_contract_has_it(journey):
    consortium, members = journey.consortium, journey.consortium.members
    carrier = consortium.party("carrier").address
    signing = SigningKey(b"\x09" * 32)
    machine = signing.address
    limited = new_key(carrier, signing, milestones=1 << Milestone.DEPARTED)
    members.add_key(consortium.sender("carrier"), carrier, limited)
    members.set_roles(consortium.sender("customs_sg"), carrier, [Role.CARRIER, Role.TERMINAL])
    members.suspend(consortium.sender("customs_sg"), carrier)
    members.reinstate(consortium.sender("customs_sg"), carrier)
    members.dismiss(consortium.sender("customs_nl"), consortium.party("importer").address)
    members.replace_profile(consortium.sender("carrier"), '{"name": "Straits Line"}')
    rebuilt = read_membership(consortium.contracts)
    last = max(record.changes[-1].moment for record in rebuilt.members.values())
    now = replace(last, block=last.block + 100, time=consortium.now())
    for party in consortium.parties.values():
        signer, named = members.standings(party.address, party.address)
        assert rebuilt.standing_of_key(party.address, now) == signer
        assert rebuilt.standing_of_member(party.address, now).roles == named.roles
        assert rebuilt.standing_of_member(party.address, now).problem == named.problem
    assert rebuilt.standing_of_key(machine, now) == members.standings(machine)[0]
    assert rebuilt.keys[machine].scopes is Scope.MILESTONES
    assert rebuilt.name_of(carrier) == "Straits Line"


def test_keys_that_ended_in_every_way_are_rebuilt_as_the_contract_has_them(journey):
    consortium, members, clock = journey.consortium, journey.consortium.members, journey.clock
    authority, importer = (consortium.party(name).address for name in ("customs_nl", "importer"))
    retired, ran_out, late, thiefs, fresh = (SigningKey(bytes([number]) * 32) for number in range(40, 45))
    now = consortium.now()
    members.add_key(consortium.sender("importer"), importer, new_key(importer, retired, valid_from=5))
    members.add_key(consortium.sender("importer"), importer, new_key(importer, ran_out, valid_until=now + 500))
    members.add_key(consortium.sender("importer"), importer, new_key(importer, late, valid_from=now + 50_000))
    members.retire_key(consortium.sender("importer"), retired.address)
    clock.advance(1_000)
    members.retire_key(consortium.sender("importer"), retired.address, suspect_since=now + 5)
    members.retire_key(consortium.sender("importer"), ran_out.address, suspect_since=now + 7)
    members.suspend(consortium.sender("customs_nl"), importer)
    everything = KeyReplacement(fresh.address, suspect_since=now + 9, consent=sign_consent(authority, fresh))
    proposal = members.propose_key_replacement(consortium.sender("customs_kr"), authority, everything)
    members.add_key(consortium.sender("customs_nl"), authority, new_key(authority, thiefs))
    members.approve(consortium.sender("customs_sg"), proposal)
    rebuilt = read_membership(consortium.contracts)
    block = consortium.node.latest_block()
    moment = Moment(block.number, 1_000, block.time)
    keys = [key.address for key in (retired, ran_out, late, thiefs, fresh)]
    for key in (importer, authority, *keys):
        assert rebuilt.standing_of_key(key, moment) == members.standings(key)[0]
    assert [rebuilt.keys[key].suspect_since for key in keys] == [now + 5, now + 7, None, now + 9, None]
    assert rebuilt.keys[authority].suspect_since == now + 9


def test_a_profile_that_is_no_json_leaves_the_member_with_its_address(journey):
    consortium = journey.consortium
    carrier = consortium.party("carrier").address
    for profile in ("not json", "[]", '{"name": 3}', '{"name": "two\\nlines"}'):
        consortium.members.replace_profile(consortium.sender("carrier"), profile)
        assert read_membership(consortium.contracts).name_of(carrier) == carrier


def test_an_unknown_consignment_is_undetermined(journey):
    verdict = verify(gather(journey.consortium.contracts, journey.store, b"\x07" * 32))
    assert told(verdict) == {("history.registered", "undetermined")}


def test_without_a_store_the_chain_alone_is_judged_and_missing_documents_are_named(journey):
    journey.seal_and_clear()
    verdict = verify(gather(journey.consortium.contracts, None, journey.id))
    assert told(verdict) == {("document.present", "undetermined")}
    assert verdict.undetermined[0].position == 2
    assert verdict.ucr is None


def test_a_store_that_knows_nothing_of_the_consignment_changes_nothing(journey, tmp_path):
    journey.seal_and_clear()
    with Store.open(tmp_path / "other.sqlite", b"\x02" * 32) as other:
        verdict = verify(gather(journey.consortium.contracts, other, journey.id))
    assert told(verdict) == {("document.present", "undetermined")}


def test_a_node_that_does_not_answer_leaves_the_verdict_undetermined(journey, monkeypatch):
    def silent(*_):
        raise NodeUnreachableError("nobody answered", where="http://127.0.0.1:1", mend="Start the node.")

    journey.seal_and_clear()
    for name in ("latest_block", "logs", "call"):
        with monkeypatch.context() as patch:
            patch.setattr(Node, name, silent)
            verdict = journey.verdict()
        assert verdict.word is Word.UNDETERMINED
        assert verdict.failed == ()
        assert "nobody answered. Start the node." in verdict.undetermined[0].reason


def forgotten(*_):
    raise NodeUnreachableError("the node does not know the transaction")


@pytest.mark.parametrize("answer", [forgotten, lambda *_: b"\0" * 100], ids=["forgotten", "through another contract"])
def test_without_its_transaction_a_statement_is_verified_and_only_what_it_opened_is_unchecked(
    journey, monkeypatch, answer
):
    journey.seal_and_clear()
    monkeypatch.setattr(Node, "transaction_data", answer)
    verdict = journey.verdict()
    assert told(verdict) == set()
    assert verdict.word is Word.VERIFIED
    ((unchecked, positions),) = [
        (each.reason, each.positions) for each in verdict.not_checked if each.rule == "transition.allowed"
    ]
    assert "blind and reasons were not in its transaction" in unchecked
    assert journey.case().statements[positions[0] - 1].statement.milestone is Milestone.ASSESSED


@pytest.mark.parametrize("beside", [True, False], ids=["beside the statement", "instead of it"])
def test_a_decoy_in_a_transaction_makes_no_honest_statement_look_forged(journey, monkeypatch, beside):
    """A relayer may put anything into its transaction: it is neither the signature nor the opening that counted."""
    journey.seal_and_clear()
    honest = journey.case()
    anothers = journey.consortium.party("carrier").keyring.signing

    def with_decoys(contracts, transaction):
        found = carried(contracts, transaction)
        decoys = [
            SignedStatement(
                each.statement,
                Signature.from_recoverable(anothers.sign_digest(each.statement.digest(contracts.domain))),
                Opening(b"\x01" * 32, b"\x02" * 32),
            )
            for each in found
        ]
        return (*decoys, *found) if beside else tuple(decoys)

    monkeypatch.setattr("ledger.verify.gather.carried", with_decoys)
    misled = journey.case()
    assert [each.signature for each in misled.entries] == [each.signature for each in honest.entries]
    assert verify(misled).word is Word.VERIFIED
    assert (misled.statements == honest.statements) == beside


def test_no_transaction_is_read_for_what_opens_no_channel(journey, monkeypatch):
    monkeypatch.setattr(Node, "transaction_data", lambda *_: pytest.fail("a transaction was read"))
    journey.say("exporter", Milestone.SEALED, detail=journey.seal.blinded)
    journey.say("agency", Milestone.HELD)
    hold, _ = next(iter(journey.consortium.state(journey.id).holds))
    journey.say("agency", Milestone.UNHELD, terms=hold)
    assert journey.verdict().word is Word.VERIFIED


def assess_red(journey):
    """An import side assessed as red, and its blind, which nobody shares."""
    journey.say("importer", Milestone.DECLARED, side=Side.IMPORT)
    journey.say("customs_nl", Milestone.DECLARATION_ACCEPTED, side=Side.IMPORT)
    red = Blind.of(AssessmentContent(Channel.RED, ("weight",), b"\x02" * 32), SECRET)
    journey.say("customs_nl", Milestone.ASSESSED, side=Side.IMPORT, detail=red.blinded)
    return red


def stop_red(journey, red):
    journey.say(
        "customs_nl", Milestone.STOPPED, side=Side.IMPORT, terms=channel_terms(Channel.RED), opening=red.opening()
    )


def test_a_stop_that_opened_red_is_verified_with_or_without_its_transaction(journey, monkeypatch):
    red = assess_red(journey)
    stop_red(journey, red)
    assert journey.verdict().word is Word.VERIFIED
    monkeypatch.setattr(Node, "transaction_data", forgotten)
    assert journey.verdict().word is Word.VERIFIED
    with journey.store.write() as kept:
        kept.consignments.keep_blind(journey.id, red)
    assert journey.verdict().word is Word.VERIFIED


def test_a_stop_that_came_after_an_amendment_is_verified_as_opening_nothing(journey, monkeypatch):
    red = assess_red(journey)
    journey.say("importer", Milestone.AMENDED, side=Side.IMPORT)
    stop_red(journey, red)
    state = journey.consortium.state(journey.id).import_side
    assert (state.stopped, state.channel) == (True, Channel.CLOSED)
    monkeypatch.setattr(Node, "transaction_data", forgotten)
    assert journey.verdict().word is Word.VERIFIED


def test_the_hold_of_a_dismissed_member_is_lifted_and_verified(journey):
    consortium = journey.consortium
    agency = consortium.party("agency").address
    journey.say("agency", Milestone.HELD)
    hold, _ = next(iter(consortium.state(journey.id).holds))
    consortium.members.dismiss(consortium.sender("customs_nl"), agency)
    journey.say("customs_nl", Milestone.UNHELD, terms=hold, counterparty=agency)
    assert not consortium.state(journey.id).holds
    assert journey.verdict().word is Word.VERIFIED


def test_a_node_that_hides_the_last_statement_is_found_out(journey, monkeypatch):
    journey.seal_and_clear()
    honest = Node.logs
    last = journey.case().statements[-1].acceptance.moment.block

    def hiding(self, addresses, topics, first, end):
        return [log for log in honest(self, addresses, topics, first, end) if log["blockNumber"] != last]

    monkeypatch.setattr(Node, "logs", hiding)
    assert told(journey.verdict()) == {("history.complete", "failed")}


def test_a_node_that_alters_a_log_is_found_out(journey, monkeypatch):
    journey.sail()
    honest = Node.logs

    def altering(self, addresses, topics, first, end):
        found = honest(self, addresses, topics, first, end)
        changed = [dict(log) for log in found]
        for log in changed:
            if journey.seal.blinded in bytes(log["data"]):
                log["data"] = bytes(log["data"]).replace(journey.seal.blinded, b"\x07" * 32)
        return changed

    monkeypatch.setattr(Node, "logs", altering)
    verdict = journey.verdict()
    assert ("signature.key", "failed") in told(verdict)


def test_a_node_that_hides_the_admission_of_a_member_leaves_the_verdict_undetermined(journey, monkeypatch):
    consortium = journey.consortium
    consortium.members.suspend(consortium.sender("customs_nl"), consortium.party("terminal").address)
    honest = Node.logs

    def hiding(self, addresses, topics, first, end):
        found = honest(self, addresses, topics, first, end)
        return found if topics else found[-1:]

    monkeypatch.setattr(Node, "logs", hiding)
    verdict = journey.verdict()
    assert verdict.word is Word.UNDETERMINED
    assert "never seen before" in verdict.undetermined[0].reason


def test_a_statement_that_arrives_while_the_history_is_read_is_read_too(journey, monkeypatch):
    before = journey.consortium.node.latest_block()
    journey.seal_and_clear()
    honest, answers = Node.latest_block, [before]
    monkeypatch.setattr(Node, "latest_block", lambda self: answers.pop() if answers else honest(self))
    assert journey.verdict().word is Word.VERIFIED


def test_a_node_whose_history_never_reaches_its_state_is_found_out(journey, monkeypatch):
    before = journey.consortium.node.latest_block()
    journey.seal_and_clear()
    monkeypatch.setattr(Node, "latest_block", lambda _: before)
    assert told(journey.verdict()) == {("history.complete", "failed")}


def test_the_ledger_is_compared_with_the_one_that_is_trusted(journey):
    founders = frozenset(journey.consortium.party(name).address for name in ("customs_kr", "customs_sg", "customs_nl"))
    domain = journey.consortium.contracts.domain
    assert told(verify(journey.case(trust=Trust(domain, founders)))) == set()
    assert told(verify(journey.case(trust=Trust(domain, founders - {min(founders)})))) == {("ledger.trusted", "failed")}


def test_a_document_in_the_store_that_cannot_be_read_leaves_the_verdict_undetermined(journey, monkeypatch):
    journey.seal_and_clear()
    from ledger.store.documents import Documents

    monkeypatch.setattr(Documents, "get", lambda *_: Document(b"not epcis", JSON_LD))
    assert told(journey.verdict()) == {("history.read", "undetermined"), ("document.present", "undetermined")}


def test_a_store_that_cannot_be_read_leaves_the_verdict_undetermined(journey, monkeypatch):
    from ledger.errors import Unavailable
    from ledger.store.consignments import Consignments

    def broken(*_):
        raise Unavailable("the disk is gone", where="store", mend="Mend it.")

    monkeypatch.setattr(Consignments, "blinds_of", broken)
    verdict = journey.verdict()
    assert told(verdict) == {("history.read", "undetermined")}
    assert "the disk is gone. Mend it." in verdict.undetermined[0].reason


def test_a_document_handed_over_is_judged_by_the_chain(journey):
    journey.sail()
    case = journey.case()
    assert verify_document(journey.document.content, [case]).word is Word.VERIFIED
    changed = json.loads(journey.document.content) | {"bizStep": "receiving"}
    verdict = verify_document(json.dumps(changed).encode(), [case])
    assert verdict.word is Word.NOT_VERIFIED
    assert "/bizStep" in verdict.failed[0].reason


def test_two_statements_about_events_of_one_document_are_verified_with_it(journey):
    now = journey.consortium.now()
    body = {"eventList": [dict(make_event(number, now).data) for number in (1, 2)]}
    content = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": moment_stamp(now),
        "epcisBody": body,
    }
    document = Document(json.dumps(content).encode(), JSON_LD)
    named = [digests(event) for event in read(document.content).events]
    blinds = [Blind.of(EventContent(each.commitment), SECRET) for each in named]
    with journey.store.write() as kept:
        kept.documents.keep(document)
        kept.documents.keep_events(document.sha256, named)
        for blind in blinds:
            kept.consignments.keep_blind(journey.id, blind)
    for blind in blinds:
        journey.say("exporter", Milestone.OBSERVED, commitment=blind.blinded)
    verdict = journey.verdict()
    assert verdict.word is Word.VERIFIED
    assert "document.unaltered" in {finding.rule for finding in verdict.passed}


def test_a_register_read_once_serves_several_cases(journey):
    membership = read_membership(journey.consortium.contracts)
    assert journey.case(membership=membership).membership is membership


def test_where_there_is_no_case_the_verdict_is_undetermined_with_its_reason():
    verdict = could_not_check("No consignment of this UCR is known here. Ask for a parcel.", "UCR-1")
    assert verdict.word is Word.UNDETERMINED
    assert verdict.ucr == "UCR-1"
    assert moment_stamp(0) == "1970-01-01T00:00:00Z"
