"""Evidence as a party makes it, from a real chain: witnessed, disclosed in parts, verified by nobody's server."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from clients.evidence import make_trust, witnesses_of
from clients.practice import practice
from ledger.chain.block_log import BlockLog
from ledger.chain.clock import SettableClock
from ledger.chain.embedded import embedded
from ledger.chain.final_blocks import Buried
from ledger.errors import InputError, NotFound
from ledger.identity.attestations import HeadAttestation, sign_attestation
from ledger.identity.milestones import Channel
from ledger.tlog.origins import block_log_origin
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.vkeys import SignatureType, VerifierKey
from ledger.verify import Outcome, Word
from ledger.verify.evidence import GIVEN_BY_DEFAULT, Part, encode_bundle, read_trust, verify_evidence
from ledger.verify.evidence.bundle import AttestedHead
from ledger.verify.evidence.making import Additions
from ledger.verify.evidence.roots import AttestationTrust, BlockLogTrust
from ledger.verify.evidence.summary import summarize
from tests.clients.test_parties import PACKED
from tests.ledger.verify.evidence.samples import cosigner

UCR = "UCR-EVIDENCE"
ROOT = Path(__file__).resolve().parents[2]


class Witnessed:
    """A practice consortium whose blocks are logged by Korea's customs and cosigned by two of three witnesses."""

    def __init__(self, border, chain, folder):
        self.border, self.chain, self.folder = border, chain, folder
        key = border.customs_kr.keyring.checkpoint
        origin = block_log_origin(border.node.chain_id, border.node.genesis_hash)
        log = PolicyLog(VerifierKey(origin, SignatureType.ED25519, key.public_bytes))
        witnesses = [PolicyWitness(f"w{number}", cosigner(number).key) for number in range(3)]
        self.trust = BlockLogTrust(k_of_n([log], witnesses, 2))
        self.log = BlockLog.create(folder, border.node, key, Buried(0))

    def witnesses(self):
        self.chain.mine()
        note = self.log.update()
        self.log.publish(note.with_signatures([cosigner(each).cosign(note.text, 1_778_500_000) for each in (0, 1)]))
        return witnesses_of(str(self.folder), self.trust)

    def roots(self):
        made = make_trust(self.border.deployment, self.border.node, block_log=self.trust, threshold=2)
        return read_trust(made.roots.text().encode())


@pytest.fixture(scope="module")
def witnessed(tmp_path_factory):
    clock = SettableClock(1_778_400_000)
    chain = embedded(clock)
    folder = tmp_path_factory.mktemp("evidence")
    with practice(folder / "homes", node=chain.node, clock=clock) as border:
        exporter, customs = border.exporter, border.customs_kr
        exporter.register(PACKED, ucr=UCR, to="NL", importer=border.importer.address)
        exporter.seal(UCR, "KR-1")
        exporter.declare(UCR)
        customs.receive(exporter.share(UCR, customs.address))
        customs.accept_declaration(UCR)
        customs.assess(UCR, Channel.GREEN, ("known shipper",))
        customs.release(UCR)
        exporter.offer(UCR, border.carrier.address)
        yield Witnessed(border, chain, folder / "log")


def told(verdict, outcome=Outcome.UNDETERMINED):
    return {finding.rule: finding.reason for finding in verdict.findings if finding.outcome is outcome}


def test_what_a_real_chain_accepted_is_proven_by_one_file(witnessed):
    made = witnessed.border.exporter.evidence(UCR, witnesses=witnessed.witnesses())
    verdict = verify_evidence(made.data, witnessed.roots())
    assert verdict.word is Word.VERIFIED, told(verdict)
    assert verdict.ucr == UCR
    assert made.limits == ()
    assert {"state.recorded", "evidence.history_complete", "evidence.block_final"} <= {
        each.rule for each in verdict.passed
    }
    assert verdict.as_of.block == witnessed.border.node.latest_block().number


def test_the_same_bundle_made_twice_has_the_same_bytes(witnessed):
    witnesses = witnessed.witnesses()
    first, second = (witnessed.border.exporter.evidence(UCR, witnesses=witnesses).data for _ in range(2))
    assert first == second


def test_events_of_the_givers_own_log_are_proven_beside_the_history(witnessed, tmp_path):
    exporter = witnessed.border.exporter
    document = tmp_path / "departed.xml"
    shutil.copyfile(ROOT / "docs" / "examples" / "departed.xml", document)
    exporter.capture([str(document)])
    additions = exporter.events.logged(["0"])
    made = exporter.evidence(UCR, witnesses=witnessed.witnesses(), additions=additions)
    verdict = verify_evidence(made.data, witnessed.roots())
    assert verdict.word is Word.VERIFIED, told(verdict)
    assert "evidence.log_inclusion" in {each.rule for each in verdict.passed}
    other = replace(additions.logged[0], index=additions.logged[0].index + 1)
    moved = exporter.evidence(UCR, witnesses=witnessed.witnesses(), additions=replace(additions, logged=(other,)))
    assert verify_evidence(moved.data, witnessed.roots()).word is not Word.VERIFIED


