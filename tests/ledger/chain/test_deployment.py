"""A deployment is recorded in a file, and whoever attaches to it makes sure that it is there."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from ledger.chain.artifacts import artifact
from ledger.chain.deployment import DeployedContract, Deployment, Founding, attach, deploy
from ledger.chain.embedded import embedded
from ledger.chain.errors import DeploymentFileError, OtherChainError, OtherContractsError
from ledger.chain.members import Founder
from ledger.chain.refusals import RuleRefused
from ledger.chain.transactions import Sender
from ledger.errors import NotFound, Unavailable
from ledger.identity.consent import sign_consent
from ledger.identity.keys import SigningKey
from ledger.identity.statements import Domain

KEYS = [SigningKey(bytes([number]) * 32) for number in (1, 2, 3)]


def founders(*countries: str) -> tuple[Founder, ...]:
    return tuple(
        Founder(key.address, country, b"e" * 32, b"c" * 32, consent=sign_consent(key.address, key))
        for key, country in zip(KEYS, countries, strict=False)
    )


@pytest.fixture
def deployment(consortium):
    return consortium.contracts.deployment


def test_the_record_comes_back_from_its_file_as_it_was(deployment, tmp_path):
    path = tmp_path / "deployment.json"
    deployment.write(path)
    assert Deployment.read(path) == deployment


def test_the_record_names_where_statements_count(consortium, deployment):
    domain = Domain(consortium.node.chain_id, consortium.contracts.consignments.address)
    assert deployment.domain == consortium.contracts.domain == consortium.contracts.consignments.domain == domain
    assert consortium.contracts.consignments.read("domainSeparator") == domain.separator


def test_the_record_names_where_checkpoints_count(consortium, deployment):
    domain = Domain(consortium.node.chain_id, consortium.contracts.event_logs.address)
    assert deployment.checkpoint_domain == consortium.contracts.event_logs.domain == domain
    assert consortium.contracts.event_logs.read("domainSeparator") == domain.separator


def test_the_contracts_type_hash_is_that_of_the_statements_signed_here(consortium):
    from ledger.identity.statements import STATEMENT_TYPEHASH

    assert consortium.contracts.consignments.read("STATEMENT_TYPEHASH") == STATEMENT_TYPEHASH


def test_the_code_recorded_is_the_compiled_code(consortium, deployment):
    assert len(artifact("Consignments").bytecode) > len(consortium.node.code(deployment.consignments.address))


def test_another_chain_is_noticed(deployment):
    node = embedded().node
    with pytest.raises(OtherContractsError, match="nothing is there"):
        attach(node, deployment)
    with pytest.raises(OtherChainError, match="chain 7"):
        attach(node, replace(deployment, chain_id=7))
    with pytest.raises(OtherChainError, match="began with"):
        attach(node, replace(deployment, genesis_hash=bytes(32)))


@pytest.mark.parametrize("name", ["members", "consignments", "event_logs"])
def test_other_code_is_noticed(consortium, deployment, name):
    altered = replace(deployment, **{name: DeployedContract(getattr(deployment, name).address, bytes(32))})
    with pytest.raises(OtherContractsError, match="other code"):
        attach(consortium.node, altered)


def test_a_founding_that_breaks_the_rules_is_refused(smartborder_chain):
    sender = Sender(smartborder_chain.node, KEYS[0])
    for bad, error in (
        (Founding(founders("KR"), 1), "TooFewAuthorities"),
        (Founding(founders("KR", "SG"), 2), "RecoveryKeyMissing"),
        (Founding(founders("KR", "SG", "NL"), 3), "ThresholdInvalid"),
        (Founding(founders("KR", "KR", "NL"), 2), "CountryGoverned"),
    ):
        with pytest.raises(RuleRefused) as refusal:
            deploy(sender, bad)
        assert refusal.value.error == error
    assert smartborder_chain.node.latest_block().number == 0


def test_two_authorities_found_a_consortium_with_a_recovery_key(smartborder_chain):
    sender = Sender(smartborder_chain.node, KEYS[2])
    contracts = deploy(sender, Founding(founders("KR", "SG"), 2, recovery_key=KEYS[2].address))
    assert contracts.members.read("recoveryKey") == KEYS[2].address


def test_a_new_version_names_its_predecessor(smartborder_chain, deployment):
    old = deployment.members.address
    logs, goods = deployment.event_logs.address, deployment.consignments.address
    founding = Founding(
        founders("KR", "SG", "NL"),
        2,
        predecessor=old,
        predecessor_consignments=goods,
        predecessor_event_logs=logs,
    )
    contracts = deploy(Sender(smartborder_chain.node, KEYS[0]), founding)
    assert contracts.members.read("predecessor") == old
    assert contracts.consignments.read("predecessor") == goods
    assert contracts.event_logs.read("predecessor") == logs
    assert contracts.event_logs.read("members") == contracts.members.address


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content.pop("members"), "no deployment record"),
        (lambda content: content.pop("eventLogs"), "no deployment record"),
        (lambda content: content.update(smartborderDeployment=3), "version 3"),
        (lambda content: content.pop("smartborderDeployment"), "no deployment record"),
        (lambda content: content.update(genesisHash="0x12"), "no hash"),
        (lambda content: content.update(genesisHash="zebra"), "no deployment record"),
        (lambda content: content.update(genesisHash=5), "no deployment record"),
        (lambda content: content.update(chainId="1"), "no number"),
        (lambda content: content.update(block=-1), "no number"),
        (lambda content: content["members"].update(address="0x12"), "not an address"),
    ],
)
def test_a_damaged_record_is_told(deployment, change, message):
    content = json.loads(deployment.to_json())
    change(content)
    with pytest.raises(DeploymentFileError, match=message) as error:
        Deployment.from_json(json.dumps(content))
    assert "deployment file again" in error.value.mend


def test_a_record_of_a_consortium_without_event_logs_is_told(deployment):
    content = json.loads(deployment.to_json()) | {"smartborderDeployment": 1}
    del content["eventLogs"]
    with pytest.raises(DeploymentFileError, match=r"version 1: .* no event logs") as error:
        Deployment.from_json(json.dumps(content), "old.json")
    assert error.value.where == "old.json"
    assert "anew" in error.value.mend


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000])
def test_what_is_no_record_is_told(text):
    with pytest.raises(DeploymentFileError):
        Deployment.from_json(text)


def test_files_that_cannot_be_used_are_told(deployment, tmp_path):
    with pytest.raises(NotFound, match="no deployment record here"):
        Deployment.read(tmp_path / "none.json")
    with pytest.raises(Unavailable, match="cannot be read"):
        Deployment.read(tmp_path)
    with pytest.raises(Unavailable, match="cannot be written"):
        deployment.write(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(DeploymentFileError, match="not text"):
        Deployment.read(tmp_path / "binary")
    (tmp_path / "large").write_bytes(os.urandom(1) * 200_000)
    with pytest.raises(DeploymentFileError, match="more than"):
        Deployment.read(tmp_path / "large")
