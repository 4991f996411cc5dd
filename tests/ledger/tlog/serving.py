"""Small HTTP servers on loopback, for the tests of logs and witnesses."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


@contextmanager
def running(server):
    """A server in a thread of its own; gives its URL."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def folder_served(folder):
    """A folder behind a URL, as any web server would give it."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=folder)

        def log_message(self, *arguments):
            pass

    with running(Quiet(("127.0.0.1", 0), Handler)) as url:
        yield url


@contextmanager
def answering(answer):
    """A server that answers every request by ``answer(path, body)``: status, headers and body.

    A body that is a list is sent in chunks, each followed by a call of it if it can be called.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, parts = answer(self.path, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for part in parts if isinstance(parts, list) else [parts]:
                if callable(part):
                    part()
                else:
                    self.wfile.write(part)
                    self.wfile.flush()

        def do_GET(self):
            self.do_POST()

        def log_message(self, *arguments):
            pass

    with running(Quiet(("127.0.0.1", 0), Handler)) as url:
        yield url
