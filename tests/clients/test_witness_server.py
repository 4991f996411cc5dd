import http.client
import socket
import threading
import time

import pytest

from clients.witness_server import WitnessServer
from ledger.tlog.checkpoints import open_checkpoint
from ledger.tlog.cosignatures import verifiers_of
from ledger.tlog.notes import parse_signature_lines
from ledger.tlog.witness_requests import MAX_REQUEST_BYTES, SIZE_MEDIA_TYPE
from ledger.tlog.witness_state import origin_hash
from tests.ledger.tlog.samples import ORIGIN, VERIFIERS, checkpoint_of, ed25519_cosigner, entries
from tests.ledger.tlog.serving import running
from tests.ledger.tlog.witnesses import new_witness, request


@pytest.fixture
def server(tmp_path):
    server = WitnessServer(new_witness(tmp_path / "witness"), timeout_seconds=0.5, max_connections=4)
    with running(server):
        yield server


@pytest.fixture
def connection(server):
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    yield connection
    connection.close()


def ask(connection, method, path, body=None, **headers):
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.headers.get("Content-Type"), response.read()


def post(connection, *arguments):
    return ask(connection, "POST", "/add-checkpoint", request(*arguments).body())


def test_a_log_is_cosigned_over_one_connection(connection):
    for old, new in ((0, 3), (3, 3), (3, 300)):
        status, media_type, body = post(connection, old, entries(new))
        assert (status, media_type) == (200, "text/plain; charset=utf-8")
        assert parse_signature_lines(body.decode())[0].name == ed25519_cosigner().name


def test_the_size_is_told_in_its_own_media_type(connection):
    post(connection, 0, entries(3))
    assert post(connection, 0, entries(5)) == (409, SIZE_MEDIA_TYPE, b"3\n")


@pytest.mark.parametrize(("old", "log", "expected"), [(9, 3, 400), (0, 3, 200), (2, 3, 409)])
def test_every_status_comes_through(connection, old, log, expected):
    body = request(0, entries(log)).body().replace(b"old 0", f"old {old}".encode())
    assert ask(connection, "POST", "/add-checkpoint", body)[0] == expected


def test_monitors_get_the_last_checkpoint(connection):
    path = f"/{origin_hash(ORIGIN)}/checkpoint"
    assert ask(connection, "GET", path)[0] == 404
    post(connection, 0, entries(3))
    status, media_type, body = ask(connection, "GET", path)
    assert (status, media_type) == (200, "text/plain; charset=utf-8")
    opened = open_checkpoint(body, [*VERIFIERS, *verifiers_of([ed25519_cosigner().key])])
    assert (opened.checkpoint, len(opened.verified)) == (checkpoint_of(entries(3)), 2)


@pytest.mark.parametrize(
    "path", ["/", "/checkpoint", "/../witness/checkpoint", "/%2e%2e/checkpoint", "/x/y/checkpoint"]
)
def test_nothing_else_is_served(connection, path):
    assert ask(connection, "GET", path)[0] == 404


def test_other_paths_and_methods_are_refused(server):
    for method, path, expected in (("POST", "/add", 404), ("PUT", "/add-checkpoint", 501), ("DELETE", "/", 501)):
        connection = http.client.HTTPConnection(*server.server_address, timeout=10)
        assert ask(connection, method, path, b"x")[0] == expected
        connection.close()


def raw(server, data):
    with socket.create_connection(server.server_address, timeout=10) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (b"", b"x", b"411"),
        (b"Content-Length: -1\r\n", b"x", b"411"),
        (b"Content-Length: 1e3\r\n", b"x", b"411"),
        (b"Content-Length: \xc2\xb2\r\n", b"x", b"411"),
        (b"Transfer-Encoding: chunked\r\n", b"1\r\nx\r\n0\r\n\r\n", b"411"),
        (b"Content-Length: %d\r\n" % (MAX_REQUEST_BYTES + 1), b"x", b"413"),
        (b"Content-Length: 99999999999999999999\r\n", b"x", b"413"),
        (b"Content-Length: 100\r\n", b"x", b"400"),
    ],
)
def test_a_body_of_unknown_or_excessive_length_is_not_read(server, headers, body, expected):
    answer = raw(server, b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n" + body)
    assert answer.split(b" ")[1] == expected
    assert b"Connection: close" in answer


def test_garbage_is_no_request_and_harms_nobody(server, connection):
    assert b"400" in raw(server, b"\x16\x03\x01\x02\x00garbage\r\n\r\n")
    assert post(connection, 0, entries(3))[0] == 200


def test_a_client_that_says_nothing_is_let_go(server):
    with socket.create_connection(server.server_address, timeout=10) as client:
        client.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
        assert client.recv(100) == b""


@pytest.mark.parametrize(
    ("start", "more"),
    [(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1000\r\n\r\n", b"x"), (b"GET / HTTP/1.1\r\n", b"A: b\r\n")],
)
def test_a_client_that_trickles_is_let_go(tmp_path, start, more):
    server = WitnessServer(new_witness(tmp_path / "witness"), timeout_seconds=5, request_seconds=0.5)
    with running(server), socket.create_connection(server.server_address, timeout=0.05) as client:
        client.sendall(start)
        deadline = time.monotonic() + 10
        said = None
        while said is None:
            assert time.monotonic() < deadline
            try:
                client.sendall(more)
                said = client.recv(100)
            except TimeoutError:
                continue
            except OSError:
                said = b""
        assert said == b""


def test_clients_that_say_nothing_cannot_take_all_connections_for_ever(server, connection, caplog):
    silent = [socket.create_connection(server.server_address, timeout=10) for _ in range(8)]
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                assert post(connection, 0, entries(3))[0] == 200
                break
            except (http.client.HTTPException, OSError):
                connection.close()
                assert time.monotonic() < deadline
    finally:
        for client in silent:
            client.close()
    assert "all are taken" in caplog.text


def test_a_record_that_cannot_be_used_is_503_and_not_a_cosignature(server, connection, tmp_path, caplog):
    (tmp_path / "witness" / origin_hash(ORIGIN)).write_bytes(b"")
    assert post(connection, 0, entries(3))[0] == 503
    assert ask(connection, "GET", f"/{origin_hash(ORIGIN)}/checkpoint")[0] == 503
    assert "could not be decided" in caplog.text


def test_a_fault_of_our_own_closes_the_connection_and_is_logged(server, connection, caplog):
    server.witness._allowed = lambda checkpoint: 1 // 0
    with pytest.raises((http.client.HTTPException, OSError)):
        post(connection, 0, entries(3))
    deadline = time.monotonic() + 10
    while "a connection failed" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "ZeroDivisionError" in caplog.text


def test_a_server_listens_on_loopback_and_ends_when_it_is_left(tmp_path):
    with WitnessServer(new_witness(tmp_path / "witness")) as server:
        assert server.url.startswith("http://127.0.0.1:")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        server.shutdown()
        thread.join()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.server_address, timeout=1)
