"""The words and what is signed are the same in the contracts' sources and in Python."""

import re
from pathlib import Path

import pytest

from ledger.identity.milestones import (
    ALL_MILESTONES,
    Channel,
    Clearance,
    InspectionResult,
    Milestone,
    Phase,
    Role,
    Scope,
    Side,
)
from ledger.identity.statements import DOMAIN_NAME, DOMAIN_VERSION, STATEMENT_TYPE

CONTRACTS = Path(__file__).parents[3] / "contracts"
VOCABULARY = (CONTRACTS / "types" / "Vocabulary.sol").read_text("utf-8")
TYPED_DATA = (CONTRACTS / "libraries" / "TypedData.sol").read_text("utf-8")


def library(name):
    body = re.search(rf"library {name} {{(.*?)\n}}", VOCABULARY, re.DOTALL)[1]
    return {word: int(number) for word, number in re.findall(r"constant (\w+) = (\d+);", body)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Milestone", Milestone),
        ("Role", Role),
        ("Side", Side),
        ("Channel", Channel),
        ("Phase", Phase),
        ("Clearance", Clearance),
        ("Inspection", InspectionResult),
    ],
)
def test_words_have_the_numbers_they_have_on_chain(name, words):
    in_python = {"NONE": 0} | {word.name: word.value for word in words} | {"LAST": max(words).value}
    assert {"NONE": 0} | library(name) == in_python


def test_scopes_have_the_bits_they_have_on_chain():
    on_chain = {word: int(number) for word, number in re.findall(r"constant SCOPE_(\w+) = (\d+);", VOCABULARY)}
    assert on_chain == {scope.name: scope.value for scope in Scope}


def test_the_mask_of_all_milestones_is_the_one_on_chain():
    assert "ALL_MILESTONES = (uint64(1) << (Milestone.LAST + 1)) - 2;" in VOCABULARY
    assert (1 << (library("Milestone")["LAST"] + 1)) - 2 == ALL_MILESTONES


def test_the_contract_hashes_the_type_that_is_signed():
    written = "".join(re.findall(r'"([^"]*)"', TYPED_DATA.partition("STATEMENT_TYPEHASH")[2].partition(";")[0]))
    assert written == STATEMENT_TYPE
    assert f'NAME_HASH = keccak256("{DOMAIN_NAME}")' in TYPED_DATA
    assert f'VERSION_HASH = keccak256("{DOMAIN_VERSION}")' in TYPED_DATA
