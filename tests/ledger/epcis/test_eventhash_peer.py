"""Ours against the reference implementation, on generated events within what it can read."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from epcis_event_hash_generator import hash_generator, json_to_py  # type: ignore[import-untyped]  # has no types
from hypothesis import given, settings

from ledger.epcis.eventhash import prehash
from tests.ledger.epcis.hash_events import NAMESPACE, events, plain, spelled

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"x": NAMESPACE}]

pytestmark = pytest.mark.filterwarnings("ignore:open_text is deprecated:DeprecationWarning")  # the reference reads so


class FirstSpelling(random.Random):
    """The first spelling of everything, one prefix, and the order as it is."""

    def choice(self, seq: Sequence[Any]) -> Any:
        return seq[0]

    def shuffle(self, x: Any) -> None:
        return None


def within_its_reach(value: object) -> object:
    """The same without what the reference trips over.

    It writes JSON's truth values as ``True`` and ``False`` (and XML's as ``true`` and ``false``), needs the type of a
    business transaction, takes the types of transactions, sources and destinations for their first member, and mixes
    up lists inside lists.
    """
    if isinstance(value, list):
        inner = [within_its_reach(each) for each in value]
        return [item for each in inner for item in (each if isinstance(each, list) else [each])]
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else value
    members = {name: within_its_reach(each) for name, each in value.items()}
    if members.keys() & {"bizTransaction", "source", "destination"}:
        return {"type": members.get("type", "po"), **members}
    return members


@settings(max_examples=40, deadline=None)
@given(events)
def test_the_reference_implementation_makes_the_same_prehash_string(meaning: dict[object, object]) -> None:
    event = within_its_reach(spelled(meaning, FirstSpelling(0), "x"))
    assert isinstance(event, dict)
    document = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T12:00:00Z",
        "epcisBody": {"eventList": [event]},
    }
    ours = prehash(plain(event, x=NAMESPACE))
    (theirs,) = hash_generator.derive_prehashes_from_events(
        json_to_py.event_list_from_epcis_document_json(document), ""
    )
    assert ours == theirs
