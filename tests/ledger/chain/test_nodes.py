"""Nodes are reached by any URL of theirs; whatever else answers, or nobody, is told in our own errors."""

from __future__ import annotations

import socket

import pytest

from ledger.chain.errors import NodeAnswerError, NodeRefusedError, NodeUnreachableError, OtherChainError
from ledger.chain.nodes import RevertedError, connect
from ledger.errors import InputError
from tests.ledger.chain.serving import Faults, http, ipc, saying, websocket


@pytest.fixture
def node(smartborder_chain):
    return smartborder_chain.node


def test_a_node_tells_its_chain_and_genesis(node):
    assert node.chain_id > 0
    assert node.genesis_hash == node.block(0).hash
    assert "embedded" in node.name


def test_every_embedded_chain_begins_with_the_same_block(node):
    from ledger.chain.embedded import embedded

    assert embedded().node.genesis_hash == node.genesis_hash


def test_a_node_is_reached_by_http(node):
    with http(node) as url:
        assert (
            connect(url, chain_id=node.chain_id, genesis_hash=node.genesis_hash).latest_block() == node.latest_block()
        )


def test_a_node_is_reached_by_websocket_and_again_after_it_broke(node):
    faults = Faults(drop_before=["eth_getBlockByNumber"])
    with websocket(node, faults) as url:
        with pytest.raises(NodeUnreachableError):
            connect(url, timeout_seconds=2)
        assert connect(url, timeout_seconds=2).genesis_hash == node.genesis_hash


def test_a_node_is_reached_by_its_socket(node, tmp_path):
    with ipc(node, tmp_path) as url:
        reached = connect(url)
        assert reached.genesis_hash == node.genesis_hash
        reached.web3.provider._socket.sock.close()


def test_proxies_of_the_environment_are_not_asked(node, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with http(node) as url:
        assert connect(url).genesis_hash == node.genesis_hash


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_nobody_at_the_address_is_told(scheme):
    with pytest.raises(NodeUnreachableError, match="does not answer") as error:
        connect(f"{scheme}://127.0.0.1:{unused_port()}")
    assert "Start the node" in error.value.mend


def test_no_socket_at_the_path_is_told(tmp_path):
    with pytest.raises(NodeUnreachableError):
        connect(f"ipc://{tmp_path / 'none.ipc'}")


def test_a_node_that_never_answers_is_given_up():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NodeUnreachableError):
            connect(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.2)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"<html>Welcome</html>", 200),
        (b"not found", 404),
        (b"", 200),
        (b"[]", 200),
        (b"{}", 200),
        (b"null", 200),
        (b'{"jsonrpc":"2.0","id":0,"result":"zebra"}', 200),
        (b'{"jsonrpc":"2.0","id":0,"result":{"a":1}}', 200),
        (b'{"jsonrpc":"2.0","id":0,"result":null}', 200),
        (b"\xff\xfe\x00", 200),
    ],
)
def test_rubbish_is_told_from_a_node(answer, status):
    with saying(answer, status) as url, pytest.raises(NodeAnswerError, match="not an Ethereum node"):
        connect(url)


def test_a_node_that_refuses_to_say_its_chain_is_unavailable():
    refusal = b'{"jsonrpc":"2.0","id":0,"error":{"code":-32601,"message":"the method is not available"}}'
    with saying(refusal) as url, pytest.raises(NodeRefusedError, match="not available"):
        connect(url)


@pytest.mark.parametrize("url", ["127.0.0.1:8545", "ftp://node", "", "file:///etc/passwd", "http://", "http://["])
def test_what_is_no_url_of_a_node_is_told(url):
    with pytest.raises(InputError):
        connect(url)


def test_secrets_in_the_url_stay_out_of_messages():
    with pytest.raises(NodeUnreachableError) as error:
        connect(f"http://user:secret@127.0.0.1:{unused_port()}/v3/secret?key=secret")
    assert "secret" not in error.value.diagnostics()


def test_a_node_of_another_chain_is_told(node):
    with http(node) as url:
        with pytest.raises(OtherChainError, match="expected was chain 5"):
            connect(url, chain_id=5)
        with pytest.raises(OtherChainError, match="started anew"):
            connect(url, chain_id=node.chain_id, genesis_hash=bytes(32))


def test_a_block_that_is_not_there_is_told(node):
    with pytest.raises(NodeAnswerError, match="not found"):
        node.block(10_000)


def test_a_call_that_reverts_gives_the_contracts_words(consortium):
    contract = consortium.contracts.members
    data = contract.interface.encode_call("suspend", contract.address)
    with pytest.raises(RevertedError) as error:
        consortium.node.call({"to": contract.address, "data": data})
    assert contract.interface.decode_error(error.value.data)[0] == "KeyUnknown"


def test_a_transaction_that_is_none_is_refused_by_the_node(node):
    with pytest.raises(NodeRefusedError):
        node.send(b"\x01\x02")


def test_an_address_that_owns_nothing_has_no_balance_code_or_transactions(node):
    address = "0x" + "12" * 20
    assert (node.balance(address), node.code(address), node.nonce(address)) == (0, b"", 0)
