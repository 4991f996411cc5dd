"""EPCIS 2.0 events in and out of JSON-LD and XML, validated against the standard.

    >>> from ledger.epcis import read
    >>> document = read(open("shipment.jsonld", "rb").read())     # doctest: +SKIP
    >>> [event.biz_step for event in document.events]             # doctest: +SKIP
    ['commissioning', 'packing', 'shipping']

A document that breaks a rule is refused whole: :class:`EpcisInvalid` lists every problem by path.
"""

from ledger.epcis.canonical import canonical_json, content_digest
from ledger.epcis.commitment import EventDigests, blind, blinded_commitment, digests, event_commitment
from ledger.epcis.context import Context
from ledger.epcis.eventhash import event_hash, prehash
from ledger.epcis.jcs import NumberNotExact
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
    "EventDigests",
    "EventType",
    "Kind",
    "Limits",
    "Media",
    "NumberNotExact",
    "Problem",
    "blind",
    "blinded_commitment",
    "canonical_json",
    "content_digest",
    "digests",
    "event_commitment",
    "event_hash",
    "prehash",
    "read",
    "write_json",
    "write_xml",
]
