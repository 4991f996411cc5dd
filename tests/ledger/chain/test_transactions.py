"""Transactions arrive once, whatever happens on the way and whatever the chain charges; failures tell their cause."""

from __future__ import annotations

import threading

import pytest

from clients.testing.consortium import build
from ledger.chain.clock import SettableClock
from ledger.chain.deployment import attach
from ledger.chain.embedded import embedded
from ledger.chain.errors import NodeUnreachableError, OutcomeUnknownError, TransactionRefusedError
from ledger.chain.nodes import connect
from ledger.chain.refusals import RuleRefused
from ledger.chain.transactions import Call, Sender
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Milestone
from tests.ledger.chain.serving import Faults, http

KEY = SigningKey(b"\x77" * 32)


@pytest.fixture
def statement(consortium):
    """A statement that the contract would accept, and the call that carries it."""
    goods = consortium.register()
    return consortium.sign("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32)


def remote(consortium, url):
    """The consortium's contracts as another process sees them."""
    return attach(connect(url), consortium.contracts.deployment)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_connection_that_breaks_while_sending_loses_nothing_and_doubles_nothing(consortium, statement, fault):
    faults = Faults(**{fault: ["eth_sendRawTransaction"]})
    with http(consortium.node, faults) as url:
        contracts = remote(consortium, url)
        receipt = contracts.consignments.submit(Sender(contracts.node, KEY), statement)
    assert receipt.gas_used > 0
    assert consortium.state(statement.statement.consignment).position == 2
    assert consortium.node.nonce(KEY.address) == 1


def test_a_connection_that_breaks_while_waiting_is_waited_out(consortium, statement):
    faults = Faults(drop_before=["eth_getTransactionReceipt"] * 3)
    with http(consortium.node, faults) as url:
        contracts = remote(consortium, url)
        contracts.consignments.submit(Sender(contracts.node, KEY), statement)
    assert faults.asked["eth_getTransactionReceipt"] == 4


def test_without_a_receipt_the_outcome_is_unknown_and_the_transaction_named(consortium, statement):
    faults = Faults(drop_before=["eth_getTransactionReceipt"] * 1000)
    with http(consortium.node, faults) as url:
        contracts = remote(consortium, url)
        with pytest.raises(OutcomeUnknownError, match="may yet take effect") as error:
            contracts.consignments.submit(Sender(contracts.node, KEY, timeout_seconds=0.3), statement)
    assert consortium.node.receipt(error.value.transaction)["status"] == 1


def test_a_node_gone_for_good_while_sending_leaves_the_outcome_unknown(consortium, statement):
    faults = Faults(drop_before=["eth_sendRawTransaction"] * 1000 + ["eth_getTransactionReceipt"] * 1000)
    with http(consortium.node, faults) as url:
        contracts = remote(consortium, url)
        with pytest.raises(OutcomeUnknownError):
            contracts.consignments.submit(Sender(contracts.node, KEY, timeout_seconds=0.3), statement)
    assert consortium.state(statement.statement.consignment).position == 1


def test_a_node_gone_before_anything_was_sent_is_unreachable(consortium, statement):
    faults = Faults()
    with http(consortium.node, faults) as url:
        contracts = remote(consortium, url)
        faults.drop_before.append("eth_call")
        with pytest.raises(NodeUnreachableError):
            contracts.consignments.submit(Sender(contracts.node, KEY), statement)
    assert faults.asked["eth_sendRawTransaction"] == 0


def test_a_transaction_that_the_node_has_already_is_waited_for(consortium, statement):
    known = {"error": {"code": -32000, "message": "already known"}}
    with http(consortium.node, faults := Faults()) as url:
        contracts = remote(consortium, url)
        faults.answers["eth_sendRawTransaction"] = [known]
        with pytest.raises(OutcomeUnknownError):
            contracts.consignments.submit(Sender(contracts.node, KEY, timeout_seconds=0.2), statement)


def test_a_nonce_that_another_process_used_is_taken_anew(consortium, statement):
    low = {"error": {"code": -32000, "message": "nonce too low: next nonce 5, tx nonce 4"}}
    with http(consortium.node, faults := Faults(answers={"eth_sendRawTransaction": [low, low]})) as url:
        contracts = remote(consortium, url)
        contracts.consignments.submit(Sender(contracts.node, KEY), statement)
    assert faults.asked["eth_sendRawTransaction"] == 3


def test_a_nonce_that_is_always_taken_is_given_up(consortium, statement):
    low = {"error": {"code": -32000, "message": "nonce too low"}}
    with http(consortium.node, Faults(answers={"eth_sendRawTransaction": [low] * 100})) as url:
        contracts = remote(consortium, url)
        with pytest.raises(TransactionRefusedError, match="nonce too low"):
            contracts.consignments.submit(Sender(contracts.node, KEY), statement)


def test_what_else_the_node_does_not_like_is_passed_on(consortium, statement):
    poor = {"error": {"code": -32000, "message": "insufficient funds for gas * price + value"}}
    with http(consortium.node, Faults(answers={"eth_sendRawTransaction": [poor]})) as url:
        contracts = remote(consortium, url)
        with pytest.raises(TransactionRefusedError, match="insufficient funds") as error:
            contracts.consignments.submit(Sender(contracts.node, KEY), statement)
    assert "needs funds" in error.value.mend


def test_a_call_that_the_node_does_not_carry_out_is_told(consortium, statement):
    busy = {"error": {"code": -32005, "message": "too many requests"}}
    with http(consortium.node, faults := Faults()) as url:
        contracts = remote(consortium, url)
        faults.answers["eth_call"] = [busy]
        with pytest.raises(TransactionRefusedError, match="too many requests"):
            contracts.consignments.submit(Sender(contracts.node, KEY), statement)


def test_threads_that_share_a_sender_do_not_use_a_nonce_twice(consortium):
    sender = Sender(consortium.node, KEY)
    batches = [
        [consortium.sign("auditor", Milestone.OBSERVED, consortium.register(f"KR-{i}"), commitment=b"\1" * 32)]
        for i in range(4)
    ]
    with http(consortium.node) as url:
        contracts = remote(consortium, url)
        sender = Sender(contracts.node, KEY)
        threads = [
            threading.Thread(target=contracts.consignments.submit_batch, args=(sender, batch)) for batch in batches
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert consortium.node.nonce(KEY.address) == 4


def test_a_refusal_costs_nothing(consortium, statement):
    consortium.submit(statement)
    sender = Sender(consortium.node, KEY)
    with pytest.raises(RuleRefused) as error:
        consortium.contracts.consignments.submit(sender, statement)
    assert error.value.error == "StaleHead"
    assert consortium.node.nonce(KEY.address) == 0


def test_what_came_between_the_try_and_the_block_is_told(consortium, statement):
    """Two relayers carry the same statement: the second one's transaction is mined, fails, and says why."""
    sender = Sender(consortium.node, KEY)
    contract = consortium.contracts.consignments
    attempt, calls = Sender.attempt, []

    def slow(self, call):
        attempt(self, call)
        if not calls:
            calls.append(call)
            consortium.submit(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sender, "attempt", slow)
        with pytest.raises(RuleRefused) as error:
            contract.submit(sender, statement)
    assert error.value.error == "StaleHead"
    assert consortium.state(statement.statement.consignment).position == 2


def test_running_out_of_gas_is_told(consortium, statement):
    contract = consortium.contracts.consignments
    sender = Sender(consortium.node, KEY)
    from ledger.chain.consignments import entry

    call = Call(
        contract.address, contract.interface, contract.interface.encode_call("submit", entry(statement)), 60_000
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sender, "attempt", lambda self, call: b"")
        with pytest.raises(TransactionRefusedError, match="ran out of gas"):
            sender.send(call)
    assert consortium.state(statement.statement.consignment).position == 1


def test_a_chain_with_a_fee_market_is_paid():
    from clients.testing.consortium import deterministic_random
    from ledger.identity.keys import Keyring

    names = ("customs_kr", "customs_sg", "customs_nl")
    funded = [Keyring.generate(deterministic_random(f"smartborder test {name}")).address for name in names]
    clock = SettableClock()
    chain = embedded(clock, base_fee_wei=10**9, funded=tuple(funded))
    consortium = build(chain.node, clock)
    assert all(chain.node.balance(address) < 10**24 for address in funded)
    assert consortium.members.threshold() == 2
    with pytest.raises(TransactionRefusedError, match=r"afford|funds"):
        consortium.members.replace_profile(consortium.sender("exporter"), "{}")


def test_a_chain_without_a_base_fee_gets_legacy_transactions(consortium, statement):
    """GoQuorum and other chains before London: their blocks have no base fee, and they take only the old kind."""
    sent = []
    with http(consortium.node, faults := Faults()) as url:
        contracts = remote(consortium, url)
        block = contracts.node.web3.eth.get_block("latest")
        legacy = {key: value for key, value in block.items() if key not in ("baseFeePerGas", "proofOfAuthorityData")}
        faults.answers["eth_getBlockByNumber"] = [{"result": {**legacy, "extraData": "0x"}}]
        faults.answers["eth_gasPrice"] = [{"result": "0x0"}]
        send = type(contracts.node).send
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(contracts.node), "send", lambda self, raw: (sent.append(raw), send(self, raw))[1])
            contracts.consignments.submit(Sender(contracts.node, KEY), statement)
    assert sent[0][0] >= 0xC0  # an RLP list, not a typed transaction (EIP-2718)
