"""The members of an event as the CBV event hash writes them: their order, their names, and what they hold.

:data:`EVENT` is the order of the standard, as a table from each member's name to the function that writes it;
:func:`split` goes through an object along such a table. :mod:`ledger.epcis.eventhash` says the steps. Source: CBV 2.0,
section 8.9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from ledger.epcis.context import STANDARD_PREFIXES
from ledger.epcis.prehash_values import number_of, text_of, time_of, word_of
from ledger.epcis.vocabulary import CBV_IRI, GS1_IRI

_COMMENT: Final = "http://www.w3.org/2000/01/rdf-schema#comment"
_MASTER_DATA: Final = STANDARD_PREFIXES["cbvmda"]


class Names:
    """How the names of extensions are written, as the context in force binds their prefixes.

    Args:
        prefixes: prefix to namespace IRI.
        unhashed: the IRIs of extensions that are left out.
    """

    __slots__ = ("_labels", "_unhashed", "prefixes")

    def __init__(self, prefixes: Mapping[str, str], unhashed: frozenset[str]) -> None:
        self.prefixes = prefixes
        self._unhashed = unhashed
        self._labels: dict[str, str] = {"@context": ""}

    def label(self, name: str) -> str:
        """``{namespace}local`` for a bound name, the name itself for others, nothing for one that is not hashed."""
        label = self._labels.get(name)
        if label is None:
            label = self._labels[name] = self._written(name)
        return label

    def _written(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if not colon or local.startswith("//"):
            return name
        namespace = self.prefixes.get(prefix) or STANDARD_PREFIXES.get(prefix)
        if namespace is None:
            return name
        iri = namespace + local
        if iri == _COMMENT or iri in self._unhashed:
            return ""
        # XML writes this namespace without the colon that JSON-LD needs to join it to a name.
        return f"{{{namespace[:-1] if namespace == _MASTER_DATA else namespace}}}{local}"


Render = Callable[[str, object, Names, list[str]], str]
"""One standard member's string from its name and value. What has no place in it is added to the list of strays."""

Shape = Mapping[str, Render]
"""The standard members of one kind of object, in the order of the standard."""


def split(shape: Shape, members: Mapping[str, object], names: Names, strays: list[str]) -> tuple[str, str]:
    """The strings of an object's standard members and of its extensions.

    Args:
        shape: the standard members of such an object.
        members: the object.
        names: how extensions are named where it stands.
        strays: takes the strings of members that have no place in the object.
    """
    ordered = []
    for name, render in shape.items():
        value = members.get(name)
        if value is not None:
            ordered.append(render(name, value, names, strays))
    if len(ordered) == len(members):
        return "".join(ordered), ""
    extensions: list[str] = []
    for name, value in members.items():
        if name not in shape and (label := names.label(name)):
            _append(extensions if label[0] == "{" else strays, label, value, names)
    extensions.sort()
    return "".join(ordered), "".join(extensions)


def _append(lines: list[str], label: str, value: object, names: Names) -> None:
    """Add the strings of a member without a rule of its own: one, or one for each item of a list."""
    if isinstance(value, str):
        text = text_of(value, names.prefixes)
        lines.append(f"{label}={text}" if text else label)
    elif isinstance(value, list):
        for item in value:
            _append(lines, label, item, names)
    elif isinstance(value, dict):
        members: list[str] = []
        for name, each in value.items():
            if member := names.label(name):
                _append(members, member, each, names)
        members.sort()
        lines.append(f"{label}{''.join(members)}")
    elif isinstance(value, int | float | Decimal):
        lines.append(f"{label}={number_of(value)}")


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _left_out(_name: str, _value: object, _names: Names, _strays: list[str]) -> str:
    return ""


def _plain(name: str, value: object, names: Names, _strays: list[str]) -> str:
    if isinstance(value, str):
        text = text_of(value, names.prefixes)
        return f"{name}={text}" if text else ""
    lines: list[str] = []
    _append(lines, name, value, names)
    lines.sort()
    return "".join(lines)


def _event_type(_name: str, value: object, names: Names, strays: list[str]) -> str:
    return _plain("eventType", value, names, strays)


def _time(name: str, value: object, names: Names, strays: list[str]) -> str:
    return f"{name}={time_of(value)}" if isinstance(value, str) else _plain(name, value, names, strays)


def _word(vocabulary: str) -> Render:
    """A member whose bare words belong to the vocabulary, one or several."""

    def render(name: str, value: object, names: Names, strays: list[str]) -> str:
        if isinstance(value, str):
            word = word_of(value, vocabulary, names.prefixes)
            return f"{name}={word}" if word else ""
        return "".join(
            sorted(
                render(name, each, names, strays) if isinstance(each, str) else _plain(name, each, names, strays)
                for each in _each(value)
            )
        )

    return render


