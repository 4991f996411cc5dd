"""Where documents come from, cut into pieces that a reader takes at once.

A piece is small (about a megabyte), says where its bytes are rather than holding them, and comes in a fixed order:
sources as they were named, the files of a folder by name. So the memory that is needed does not grow with what is
captured.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from ledger.epcis.limits import DEFAULT_LIMITS
from ledger.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

PIECE_BYTES: Final = 1024 * 1024
PIECE_FILES: Final = 256
LARGEST_DOCUMENT: Final = DEFAULT_LIMITS.size_bytes
STDIN: Final = "-"
LINE_SUFFIXES: Final = frozenset({".ndjson", ".jsonl"})
DOCUMENT_SUFFIXES: Final = frozenset({".json", ".jsonld", ".xml"})
_BLOCK_BYTES: Final = 256 * 1024

Spool: TypeAlias = "Callable[[Iterable[bytes]], Path]"


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one document each.

    Attributes:
        paths: where they are.
        size_bytes: how large they are together.
    """

    paths: tuple[str, ...]
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Lines:
    """A part of a file that has a document on each line.

    Attributes:
        path: the file.
        begin: where the part begins, in bytes.
        end: where it ends: behind a newline, or at the end of the file.
    """

    path: str
    begin: int
    end: int

    @property
    def size_bytes(self) -> int:
        """How large it is."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Texts:
    """Lines that have been read already, a document on each, since their source can be read only once.

    Attributes:
        name: the source.
        texts: the lines; blank ones too, so that they can be counted.
    """

    name: str
    texts: tuple[bytes, ...]

    @property
    def size_bytes(self) -> int:
        """How large they are together."""
        return sum(map(len, self.texts))


@dataclass(frozen=True, slots=True)
class Text:
    """A document that has been read already.

    Attributes:
        name: the source.
        content: its bytes.
    """

    name: str
    content: bytes

    @property
    def size_bytes(self) -> int:
        """How large it is."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Oversized:
    """What came from a source that can be read only once, and is longer than any document.

    Attributes:
        name: the source.
        path: the file that it was spooled to.
        size_bytes: how large it is.
    """

    name: str
    path: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What cannot be read.

    Attributes:
        name: the file or folder.
        reason: why, in the system's words.
        size_bytes: nothing.
    """

    name: str
    reason: str
    size_bytes: int = 0


Piece: TypeAlias = "Files | Lines | Texts | Text | Oversized | Unreadable"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of one document."""

    path: str
    size_bytes: int


class Sources:
    """What is to be captured.

    Args:
        named: files, folders (with all that is in them), and ``-`` for standard input.
        stdin: what ``-`` stands for.
        spool: keeps a text that is longer than any document, and tells where.
        leave_out: folders that are not searched, wherever they are.

    Raises:
        NotFound: one of them is not there.
    """

    def __init__(
        self, named: Sequence[str], *, stdin: BinaryIO | None, spool: Spool, leave_out: Iterable[Path] = ()
    ) -> None:
        self._named = tuple(named)
        self._stdin = stdin
        self._spool = spool
        self._entered: set[tuple[int, int]] = {_identity(folder) for folder in leave_out if folder.is_dir()}
        self.passed_over = 0
        for name in self._named:
            if name != STDIN and not os.path.lexists(name):
                raise NotFound("there is no such file or folder", where=name, mend="Check the path.")

    @property
    def size_bytes(self) -> int | None:
        """How large all of it is; ``None`` where that is not known beforehand."""
        files = [Path(name) for name in self._named if name != STDIN]
        if len(files) < len(self._named) or not all(path.is_file() for path in files):
            return None
        return sum(path.stat().st_size for path in files)

    def pieces(self) -> Iterator[Piece]:
        """The pieces, in order.

        Raises:
            Unavailable: a file with lines, or a source that can be read only once, broke off.
        """
        waiting: list[str] = []
        size = 0
        for found in self._found():
            full = len(waiting) == PIECE_FILES or size >= PIECE_BYTES
            if waiting and (full or not isinstance(found, _File)):
                yield Files(tuple(waiting), size)
                waiting, size = [], 0
            if isinstance(found, _File):
                waiting.append(found.path)
                size += found.size_bytes
            else:
                yield found
        if waiting:
            yield Files(tuple(waiting), size)

    def _found(self) -> Iterator[_File | Piece]:
        """Files of one document, and the pieces of everything else."""
        for name in self._named:
            if name == STDIN:
                if self._stdin is not None:
                    yield from _stream_pieces("standard input", self._stdin, self._spool)
            elif Path(name).is_dir():
                yield from self._in_folder(name)
            else:
                yield from self._file(name)

    def _in_folder(self, folder: str) -> Iterator[_File | Piece]:
        try:
            identity = _identity(Path(folder))
            if identity in self._entered:  # a link back into what was searched, or what is left out
                return
            self._entered.add(identity)
            names = sorted(os.listdir(folder), reverse=True)  # noqa: PTH208 - names alone: there may be a million
        except OSError as error:
            yield Unreadable(folder, str(error.strerror))
            return
        while names:
            name = names.pop()
            path = os.path.join(folder, name)  # noqa: PTH118 - the same
            suffix = _suffix(name)
            if suffix in DOCUMENT_SUFFIXES or suffix in LINE_SUFFIXES:
                yield from self._file(path)
            elif Path(path).is_dir():
                yield from self._in_folder(path)
            else:
                self.passed_over += 1

    def _file(self, path: str) -> Iterator[_File | Piece]:
        try:
            found = os.stat(path)  # noqa: PTH116 - the same
        except OSError as error:
            yield Unreadable(path, str(error.strerror))
            return
        if stat.S_ISDIR(found.st_mode):
            yield from self._in_folder(path)
        elif not stat.S_ISREG(found.st_mode):
            with _reading(path), Path(path).open("rb") as stream:
                yield from _stream_pieces(path, stream, self._spool)
        elif _suffix(path) in LINE_SUFFIXES:
            yield from _line_pieces(path, found.st_size)
        else:
            yield _File(path, found.st_size)


