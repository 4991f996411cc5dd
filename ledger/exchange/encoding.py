"""A parcel's content as bytes: one sequence of bytes for each content, and nothing else is read.

``length of the JSON (4 bytes, big-endian) ‖ JSON (RFC 8785) ‖ the documents' bytes, one after the other``

docs/formats.md, "Parcel", has the members of the JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from ledger.epcis.jcs import canonical
from ledger.epcis.model import Media
from ledger.errors import InputError
from ledger.exchange.parcel import MAX_BLINDS, MAX_DOCUMENT_BYTES, MAX_DOCUMENTS, MAX_STATEMENTS, Parcel
from ledger.identity.signing import signed_from_json, signed_to_json
from ledger.identity.untrusted import JsonObject
from ledger.store.blinds import blind_from_json, blind_to_json
from ledger.store.records import Document, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

_LENGTH_BYTES: Final = 4


def encode_parcel(parcel: Parcel) -> bytes:
    """The bytes of a parcel's content."""
    content: dict[str, Any] = {
        "consignment": f"0x{parcel.consignment.hex()}",
        "statements": [signed_to_json(signed) for signed in parcel.statements],
        "blinds": [blind_to_json(blind) for blind in parcel.blinds],
        "documents": [
            {"mediaType": str(document.media_type), "sizeBytes": len(document.content)} for document in parcel.documents
        ],
    }
    if parcel.reference is not None:
        content["reference"] = {
            "ucr": parcel.reference.ucr,
            "salt": f"0x{parcel.reference.salt.hex()}",
            "exporter": parcel.reference.exporter,
        }
    text = canonical(content)
    return b"".join(
        (len(text).to_bytes(_LENGTH_BYTES, "big"), text, *(document.content for document in parcel.documents))
    )


def decode_parcel(data: bytes) -> Parcel:
    """The parcel in these bytes; untrusted.

    Raises:
        InputError: they are not exactly what :func:`encode_parcel` writes for some parcel.
    """
    start = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
    try:
        content = orjson.loads(data[_LENGTH_BYTES:start])
    except orjson.JSONDecodeError as error:
        raise InputError(f"is not JSON: {error}", where="parcel", mend=_MEND) from None
    read = JsonObject(content, "parcel", ("consignment", "statements", "blinds", "documents"), ("reference",))
    parcel = Parcel(
        consignment=read.hash("consignment"),
        reference=_reference(read) if read.has("reference") else None,
        statements=tuple(
            signed_from_json(item, f"parcel.statements[{index}]")
            for index, item in enumerate(read.items("statements", MAX_STATEMENTS))
        ),
        blinds=tuple(
            blind_from_json(item, f"parcel.blinds[{index}]")
            for index, item in enumerate(read.items("blinds", MAX_BLINDS))
        ),
        documents=_documents(read.items("documents", MAX_DOCUMENTS), memoryview(data)[start:]),
    )
    if encode_parcel(parcel) != data:
        raise InputError("is not in the one form that a content has", where="parcel", mend=_MEND)
    return parcel


def _reference(parcel: JsonObject) -> Reference:
    read = JsonObject(parcel.raw("reference"), parcel.path("reference"), ("ucr", "salt", "exporter"))
    return Reference(read.text("ucr"), read.hash("salt"), read.address("exporter"))


def _documents(items: Sequence[object], content: memoryview) -> tuple[Document, ...]:
    documents = []
    for index, item in enumerate(items):
        read = JsonObject(item, f"parcel.documents[{index}]", ("mediaType", "sizeBytes"))
        media_type = read.text("mediaType")
        if media_type not in set(Media):
            raise read.unexpected("mediaType", " or ".join(Media))
        size = read.number("sizeBytes", MAX_DOCUMENT_BYTES)
        documents.append(Document(bytes(content[:size]), Media(media_type)))
        content = content[size:]
    return tuple(documents)


_MEND: Final = "Ask the giver to make the parcel anew."
