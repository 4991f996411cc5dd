from dataclasses import replace

import pytest

from ledger.epcis import digests, read
from ledger.exchange import Parcel, check_parcel, open_parcel, seal_parcel
from ledger.exchange.checking import MAX_PROBLEMS
from ledger.exchange.errors import UnknownGiverError
from ledger.identity.milestones import Milestone
from ledger.identity.signatures import Signature
from ledger.identity.signing import Opening, SignedStatement, sign
from ledger.store.blinds import Blind, EventContent, SealContent
from ledger.store.records import Document, Reference
from tests.ledger.exchange.samples import (
    ASSESSMENT_BLIND,
    CARRIER,
    DETAIL_BLIND,
    DOCUMENT,
    DOMAIN,
    ENVELOPE,
    EVENT,
    EVENT_BLIND,
    EXPORTER,
    PARCEL,
    REFERENCE,
    SEAL_BLIND,
    SECRET,
    STATEMENTS,
    STRANGER,
    ImaginedChain,
    epcis_document,
    with_statement,
)


def check(parcel=PARCEL, chain=None, key=EXPORTER.signing, envelope=ENVELOPE):
    data = seal_parcel(parcel, envelope, key, CARRIER.encryption.public_bytes)
    opened = open_parcel(data, CARRIER.encryption, DOMAIN, CARRIER.address)
    return check_parcel(opened, chain or ImaginedChain())


def found(parcel, chain=None):
    return [str(problem) for problem in check(parcel, chain).problems]


def test_an_honest_parcel_agrees_with_the_chain():
    checked = check()
    assert checked.problems == ()
    assert checked.events == ((EVENT,),)
    assert set(checked.accepted) == {signed.statement.digest(DOMAIN) for signed in STATEMENTS}


@pytest.mark.parametrize(
    "left_out",
    [
        {"reference": None},
        {"statements": ()},
        {"documents": ()},
        {"documents": (), "blinds": ()},
        {"blinds": (EVENT_BLIND,)},
    ],
)
def test_a_parcel_of_which_the_giver_left_something_out_agrees_too(left_out):
    assert found(replace(PARCEL, **left_out)) == []


def test_a_parcel_signed_by_nobody_known_is_refused():
    with pytest.raises(UnknownGiverError, match="no member's key"):
        check(key=STRANGER.signing)


def test_a_parcel_signed_by_another_member_is_refused():
    with pytest.raises(UnknownGiverError, match=f"is a key of {CARRIER.address}"):
        check(key=CARRIER.signing)


def test_a_further_key_of_the_giver_is_the_givers():
    chain = ImaginedChain()
    chain.members[STRANGER.address] = EXPORTER.address
    assert check(chain=chain, key=STRANGER.signing).problems == ()


def test_an_unregistered_consignment_is_found():
    other = Reference("another", REFERENCE.salt, EXPORTER.address)
    assert found(Parcel(other.id, other)) == ["consignment: is not registered on this chain"]


def test_a_reference_to_another_exporter_than_the_one_who_registered_is_found():
    chain = ImaginedChain()
    chain.history = [replace(each, member=CARRIER.address) for each in chain.history]
    assert found(PARCEL, chain) == [f"reference.exporter: {EXPORTER.address} did not register this consignment"]


@pytest.mark.parametrize(
    "change", [{"event_time": 1}, {"detail": bytes(32)}, {"side": 2}, {"counterparty": CARRIER.address}]
)
def test_a_statement_changed_after_it_was_signed_is_found(change):
    problems = found(with_statement(2, **change))
    assert len(problems) == 1
    assert problems[0].startswith("statements[2]: the contract never accepted statement")


def test_a_statement_that_was_never_accepted_is_found():
    chain = ImaginedChain()
    chain.history.pop(2)
    problems = found(replace(PARCEL, blinds=PARCEL.blinds[:3]), chain)
    assert [problem.split(":")[0] for problem in problems] == ["statements[2]"]


def test_a_statement_signed_anew_by_another_is_found():
    forged = sign(STATEMENTS[1].statement, DOMAIN, STRANGER.signing)
    (problem,) = found(replace(PARCEL, statements=(forged,)))
    assert problem == f"statements[0]: {STRANGER.address} signed it, and the chain names {EXPORTER.address}"


