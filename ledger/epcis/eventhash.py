"""The CBV 2.0 event hash: the name under which other systems know an event.

>>> from ledger.epcis.model import Event
>>> event = Event({"type": "ObjectEvent", "eventTime": "2026-03-01T09:15:00+01:00", "eventTimeZoneOffset": "+01:00",
...                "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"], "action": "OBSERVE", "bizStep": "shipping"})
>>> prehash(event)[:98]
'eventType=ObjectEventeventTime=2026-03-01T08:15:00.000ZeventTimeZoneOffset=+01:00epcListepc=https:'
>>> event_hash(event)[:26]
'ni:///sha-256;7cf65d98ee66'

Source: GS1 Core Business Vocabulary 2.0, section 8.9 (ISO/IEC 19988). The pre-hash string is built in five steps:

1. The standard members come in the standard's order, each as ``name=value``; a member that holds others is its name,
   then they. Values are written as :mod:`ledger.epcis.prehash_values` says. Left out are ``eventID``, ``recordTime``,
   ``errorDeclaration``, comments (``rdfs:comment``), and what is empty.
2. The items of a list are sorted by their own strings, in code point order.
3. An extension is ``{namespace}name=value`` and follows the standard members of its object; extensions are sorted
   likewise.
4. Members for which the standard gives no place (business transactions, destinations, sources, ILMD, and plain names at
   places where the standard has no such name) come after the ordered ones of the whole event, sorted, under the names
   that lead to them.
5. The parts are joined without separator; the event hash is SHA-256 of their UTF-8 form.

docs/formats.md gives the same, with an example.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, Protocol

from ledger.epcis.context import STANDARD_PREFIXES
from ledger.epcis.jcs import lone_surrogate
from ledger.epcis.prehash_values import number_of, text_of, time_of, word_of
from ledger.epcis.vocabulary import CBV_IRI, GS1_IRI

_COMMENT: Final = "http://www.w3.org/2000/01/rdf-schema#comment"
_MASTER_DATA: Final = STANDARD_PREFIXES["cbvmda"]


class NameContext(Protocol):
    """What names mean at an event."""

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefix to namespace IRI."""
        ...

    @property
    def unhashed(self) -> frozenset[str]:
        """The IRIs of extensions that the document leaves out of the hash."""
        ...


class HashedEvent(Protocol):
    """What the hash needs of an event: :class:`ledger.epcis.model.Event` has it."""

    @property
    def data(self) -> Mapping[str, object]:
        """The event in JSON-LD form, without its ``@context``."""
        ...

    @property
    def context(self) -> NameContext:
        """The names in force at the event."""
        ...


def event_hash(event: HashedEvent) -> str:
    """The event's CBV 2.0 hash ID, an ``ni`` URI (RFC 6920) with the algorithm's version.

    Raises:
        InputError: if the event holds text that has no UTF-8 form.
    """
    return hash_id(hash_bytes(event))


def hash_id(digest: bytes) -> str:
    """The ``ni`` URI for the 32 raw bytes of an event hash."""
    return f"ni:///sha-256;{digest.hex()}?ver=CBV2.0"


def hash_bytes(event: HashedEvent) -> bytes:
    """The 32 raw bytes of the event hash: SHA-256 of the pre-hash string in UTF-8."""
    try:
        return hashlib.sha256(prehash(event).encode()).digest()
    except UnicodeEncodeError as error:
        raise lone_surrogate(error, "") from None


def prehash(event: HashedEvent) -> str:
    """The string that is hashed, its parts joined without separator."""
    context = event.context
    names = _Names(context.prefixes, context.unhashed)
    strays: list[str] = []
    ordered, extensions = _split(_EVENT, event.data, names, strays)
    strays.sort()
    return f"{ordered}{''.join(strays)}{extensions}"


class _Names:
    """How the names of extensions are written, as the context in force binds their prefixes."""

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


