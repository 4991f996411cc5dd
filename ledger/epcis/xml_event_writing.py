"""An event as an XML element: everything that the XML binding can say of it, in the schema's order.

What the binding cannot say is left out here; :mod:`ledger.epcis.xml_writing` sees the difference and keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from ledger.epcis import vocabulary
from ledger.epcis.xml_content import EVENT_ORDER
from ledger.epcis.xml_output import element, is_local_name, is_xml_text, text_element

if TYPE_CHECKING:
    from ledger.epcis.vocabulary import Vocabulary

Prefixes = Mapping[str, str]
Write = Callable[[str, object, "EventWriter"], str]

_DECIMAL_DIGITS: Final = 1_000
"""A quantity with more digits than this is not spelled out: XML's decimals have no exponent."""


class EventWriter:
    """Writes one event.

    Args:
        prefixes: the prefixes that are declared where the event stands.
    """

    def __init__(self, prefixes: Prefixes) -> None:
        self._prefixes = prefixes

    def content(self, data: Mapping[str, object]) -> str:
        """The child elements of an event."""
        order = EVENT_ORDER.get(cast("str", data["type"]), tuple(_WRITERS))
        standard = (_WRITERS[name](name, data[name], self) for name in order if name in data)
        return "".join(standard) + self.extensions(data)

    def extensions(self, data: Mapping[str, object]) -> str:
        """The elements of an object's extensions."""
        return "".join(self.extension(name, value) for name, value in data.items() if ":" in name)

    def qualified(self, name: str) -> bool:
        """Whether a name can be that of an element: a declared prefix and a local name."""
        prefix, colon, local = name.partition(":")
        return bool(colon) and prefix in self._prefixes and is_local_name(local)

    def extension(self, name: str, value: object) -> str:
        """The elements of one extension; nothing where XML has no name for it."""
        if not (self.qualified(name) or (":" not in name and is_local_name(name))):
            return ""
        if isinstance(value, list):
            return "".join(self._single(name, each) for each in value)
        return self._single(name, value)

    def _single(self, name: str, value: object) -> str:
        if isinstance(value, Mapping):
            return element(name, "".join(self.extension(inner, each) for inner, each in value.items()))
        text = scalar_text(value)
        return text_element(name, text) if is_xml_text(text) else ""

    def attributes(self, data: Mapping[str, object], terms: Mapping[str, Vocabulary]) -> dict[str, str]:
        """An object as attributes: its standard members, and extensions that are strings."""
        found: dict[str, str] = {}
        for name, value in data.items():
            if ":" in name and not (isinstance(value, str) and self.qualified(name)):
                continue
            text = written_term(terms[name], value) if name in terms else scalar_text(value)
            if is_xml_text(text):
                found[name] = text
        return found


def scalar_text(value: object) -> str:
    """A JSON scalar as text; arrays have none."""
    if value is None or isinstance(value, list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def written_term(words: Vocabulary, value: object) -> str:
    """A standard word in its XML spelling, any other value as it is."""
    text = scalar_text(value)
    return words.urn(text) if text in words.terms else text


def _text(name: str, value: object, _: EventWriter) -> str:
    return text_element(name, scalar_text(value))


def _term(words: Vocabulary) -> Write:
    return lambda name, value, _: text_element(name, written_term(words, value))


def _first(name: str, value: object, _: EventWriter) -> str:
    """One value: XML has room for one certification only."""
    values = value if isinstance(value, list) else [value]
    return text_element(name, scalar_text(values[0])) if values else ""


def _texts(item: str) -> Write:
    return lambda name, value, _: element(name, "".join(text_element(item, each) for each in _listed(value)))


def _listed(value: object) -> list[str]:
    return cast("list[str]", value)


def _objects(value: object) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", value)


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value)


def _place(name: str, value: object, writer: EventWriter) -> str:
    place = _object(value)
    return element(name, text_element("id", scalar_text(place["id"])) + writer.extensions(place))


def _quantities(name: str, value: object, _: EventWriter) -> str:
    return element(name, "".join(_quantity(each) for each in _objects(value)))


def _quantity(value: Mapping[str, object]) -> str:
    content = text_element("epcClass", scalar_text(value["epcClass"]))
    if "quantity" in value:
        content += text_element("quantity", _decimal(value["quantity"]))
    elif "uom" in value:
        content += element("quantity", "", {"xsi:nil": "true"})
    if "uom" in value:
        content += text_element("uom", scalar_text(value["uom"]))
    return element("quantityElement", content)


def _decimal(value: object) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return format(exact, "f") if abs(exact.adjusted()) < _DECIMAL_DIGITS else "0"


def _typed(item: str, words: Vocabulary) -> Write:
    def write(name: str, value: object, _: EventWriter) -> str:
        items = "".join(
            text_element(
                item, scalar_text(each[item]), {"type": written_term(words, each["type"])} if "type" in each else None
            )
            for each in _objects(value)
        )
        return element(name, items) if items else ""

    return write


def _error_declaration(name: str, value: object, writer: EventWriter) -> str:
    data = _object(value)
    content = text_element("declarationTime", scalar_text(data["declarationTime"]))
    if "reason" in data:
        content += text_element("reason", written_term(vocabulary.ERROR_REASON, data["reason"]))
    if "correctiveEventIDs" in data:
        content += _texts("correctiveEventID")("correctiveEventIDs", data["correctiveEventIDs"], writer)
    return element(name, content + writer.extensions(data))


_SENSOR_TERMS: Final = {
    "type": vocabulary.MEASUREMENT_TYPE,
    "exception": vocabulary.SENSOR_ALERT,
    "component": vocabulary.COMPONENT,
}


def _sensor_elements(name: str, value: object, writer: EventWriter) -> str:
    items = "".join(_sensor_element(each, writer) for each in _objects(value))
    return element(name, items) if items else ""


def _sensor_element(data: Mapping[str, object], writer: EventWriter) -> str:
    content = ""
    if "sensorMetadata" in data:
        content += element("sensorMetadata", "", writer.attributes(_object(data["sensorMetadata"]), {}))
    for report in _objects(data["sensorReport"]):
        content += element("sensorReport", "", writer.attributes(report, _SENSOR_TERMS))
    return element("sensorElement", content + writer.extensions(data))


def _persistent_disposition(name: str, value: object, _: EventWriter) -> str:
    data = _object(value)
    write = _term(vocabulary.DISPOSITION)
    return element(
        name, "".join(write(way, each, _) for way in ("unset", "set") for each in _listed(data.get(way, [])))
    )


def _ilmd(name: str, value: object, writer: EventWriter) -> str:
    return element(name, writer.extensions(_object(value)))


_WRITERS: Final[Mapping[str, Write]] = {
    "eventTime": _text,
    "recordTime": _text,
    "eventTimeZoneOffset": _text,
    "eventID": _text,
    "errorDeclaration": _error_declaration,
    "certificationInfo": _first,
    "bizStep": _term(vocabulary.BIZ_STEP),
    "disposition": _term(vocabulary.DISPOSITION),
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _typed("bizTransaction", vocabulary.BIZ_TRANSACTION_TYPE),
    "sourceList": _typed("source", vocabulary.SOURCE_DESTINATION_TYPE),
    "destinationList": _typed("destination", vocabulary.SOURCE_DESTINATION_TYPE),
    "sensorElementList": _sensor_elements,
    "persistentDisposition": _persistent_disposition,
    "ilmd": _ilmd,
    **dict.fromkeys(("action", "parentID", "transformationID"), _text),
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _texts("epc")),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
}