def test_a_signature_that_nobody_can_have_made_is_found():
    impossible = Signature((5).to_bytes(32, "big"), b"\x01" * 32)
    (problem,) = found(replace(PARCEL, statements=(SignedStatement(STATEMENTS[1].statement, impossible),)))
    assert "no key can have made it" in problem


@pytest.mark.parametrize(
    "opening",
    [Opening(bytes(32), ASSESSMENT_BLIND.content.reasons_digest), Opening(ASSESSMENT_BLIND.blind, bytes(32))],
)
def test_an_opening_that_opens_nothing_recorded_is_found(opening):
    assessed = replace(STATEMENTS[3], opening=opening)
    (problem,) = found(replace(PARCEL, statements=(assessed,)))
    assert problem == "statements[0].opening: opens no assessment that was recorded"


def test_an_opening_beside_a_statement_that_opens_nothing_is_found():
    sealed = replace(STATEMENTS[1], opening=ASSESSMENT_BLIND.opening())
    (problem,) = found(replace(PARCEL, statements=(sealed,)))
    assert problem.startswith("statements[0].opening")


def test_an_opening_of_the_other_sides_assessment_is_found():
    chain = ImaginedChain()
    chain.history[3] = replace(chain.history[3], side=2)
    assert any(".opening" in problem for problem in found(PARCEL, chain))


def test_an_opening_of_a_statement_that_is_no_assessment_is_found():
    chain = ImaginedChain()
    chain.history[3] = replace(chain.history[3], milestone=Milestone.AMENDED)
    assert found(PARCEL, chain) == ["statements[3].opening: opens no assessment that was recorded"]


def test_a_document_is_not_vouched_for_by_a_blind_that_opens_nothing():
    forged = epcis_document("urn:epc:id:sscc:0614141.1234567891")
    commitment = digests(read(forged.content).events[0]).commitment
    parcel = replace(PARCEL, blinds=(Blind.of(EventContent(commitment), SECRET),), documents=(forged,))
    assert [problem.where for problem in check(parcel).problems] == ["blinds[0]", "documents[0]"]


@pytest.mark.parametrize(
    "blind",
    [
        Blind.of(SealContent("KR-8842"), SECRET),
        Blind(bytes(32), SEAL_BLIND.content),
        Blind.of(EventContent(bytes(32)), SECRET),
        Blind.of(EventContent(SEAL_BLIND.content.commitment), SECRET),
        Blind.of(EventContent(DETAIL_BLIND.content.commitment), SECRET),
    ],
    ids=["another seal", "another blind", "another event", "a seal as an event", "a detail as an event"],
)
def test_a_blind_that_opens_nothing_stated_is_found(blind):
    assert found(replace(PARCEL, blinds=(*PARCEL.blinds, blind))) == [
        "blinds[4]: opens nothing that was stated about this consignment"
    ]


def test_a_document_that_was_altered_is_found():
    altered = epcis_document("urn:epc:id:sscc:0614141.1234567891")
    assert found(replace(PARCEL, documents=(DOCUMENT, altered))) == [
        "documents[1]: holds no event that was stated about this consignment"
    ]


def test_a_document_without_the_blind_of_its_event_is_found():
    problems = found(replace(PARCEL, blinds=(SEAL_BLIND,)))
    assert problems == ["documents[0]: holds no event that was stated about this consignment"]


@pytest.mark.parametrize("content", [b"", b"{}", b"<xml/>", DOCUMENT.content[:-1]])
def test_a_document_that_is_no_epcis_is_found(content):
    (problem,) = found(replace(PARCEL, documents=(Document(content, DOCUMENT.media_type),)))
    assert problem.startswith("documents[0]: is no valid EPCIS document")


def test_a_document_declared_in_the_other_binding_is_found():
    (problem,) = found(replace(PARCEL, documents=(Document(DOCUMENT.content, "application/xml"),)))
    assert problem.startswith("documents[0]: is no valid EPCIS document")


def test_everything_that_is_wrong_is_found_at_once():
    parcel = replace(
        with_statement(0, event_time=1), blinds=(Blind(bytes(32), SEAL_BLIND.content),), documents=(epcis_document(),)
    )
    assert [problem.where for problem in check(parcel).problems] == ["statements[0]", "blinds[0]", "documents[0]"]


def test_a_report_is_never_longer_than_its_limit():
    blinds = tuple(Blind(bytes([number]) * 32, SEAL_BLIND.content) for number in range(200))
    assert len(check(replace(PARCEL, blinds=blinds)).problems) == MAX_PROBLEMS
