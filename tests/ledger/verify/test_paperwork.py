"""Papers as events name them: type, issuer and number, whichever way they are spelled."""

import pytest

from ledger.identity.milestones import Role
from ledger.verify import Outcome, verify
from ledger.verify.paperwork import papers_of
from tests.ledger.verify.builder import CARRIER
from tests.ledger.verify.examples.papers import BOX, SELLER, begun, received, shipped
from tests.ledger.verify.examples.told import event_of


def named(uri, kind="inv"):
    event = event_of(1_772_000_000, epcList=["urn:epc:id:bic:CSQU3054383"], bizTransactionList=[named_as(uri, kind)])
    (paper,) = papers_of(event)
    return paper


def named_as(uri, kind):
    return {"bizTransaction": uri} | ({"type": kind} if kind else {})


@pytest.mark.parametrize(
    ("uri", "issuer", "number"),
    [
        ("urn:epcglobal:cbv:bt:4012345000016:INV-7/2", "urn:epcglobal:cbv:bt:4012345000016:inv-7/", "2"),
        ("urn:epcglobal:cbv:bt:4012345000016:Inv.0007", "urn:epcglobal:cbv:bt:4012345000016:", "inv0007"),
        ("https://trade.example/papers/INV-7", "https://trade.example/papers/", "inv7"),
        ("tag:invoice", "tag:", "invoice"),
    ],
)
def test_a_paper_has_an_issuer_and_a_number(uri, issuer, number):
    paper = named(uri)
    assert (paper.issuer, paper.number) == (issuer, number)
    assert paper.written == uri


def test_a_document_type_identifier_is_known_by_its_issuer_in_both_spellings():
    one, other = named("urn:epc:id:gdti:4012345.00001.X7"), named("https://id.gs1.org/253/4012345000016X7")
    assert (one.issuer, one.number) == (other.issuer, other.number) == ("4012345000016", "x7")


def test_a_paper_without_a_type_is_compared_with_none():
    assert named(f"{SELLER}:1", "").type == ""


def test_of_three_members_each_is_held_against_all_before_it():
    story = begun()
    shipped(story, ("inv", f"{SELLER}:1"), ("inv", f"{SELLER}:2"))
    received(story, ("inv", f"{SELLER}:2"), ("inv", f"{SELLER}:3"))
    bill = [named_as(f"{SELLER}:3", "inv")]
    story.observe(CARRIER, Role.CARRIER, bizStep="storing", epcList=[BOX], bizTransactionList=bill)
    assert not [finding for finding in verify(story.case()).findings if finding.outcome is Outcome.WARNING]
