"""A witness's HTTP server: the tlog-witness protocol around :class:`ledger.tlog.witness.Witness`.

::

    with WitnessServer(witness, port=8750) as server:
        server.serve_forever()

``POST /add-checkpoint`` asks for cosignatures; ``GET /<origin hash>/checkpoint`` gives monitors the last checkpoint
cosigned. It listens on loopback unless told otherwise; towards the internet it belongs behind a server that speaks TLS.
Source: C2SP tlog-witness, section "HTTP Interface".
"""

from __future__ import annotations

import io
import logging
import math
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from ledger.errors import LedgerError
from ledger.tlog.witness_requests import ADD_CHECKPOINT, MAX_REQUEST_BYTES, TEXT_MEDIA_TYPE, Answer, refusal

if TYPE_CHECKING:
    from socket import socket

    from _typeshed import WriteableBuffer

    from ledger.tlog.witness import Witness

    _Request: TypeAlias = socket | tuple[bytes, socket]
    _Address: TypeAlias = tuple[str, int]

LOOPBACK: Final = "127.0.0.1"
MAX_CONNECTIONS: Final = 64  # at once; more are closed unanswered, and the client asks again
TIMEOUT_SECONDS: Final = 15.0  # for a client that says nothing
REQUEST_SECONDS: Final = 60.0  # for a whole request: one that trickles would have its connection for days
_log = logging.getLogger(__name__)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness; a thread for each connection.

    Args:
        witness: what answers.
        host: the address to listen on.
        port: the port; 0 for any that is free.
        timeout_seconds: how long a connection may say nothing.
        request_seconds: how long one request may take to arrive, however it trickles.
        max_connections: how many are served at once.

    Raises:
        OSError: the address cannot be had.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        witness: Witness,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        timeout_seconds: float = TIMEOUT_SECONDS,
        request_seconds: float = REQUEST_SECONDS,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        self.witness = witness
        self.timeout_seconds = timeout_seconds
        self.request_seconds = request_seconds
        self._free = threading.BoundedSemaphore(max_connections)
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """The submission prefix, and the monitoring prefix."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def process_request(self, request: _Request, client_address: _Address) -> None:
        """Serve a connection in a thread, if one is free."""
        if not self._free.acquire(blocking=False):
            _log.warning("a connection was closed: all are taken", extra={"client": client_address[0]})
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: _Request, client_address: _Address) -> None:
        """Serve a connection, and free its thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: _Request, client_address: _Address) -> None:  # noqa: ARG002 - the base class's signature
        """Log what went wrong with a connection, with its trace."""
        _log.exception("a connection failed", extra={"client": client_address[0]})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server_close()


class _Incoming(io.RawIOBase):
    """What a client says, as long as it says it in time."""

    def __init__(self, connection: socket, silence_seconds: float) -> None:
        self._connection = connection
        self._silence_seconds = silence_seconds
        self._end = math.inf

    def expect(self, seconds: float) -> None:
        """Give the next request so long to arrive."""
        self._end = time.monotonic() + seconds

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """What has arrived next.

        Raises:
            TimeoutError: nothing did, or the time for the whole request is over.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request took too long to arrive")
        self._connection.settimeout(min(left, self._silence_seconds))
        try:
            return self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(self._silence_seconds)


class _Handler(BaseHTTPRequestHandler):
    """Reads one connection's requests."""

    protocol_version = "HTTP/1.1"  # keep-alive, as witnesses should
    server_version = "smartborder-witness"
    sys_version = ""
    server: WitnessServer

    def setup(self) -> None:
        """Bound how long the client may say nothing, and how long it may take to say something."""
        self.request.settimeout(self.server.timeout_seconds)
        super().setup()
        self.rfile.close()
        self._incoming = _Incoming(self.request, self.server.timeout_seconds)
        self.rfile = io.BufferedReader(self._incoming)

    def handle_one_request(self) -> None:
        """Read and answer one request."""
        self._incoming.expect(self.server.request_seconds)
        super().handle_one_request()

    def do_POST(self) -> None:
        """``add-checkpoint``."""
        if self.path != f"/{ADD_CHECKPOINT}":
            self.close_connection = True  # the body is not read
            self._answer(refusal(HTTPStatus.NOT_FOUND, "there is nothing here to post to"))
            return
        body = self._body()
        if isinstance(body, Answer):
            self.close_connection = True
            self._answer(body)
            return
        try:
            answer = self.server.witness.add_checkpoint(body)
        except LedgerError as error:
            _log.error("a request could not be decided", extra={"error": str(error)})
            answer = refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the witness cannot decide now; ask it again later")
        self._answer(answer)

    def do_GET(self) -> None:
        """``<origin hash>/checkpoint``."""
        hashed_origin, _, name = self.path.removeprefix("/").partition("/")
        try:
            data = self.server.witness.checkpoint(hashed_origin) if name == "checkpoint" else None
        except LedgerError as error:
            _log.error("a record could not be read", extra={"error": str(error)})
            self._answer(refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the record cannot be read now; ask again later"))
            return
        if data is None:
            self._answer(refusal(HTTPStatus.NOT_FOUND, "no checkpoint of such a log was cosigned here"))
        else:
            self._answer(Answer(HTTPStatus.OK, data, TEXT_MEDIA_TYPE))

    def _body(self) -> bytes | Answer:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            return refusal(HTTPStatus.LENGTH_REQUIRED, "the request needs a Content-Length")
        if len(length) > 9 or int(length) > MAX_REQUEST_BYTES:
            return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a request has at most {MAX_REQUEST_BYTES} bytes here")
        body = self.rfile.read(int(length))
        if len(body) != int(length):
            return refusal(HTTPStatus.BAD_REQUEST, "the request was cut short")
        return body

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
        """Log through ``logging``."""
        _log.info("%s", format % arguments, extra={"client": self.client_address[0]})
