"""The embedded chain behind real sockets on loopback, with faults that tests ask for."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from web3 import Web3
from websockets.sync.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.chain.nodes import Node


@dataclass
class Faults:
    """What goes wrong, by JSON-RPC method; each fault happens once for each time it is listed.

    Attributes:
        drop_before: the connection breaks before the request is carried out.
        drop_after: the connection breaks after it was carried out, before the answer.
        answers: what is answered instead, as a JSON-RPC response.
        asked: how often each method was asked for.
    """

    drop_before: list[str] = field(default_factory=list)
    drop_after: list[str] = field(default_factory=list)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)


class DroppedError(Exception):
    """The connection is to break now."""


@dataclass
class Backend:
    """Answers JSON-RPC requests from an embedded chain, one at a time."""

    node: Node
    faults: Faults
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, body: bytes) -> bytes:
        request = json.loads(body)
        method = request["method"]
        self.faults.asked[method] += 1
        if method in self.faults.drop_before:
            self.faults.drop_before.remove(method)
            raise DroppedError
        if self.faults.answers.get(method):
            response = self.faults.answers[method].pop(0)
        else:
            response = self._carried_out(method, request["params"])
        if method in self.faults.drop_after:
            self.faults.drop_after.remove(method)
            raise DroppedError
        return Web3.to_json({**response, "id": request["id"], "jsonrpc": "2.0"}).encode()

    def _carried_out(self, method: str, params: Any) -> dict[str, Any]:
        web3 = Web3(self.node.web3.provider)
        web3.middleware_onion.clear()
        with self._turn:
            response = web3.provider.request_func(web3, web3.middleware_onion)(method, params)
        return {key: response[key] for key in ("result", "error") if response.get(key) is not None} or {"result": None}


@contextlib.contextmanager
def http(node: Node, faults: Faults | None = None) -> Iterator[str]:
    """Serve the chain by HTTP; yields the URL."""
    backend = Backend(node, faults or Faults())

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answer = backend.answer(body)
            except DroppedError:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}"


@contextlib.contextmanager
def saying(answer: bytes, status: int = 200) -> Iterator[str]:
    """A web server that says the same to everything; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}"


@contextlib.contextmanager
def websocket(node: Node, faults: Faults | None = None) -> Iterator[str]:
    """Serve the chain by WebSocket; yields the URL."""
    backend = Backend(node, faults or Faults())

    def handle(connection: Any) -> None:
        for message in connection:
            try:
                answer = backend.answer(message.encode())
            except DroppedError:
                connection.socket.close()
                return
            connection.send('{"jsonrpc":"2.0","method":"eth_subscription","params":{}}')
            connection.send(answer.decode())

    server = serve(handle, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def ipc(node: Node, folder: Path) -> Iterator[str]:
    """Serve the chain by a socket in a folder; yields the URL."""
    backend = Backend(node, Faults())

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while data := self.request.recv(1 << 20):
                self.request.sendall(backend.answer(data))

    with running(socketserver.ThreadingUnixStreamServer(str(folder / "node.ipc"), Handler)):
        yield f"ipc://{folder / 'node.ipc'}"


@contextlib.contextmanager
def running(server: Any) -> Iterator[Any]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
