"""What XML elements hold, element by element: the content models of the EPCIS 2.0 XML schema as tables.

A *reader* turns an element into its JSON-LD value. :class:`Content` is the model of an element with members: which
child elements it has, in which order, and what each is called in JSON-LD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import InvalidOperation
from typing import TYPE_CHECKING, Final

from ledger.epcis import vocabulary
from ledger.epcis.json_text import exact_number
from ledger.epcis.problems import NONE, Problems, problem
from ledger.epcis.xml_text import Element, children, collapsed, own_text

if TYPE_CHECKING:
    from ledger.epcis.vocabulary import Vocabulary
    from ledger.epcis.xml_walk import Walk

Path = tuple[str | int, ...]
Reader = Callable[["Walk", Element, Path], object]
AttributeReader = Callable[[str], tuple[object, Problems]]


class _Absent:
    """The value of an element that says nothing, such as a quantity with ``xsi:nil``."""


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The value of an ``<extension>``: its elements belong to the element around it (EPCIS 2.0, section 9.1)."""

    elements: list[Element]


@dataclass(frozen=True, slots=True)
class Content:
    """The content model of an element with members.

    Args:
        members: child element to its place in the order, its JSON-LD name and its reader.
        repeating: child elements that may stand several times, and become an array.
        floating: child elements that may stand elsewhere than in their place, each with the place that it may not
            stand before; -1 where it may stand anywhere, between extensions too.
        needs: child elements that may stand only beside another one: each, and the other.
        extensible: whether elements of other namespaces may follow.
        open_attributes: whether attributes of other namespaces may be added.
        attributes: attributes without namespace, each with its JSON-LD name and reader.
    """

    members: Mapping[str, tuple[int, str, Reader]]
    repeating: frozenset[str] = frozenset()
    floating: Mapping[str, int] = field(default_factory=dict)
    needs: tuple[tuple[str, str], ...] = ()
    extensible: bool = True
    open_attributes: bool = False
    attributes: Mapping[str, AttributeReader] | None = None


def ordered(*members: tuple[str, str, Reader]) -> dict[str, tuple[int, str, Reader]]:
    """The members of a content model in their order: element, JSON-LD name, reader."""
    return {element: (rank, name, reader) for rank, (element, name, reader) in enumerate(members)}


# Values of single elements and attributes


def verbatim(walk: Walk, element: Element, _: Path) -> object:
    """Text as it stands (xsd:string)."""
    return walk.text(element)


def token(walk: Walk, element: Element, _: Path) -> object:
    """Text without the white space around it (xsd:anyURI, xsd:dateTime)."""
    return collapsed(walk.text(element))


def term(words: Vocabulary) -> Reader:
    """A standard term, which becomes its bare word; anything else stays."""

    def read(walk: Walk, element: Element, _: Path) -> object:
        value, problems = term_value(words)(walk.text(element))
        walk.report(element, problems)
        return value

    return read


def term_value(words: Vocabulary) -> AttributeReader:
    """A standard term in an attribute."""

    def read(text: str) -> tuple[object, Problems]:
        text = collapsed(text)
        if text in words.terms:
            message = f"in XML a standard {words.name} is written as a URI, not as a bare word"
            return text, problem(words.rule, text, message, f"Write {words.urn(text)}.")
        return words.term(text) or text, NONE

    return read


_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBER_CHARACTERS: Final = 1_100


def _number(text: str, form: re.Pattern[str]) -> tuple[object, Problems]:
    text = collapsed(text)
    if form.fullmatch(text) is None or len(text) > _NUMBER_CHARACTERS:
        message = "this is no finite number in digits"
        return ABSENT, problem("xml.value", text, message, "Write it in digits, with a point for decimals.")
    try:
        return exact_number(text.removeprefix("+")), ()
    except InvalidOperation:
        return ABSENT, problem("xml.value", text, "the exponent is beyond any number", "Write a smaller number.")


def double(text: str) -> tuple[object, Problems]:
    """A number (xsd:double); infinities and NaN have no form in JSON."""
    return _number(text, _DOUBLE)


def boolean(text: str) -> tuple[object, Problems]:
    """A truth value (xsd:boolean)."""
    value = {"true": True, "1": True, "false": False, "0": False}.get(collapsed(text))
    if value is None:
        return ABSENT, problem("xml.value", text, "this is neither true nor false", "Write true or false.")
    return value, ()