def test_without_a_block_log_this_chain_makes_nothing_final_and_the_trust_file_says_so(witnessed):
    border = witnessed.border
    trust = make_trust(border.deployment, border.node)
    assert any("Nothing makes a block final" in line for line in trust.taken)
    verdict = verify_evidence(border.exporter.evidence(UCR).data, trust.roots)
    assert told(verdict).keys() == {"evidence.block_final"}


@pytest.mark.parametrize(
    ("left_out", "word", "rules"),
    [
        ({Part.DOCUMENTS}, Word.UNDETERMINED, {"document.present"}),
        ({Part.DOCUMENTS, Part.EVENTS}, Word.UNDETERMINED, {"document.present"}),
        ({Part.SEALS}, Word.VERIFIED, set()),
        ({Part.REFERENCE}, Word.VERIFIED, set()),
        ({Part.COMPLETENESS}, Word.UNDETERMINED, {"evidence.history_complete"}),
    ],
)
def test_what_is_left_out_is_not_in_the_file_and_the_verdict_says_what_it_means(witnessed, left_out, word, rules):
    made = witnessed.border.exporter.evidence(UCR, GIVEN_BY_DEFAULT - left_out, witnesses=witnessed.witnesses())
    verdict = verify_evidence(made.data, witnessed.roots())
    assert verdict.word is word, told(verdict)
    assert told(verdict).keys() == rules
    if Part.SEALS in left_out:
        assert b"KR-1" not in made.data
    if Part.REFERENCE in left_out:
        assert UCR.encode() not in made.data
        assert any("UCR and salt" in limit for limit in made.limits)
    if Part.DOCUMENTS in left_out:
        assert b"ObjectEvent" not in made.data
        assert any("what they say" in limit for limit in made.limits)


def test_assessments_stay_with_customs_unless_they_are_chosen(witnessed):
    customs = witnessed.border.customs_kr
    for parts, there in ((GIVEN_BY_DEFAULT, False), (frozenset(Part), True)):
        made = customs.evidence(UCR, parts, witnesses=witnessed.witnesses())
        assert (b"known shipper" in made.data) is there
        assert verify_evidence(made.data, witnessed.roots()).word is Word.VERIFIED
        assert summarize(made.bundle, len(made.data)).assessments == there


def test_documents_without_the_blinds_that_match_them_are_not_given(witnessed):
    with pytest.raises(InputError, match="nobody can match"):
        witnessed.border.exporter.evidence(UCR, GIVEN_BY_DEFAULT - {Part.EVENTS})


def test_nothing_is_made_of_a_consignment_that_nobody_stated_anything_about(witnessed):
    with pytest.raises(NotFound, match="nothing was stated"):
        witnessed.border.exporter.evidence(f"0x{'11' * 32}")


def test_a_node_without_old_states_gives_a_bundle_that_says_what_it_lacks(witnessed, monkeypatch):
    from ledger.chain.errors import NodeRefusedError
    from ledger.chain.nodes import Node

    def refused(self, method, params):
        raise NodeRefusedError("missing trie node", where="node")

    monkeypatch.setattr(Node, "request", refused)
    made = witnessed.border.exporter.evidence(UCR, witnesses=witnessed.witnesses())
    assert any("missing trie node" in limit for limit in made.limits)
    assert told(verify_evidence(made.data, witnessed.roots())).keys() == {"evidence.history_complete"}


def test_authorities_attest_to_the_head_where_no_storage_can_be_proven(witnessed):
    border = witnessed.border
    witnesses = witnessed.witnesses()
    block = border.node.block(witnesses.size - 1)
    state = border.exporter.state_of(UCR)
    said = HeadAttestation(state.consignment, state.head, state.position, block.number, block.hash)
    signatures = tuple(
        sign_attestation(said, border.deployment.domain, each.keyring.signing)
        for each in (border.customs_kr, border.customs_nl)
    )
    made = border.exporter.evidence(
        UCR,
        GIVEN_BY_DEFAULT - {Part.COMPLETENESS},
        witnesses=witnesses,
        additions=Additions((AttestedHead(said, signatures),)),
    )
    assert verify_evidence(made.data, witnessed.roots()).word is Word.VERIFIED
    alone = replace(made.bundle, attestations=(AttestedHead(said, signatures[:1]),))
    assert verify_evidence(encode_bundle(alone), witnessed.roots()).word is Word.UNDETERMINED
    trust = AttestationTrust(1, tuple(frozenset({each}) for each in border.deployment.founders))
    assert verify_evidence(encode_bundle(alone), replace(witnessed.roots(), attestations=trust)).word is Word.VERIFIED
