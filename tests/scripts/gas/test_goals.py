"""The goals for gas hold for every figure that forge's snapshots keep, and each figure has the goal of its kind."""

import json

import pytest

from scripts.gas.goals import goal, statements
from scripts.tools import ROOT

SNAPSHOTS = json.loads((ROOT / "tests" / "contracts" / "gas" / "Consignments.json").read_text("utf-8"))


@pytest.mark.parametrize("transaction", sorted(SNAPSHOTS))
def test_every_snapshot_is_within_its_goal(transaction):
    assert int(SNAPSHOTS[transaction]) <= goal(transaction) * statements(transaction)


def test_the_page_on_the_contracts_gives_every_snapshot():
    page = (ROOT / "docs" / "contracts.md").read_text("utf-8")
    assert [name for name, gas in SNAPSHOTS.items() if f"| {name} | {int(gas):,}" not in page] == []


def test_each_kind_of_transaction_has_a_goal_of_its_own():
    assert goal("registered with all parties") == 150_000
    assert goal("departed") == 65_000
    assert goal("sealed (new slot)") == 85_000
    assert goal("50 handovers offered, distinct consignments and parties") == 36_000
    assert goal("50 sealed (new slots), distinct consignments and parties") == 56_000
    assert statements("50 handovers offered, distinct consignments and parties") == 50
    assert statements("departed") == 1


def test_the_contract_tests_hold_the_same_goals():
    source = (ROOT / "tests" / "contracts" / "Gas.t.sol").read_text("utf-8")
    for name, limit in (
        ("REGISTRATION_LIMIT", goal("registered")),
        ("MILESTONE_LIMIT", goal("departed")),
        ("NEW_SLOT_LIMIT", goal("sealed (new slot)")),
        ("BATCHED_LIMIT", goal("50 handovers offered")),
        ("BATCHED_NEW_SLOT_LIMIT", goal("50 sealed (new slots)")),
    ):
        assert f"{name} = {limit // 1000}_000;" in source
