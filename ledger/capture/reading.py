"""Reading: a piece of a source parsed, validated and hashed. Nothing is written and nobody is asked.

This runs in processes of its own (:mod:`ledger.capture.worker`), so it loads nothing but :mod:`ledger.epcis`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.capture.sources import LARGEST_DOCUMENT, Files, Lines, Oversized, Text, Texts, Unreadable
from ledger.epcis.commitment import EventDigests, digests
from ledger.epcis.documents import EVENT_LIST_PATH
from ledger.epcis.jcs import NumberNotExact
from ledger.epcis.model import Document, Kind, Media
from ledger.epcis.problems import EpcisInvalid, Problem, Problems, at, problem
from ledger.epcis.reading import read, sniffed
from ledger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from ledger.capture.sources import Piece

_BLOCK_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Valid:
    """A document that keeps every rule.

    Attributes:
        name: where it was found.
        content: its bytes.
        media: its binding.
        events: the digests of its events, in order.
    """

    name: str
    content: bytes
    media: Media
    events: tuple[EventDigests, ...]


@dataclass(frozen=True, slots=True)
class Invalid:
    """A document that breaks rules.

    Attributes:
        name: where it was found.
        problems: what is wrong with it.
        content: its bytes; ``None`` where it is too long to be read.
        path: the file that holds a document too long to be read.
        begin: where it begins in that file, in bytes.
        end: where it ends.
    """

    name: str
    problems: Problems
    content: bytes | None
    path: str = ""
    begin: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """A file that could not be read.

    Attributes:
        name: the file.
        reason: why, in the system's words.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PieceRead:
    """What was in a piece.

    Attributes:
        found: its documents, in order; those of a piece with lines are named by their line in it, from 1.
        lines: how many lines it has.
    """

    found: tuple[Valid | Invalid | Lost, ...]
    lines: int = 0


def read_piece(piece: Piece) -> PieceRead:
    """Read a piece; whatever is in it, a result comes of it."""
    if isinstance(piece, Unreadable):
        return PieceRead((Lost(piece.name, piece.reason),))
    if isinstance(piece, Oversized):
        return PieceRead((_too_large(piece.name, str(piece.path), 0, piece.size_bytes),), lines=1)
    if isinstance(piece, Text):
        return PieceRead((read_document(piece.name, piece.content),))
    if isinstance(piece, Files):
        return PieceRead(tuple(map(_read_file, piece.paths)))
    return _read_texts(piece) if isinstance(piece, Texts) else _read_lines(piece)


def read_document(name: str, content: bytes) -> Valid | Invalid:
    """Read one document: validated, and each event hashed."""
    try:
        media = sniffed(content)
        document = read(content, media=media)
        return Valid(name, content, media, tuple(map(digests, document.events)))
    except EpcisInvalid as invalid:
        return Invalid(name, invalid.problems, content)
    except InputError:
        return Invalid(name, _undigested(document), content)


def _undigested(document: Document) -> Problems:
    """What keeps the events of a valid document from having a content digest."""
    path = EVENT_LIST_PATH.get(document.kind, ())
    found: list[Problem] = []
    for index, event in enumerate(document.events):
        try:
            digests(event)
        except NumberNotExact as error:
            wrong = problem("json.number", error.number, error.message, error.mend)
            place: tuple[str | int, ...] = () if document.kind is Kind.EVENT else (*path, index)
            found += at(place, (replace(wrong[0], path=error.path),))
        except InputError as error:
            found += at((*path, index), problem("json.surrogate", "", error.message, error.mend))
    return tuple(found)


def _read_file(path: str) -> Valid | Invalid | Lost:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a path object and a buffer take as long as the rest
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_DOCUMENT:
                return _too_large(path, path, 0, size)
            content = b""
            while block := file.read(size + 1 - len(content)):  # one more: a file that grows meanwhile is noticed
                content += block
                size = max(size, min(len(content), LARGEST_DOCUMENT))
    except OSError as error:
        return Lost(path, str(error.strerror))
    return read_document(path, content)


def _read_texts(piece: Texts) -> PieceRead:
    found = [
        read_document(str(number), text.rstrip(b"\r\n"))
        for number, text in enumerate(piece.texts, start=1)
        if text.strip()
    ]
    return PieceRead(tuple(found), len(piece.texts))


def _read_lines(piece: Lines) -> PieceRead:
    found: list[Valid | Invalid | Lost] = []
    number = 0
    try:
        with Path(piece.path).open("rb") as file:
            file.seek(piece.begin)
            for number, begin, line in _lines(file, piece):
                if line is None:
                    found.append(_too_large(str(number), piece.path, begin, file.tell()))
                elif line.strip():
                    found.append(read_document(str(number), line.rstrip(b"\r\n")))
    except OSError as error:
        found.append(Lost(piece.path, str(error.strerror)))
    return PieceRead(tuple(found), number)


def _lines(file: BinaryIO, piece: Lines) -> Iterator[tuple[int, int, bytes | None]]:
    """The lines of a piece: number, where it begins, and its text; ``None`` for a line too long to be a document."""
    begin, number = piece.begin, 0
    while begin < piece.end and (line := file.readline(LARGEST_DOCUMENT + 2)):
        number += 1
        if len(line) > LARGEST_DOCUMENT + 1 or (len(line) > LARGEST_DOCUMENT and not line.endswith(b"\n")):
            while line and not line.endswith(b"\n"):
                line = file.readline(_BLOCK_BYTES)
            yield number, begin, None
        else:
            yield number, begin, line
        begin = file.tell()


def _too_large(name: str, path: str, begin: int, end: int) -> Invalid:
    message = f"the document has {end - begin:,} bytes, and {LARGEST_DOCUMENT:,} is the limit"
    problems = problem("limit.size", "", message, "Send its events in several documents.")
    return Invalid(name, problems, None, path, begin, end)
