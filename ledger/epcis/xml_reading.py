"""From XML to a document (EPCIS 2.0, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.epcis.problems import EpcisInvalid, problem

if TYPE_CHECKING:
    from ledger.epcis.limits import Limits
    from ledger.epcis.model import Document


def read_xml(data: bytes, limits: Limits) -> Document:
    """The document that an XML text holds."""
    raise EpcisInvalid(problem("media.unknown", "", "XML is not read yet", "Give JSON-LD."))