def plain(text: str) -> tuple[object, Problems]:
    """Text as it stands."""
    return text, ()


def uri_text(text: str) -> tuple[object, Problems]:
    """Text without white space around it."""
    return collapsed(text), ()


# Content of the elements inside an event


def items(item: str, reader: Reader, *, minimum: int = 0) -> Reader:
    """An element that holds elements of one name, at least ``minimum`` of them."""

    def read(walk: Walk, element: Element, path: Path) -> object:
        values = walk.listed(element, item, reader, path)
        if len(values) < minimum:
            message = f"<{element.tag}> needs at least one <{item}>"
            walk.report(element, problem("array.empty", "", message, f"Add one, or remove <{element.tag}>."))
        return values

    return read


def wrapped(walk: Walk, element: Element, _: Path) -> object:
    """An ``<extension>`` or ``<baseExtension>`` of an event."""
    walk.refuse_attributes(element)
    walk.refuse_text(element)
    inner = children(element)
    if not inner:
        message = f"<{element.tag}> needs at least one element"
        walk.report(element, problem("array.empty", "", message, f"Remove <{element.tag}>."))
    return Wrapped(inner)


def members(model: Content) -> Reader:
    """An element with members."""

    def read(walk: Walk, element: Element, path: Path) -> object:
        return walk.members(element, model, path)

    return read


def _quantity(walk: Walk, element: Element, _: Path) -> object:
    walk.refuse_attributes(element, (_NIL,))
    for child in children(element):
        walk.report(child, _only_text(child))
    nil, problems = boolean(element.get(_NIL, "false"))
    walk.report(element, problems, "/@xsi:nil")
    text = own_text(element)
    if nil is True:
        if element.text:
            message = "this quantity is declared to be nil, and has a value"
            walk.report(element, problem("xml.value", text, message, "Remove the value, or xsi:nil."))
        return ABSENT
    value, problems = _number(text, _DECIMAL)
    walk.report(element, problems)
    return value


def _only_text(child: Element) -> Problems:
    return problem("xml.unknown-element", child.text or "", "only text may stand here", "Remove the element.")


def _typed_text(member: str, words: Vocabulary) -> Reader:
    """An element whose text is an identifier and whose attribute is the type of it."""

    def read(walk: Walk, element: Element, path: Path) -> object:
        walk.refuse_attributes(element, ("type",))
        walk.places[path] = element
        value: dict[str, object] = {}
        given = element.get("type")
        if given is not None:
            value["type"], problems = term_value(words)(given)
            walk.report(element, problems, "/@type")
        for child in children(element):
            walk.report(child, _only_text(child))
        value[member] = collapsed(own_text(element))
        return value

    return read


_disposition: Final = term(vocabulary.DISPOSITION)
_PLACE: Final = members(Content(ordered(("id", "id", token))))
_EPCS: Final = items("epc", token)
_QUANTITY: Final = Content(
    ordered(("epcClass", "epcClass", token), ("quantity", "quantity", _quantity), ("uom", "uom", verbatim)),
    needs=(("uom", "quantity"),),
    extensible=False,
)
_QUANTITIES: Final = items("quantityElement", members(_QUANTITY))
_PERSISTENT_DISPOSITION: Final = Content(
    ordered(("unset", "unset", _disposition), ("set", "set", _disposition)),
    repeating=frozenset({"unset", "set"}),
    extensible=False,
)
_ERROR_MEMBERS: Final = ordered(
    ("declarationTime", "declarationTime", token),
    ("reason", "reason", term(vocabulary.ERROR_REASON)),
    ("correctiveEventIDs", "correctiveEventIDs", items("correctiveEventID", token)),
)
_ERROR_DECLARATION: Final = Content(_ERROR_MEMBERS, floating=dict.fromkeys(_ERROR_MEMBERS, -1), open_attributes=True)

