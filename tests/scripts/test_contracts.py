"""The compiled contracts that are committed, against the words of ``ledger.identity`` and the tables of the docs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from eth_utils.crypto import keccak

from ledger.identity import milestones
from ledger.identity.checkpoints import CHECKPOINT_TYPE, CHECKPOINT_TYPEHASH
from ledger.identity.consent import CONSENT_TYPE, CONSENT_TYPEHASH
from ledger.identity.statements import DOMAIN_NAME, DOMAIN_VERSION, STATEMENT_TYPE, STATEMENT_TYPEHASH
from scripts import contracts
from scripts.tools import SOLC_VERSION, installed

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "ledger" / "chain" / "artifacts"
NAMES = sorted(contracts.CONTRACTS)
INTERFACES = ["IMembers", "IConsignments", "IEventLogs", "IStandingErrors", "ISigningErrors"]
WORDS = {
    "Milestone": milestones.Milestone,
    "Role": milestones.Role,
    "Side": milestones.Side,
    "Channel": milestones.Channel,
    "Phase": milestones.Phase,
    "Clearance": milestones.Clearance,
}


def kept(name):
    return json.loads((ARTIFACTS / f"{name}.json").read_text("utf-8"))


def source(path):
    return (ROOT / "contracts" / path).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_an_artifact_says_what_it_was_compiled_with(name):
    artifact = kept(name)
    assert artifact["compiler"] == SOLC_VERSION
    assert artifact["settings"] == contracts.SETTINGS
    assert artifact["source"] == contracts.CONTRACTS[name]


@pytest.mark.parametrize("name", NAMES)
def test_an_artifact_is_written_as_the_command_writes_it(name):
    assert (ARTIFACTS / f"{name}.json").read_text("utf-8") == contracts.rendered(kept(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_engine_deploys_the_code(name):
    assert len(bytes.fromhex(kept(name)["deployedBytecode"][2:])) <= contracts.MAX_CODE_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_the_places_of_immutables_are_zero_in_the_code(name):
    artifact = kept(name)
    code = bytes.fromhex(artifact["deployedBytecode"][2:])
    for places in artifact["immutableReferences"]:
        for place in places:
            assert not any(code[place["start"] : place["start"] + place["length"]])


def test_no_artifact_names_this_machine():
    for name in NAMES:
        assert str(ROOT) not in json.dumps(kept(name))


def test_the_contract_signs_the_same_type_as_python():
    assert keccak(text=STATEMENT_TYPE) == STATEMENT_TYPEHASH
    preimages = re.sub(r'"\s+"', "", source("libraries/TypedData.sol"))
    assert f'keccak256(\n        "{STATEMENT_TYPE}"\n    )' in preimages
    assert f'keccak256("{DOMAIN_NAME}")' in preimages
    assert f'keccak256("{DOMAIN_VERSION}")' in preimages
    assert STATEMENT_TYPEHASH.hex() in kept("Consignments")["deployedBytecode"]


def test_a_checkpoint_is_of_the_same_type_as_in_python():
    assert keccak(text=CHECKPOINT_TYPE) == CHECKPOINT_TYPEHASH
    assert f'keccak256(\n        "{CHECKPOINT_TYPE}"\n    )' in source("libraries/TypedData.sol")
    assert CHECKPOINT_TYPEHASH.hex() in kept("EventLogs")["deployedBytecode"]


def test_a_key_consents_by_the_same_type_as_in_python():
    assert keccak(text=CONSENT_TYPE) == CONSENT_TYPEHASH
    assert f'keccak256("{CONSENT_TYPE}")' in source("libraries/TypedData.sol")
    assert CONSENT_TYPEHASH.hex() in kept("Members")["deployedBytecode"]


@pytest.mark.parametrize(
    ("contract", "function", "signed_type"),
    [("Consignments", "submit", STATEMENT_TYPE), ("EventLogs", "submitSigned", CHECKPOINT_TYPE)],
)
def test_the_struct_of_the_interface_is_the_signed_type(contract, function, signed_type):
    submit = next(entry for entry in kept(contract)["abi"] if entry.get("name") == function)
    signed = submit["inputs"][0]["components"][0]["components"]
    fields = ",".join(f"{field['type']} {field['name']}" for field in signed)
    assert signed_type.endswith(f"({fields})")


@pytest.mark.parametrize("word", WORDS)
def test_the_numbers_of_a_word_are_the_same_in_solidity(word):
    body = re.search(rf"library {word} {{(.*?)}}", source("types/Vocabulary.sol"), re.S)
    numbers = dict(re.findall(r"constant (\w+) = (\d+);", body.group(1)))
    last = int(numbers.pop("LAST"))
    ours = {item.name: str(item.value) for item in WORDS[word]}
    assert {name: number for name, number in numbers.items() if name in ours or number != "0"} == ours
    assert last == max(WORDS[word])


def test_the_scopes_are_the_same_in_solidity():
    found = dict(re.findall(r"SCOPE_(\w+) = (\d+);", source("types/Vocabulary.sol")))
    assert found == {scope.name: str(scope.value) for scope in milestones.Scope}


@pytest.mark.parametrize("name", INTERFACES)
def test_every_error_has_a_forge_test(name):
    errors = re.findall(r"^    error (\w+)\(", source(f"interfaces/{name}.sol"), re.M)
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "contracts").rglob("*.t.sol"))
    assert errors
    assert [error for error in errors if f"{error}.selector" not in tests] == []


@pytest.mark.parametrize("name", INTERFACES)
def test_every_error_is_explained_in_the_docs(name):
    page = (ROOT / "docs" / "contracts.md").read_text("utf-8")
    for error in re.findall(r"^    error (\w+\([^)]*\));", source(f"interfaces/{name}.sol"), re.M):
        assert f"`{error}`" in page


@pytest.mark.slow
@pytest.mark.skipif(not installed(), reason="the compiler is not in .tools: run make .tools/.installed")
def test_the_sources_compile_to_the_committed_artifacts():
    assert contracts.differences() == []


@pytest.mark.slow
@pytest.mark.skipif(not installed(), reason="the compiler is not in .tools: run make .tools/.installed")
def test_a_changed_artifact_is_found(tmp_path, monkeypatch, capsys):
    for name in NAMES:
        (tmp_path / f"{name}.json").write_text(contracts.rendered(kept(name) | {"compiler": "0"}), "utf-8")
    monkeypatch.setattr(contracts, "ARTIFACTS", tmp_path)
    assert contracts.main(["--check"]) == 1
    assert "make contracts" in capsys.readouterr().err