def _epcs(name: str, value: object, names: Names, strays: list[str]) -> str:
    prefixes = names.prefixes
    lines = [
        f"epc={text_of(each, prefixes)}" if isinstance(each, str) else _plain("epc", each, names, strays)
        for each in _each(value)
    ]
    lines.sort()
    return name + "".join(lines) if lines else ""


def _object(shape: Shape) -> Render:
    """A member that holds one object."""

    def render(name: str, value: object, names: Names, strays: list[str]) -> str:
        if not isinstance(value, dict):
            return _plain(name, value, names, strays)
        own: list[str] = []
        ordered, extensions = split(shape, value, names, own)
        if own:
            own.sort()
            strays.append(name + "".join(own))
        return f"{name}{ordered}{extensions}" if ordered or extensions else ""

    return render


def _objects(shape: Shape) -> Render:
    """A member that holds objects, each under the member's own name."""
    one = _object(shape)

    def render(name: str, value: object, names: Names, strays: list[str]) -> str:
        lines = [one(name, each, names, strays) for each in _each(value)]
        lines.sort()
        return "".join(lines)

    return render


def _list(element: str, shape: Shape) -> Render:
    """A member that holds objects, each under the name of the list's element."""
    elements = _objects(shape)

    def render(name: str, value: object, names: Names, strays: list[str]) -> str:
        own: list[str] = []
        lines = elements(element, value, names, own)
        if own:
            own.sort()
            strays.append(name + "".join(own))
        return name + lines if lines else ""

    return render


def _trailing(render: Render) -> Render:
    """A member that comes after the ordered ones of the whole event (step 4)."""

    def trail(name: str, value: object, names: Names, strays: list[str]) -> str:
        strays.append(render(name, value, names, strays))
        return ""

    return trail


_QUANTITIES: Final = _list("quantityElement", {"epcClass": _plain, "quantity": _plain, "uom": _plain})
_PLACE: Final = _object({"id": _plain})
_DISPOSITION: Final = _word(f"{CBV_IRI}Disp-")
_TRANSFER_TYPE: Final = _word(f"{CBV_IRI}SDT-")
_DEVICE: Final[Shape] = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"), _plain)
_SENSOR_METADATA: Final[Shape] = {"time": _time, "startTime": _time, "endTime": _time, **_DEVICE, "bizRules": _plain}
_SENSOR_REPORT: Final[Shape] = {
    "type": _word(GS1_IRI),
    "exception": _word(GS1_IRI),
    **_DEVICE,
    "time": _time,
    "microorganism": _plain,
    "chemicalSubstance": _plain,
    "value": _plain,
    "component": _word(f"{CBV_IRI}Comp-"),
    "stringValue": _plain,
    "booleanValue": _plain,
    "hexBinaryValue": _plain,
    "uriValue": _plain,
    "minValue": _plain,
    "maxValue": _plain,
    "meanValue": _plain,
    "sDev": _plain,
    "percRank": _plain,
    "percValue": _plain,
    "uom": _plain,
    "coordinateReferenceSystem": _plain,
}
EVENT: Final[Shape] = {
    "type": _event_type,
    "eventTime": _time,
    "eventTimeZoneOffset": _plain,
    "certificationInfo": _plain,
    "parentID": _plain,
    "epcList": _epcs,
    "inputEPCList": _epcs,
    "childEPCs": _epcs,
    "quantityList": _QUANTITIES,
    "childQuantityList": _QUANTITIES,
    "inputQuantityList": _QUANTITIES,
    "outputEPCList": _epcs,
    "outputQuantityList": _QUANTITIES,
    "action": _plain,
    "transformationID": _plain,
    "bizStep": _word(f"{CBV_IRI}BizStep-"),
    "disposition": _DISPOSITION,
    "persistentDisposition": _object({"set": _DISPOSITION, "unset": _DISPOSITION}),
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "sensorElementList": _list(
        "sensorElement", {"sensorMetadata": _object(_SENSOR_METADATA), "sensorReport": _objects(_SENSOR_REPORT)}
    ),
    "bizTransactionList": _trailing(_list("", {"type": _word(f"{CBV_IRI}BTT-"), "bizTransaction": _plain})),
    "destinationList": _trailing(_list("", {"type": _TRANSFER_TYPE, "destination": _plain})),
    "ilmd": _trailing(_plain),
    "sourceList": _trailing(_list("", {"type": _TRANSFER_TYPE, "source": _plain})),
    "eventID": _left_out,
    "recordTime": _left_out,
    "errorDeclaration": _left_out,
}