def _line_pieces(path: str, size: int) -> Iterator[Lines]:
    """A file cut behind newlines; only what lies around the cuts is read."""
    with _reading(path), Path(path).open("rb") as file:
        begin = 0
        while begin < size:
            end = min(begin + PIECE_BYTES, size)
            file.seek(end)
            while end < size and (block := file.readline(_BLOCK_BYTES)):
                end += len(block)
                if block.endswith(b"\n"):
                    break
            yield Lines(path, begin, end)
            begin = end


def _stream_pieces(name: str, stream: BinaryIO, spool: Spool) -> Iterator[Piece]:
    """What can be read only once: a document on each line, or one document.

    There is one on each line where the first line that is not blank begins with a brace and ends with one.
    """
    with _reading(name):
        texts = _first_lines(stream)
        first = texts[-1] if texts else b""
        if not (first.strip().startswith(b"{") and first.strip().endswith(b"}") and first.endswith(b"\n")):
            yield _whole(name, b"".join(texts), stream, spool)
            return
        size = len(first)
        while line := stream.readline(LARGEST_DOCUMENT + 1):
            if len(line) > LARGEST_DOCUMENT and not line.endswith(b"\n"):
                yield Texts(name, tuple(texts))
                texts, size = [], 0
                yield _spooled(name, _rest_of_line(line, stream), spool)
                continue
            texts.append(line)
            size += len(line)
            if size >= PIECE_BYTES:
                yield Texts(name, tuple(texts))
                texts, size = [], 0
        yield Texts(name, tuple(texts))


def _first_lines(stream: BinaryIO) -> list[bytes]:
    """The blank lines that a stream begins with, and the first that is not; together about as long as a document."""
    lines: list[bytes] = []
    size = 0
    while size <= LARGEST_DOCUMENT and (line := stream.readline(LARGEST_DOCUMENT + 1)):
        lines.append(line)
        size += len(line)
        if line.strip():
            break
    return lines


def _whole(name: str, first: bytes, stream: BinaryIO, spool: Spool) -> Piece:
    text = first + stream.read(max(LARGEST_DOCUMENT + 1 - len(first), 0))
    if len(text) <= LARGEST_DOCUMENT:
        return Text(name, text)
    return _spooled(name, _blocks(text, stream), spool)


def _spooled(name: str, blocks: Iterable[bytes], spool: Spool) -> Oversized:
    path = spool(blocks)
    return Oversized(name, path, path.stat().st_size)


def _blocks(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield first
    while block := stream.read(_BLOCK_BYTES):
        yield block


def _rest_of_line(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    block = first
    while block:
        yield block
        if block.endswith(b"\n"):
            return
        block = stream.readline(_BLOCK_BYTES)


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - a path object for each of a million names takes seconds


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Tell what cannot be read as the ledger's own error."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"cannot be read: {error.strerror}", where=name, mend="Check it and its permissions."
        ) from error
