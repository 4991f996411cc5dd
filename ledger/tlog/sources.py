"""Where a log is read from: a folder, or a URL. Both give the same files by the same paths.

Source: C2SP tlog-tiles, section "APIs".
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Protocol

import requests

from ledger.tlog.answers import body_of
from ledger.tlog.errors import LogDamagedError, LogUnusableError, ResourceMissingError

DEFAULT_TIMEOUT_SECONDS: Final = 30.0
_MOST_TIMEOUTS: Final = 10  # that one file may take in all, so that no server can hold a reader for ever
_MISSING: Final = frozenset({404, 410})


class LogSource(Protocol):
    """Gives the files of a log."""

    @property
    def name(self) -> str:
        """What to call it in messages."""
        ...

    def read(self, path: str, most_bytes: int) -> bytes:
        """A file's content.

        Args:
            path: where it is, below the log's folder or URL.
            most_bytes: what it may have at most.

        Raises:
            ResourceMissingError: there is no such file.
            LogDamagedError: it is larger.
            LogUnusableError: it cannot be read.
        """
        ...


class FolderSource:
    """A log in a folder.

    Args:
        folder: where the file ``checkpoint`` is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    def read(self, path: str, most_bytes: int) -> bytes:
        """A file's content; raises as :meth:`LogSource.read`."""
        place = self.folder / path
        try:
            with place.open("rb") as file:
                data = file.read(most_bytes + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise _missing(str(place)) from None
        except OSError as error:
            raise LogUnusableError(
                f"cannot be read: {error.strerror}", where=str(place), mend="Check path and owner."
            ) from error
        return _bounded(data, most_bytes, str(place))


class UrlSource:
    """A log behind an http or https URL.

    Args:
        url: the log's prefix.
        timeout_seconds: how long to wait for a server that says nothing.
    """

    def __init__(self, url: str, *, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        self.url = url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._session = requests.Session()
        self._session.headers.update({"Accept-Encoding": "gzip, identity"})

    @property
    def name(self) -> str:
        """The URL."""
        return self.url

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def read(self, path: str, most_bytes: int) -> bytes:
        """A file's content; raises as :meth:`LogSource.read`."""
        url = f"{self.url}/{path}"
        try:
            with self._session.get(url, timeout=self._timeout_seconds, stream=True) as response:
                if response.status_code in _MISSING:
                    raise _missing(url)
                if response.status_code != requests.codes.ok:
                    raise LogUnusableError(
                        f"the server answers {response.status_code}", where=url, mend="Try again later."
                    )
                data = body_of(response, most_bytes=most_bytes, seconds=_MOST_TIMEOUTS * self._timeout_seconds)
                return _bounded(data, most_bytes, url)
        except (requests.RequestException, OSError) as error:
            raise LogUnusableError(
                f"the server cannot be reached: {error}", where=url, mend="Check the address, and try again later."
            ) from error


def source_of(place: str) -> LogSource:
    """The source at a folder's path, or at a URL that begins with ``http://`` or ``https://``."""
    if place.startswith(("http://", "https://")):
        return UrlSource(place)
    return FolderSource(Path(os.path.expanduser(place)))  # noqa: PTH111 - a leading ~user of a text


def _bounded(data: bytes, most_bytes: int, where: str) -> bytes:
    if len(data) > most_bytes:
        raise LogDamagedError(
            f"is larger than {most_bytes} bytes, which no such file is", where=where, mend="Check the address."
        )
    return data


def _missing(where: str) -> ResourceMissingError:
    return ResourceMissingError("there is no such file", where=where, mend="Check the address, or ask the log's owner.")
