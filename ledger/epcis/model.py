"""The typed model of EPCIS 2.0: documents, events, and the records inside an event.

An event keeps its JSON-LD form in :attr:`Event.data`; everything typed is read from it on demand, so that a million
events cost no more than their parsing. What came from XML has been converted to that form.

    >>> from ledger.epcis import read
    >>> event = read(open("shipment.jsonld", "rb").read()).events[0]          # doctest: +SKIP
    >>> event.biz_step, event.event_time.isoformat(), event.epcs              # doctest: +SKIP
    ('shipping', '2026-03-01T08:15:00+01:00', ('urn:epc:id:sscc:4012345.0000000333',))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from ledger.epcis.context import STANDARD_CONTEXT, Context
from ledger.epcis.times import parse_time

if TYPE_CHECKING:
    from datetime import datetime

Number = int | float | Decimal
"""A JSON number: a Decimal where binary64 would have changed it."""

Object = Mapping[str, object]

_EMPTY: Final[Object] = MappingProxyType({})


class Media(StrEnum):
    """The two bindings of EPCIS 2.0, by their media types."""

    JSON = "application/ld+json"
    XML = "application/xml"


class Kind(StrEnum):
    """What a document is, named as the standard names it."""

    DOCUMENT = "EPCISDocument"
    QUERY_DOCUMENT = "EPCISQueryDocument"
    QUERY_RESULTS = "QueryResults"
    EVENT = "Event"


class EventType(StrEnum):
    """The event types of the standard (EPCIS 2.0, section 7.4); others are extensions, named by a URI."""

    OBJECT = "ObjectEvent"
    AGGREGATION = "AggregationEvent"
    ASSOCIATION = "AssociationEvent"
    TRANSACTION = "TransactionEvent"
    TRANSFORMATION = "TransformationEvent"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a class of objects; without ``uom`` a count, without ``quantity`` unspecified."""

    epc_class: str
    quantity: Number | None
    uom: str | None


@dataclass(frozen=True, slots=True)
class BizTransaction:
    """A business transaction, and its type where one is given."""

    id: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One source or destination of a transfer, and in which sense it is one."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class PersistentDisposition:
    """Dispositions that hold until they are unset."""

    set: tuple[str, ...]
    unset: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """A later statement that an event is wrong (EPCIS 2.0, section 7.4.1.2)."""

    declaration_time: datetime
    reason: str | None
    corrective_event_ids: tuple[str, ...]
    extensions: Object


@dataclass(frozen=True, slots=True)
class SensorElement:
    """What sensors reported: metadata that holds for all reports, the reports, and extensions, each in JSON-LD form."""

    metadata: Object
    reports: tuple[Object, ...]
    extensions: Object


