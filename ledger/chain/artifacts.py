"""The compiled contracts that this package carries, so that running needs no compiler.

They are written by ``make contracts`` into ``ledger/chain/artifacts/``, one JSON file a contract.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from ledger.chain.interface import Interface

CONTRACTS_VERSION: Final = "1"  # the version in the EIP-712 domain of the contracts


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract.

    Attributes:
        name: the contract's name.
        interface: what can be said to it.
        bytecode: what creates it, without its constructor's arguments.
        version: the contracts' version.
    """

    name: str
    interface: Interface
    bytecode: bytes
    version: str


@lru_cache
def artifact(name: str) -> Artifact:
    """A compiled contract by its name: ``Members``, ``Consignments`` or ``EventLogs``."""
    text = resources.files("ledger.chain").joinpath("artifacts", f"{name}.json").read_text(encoding="utf-8")
    content = json.loads(text)
    bytecode = bytes.fromhex(content["bytecode"].removeprefix("0x"))
    return Artifact(name, Interface.from_abi(content["abi"]), bytecode, CONTRACTS_VERSION)
