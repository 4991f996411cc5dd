"""A node behind a WebSocket: web3's own provider for it is asynchronous, and everything here waits for its answer."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import TYPE_CHECKING, Final

from web3.providers.base import JSONBaseProvider
from websockets.sync.client import connect

from ledger.chain.recursion import restore_recursion_limit

if TYPE_CHECKING:
    from web3.types import RPCEndpoint, RPCResponse
    from websockets.sync.client import ClientConnection

restore_recursion_limit()

MAX_ANSWER_BYTES: Final = 64 * 2**20  # a chunk of logs at its largest, with room to spare


class WebSocketProvider(JSONBaseProvider):
    """JSON-RPC over one WebSocket, opened at the first request and again after it broke; safe among threads.

    Args:
        url: ``ws://`` or ``wss://``.
        timeout_seconds: how long to wait for the connection and for each answer.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        super().__init__()
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._connection: ClientConnection | None = None
        self._open = contextlib.ExitStack()
        self._lock = threading.Lock()

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        """Send one request and wait for its answer."""
        with self._lock:
            try:
                return self._exchange(self.encode_rpc_request(method, params))
            except BaseException:
                self._close()
                raise

    def _exchange(self, request: bytes) -> RPCResponse:
        if self._connection is None:
            self._connection = self._open.enter_context(
                connect(self._url, open_timeout=self._timeout_seconds, max_size=MAX_ANSWER_BYTES, proxy=None)
            )
        self._connection.send(request.decode())
        wanted = json.loads(request)["id"]
        while True:
            answer = self._connection.recv(timeout=self._timeout_seconds)
            response = self.decode_rpc_response(answer if isinstance(answer, bytes) else answer.encode())
            if response.get("id") == wanted:
                return response

    def _close(self) -> None:
        self._connection = None
        self._open.close()
