"""EPCIS 2.0 events in and out of JSON-LD and XML, validated against the standard.

    >>> from ledger.epcis import read
    >>> document = read(open("shipment.jsonld", "rb").read())     # doctest: +SKIP
    >>> [event.biz_step for event in document.events]             # doctest: +SKIP
    ['commissioning', 'packing', 'shipping']

A document that breaks a rule is refused whole: :class:`EpcisInvalid` lists every problem by path.
"""

from ledger.epcis.context import Context
from ledger.epcis.limits import DEFAULT_LIMITS, Limits
from ledger.epcis.model import Document, Event, EventType, Kind, Media
from ledger.epcis.problems import EpcisInvalid, Problem
from ledger.epcis.reading import read

__all__ = [
    "DEFAULT_LIMITS",
    "Context",
    "Document",
    "EpcisInvalid",
    "Event",
    "EventType",
    "Kind",
    "Limits",
    "Media",
    "Problem",
    "read",
]