_Render = Callable[[str, object, _Names, list[str]], str]
"""One standard member's string from its name and value. What has no place in it is added to the list of strays."""

_Shape = Mapping[str, _Render]
"""The standard members of one kind of object, in the order of the standard."""


def _split(shape: _Shape, members: Mapping[str, object], names: _Names, strays: list[str]) -> tuple[str, str]:
    """The strings of an object's standard members and of its extensions."""
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


def _append(lines: list[str], label: str, value: object, names: _Names) -> None:
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


def _left_out(_name: str, _value: object, _names: _Names, _strays: list[str]) -> str:
    return ""


def _plain(name: str, value: object, names: _Names, _strays: list[str]) -> str:
    if isinstance(value, str):
        text = text_of(value, names.prefixes)
        return f"{name}={text}" if text else ""
    lines: list[str] = []
    _append(lines, name, value, names)
    lines.sort()
    return "".join(lines)


def _event_type(_name: str, value: object, names: _Names, strays: list[str]) -> str:
    return _plain("eventType", value, names, strays)


def _time(name: str, value: object, names: _Names, strays: list[str]) -> str:
    return f"{name}={time_of(value)}" if isinstance(value, str) else _plain(name, value, names, strays)


def _word(vocabulary: str) -> _Render:
    """A member whose bare words belong to the vocabulary, one or several."""

    def render(name: str, value: object, names: _Names, strays: list[str]) -> str:
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


def _epcs(name: str, value: object, names: _Names, strays: list[str]) -> str:
    prefixes = names.prefixes
    lines = [
        f"epc={text_of(each, prefixes)}" if isinstance(each, str) else _plain("epc", each, names, strays)
        for each in _each(value)
    ]
    lines.sort()
    return name + "".join(lines) if lines else ""


def _object(shape: _Shape) -> _Render:
    """A member that holds one object."""

    def render(name: str, value: object, names: _Names, strays: list[str]) -> str:
        if not isinstance(value, dict):
            return _plain(name, value, names, strays)
        own: list[str] = []
        ordered, extensions = _split(shape, value, names, own)
        if own:
            own.sort()
            strays.append(name + "".join(own))
        return f"{name}{ordered}{extensions}" if ordered or extensions else ""

    return render


def _objects(shape: _Shape) -> _Render:
    """A member that holds objects, each under the member's own name."""
    one = _object(shape)

    def render(name: str, value: object, names: _Names, strays: list[str]) -> str:
        lines = [one(name, each, names, strays) for each in _each(value)]
        lines.sort()
        return "".join(lines)

    return render


def _list(element: str, shape: _Shape) -> _Render:
    """A member that holds objects, each under the name of the list's element."""
    elements = _objects(shape)

    def render(name: str, value: object, names: _Names, strays: list[str]) -> str:
        own: list[str] = []
        lines = elements(element, value, names, own)
        if own:
            own.sort()
            strays.append(name + "".join(own))
        return name + lines if lines else ""

    return render


def _trailing(render: _Render) -> _Render:
    """A member that comes after the ordered ones of the whole event (step 4)."""

    def trail(name: str, value: object, names: _Names, strays: list[str]) -> str:
        strays.append(render(name, value, names, strays))
        return ""

    return trail


_QUANTITIES: Final = _list("quantityElement", {"epcClass": _plain, "quantity": _plain, "uom": _plain})
_PLACE: Final = _object({"id": _plain})
_DISPOSITION: Final = _word(f"{CBV_IRI}Disp-")
_TRANSFER_TYPE: Final = _word(f"{CBV_IRI}SDT-")
_DEVICE: Final[_Shape] = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"), _plain)
_SENSOR_METADATA: Final[_Shape] = {"time": _time, "startTime": _time, "endTime": _time, **_DEVICE, "bizRules": _plain}
_SENSOR_REPORT: Final[_Shape] = {
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
_EVENT: Final[_Shape] = {
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
