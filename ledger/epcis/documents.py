"""What EPCIS 2.0 asks of a document around its events (sections 9.3 and 10; master data: section 9.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.epcis.model import Kind
from ledger.epcis.problems import NONE, Problems, problem
from ledger.epcis.values import Check, array, extensible, extension, record, remembered, string, time, uri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.epcis.context import Context

_LACKING: Final = "document.missing-field"
_UNKNOWN: Final = "document.unknown-field"

_VERSION: Final = re.compile(r"2(?:\.[0-9]+)*")


@remembered
def _schema_version(text: str) -> Problems:
    if _VERSION.fullmatch(text):
        return NONE
    message = "this reader knows EPCIS 2 only, and the document says it is of another version"
    return problem(
        "document.schema-version", text, message, 'Convert the document to EPCIS 2.0, with schemaVersion "2.0".'
    )


def _record(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    return record(fields, required, extensible(fields, _UNKNOWN), _LACKING)


def _open(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    """Master data takes further members, as its schema does."""
    return record(fields, required, lambda _, value, context: extension(value, context), _LACKING)


def _attribute_value(value: object, context: Context) -> Problems:
    if type(value) is list or value is None or type(value) is bool:
        message = "the value of a master data attribute is a string, a number or an object"
        return problem("type.string", value, message, "Write one attribute for each value.")
    return extension(value, context)


_vocabulary_element: Final = _open(
    {
        "id": uri,
        "attributes": array(_open({"id": uri, "attribute": _attribute_value}, ("id",))),
        "children": array(uri),
    },
    ("id",),
)
_vocabulary_list: Final = array(_open({"type": uri, "vocabularyElementList": array(_vocabulary_element)}, ("type",)))
_header: Final = _record({"epcisMasterData": _open({"vocabularyList": _vocabulary_list})})


def _event_list(value: object, _: Context) -> Problems:
    if type(value) is list:
        return NONE
    return problem("type.array", value, "eventList is an array of events", "Write the events between [ and ].")


def _kind(_: object, __: Context) -> Problems:
    return NONE


_ABOUT: Final[Mapping[str, Check]] = {"id": uri, "type": _kind, "schemaVersion": _schema_version, "creationDate": time}

_DOCUMENT: Final = _record(
    {
        **_ABOUT,
        "instanceIdentifier": string,
        "sender": string,
        "receiver": string,
        "epcisHeader": _header,
        "epcisBody": _record({"eventList": _event_list}, ("eventList",)),
    },
    ("type", "schemaVersion", "creationDate", "epcisBody"),
)
_RESULTS_BODY: Final = _record({"eventList": _event_list, "vocabularyList": _vocabulary_list}, ("eventList",))
_QUERY_RESULTS: Final = _record(
    {"queryName": string, "subscriptionID": string, "resultsBody": _RESULTS_BODY}, ("queryName", "resultsBody")
)
_QUERY_DOCUMENT: Final = _record(
    {**_ABOUT, "epcisHeader": _header, "epcisBody": _record({"queryResults": _QUERY_RESULTS}, ("queryResults",))},
    ("type", "epcisBody"),
)

_CHECKS: Final[Mapping[Kind, Check]] = {
    Kind.DOCUMENT: _DOCUMENT,
    Kind.QUERY_DOCUMENT: _QUERY_DOCUMENT,
    Kind.QUERY_RESULTS: _QUERY_RESULTS,
}

EVENT_LIST_PATH: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.DOCUMENT: ("epcisBody", "eventList"),
    Kind.QUERY_DOCUMENT: ("epcisBody", "queryResults", "resultsBody", "eventList"),
    Kind.QUERY_RESULTS: ("resultsBody", "eventList"),
}
"""Where a document of each kind holds its events."""


def check_members(kind: Kind, members: Mapping[str, object], context: Context) -> Problems:
    """Everything that is wrong with a document but for its events; paths are relative to the document."""
    return _CHECKS[kind](members, context)


def take_events(kind: Kind, members: dict[str, object]) -> list[object]:
    """Take the events out of a document's members; an empty list where there is no list of events."""
    holder: object = members
    *path, last = EVENT_LIST_PATH[kind]
    for name in path:
        holder = holder.get(name) if type(holder) is dict else None
    if type(holder) is not dict or type(holder.get(last)) is not list:
        return []
    events: list[object] = holder.pop(last)
    return events
