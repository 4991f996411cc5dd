"""A process that reads pieces for another: ``python -m ledger.capture.worker``, asked and answering over its pipes.

It ends when its standard input does, so none outlives the process that it reads for, however that ends.
"""

from __future__ import annotations

import contextlib
import signal
import sys

from ledger.capture.reading import read_piece
from ledger.capture.wire import piece_of, read_message, result_message, write_message


def main() -> None:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches every process of a terminal; the first one decides
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    with contextlib.suppress(BrokenPipeError):
        while message := read_message(questions):
            write_message(answers, *result_message(read_piece(piece_of(*message))))


if __name__ == "__main__":
    main()
