"""Reading an EPCIS document of either binding."""

from __future__ import annotations

from ledger.epcis.json_reading import read_json
from ledger.epcis.limits import DEFAULT_LIMITS, Limits
from ledger.epcis.model import Document, Media
from ledger.epcis.problems import EpcisInvalid, problem
from ledger.epcis.xml_reading import read_xml

_WHITE_SPACE = b" \t\r\n"


def read(data: bytes, *, media: Media | None = None, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read and validate an EPCIS 2.0 document, query document or bare event.

    Args:
        data: the whole document.
        media: its binding; recognised by its first character where it is None.
        limits: how large it may be.

    Returns:
        The document, of which every rule in :data:`ledger.epcis.rules.RULES` holds.

    Raises:
        EpcisInvalid: with every problem of the document; nothing was done.
    """
    if len(data) > limits.size_bytes:
        message = f"the document has {len(data):,} bytes, and {limits.size_bytes:,} is the limit"
        raise EpcisInvalid(problem("limit.size", "", message, "Send its events in several documents."))
    if (media or sniffed(data)) is Media.XML:
        return read_xml(data, limits)
    return read_json(data, limits)


def sniffed(data: bytes) -> Media:
    """Which binding a document is in, by how it begins.

    Raises:
        EpcisInvalid: if it begins neither as JSON nor as XML does.
    """
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip(_WHITE_SPACE)[:2]
    if start[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Media.XML
    if start[:1] in (b"{", b"["):
        return Media.JSON
    message = (
        "this is neither JSON-LD nor XML: it begins with neither { nor <" if data.strip() else "the document is empty"
    )
    raise EpcisInvalid(
        problem("media.unknown", data[:20].decode("utf-8", "replace"), message, "Give an EPCIS document.")
    )