_SENSOR_TEXTS: Final = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "time")
_SENSOR_METADATA: Final = Content(
    {},
    extensible=False,
    open_attributes=True,
    attributes=dict.fromkeys((*_SENSOR_TEXTS, "startTime", "endTime"), uri_text),
)
_REPORT_TEXTS: Final = ("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue", "hexBinaryValue")
_REPORT_NUMBERS: Final = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
_SENSOR_REPORT: Final = Content(
    {},
    extensible=False,
    open_attributes=True,
    attributes={
        **dict.fromkeys((*_SENSOR_TEXTS, *_REPORT_TEXTS), uri_text),
        **dict.fromkeys(_REPORT_NUMBERS, double),
        **dict.fromkeys(("stringValue", "uom"), plain),
        "booleanValue": boolean,
        "type": term_value(vocabulary.MEASUREMENT_TYPE),
        "exception": term_value(vocabulary.SENSOR_ALERT),
        "component": term_value(vocabulary.COMPONENT),
    },
)
_SENSOR_ELEMENT: Final = Content(
    ordered(
        ("sensorMetadata", "sensorMetadata", members(_SENSOR_METADATA)),
        ("sensorReport", "sensorReport", members(_SENSOR_REPORT)),
    ),
    repeating=frozenset({"sensorReport"}),
)
_ILMD: Final = Content({}, open_attributes=True)


# Events

_TRANSACTIONS: Final = items(
    "bizTransaction", _typed_text("bizTransaction", vocabulary.BIZ_TRANSACTION_TYPE), minimum=1
)
_SOURCES: Final = items("source", _typed_text("source", vocabulary.SOURCE_DESTINATION_TYPE), minimum=1)
_DESTINATIONS: Final = items("destination", _typed_text("destination", vocabulary.SOURCE_DESTINATION_TYPE), minimum=1)

_READERS: Final[Mapping[str, Reader]] = {
    "baseExtension": wrapped,
    "extension": wrapped,
    "eventTime": token,
    "recordTime": token,
    "eventTimeZoneOffset": verbatim,
    "eventID": token,
    "errorDeclaration": members(_ERROR_DECLARATION),
    "certificationInfo": token,
    "action": verbatim,
    "bizStep": term(vocabulary.BIZ_STEP),
    "disposition": _disposition,
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "bizTransactionList": _TRANSACTIONS,
    "sourceList": _SOURCES,
    "destinationList": _DESTINATIONS,
    "sensorElementList": items("sensorElement", members(_SENSOR_ELEMENT), minimum=1),
    "persistentDisposition": members(_PERSISTENT_DISPOSITION),
    "ilmd": members(_ILMD),
    "parentID": token,
    "transformationID": token,
    "epcList": _EPCS,
    "childEPCs": _EPCS,
    "inputEPCList": _EPCS,
    "outputEPCList": _EPCS,
    "quantityList": _QUANTITIES,
    "childQuantityList": _QUANTITIES,
    "inputQuantityList": _QUANTITIES,
    "outputQuantityList": _QUANTITIES,
}

_BEGINNING: Final = "eventTime recordTime eventTimeZoneOffset eventID errorDeclaration certificationInfo baseExtension"
_PLACES: Final = "bizStep disposition readPoint bizLocation"
_TRANSFER: Final = "sourceList destinationList sensorElementList persistentDisposition"

EVENT_ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    kind: (*_BEGINNING.split(), *order.split(), "extension")
    for kind, order in {
        "ObjectEvent": f"epcList action {_PLACES} bizTransactionList quantityList {_TRANSFER} ilmd",
        "AggregationEvent": f"parentID childEPCs action {_PLACES} bizTransactionList childQuantityList {_TRANSFER}",
        "AssociationEvent": f"parentID childEPCs childQuantityList action {_PLACES} bizTransactionList {_TRANSFER}",
        "TransactionEvent": f"bizTransactionList parentID epcList action {_PLACES} quantityList {_TRANSFER}",
        "TransformationEvent": (
            "inputEPCList inputQuantityList outputEPCList outputQuantityList transformationID "
            f"{_PLACES} bizTransactionList {_TRANSFER} ilmd"
        ),
    }.items()
}
"""The order of an event's elements in XML, type by type."""


def _event_content(order: tuple[str, ...]) -> Content:
    """An event's content; ``ilmd`` may also stand where EPCIS 1 had it, before the sensor data."""
    table = ordered(*((name, name, _READERS[name]) for name in order))
    return Content(table, floating={"ilmd": table["destinationList"][0]}, open_attributes=True)


EVENT_CONTENT: Final[Mapping[str, Content]] = {kind: _event_content(order) for kind, order in EVENT_ORDER.items()}
"""The content model of each event type."""

EXTENDED_EVENT_CONTENT: Final = Content(
    ordered(*((name, name, reader) for name, reader in _READERS.items())),
    floating=dict.fromkeys(_READERS, -1),
    open_attributes=True,
)
"""The content model of an event of an extension type, whose order only its own schema knows."""
