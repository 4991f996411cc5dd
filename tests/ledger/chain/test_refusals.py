"""Every error of the contracts has a text: what was wrong, with its values, and how to mend it."""

from __future__ import annotations

import string

import pytest

from ledger.chain.artifacts import artifact
from ledger.chain.errors import TransactionRefusedError
from ledger.chain.refusal_texts import TEXTS
from ledger.chain.refusals import RuleRefused, explain
from ledger.identity.milestones import Milestone, Phase

ERRORS = {
    error.name: error
    for name in ("Members", "Consignments", "EventLogs")
    for error in artifact(name).interface.errors.values()
}
FOREIGN = {"InvalidShortString", "StringTooLong"}
"""Errors of OpenZeppelin's EIP712 over its own constant name and version, which cannot happen."""

SAMPLES = {
    "text": "x",
    "number": 7,
    "address": "0x" + "12" * 20,
    "country": b"KR",
    "time": 1_767_225_600,
    "hash": b"\xab" * 32,
    "roles": 6,
    "role": 2,
    "milestone": 6,
    "side": 1,
    "phase": 2,
    "clearance": 4,
    "channel": 3,
    "member": 4,
    "authority": 2,
    "status": 2,
    "problem": 4,
}


@pytest.mark.parametrize("name", sorted(set(ERRORS) - FOREIGN))
def test_each_error_of_the_contracts_has_a_text_with_its_arguments(name):
    assert TEXTS[name].names == tuple(parameter.name for parameter in ERRORS[name].parameters)


def test_no_text_is_left_over():
    assert set(TEXTS) == set(ERRORS) - FOREIGN


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_each_text_reads_as_a_sentence_with_a_mend(name):
    text = TEXTS[name]
    refusal = RuleRefused(name, *(SAMPLES[kind] for kind in text.kinds))
    used = {field for _, field, _, _ in string.Formatter().parse(text.message + text.mend) if field}
    assert used <= set(text.names)
    assert refusal.error == name
    assert refusal.message
    assert refusal.mend.endswith(".")
    assert "{" not in refusal.diagnostics()


def test_numbers_read_as_the_words_of_the_ledger():
    refusal = RuleRefused("PhaseForbids", Milestone.SEALED, Phase.MOVING)
    assert refusal.message == "'sealed' cannot be while the goods are moving"


def test_a_word_of_a_later_version_reads_as_a_number():
    assert "number 99" in RuleRefused("PhaseForbids", 99, 1).message


def test_times_read_as_dates_and_impossible_ones_as_seconds():
    assert "2026-01-01 00:00:00 UTC" in RuleRefused("KeyExpired", "0x12", 1_767_225_600).message
    assert "second" in RuleRefused("KeyExpired", "0x12", 2**60).message


def test_countries_are_text_wherever_they_come_from():
    from_contract = RuleRefused("CountryRepeated", b"KR")
    from_python = RuleRefused("CountryRepeated", "KR")
    assert from_contract.arguments == from_python.arguments == ("KR",)


def test_an_error_that_is_not_known_is_shown_with_what_came_with_it():
    refusal = RuleRefused("Novelty", 1, 2)
    assert "Novelty(1, 2)" in refusal.message
    assert refusal.arguments == (1, 2)


@pytest.mark.parametrize("data", [b"", b"\x01\x02\x03\x04", b"\x4e\x48\x7b\x71" + bytes(32)])
def test_a_failure_without_a_known_reason_is_no_refusal_by_rule(data):
    error = explain(artifact("Members").interface, data)
    assert isinstance(error, TransactionRefusedError)
    assert "deployment file" in error.mend


def test_an_error_cut_short_is_no_refusal_by_rule():
    selector = ERRORS["KeyUnknown"].selector
    assert isinstance(explain(artifact("Members").interface, selector + b"\x01"), TransactionRefusedError)
