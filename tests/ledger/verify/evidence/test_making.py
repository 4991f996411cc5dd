"""What goes into a bundle, and what is found out about a chain of QBFT while one is made."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from ledger.chain.proof.headers import read_header
from ledger.chain.proof.qbft import followed, listed_validators
from ledger.epcis import Event, read
from ledger.identity.checkpoints import CheckpointStatement, sign_checkpoint
from ledger.identity.milestones import Milestone
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.proving import MemoryTree, inclusion_proof, tree_root
from ledger.verify import Word
from ledger.verify.evidence import GIVEN_BY_DEFAULT, encode_bundle, verify_bundle
from ledger.verify.evidence.bundle import LoggedProof
from ledger.verify.evidence.contents import event_text, read_event
from ledger.verify.evidence.making import Additions, ledger_of, make_bundle
from ledger.verify.evidence.roots import TrustRoots
from ledger.verify.evidence.validators import validator_changes
from ledger.verify.gather import gather
from scripts.recorded_bundle import make_header, seal, validator
from tests.ledger.verify.builder import make_event
from tests.ledger.verify.evidence.samples import log_entries


class QbftNode:
    """A chain whose list of validators is different at some blocks; it counts what it is asked."""

    def __init__(self, lists, blocks):
        self._lists, self._blocks, self.asked = lists, blocks, 0

    def header(self, number):
        listed = next(keys for since, keys in reversed(self._lists) if since <= number)
        return seal(make_header(number, 10 * number), [validator(each) for each in listed])

    def block_data(self, number):
        self.asked += 1
        header = self.header(number)
        return {
            "parentHash": header.parent_hash, "sha3Uncles": header.ommers_hash, "miner": header.beneficiary,
            "stateRoot": header.state_root, "transactionsRoot": header.transactions_root,
            "receiptsRoot": header.receipts_root, "logsBloom": header.logs_bloom, "difficulty": header.difficulty,
            "number": number, "gasLimit": header.gas_limit, "gasUsed": header.gas_used, "timestamp": header.time,
            "extraData": header.extra_data, "mixHash": header.mix_hash, "nonce": header.nonce, "baseFeePerGas": 0,
            "hash": header.hash(),
        }  # fmt: skip


def test_changes_of_the_list_are_found_by_asking_for_few_headers():
    node = QbftNode([(0, range(4)), (300, range(5)), (700, range(1, 5))], 1_000)
    wanted = [node.header(number).encode() for number in (10, 500, 999)]
    changes = validator_changes(node, wanted, 0)
    assert [read_header(each).number for each in changes] == [300, 700]
    assert node.asked < 60
    sets = followed(listed_validators(node.header(0)), map(read_header, changes))
    assert sets[-1].validators == listed_validators(node.header(999)).validators


def test_what_went_and_came_back_between_two_blocks_needs_no_proof():
    node = QbftNode([(0, range(4)), (300, range(5)), (301, range(4))], 1_000)
    assert validator_changes(node, [node.header(900).encode()], 0) == ()


def test_a_chain_without_validators_in_its_headers_has_no_changes(consortium):
    header = make_header(1, 5).encode()
    assert validator_changes(consortium.node, [header], 0) == ()


# Events as they stand in a bundle


def test_an_event_reads_back_as_itself_whatever_it_was_spelled_in():
    event = make_event(1, 1_772_440_000, **{"rdfs:comment": "ä"})
    text = event_text(event)
    assert text is not None
    assert event_text(read_event(text)) == text


def test_an_event_with_its_own_prefixes_keeps_those_that_it_uses():
    content = b"""{
      "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                   {"ext": "https://example.com/ext/", "unused": "https://example.com/unused/"}],
      "type": "ObjectEvent", "eventTime": "2026-03-01T08:15:00Z", "eventTimeZoneOffset": "+00:00",
      "action": "OBSERVE", "epcList": ["urn:epc:id:sscc:4012345.0000000333"], "ext:mark": "7"}"""
    (event,) = read(content).events
    text = event_text(event)
    assert text is not None
    assert b'"@context":{"ext":"https://example.com/ext/"}' in text.canonical


def test_an_event_that_cannot_stand_by_itself_is_left_out():
    event = make_event(1, 1_772_440_000)
    assert event_text(Event({**event.data, "quantityList": [{"epcClass": "x", "quantity": 10**400}]})) is None


def test_marks_that_a_document_leaves_out_of_the_hash_go_with_the_event():
    event = make_event(1, 1_772_440_000)
    context = replace(event.context.with_prefixes({"ext": "https://example.com/ext/"}),
                      unhashed=frozenset({"https://example.com/ext/mark"}))  # fmt: skip
    text = event_text(Event({**event.data, "ext:mark": "7"}, context))
    assert text is not None
    assert text.unhashed == ("https://example.com/ext/mark",)
    assert event_text(read_event(text)) == text


# From a real chain


@pytest.fixture
def goods(consortium):
    return consortium.register()


def roots_of(consortium):
    deployed = consortium.contracts.deployment
    return TrustRoots(ledger_of(deployed), deployed.genesis_hash, frozenset(deployed.founders))


def test_several_statements_of_one_transaction_share_one_receipt(consortium, goods):
    signed = [consortium.sign(name, Milestone.HELD, goods) for name in ("customs_kr", "customs_nl")]
    consortium.contracts.consignments.submit_batch(consortium.sender("auditor"), signed)
    made = make_bundle(consortium.contracts, gather(consortium.contracts, None, goods))
    assert [len(receipt.logs) for receipt in made.bundle.receipts[:2]] == [1, 2]
    verdict = verify_bundle(made.bundle, roots_of(consortium))
    assert verdict.word is Word.UNDETERMINED
    assert {each.rule for each in verdict.undetermined} == {"evidence.block_final"}
    assert not verdict.failed


def test_an_event_of_a_members_log_is_proven_by_the_checkpoint_on_chain(consortium, goods):
    entries = log_entries()
    tree = MemoryTree(leaf_hashes(entries))
    size, member = len(entries), consortium.members.member(consortium.party("carrier").address)
    now = consortium.now()
    statement = CheckpointStatement(member.number, 0, size, tree_root(size, tree), now, now + 3600)
    logs = consortium.contracts.event_logs
    signed = sign_checkpoint(statement, logs.domain, consortium.party("carrier").keyring.signing)
    logs.submit_signed(consortium.sender("auditor"), signed)
    proof = LoggedProof(member.address, 4, size, entries[4], tuple(inclusion_proof(4, size, tree)))
    case = gather(consortium.contracts, None, goods)
    made = make_bundle(consortium.contracts, case, additions=Additions(logged=(proof,)))
    verdict = verify_bundle(made.bundle, roots_of(consortium))
    assert "evidence.log_inclusion" in {each.rule for each in verdict.passed}
    assert not verdict.failed


def test_a_document_that_was_altered_in_the_store_is_not_given_out(consortium, goods):
    """What goes in has to be what was committed to; else only its hashes do, or nothing."""
    case = gather(consortium.contracts, None, goods)
    assert make_bundle(consortium.contracts, case, GIVEN_BY_DEFAULT).bundle.events == ()
    assert encode_bundle(make_bundle(consortium.contracts, case).bundle)
    assert case.openings.events == MappingProxyType({})
