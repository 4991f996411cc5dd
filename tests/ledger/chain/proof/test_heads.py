"""The head of a consignment is proved from the contract's storage, where the compiler says that it stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from eth_utils import keccak

from ledger.chain.proof.errors import TrieProofError
from ledger.chain.proof.gathering import gather_head, gather_storage
from ledger.chain.proof.heads import RECORDS_SLOT, course_slot, head_slot, proved_head
from ledger.chain.proof.storage import read_storage_proof
from ledger.identity.milestones import Milestone

ROOT = Path(__file__).parents[4]
NEVER = b"\x07" * 32


def proved(consortium, consignment, number=None):
    contract = consortium.contracts.consignments.address
    number = consortium.node.latest_block().number if number is None else number
    proof = gather_head(consortium.node, contract, consignment, number)
    return proved_head(read_storage_proof(proof.encode()), contract, consignment)


def test_the_head_and_position_are_those_of_the_contract(consortium):
    goods = consortium.register()
    consortium.say("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32)
    found = proved(consortium, goods)
    assert (found.head, found.position) == (consortium.head(goods), 2)
    assert found.block.hash == consortium.node.latest_block().hash
    assert found.code_hash == keccak(consortium.node.code(consortium.contracts.consignments.address))
    assert found.code_hash == consortium.contracts.deployment.consignments.code_hash


def test_the_head_after_an_earlier_block_is_the_earlier_head(consortium):
    goods = consortium.register()
    number, head = consortium.node.latest_block().number, consortium.head(goods)
    consortium.say("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32)
    assert (proved(consortium, goods, number).head, proved(consortium, goods, number).position) == (head, 1)
    assert proved(consortium, goods, number - 1).position == 0


def test_that_a_consignment_was_never_registered_is_proved(consortium):
    consortium.register()
    found = proved(consortium, NEVER)
    assert (found.head, found.position) == (bytes(32), 0)


def test_a_proof_says_nothing_of_another_consignment_or_contract(consortium):
    goods = consortium.register()
    contract, number = consortium.contracts.consignments.address, consortium.node.latest_block().number
    proof = gather_head(consortium.node, contract, goods, number)
    with pytest.raises(TrieProofError, match="is not about consignment"):
        proved_head(proof, contract, NEVER)
    with pytest.raises(TrieProofError, match="is not about consignment"):
        proved_head(proof, consortium.contracts.members.address, goods)
    with pytest.raises(TrieProofError, match="is not about consignment"):
        proved_head(replace(proof, slots=proof.slots[:1]), contract, goods)


def test_before_there_was_a_contract_there_is_no_head(consortium):
    contract = consortium.contracts.consignments.address
    proof = gather_storage(consortium.node, contract, [head_slot(NEVER), course_slot(NEVER)], 0)
    with pytest.raises(TrieProofError, match="there was no contract at"):
        proved_head(proof, contract, NEVER)


def test_the_slots_are_those_that_the_compiler_lays_out():
    solcx = pytest.importorskip("solcx")
    from scripts.contracts import CONTRACTS, SETTINGS, sources
    from scripts.tools import SOLC

    if not SOLC.exists():
        pytest.skip("the compiler is not in .tools: run 'make .tools/.installed'")
    settings = {
        "evmVersion": SETTINGS["evmVersion"],
        "outputSelection": {CONTRACTS["Consignments"]: {"Consignments": ["storageLayout"]}},
    }
    compiled = solcx.compile_standard(
        {"language": "Solidity", "sources": sources(), "settings": settings}, solc_binary=SOLC
    )
    layout = compiled["contracts"][CONTRACTS["Consignments"]]["Consignments"]["storageLayout"]
    (records,) = [entry for entry in layout["storage"] if entry["label"] == "_records"]
    assert (int(records["slot"]), records["offset"]) == (RECORDS_SLOT, 0)
    kind = layout["types"][records["type"]]
    assert layout["types"][kind["key"]]["label"] == "bytes32"
    members = {each["label"]: (int(each["slot"]), each["offset"]) for each in layout["types"][kind["value"]]["members"]}
    assert members["head"] == (0, 0)
    assert members["course"] == (1, 0)
    assert int.from_bytes(course_slot(NEVER), "big") == int.from_bytes(head_slot(NEVER), "big") + 1
    assert head_slot(NEVER) == keccak(NEVER + RECORDS_SLOT.to_bytes(32, "big"))
