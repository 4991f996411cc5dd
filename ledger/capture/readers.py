"""Pieces read by several processes at once, and their results in the order of the pieces.

They are plain processes and not :mod:`multiprocessing`'s, so that a script that captures needs no ``__main__`` guard,
and a reader loads nothing but what reading needs.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ledger
from ledger.capture.errors import ReaderLostError
from ledger.capture.reading import read_piece
from ledger.capture.sources import Oversized, Unreadable
from ledger.capture.wire import piece_message, read_message, result_of, write_message

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from ledger.capture.reading import PieceRead
    from ledger.capture.sources import Piece

AHEAD_BYTES: Final = 12 * 1024 * 1024
"""How much is read ahead of what is kept: enough for readers to go on while a batch is written."""
AHEAD_PIECES: Final = 64


def read_all(pieces: Iterable[Piece], processes: int) -> Generator[tuple[Piece, PieceRead]]:
    """Read pieces.

    Args:
        pieces: any number; they are taken as they are needed.
        processes: how many read at once. Where there is one piece only, it is read here.

    Yields:
        Each piece with what was in it, in order.

    Raises:
        ReaderLostError: a process that reads ended.
    """
    remaining = iter(pieces)
    first, second = next(remaining, None), next(remaining, None)
    if first is None:
        return
    if second is None:
        yield first, read_piece(first)
        return
    with ExitStack() as stack:
        yield from _Ahead(stack, processes).read(_all(first, second, remaining))


class _Ahead:
    """Reads ahead, within bounds."""

    def __init__(self, stack: ExitStack, processes: int) -> None:
        self._idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
        for _ in range(processes):
            self._idle.put(stack.enter_context(_Reader()))
        self._pool = ThreadPoolExecutor(processes, "reader")
        stack.callback(self._pool.shutdown, cancel_futures=True)

    def read(self, pieces: Iterator[Piece]) -> Iterator[tuple[Piece, PieceRead]]:
        asked: deque[tuple[Piece, Future[PieceRead]]] = deque()
        ahead = 0
        for piece in pieces:
            while asked and (ahead + piece.size_bytes > AHEAD_BYTES or len(asked) == AHEAD_PIECES):
                ahead -= asked[0][0].size_bytes
                yield _answer(asked.popleft())
            asked.append((piece, self._pool.submit(self._ask, piece)))
            ahead += piece.size_bytes
            while asked and asked[0][1].done():
                ahead -= asked[0][0].size_bytes
                yield _answer(asked.popleft())
        while asked:
            yield _answer(asked.popleft())

    def _ask(self, piece: Piece) -> PieceRead:
        if isinstance(piece, Oversized | Unreadable):
            return read_piece(piece)
        reader = self._idle.get()
        try:
            return reader.ask(piece)
        finally:
            self._idle.put(reader)


class _Reader:
    """A process that reads."""

    def __init__(self) -> None:
        root = str(Path(ledger.__file__).parents[1])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ledger.capture.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )

    def ask(self, piece: Piece) -> PieceRead:
        """What is in a piece."""
        questions, answers = self._process.stdin, self._process.stdout
        try:
            message = None
            if questions is not None and answers is not None:
                write_message(questions, *piece_message(piece))
                message = read_message(answers)
        except (OSError, ValueError):
            message = None
        if message is None:
            raise ReaderLostError(
                f"a process that reads documents ended (status {self._process.poll()})",
                where=_place(piece),
                mend="Capture again: what was kept stays kept. If it happens again, report it with the document.",
            )
        return result_of(*message)

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()  # it holds nothing that could be lost
        self._process.communicate()


def _answer(asked: tuple[Piece, Future[PieceRead]]) -> tuple[Piece, PieceRead]:
    piece, answer = asked
    return piece, answer.result()


def _all(first: Piece, second: Piece, remaining: Iterator[Piece]) -> Iterator[Piece]:
    yield first
    yield second
    yield from remaining


def _place(piece: Piece) -> str:
    head, _ = piece_message(piece)
    return str(head)[:200]
