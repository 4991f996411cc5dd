"""Read the body of an HTTP answer that may be too long, or never end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import requests
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK_BYTES: Final = 64 * 1024


def body_of(response: requests.Response, *, most_bytes: int, seconds: float) -> bytes:
    """An answer's body, decompressed.

    Args:
        response: the answer, requested with ``stream=True``.
        most_bytes: where to stop: a longer body comes with more bytes than this, but not whole.
        seconds: how long it may take in all, however it trickles.

    Raises:
        requests.RequestException, OSError: it does not come.
    """
    try:
        return b"".join(_pieces(response, most_bytes, time.monotonic() + seconds))
    except HTTPError as error:  # of the layer below, which requests itself would translate
        raise requests.RequestException(str(error)) from error


def _pieces(response: requests.Response, most_bytes: int, end: float) -> Iterator[bytes]:
    total = 0
    while piece := response.raw.read1(_CHUNK_BYTES, decode_content=True):  # what has come, without waiting for more
        yield piece
        total += len(piece)
        if total > most_bytes:
            return
        if time.monotonic() > end:
            raise requests.Timeout("the answer takes too long")
