"""docs/formats.md and the modules' own examples: every value is the one that is computed."""

import doctest
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from ledger.epcis import digitallink, eventhash, jcs
from ledger.epcis.canonical import canonical_json, content_digest
from ledger.epcis.commitment import blind, blinded_commitment, event_commitment, seal_commitment, ucr_commitment
from ledger.epcis.eventhash import event_hash, prehash
from ledger.epcis.prehash_members import EVENT
from tests.ledger.epcis.hash_events import plain

TEXT = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")
EXAMPLE = TEXT.partition("### An example")[2]


def block(language: str) -> str:
    return EXAMPLE.partition(f"```{language}\n")[2].partition("```")[0]


def test_the_worked_example_is_what_is_computed() -> None:
    lines = block("text").strip().splitlines()
    shown = {name: value.strip() for name, value in zip(lines[::2], lines[1::2], strict=True)}
    event = plain(json.loads(block("json")), unused="https://elsewhere.example/")
    commitment, secret = event_commitment(event), bytes.fromhex(shown["secret"])
    seal_number = next(name for name in shown if name.startswith("seal commitment")).rpartition(" ")[2]
    ucr_line = next(name for name in shown if name.startswith("UCR commitment"))
    ucr, salt = re.fullmatch(r"UCR commitment of (\S+) under the salt ([0-9a-f]{64})", ucr_line).groups()  # type: ignore[union-attr]  # None fails
    assert shown == {
        "pre-hash string": prehash(event),
        "event hash": event_hash(event),
        "canonical JSON": canonical_json(event).decode(),
        "content digest": content_digest(event).hex(),
        "event commitment": commitment.hex(),
        "secret": secret.hex(),
        "blind": blind(secret, commitment).hex(),
        "blinded commitment": blinded_commitment(commitment, blind(secret, commitment)).hex(),
        f"seal commitment of {seal_number}": seal_commitment(seal_number).hex(),
        ucr_line: ucr_commitment(bytes.fromhex(salt), ucr).hex(),
    }


def test_the_members_of_an_event_are_listed_in_the_order_in_which_they_are_hashed() -> None:
    listed = re.findall(r"`(\w+)`", TEXT.partition("in this order")[2].partition("A member that holds members")[0])
    hashed = ["eventType", *list(EVENT)[1:]]
    assert [name for name in listed if name != "type"] == hashed[: hashed.index("bizTransactionList")]


@pytest.mark.parametrize("module", [digitallink, eventhash, jcs], ids=lambda module: module.__name__)
def test_the_examples_of_a_module_are_what_is_computed(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0