@dataclass(frozen=True, slots=True)
class Event:
    """One EPCIS event.

    Args:
        data: the event in JSON-LD form, without its ``@context``; do not change it.
        context: the names in force at the event: the document's context and the event's own.
        own_context: the event's own ``@context`` as it was written, or None.
    """

    data: Object
    context: Context = STANDARD_CONTEXT
    own_context: object = None

    @property
    def type(self) -> str:
        """The event type: a value of :class:`EventType`, or the URI of an extension type."""
        return cast("str", self.data["type"])

    @property
    def event_time(self) -> datetime:
        """When it happened, with the offset that was written, to the microsecond."""
        return parse_time(cast("str", self.data["eventTime"]))

    @property
    def record_time(self) -> datetime | None:
        """When a repository recorded it."""
        text = self._text("recordTime")
        return None if text is None else parse_time(text)

    @property
    def event_time_zone_offset(self) -> str:
        """The local time's offset where it happened, ``+hh:mm`` or ``-hh:mm``."""
        return cast("str", self.data["eventTimeZoneOffset"])

    @property
    def event_id(self) -> str | None:
        """The event's own identifier, where it has one."""
        return self._text("eventID")

    @property
    def action(self) -> str | None:
        """ADD, OBSERVE or DELETE; None for a transformation."""
        return self._text("action")

    @property
    def biz_step(self) -> str | None:
        """The business step: a bare standard word or a URI."""
        return self._text("bizStep")

    @property
    def disposition(self) -> str | None:
        """The disposition: a bare standard word or a URI."""
        return self._text("disposition")

    @property
    def parent_id(self) -> str | None:
        """The container or parent object of an aggregation, association or transaction."""
        return self._text("parentID")

    @property
    def transformation_id(self) -> str | None:
        """What joins several transformation events into one transformation."""
        return self._text("transformationID")

    @property
    def epcs(self) -> tuple[str, ...]:
        """The objects that the event is about: ``epcList`` or ``childEPCs``."""
        return self._texts("epcList") + self._texts("childEPCs")

    @property
    def input_epcs(self) -> tuple[str, ...]:
        """The objects that a transformation consumed."""
        return self._texts("inputEPCList")

    @property
    def output_epcs(self) -> tuple[str, ...]:
        """The objects that a transformation produced."""
        return self._texts("outputEPCList")

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Amounts of classes of objects: ``quantityList`` or ``childQuantityList``."""
        return self._quantities("quantityList") + self._quantities("childQuantityList")

    @property
    def input_quantities(self) -> tuple[Quantity, ...]:
        """Amounts that a transformation consumed."""
        return self._quantities("inputQuantityList")

    @property
    def output_quantities(self) -> tuple[Quantity, ...]:
        """Amounts that a transformation produced."""
        return self._quantities("outputQuantityList")

    @property
    def read_point(self) -> str | None:
        """The place where the event was observed."""
        return cast("str | None", self._object("readPoint").get("id"))

    @property
    def biz_location(self) -> str | None:
        """The place where the objects are from then on."""
        return cast("str | None", self._object("bizLocation").get("id"))

    @property
    def biz_transactions(self) -> tuple[BizTransaction, ...]:
        """The business transactions that the event is part of."""
        return tuple(
            BizTransaction(cast("str", each["bizTransaction"]), cast("str | None", each.get("type")))
            for each in self._objects("bizTransactionList")
        )

    @property
    def sources(self) -> tuple[Endpoint, ...]:
        """Where a transfer starts."""
        return self._endpoints("sourceList", "source")

    @property
    def destinations(self) -> tuple[Endpoint, ...]:
        """Where a transfer ends."""
        return self._endpoints("destinationList", "destination")

    @property
    def persistent_disposition(self) -> PersistentDisposition | None:
        """Dispositions that are set or unset until further notice."""
        if "persistentDisposition" not in self.data:
            return None
        value = self._object("persistentDisposition")
        return PersistentDisposition(_texts(value.get("set")), _texts(value.get("unset")))

    @property
    def error_declaration(self) -> ErrorDeclaration | None:
        """The statement that this event is wrong, where there is one."""
        if "errorDeclaration" not in self.data:
            return None
        value = self._object("errorDeclaration")
        return ErrorDeclaration(
            parse_time(cast("str", value["declarationTime"])),
            cast("str | None", value.get("reason")),
            _texts(value.get("correctiveEventIDs")),
            extensions_of(value),
        )

    @property
    def certifications(self) -> tuple[str, ...]:
        """The certifications that hold for the event (``certificationInfo``)."""
        value = self.data.get("certificationInfo")
        return (value,) if isinstance(value, str) else _texts(value)

    @property
    def sensor_elements(self) -> tuple[SensorElement, ...]:
        """What sensors reported."""
        return tuple(
            SensorElement(
                cast("Object", each.get("sensorMetadata", _EMPTY)),
                tuple(cast("list[Object]", each["sensorReport"])),
                extensions_of(each),
            )
            for each in self._objects("sensorElementList")
        )

    @property
    def ilmd(self) -> Object:
        """Instance or lot master data, in JSON-LD form."""
        return self._object("ilmd")

    @property
    def extensions(self) -> Object:
        """The members that the standard does not define: those whose name has a colon."""
        return extensions_of(self.data)

    def _text(self, name: str) -> str | None:
        return cast("str | None", self.data.get(name))

    def _texts(self, name: str) -> tuple[str, ...]:
        return _texts(self.data.get(name))

    def _object(self, name: str) -> Object:
        return cast("Object", self.data.get(name, _EMPTY))

    def _objects(self, name: str) -> tuple[Object, ...]:
        return tuple(cast("list[Object]", self.data.get(name, ())))

    def _quantities(self, name: str) -> tuple[Quantity, ...]:
        return tuple(
            Quantity(
                cast("str", each["epcClass"]),
                cast("Number | None", each.get("quantity")),
                cast("str | None", each.get("uom")),
            )
            for each in self._objects(name)
        )

    def _endpoints(self, name: str, member: str) -> tuple[Endpoint, ...]:
        return tuple(Endpoint(cast("str", each["type"]), cast("str", each[member])) for each in self._objects(name))


@dataclass(frozen=True, slots=True)
class Document:
    """What one file or message held.

    Args:
        kind: an EPCIS document, a query document, bare query results or a bare event.
        context: the names in force at the document.
        members: the document's own members in JSON-LD form (``schemaVersion``, ``creationDate``, ``id``, ``sender``,
            ``epcisHeader``, extensions, …) without its events; a query document's ``queryName`` and
            ``subscriptionID`` stand here as well.
        events: the events, in order.
        own_context: the document's ``@context`` as it was written, or None.
    """

    kind: Kind
    context: Context
    events: tuple[Event, ...]
    members: Object = field(default_factory=lambda: _EMPTY)
    own_context: object = None

    @property
    def header(self) -> Object:
        """The document's header, with master data where it has any."""
        return cast("Object", self.members.get("epcisHeader", _EMPTY))

    @property
    def creation_date(self) -> datetime | None:
        """When the document was written."""
        text = self.members.get("creationDate")
        return parse_time(text) if isinstance(text, str) else None


def extensions_of(value: Object) -> Object:
    """The members of an object whose names have a colon, as all extensions' names have."""
    return {name: each for name, each in value.items() if ":" in name}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(cast("list[str]", value)) if value else ()
