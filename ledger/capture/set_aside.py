"""Documents that break rules, set aside whole beside what is wrong with them.

::

    FOLDER/<SHA-256>.jsonld            the document, byte for byte (.xml, or .txt where it is neither JSON nor XML)
    FOLDER/<SHA-256>.problems.json     where it was found, and its problems as `epcis check --json` shows them

The same document found again takes the same place. The folder is for its owner alone (0700, files 0600).
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.capture.errors import SetAsideError
from ledger.epcis.model import Media
from ledger.epcis.problems import EpcisInvalid
from ledger.epcis.reading import sniffed
from ledger.tlog.durable import Disk, DurableWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.capture.reading import Invalid
    from ledger.epcis.problems import Problem

_BLOCK_BYTES: Final = 1024 * 1024
_SUFFIXES: Final = {Media.JSON: "jsonld", Media.XML: "xml", None: "txt"}
_STAGING: Final = ".new"
_SPOOLED: Final = ".spooled-"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that was set aside.

    Attributes:
        name: where it was found.
        path: where it is now.
        problems: what is wrong with it.
    """

    name: str
    path: Path
    problems: tuple[Problem, ...]


class SetAsideFolder:
    """Where documents that break rules go.

    Args:
        folder: made when the first comes.
        disk: takes the steps.
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self._files = DurableWriter(folder / _STAGING, disk or Disk())
        self._ready = False
        self._spooled = 0

    def take(self, found: Invalid, name: str) -> SetAside:
        """Set a document aside. Once this returns, it is durable.

        Args:
            found: the document.
            name: where it was found.

        Raises:
            SetAsideError: the disk does not take it; the document stays where it was.
        """
        with self._use():
            if found.content is not None:
                sha256 = hashlib.sha256(found.content).hexdigest()
                path = self.folder / f"{sha256}.{_suffix(found.content)}"
                self._files.write([(path, found.content)])
            else:
                path = self._take_part(found)
            problems = path.with_name(f"{path.stem}.problems.json")
            self._files.write([(problems, _report(found, name))])
        return SetAside(name, path, found.problems)

    def spool(self, blocks: Iterable[bytes]) -> Path:
        """Keep a text that is longer than any document, until it is set aside; several may wait, read ahead.

        Raises:
            SetAsideError: the disk does not take it.
        """
        with self._use():
            self._spooled += 1
            path = self.folder / _STAGING / f"{_SPOOLED}{self._spooled}"
            with path.open("wb") as file:
                file.writelines(blocks)
        return path

    def _take_part(self, found: Invalid) -> Path:
        """Set aside what is too long to be held in memory: a file, or a part of one."""
        copy = self.folder / _STAGING / "copy"
        digest = hashlib.sha256()
        with Path(found.path).open("rb") as source, copy.open("wb") as target:
            source.seek(found.begin)
            remaining = found.end - found.begin
            first = b""
            while remaining and (block := source.read(min(_BLOCK_BYTES, remaining))):
                first = first or block
                digest.update(block)
                target.write(block)
                remaining -= len(block)
            target.flush()
            os.fsync(target.fileno())
        path = self.folder / f"{digest.hexdigest()}.{_suffix(first)}"
        copy.replace(path)
        if Path(found.path).parent == copy.parent:
            Path(found.path).unlink()
        return path

    @contextmanager
    def _use(self) -> Iterator[None]:
        try:
            if not self._ready:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._files.clear()
                self._ready = True
            yield
        except OSError as error:
            raise SetAsideError(
                f"a document cannot be set aside: {error.strerror}",
                where=str(error.filename or self.folder),
                mend="Check the folder and its free space, and capture again; what was kept stays kept.",
            ) from error


def _report(found: Invalid, name: str) -> bytes:
    problems = [problem.to_json() for problem in found.problems]
    report = {"file": name, "valid": False, "events": 0, "problems": problems}
    return json.dumps(report, indent=2, ensure_ascii=False).encode(errors="replace") + b"\n"


def _suffix(content: bytes) -> str:
    try:
        return _SUFFIXES[sniffed(content)]
    except EpcisInvalid:
        return _SUFFIXES[None]
