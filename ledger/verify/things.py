"""Things: items, pallets, containers and assets, known by one spelling whichever way an event wrote them.

A thing is named in findings as the label on it reads, so that a person can go and look for it:

>>> named("https://id.gs1.org/00/340123450000003332")
'SSCC 340123450000003332'
>>> named("urn:epc:id:bic:CSQU3054383")
'container CSQU3054383'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from ledger.epcis.digitallink import CANONICAL_ROOT, canonical_uri
from ledger.verify.wording import and_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.epcis import Event

CONTAINER: Final = "urn:epc:id:bic:"
"""What the name of a freight container begins with (EPC Tag Data Standard 2.0, section 6.3.16; ISO 6346)."""

MOST_NAMED: Final = 5
"""How many things a sentence lists before it only counts the rest."""

_LABELS: Final = (
    (re.compile(re.escape(CONTAINER) + "(.+)"), "container {}"),
    (re.compile("urn:epc:id:imovn:(.+)"), "vessel IMO {}"),
    (re.compile(re.escape(CANONICAL_ROOT) + "00/([0-9]+)"), "SSCC {}"),
    (re.compile(re.escape(CANONICAL_ROOT) + "01/([0-9]+)/21/(.+)"), "item {} serial {}"),
    (re.compile(re.escape(CANONICAL_ROOT) + "01/([0-9]+)/10/(.+)"), "goods {} lot {}"),
    (re.compile(re.escape(CANONICAL_ROOT) + "01/([0-9]+)"), "goods {}"),
    (re.compile(re.escape(CANONICAL_ROOT) + "800[34]/(.+)"), "asset {}"),
)
_PLACES: Final = (CANONICAL_ROOT + "414/", "geo:", "urn:epc:id:sgln:")


def thing(uri: str) -> str:
    """The one spelling of a thing's identifier: an EPC URN and a GS1 Digital Link of it give the same."""
    return canonical_uri(uri)


def things_of(event: Event) -> tuple[str, ...]:
    """Every single thing that an event names as present: its objects, what it consumed and made, and their parent.

    The parent of a transaction event is a part of its papers, and a place is no thing.
    """
    named_there = dict.fromkeys(thing(epc) for epc in (*event.epcs, *event.input_epcs, *event.output_epcs))
    parent = event.parent_id
    if parent is not None and event.type != "TransactionEvent" and not is_place(parent):
        named_there[thing(parent)] = None
    return tuple(named_there)


def containers_of(event: Event) -> frozenset[str]:
    """The freight containers that an event names."""
    return frozenset(each for each in things_of(event) if each.startswith(CONTAINER))


def is_place(uri: str) -> bool:
    """Whether an identifier is that of a place: an asset may be installed in one."""
    return thing(uri).startswith(_PLACES)


def is_of_class(item: str, classes: Iterable[str]) -> bool:
    """Whether a thing is one of the classes by its trade item number; of which lot it is, its number does not say."""
    return any(item.startswith(f"{_trade_item(each)}/") for each in classes)


def named(item: str) -> str:
    """What to call a thing, as its label reads."""
    for pattern, form in _LABELS:
        match = pattern.fullmatch(item)
        if match is not None:
            return form.format(*map(unquote, match.groups()))
    return item


def capitalised(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def listed(items: Iterable[str]) -> str:
    """Things in a sentence; of many, the first few and the number of the others."""
    names = sorted(named(each) for each in items)
    if len(names) <= MOST_NAMED:
        return and_list(names)
    return and_list([*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1:,} others"])


def _trade_item(uri: str) -> str:
    item, _, _ = thing(uri).partition("/10/")
    return item.partition("/21/")[0]
