"""Files that people name on the command line; ``-`` is standard input or output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from clients.cli.text import _
from ledger.errors import InputError, NotFound, Unavailable

MAX_FILE_BYTES: Final = 256 * 1024 * 1024  # more than any document or parcel the ledger takes


def read_file(path: Path) -> bytes:
    """The content of a file, or of standard input for ``-``.

    Raises:
        NotFound: there is no such file.
        InputError: it is larger than anything the ledger takes.
        Unavailable: it cannot be read.
    """
    try:
        if str(path) == "-":
            content = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        else:
            with path.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(_("there is no such file"), where=str(path), mend=_("Check the path.")) from None
    except OSError as fault:
        raise Unavailable(
            _("cannot be read: {fault}").format(fault=fault.strerror), where=str(path), mend=_("Check its permissions.")
        ) from fault
    if len(content) > MAX_FILE_BYTES:
        raise InputError(
            _("is larger than {limit} bytes").format(limit=MAX_FILE_BYTES), where=str(path), mend=_("Split it.")
        )
    return content


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole, or standard output for ``-``.

    Raises:
        Unavailable: it cannot be written.
    """
    try:
        if str(path) == "-":
            sys.stdout.buffer.write(content)
        else:
            path.write_bytes(content)
    except OSError as fault:
        raise Unavailable(
            _("cannot be written: {fault}").format(fault=fault.strerror),
            where=str(path),
            mend=_("Check the folder and its permissions."),
        ) from fault
