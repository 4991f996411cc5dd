"""What passes between the process that captures and those that read for it: a message is JSON, and bytes behind it.

::

    length of the JSON [8] · length of the bytes [8] · JSON · bytes

Both ends are this program in one version; nothing here is kept or sent elsewhere.
"""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, Any, Final

import orjson

from ledger.capture.reading import Invalid, Lost, PieceRead, Valid
from ledger.capture.sources import Files, Lines, Text, Texts
from ledger.epcis.commitment import EventDigests
from ledger.epcis.eventhash import hash_id, hash_in
from ledger.epcis.model import Media
from ledger.epcis.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.capture.sources import Piece

_LENGTHS: Final = struct.Struct(">QQ")
_DIGESTS: Final = struct.Struct("32s32s32s")  # event hash, content digest, event commitment


def write_message(stream: IO[bytes], head: object, body: Sequence[bytes] = ()) -> None:
    """Send a message."""
    text = orjson.dumps(head)
    stream.write(_LENGTHS.pack(len(text), sum(map(len, body))) + text)
    stream.writelines(body)
    stream.flush()


def read_message(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """The next message, or ``None`` where the other end is gone."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head, body = _LENGTHS.unpack(lengths)
    data = stream.read(head), stream.read(body)
    return None if len(data[0]) < head or len(data[1]) < body else (orjson.loads(data[0]), data[1])


def piece_message(piece: Piece) -> tuple[object, Sequence[bytes]]:
    """A piece to be read by another process."""
    if isinstance(piece, Files):
        return {"files": piece.paths, "size": piece.size_bytes}, ()
    if isinstance(piece, Lines):
        return {"lines": piece.path, "begin": piece.begin, "end": piece.end}, ()
    if isinstance(piece, Text):
        return {"text": piece.name}, (piece.content,)
    if isinstance(piece, Texts):
        return {"texts": piece.name, "sizes": list(map(len, piece.texts))}, piece.texts
    raise TypeError(f"a piece of the kind {type(piece).__name__} is not read by another process")


def piece_of(head: Any, body: bytes) -> Piece:  # noqa: ANN401 - JSON
    """The piece in a message."""
    if "files" in head:
        return Files(tuple(head["files"]), head["size"])
    if "lines" in head:
        return Lines(head["lines"], head["begin"], head["end"])
    if "text" in head:
        return Text(head["text"], body)
    return Texts(head["texts"], tuple(_cut(body, head["sizes"])))


def result_message(read: PieceRead) -> tuple[object, Sequence[bytes]]:
    """What was read, for the process that asked."""
    found, body = [], []
    for each in read.found:
        if isinstance(each, Valid):
            found.append([each.name, len(each.content), each.media, len(each.events)])
            body.append(each.content)
            body.append(b"".join(map(_digests, each.events)))
        elif isinstance(each, Lost):
            found.append([each.name, each.reason])
        else:
            problems = [[each.path, each.rule, each.found, each.message, each.mend] for each in each.problems]
            size = None if each.content is None else len(each.content)
            found.append([each.name, problems, size, each.path, each.begin, each.end])
            body.append(each.content or b"")
    return {"found": found, "lines": read.lines}, body


def result_of(head: Any, body: bytes) -> PieceRead:  # noqa: ANN401 - JSON
    """What was read."""
    found: list[Valid | Invalid | Lost] = []
    place = 0
    for each in head["found"]:
        if len(each) == 4:
            name, size, media, events = each
            content = body[place : place + size]
            place += size + _DIGESTS.size * events
            digests = body[place - _DIGESTS.size * events : place]
            found.append(Valid(name, content, Media(media), tuple(map(_event, _DIGESTS.iter_unpack(digests)))))
        elif len(each) == 2:
            found.append(Lost(*each))
        else:
            name, problems, size, path, begin, end = each
            kept = None if size is None else body[place : place + size]
            place += size or 0
            found.append(Invalid(name, tuple(Problem(*told) for told in problems), kept, path, begin, end))
    return PieceRead(tuple(found), head["lines"])


def _digests(event: EventDigests) -> bytes:
    return (hash_in(event.event_hash) or bytes(32)) + event.content_digest + event.commitment


def _event(packed: tuple[bytes, bytes, bytes]) -> EventDigests:
    return EventDigests(hash_id(packed[0]), packed[1], packed[2])


def _cut(body: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    place = 0
    for size in sizes:
        yield body[place : place + size]
        place += size
