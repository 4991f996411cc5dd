"""EPCIS 2.0 events in and out of JSON-LD and XML, validated against the standard.

    >>> from ledger.epcis import read
    >>> document = read(open("shipment.jsonld", "rb").read())     # doctest: +SKIP
    >>> [event.biz_step for event in document.events]             # doctest: +SKIP
    ['commissioning', 'packing', 'shipping']

A document that breaks a rule is refused whole: :class:`EpcisInvalid` lists every problem by path.
"""

from ledger.epcis.context import Context
from ledger.epcis.json_writing import write_json
from ledger.epcis.limits import DEFAULT_LIMITS, Limits
from ledger.epcis.model import Document, Event, EventType, Kind, Media
from ledger.epcis.problems import EpcisInvalid, Problem
from ledger.epcis.reading import read
from ledger.epcis.xml_writing import write_xml

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
    "write_json",
    "write_xml",
]
