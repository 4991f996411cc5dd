"""A QBFT chain of our own: headers with validators, votes, rounds and seals as a test wants them, right or wrong."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

from eth_utils import keccak

from ledger.chain.proof.extra_data import ExtraData
from ledger.chain.proof.headers import _FIELDS, BFT_MIX_HASH, Header
from ledger.chain.proof.qbft import commit_digest
from ledger.chain.proof.trie import EMPTY_ROOT
from ledger.identity.keys import CURVE_ORDER, SigningKey

GENESIS_TIME = 1_767_225_600


@cache
def validator(number):
    """The key of a validator."""
    return SigningKey(keccak(text=f"smartborder test validator {number}"))


def address(number):
    """The address of a validator."""
    return validator(number).address


def unsealed(number, validators, *, round_number=0, vote=None, **fields):
    """A header that nobody has sealed yet."""
    listed = tuple(sorted((address(each) for each in validators), key=str.lower))
    extra = ExtraData(b"smartborder".ljust(32, b"\0"), listed, vote, round_number, ())
    header = Header(
        parent_hash=keccak(text=f"block {number - 1}"),
        ommers_hash=keccak(b"\xc0"),
        beneficiary=bytes.fromhex(address(validators[0])[2:]) if validators else bytes(20),
        state_root=keccak(text=f"state {number}"),
        transactions_root=EMPTY_ROOT,
        receipts_root=EMPTY_ROOT,
        logs_bloom=bytes(256),
        difficulty=1,
        number=number,
        gas_limit=100_000_000,
        gas_used=0,
        time=GENESIS_TIME + 2 * number,
        extra_data=extra.encode(),
        mix_hash=BFT_MIX_HASH,
        nonce=bytes(8),
        base_fee=0,
    )
    return replace(header, **fields)


def extra_of(header, **fields):
    """The header with parts of its extraData replaced."""
    from ledger.chain.proof.extra_data import read_extra_data

    return replace(header, extra_data=replace(read_extra_data(header.extra_data), **fields).encode())


def seal(header, number):
    """The commit seal of a validator."""
    return validator(number).sign_digest(commit_digest(header))


def sealed(header, numbers):
    """The header with the seals of these validators."""
    return extra_of(header, seals=tuple(seal(header, number) for number in numbers))


def block(number, validators, numbers=None, **fields):
    """A header sealed by these validators; by all that it lists, if none are named."""
    header = unsealed(number, validators, **fields)
    return sealed(header, validators if numbers is None else numbers)


def mirrored(signature):
    """The other signature of the same digest that recovers the same key: s on the other side."""
    s = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([signature[64] ^ 1])


def as_json(header):
    """A block as a node's JSON has it."""
    values = {name: getattr(header, attribute) for attribute, name, _ in _FIELDS}
    shown = {
        name: hex(value) if isinstance(value, int) else value for name, value in values.items() if value is not None
    }
    shown = {name: f"0x{value.hex()}" if isinstance(value, bytes) else value for name, value in shown.items()}
    return shown | {"hash": f"0x{header.hash().hex()}", "size": "0x1", "transactions": []}


def chain(lists, genesis=(1, 2, 3, 4), *, before=(), **fields):
    """Linked blocks, each sealed by all that it lists: a genesis block, and one block for each list.

    Args:
        lists: the validators of each block after the genesis block, or after those before.
        genesis: the validators of the genesis block.
        before: blocks that stay as they are, if it is a fork.
        fields: of each header.
    """
    blocks = list(before) or [replace(unsealed(0, list(genesis)), parent_hash=bytes(32))]
    for listed in lists:
        blocks.append(block(len(blocks), listed, parent_hash=blocks[-1].hash(), **fields))
    return blocks


class StubNode:
    """A node that has these blocks, and nothing else."""

    name, chain_id = "stub node", 1337

    def __init__(self, headers):
        self.headers = list(headers)
        self.genesis_hash = headers[0].hash()
        self.asked = []

    def block_data(self, number):
        self.asked.append(number)
        return as_json(self.headers[number])

    def block(self, number):
        header = self.headers[number]
        return SimpleNamespace(number=number, hash=header.hash(), time=header.time)

    def latest_block(self):
        return self.block(len(self.headers) - 1)
