"""Contracts that others keep records with, deployed from their npm packages and measured on the same embedded chain.

- Ethereum Attestation Service (EAS): anyone attests to anything under a schema; ``attest`` stores the whole
  attestation, ``timestamp`` only that 32 bytes were known.
- TradeTrust's document store: its owner records that 32 bytes were issued.
- TradeTrust's token registry: its minter makes a transferable document, with a contract of its own that knows the
  owner and the holder.

The packages are pinned in ``scripts/gas/npm``; of them only the bytecode is read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.chain.embedded import embedded
from ledger.chain.interface import Interface
from ledger.chain.transactions import Call, Receipt, Sender
from ledger.identity.keys import SigningKey
from scripts.gas.goals import BATCH
from scripts.gas.meter import digest
from scripts.tools import TOOLS, find_node, in_place, install_packages

MANIFESTS: Final = Path(__file__).resolve().parent / "npm"
FOLDER: Final = TOOLS / "peers"
EAS: Final = "@ethereum-attestation-service/eas-contracts"
DOCUMENT_STORE: Final = "@tradetrust-tt/document-store"
TOKEN_REGISTRY: Final = "@tradetrust-tt/token-registry"  # noqa: S105  # a package

TIMESTAMPS: Final = 100
GAS: Final = 20_000_000
_DEPLOYER: Final = SigningKey(bytes(31) + b"\7")
_NO_INTERFACE: Final = Interface.from_abi(())
_ATTESTATION: Final = "(address,uint64,bool,bytes32,bytes,uint256)"
_SCHEMA: Final = "bytes32 a,bytes32 b,bytes32 c,bytes32 d"
_REVOCABLE: Final = True
_NOBODY: Final = "0x" + 40 * "0"


@dataclass(frozen=True, slots=True)
class PeerMeasured:
    """What one transaction of a peer took.

    Attributes:
        peer: its package.
        transaction: the function, and with what.
        gas: what its receipt says.
        records: how many records it made.
    """

    peer: str
    transaction: str
    gas: int
    records: int = 1

    @property
    def each(self) -> int:
        """The gas of each record, rounded up."""
        return -(-self.gas // self.records)


@dataclass(frozen=True, slots=True)
class _Deployed:
    sender: Sender
    address: str

    def call(self, function: str, kinds: tuple[str, ...], *values: object) -> Receipt:
        selector = keccak(text=f"{function}({','.join(kinds)})")[:4]
        return self.sender.send(Call(self.address, _NO_INTERFACE, selector + encode(kinds, values), GAS))


def installed() -> bool:
    """Whether the packages are in ``.tools/peers`` as the lock file says."""
    return in_place(MANIFESTS, FOLDER)


def install() -> None:
    """Install the packages where they are not.

    Raises:
        ToolError: npm failed, or there is none.
    """
    if not installed():
        install_packages(MANIFESTS, FOLDER, find_node(), local=("unneeded",))


def version(package: str) -> str:
    """The version of an installed package."""
    manifest = json.loads((FOLDER / "node_modules" / package / "package.json").read_text("utf-8"))
    return str(manifest["version"])


def measure(batch: int = BATCH, timestamps: int = TIMESTAMPS) -> list[PeerMeasured]:
    """Deploy every peer on an embedded chain of its own and measure what it records.

    Args:
        batch: how many records a batch makes.
        timestamps: how many ``multiTimestamp`` makes.
    """
    sender = Sender(embedded().node, _DEPLOYER)
    return [
        *_attestations(sender, batch, timestamps),
        *_documents(sender, batch),
        *_transferable_records(sender),
    ]


def _attestations(sender: Sender, batch: int, timestamps: int) -> list[PeerMeasured]:
    """EAS without a resolver and without a recipient: nothing asks who attests, and least is stored."""
    registry = _deploy(sender, _artifact("SchemaRegistry"))
    registry.call("register", ("string", "address", "bool"), _SCHEMA, _NOBODY, _REVOCABLE)
    schema = keccak(_SCHEMA.encode() + bytes(20) + bytes([_REVOCABLE]))
    eas = _deploy(sender, _artifact("EAS"), ("address",), registry.address)
    one, many = f"(bytes32,{_ATTESTATION})", f"(bytes32,{_ATTESTATION}[])[]"
    stamps = [digest("stamp", str(number)) for number in range(timestamps)]
    return [
        PeerMeasured(EAS, "attest, 128 bytes", eas.call("attest", (one,), (schema, _attestation(batch))).gas_used),
        PeerMeasured(
            EAS,
            f"multiAttest, {batch} of 128 bytes",
            eas.call("multiAttest", (many,), [(schema, [_attestation(number) for number in range(batch)])]).gas_used,
            batch,
        ),
        PeerMeasured(EAS, "timestamp", eas.call("timestamp", ("bytes32",), digest("stamp")).gas_used),
        PeerMeasured(
            EAS,
            f"multiTimestamp, {timestamps}",
            eas.call("multiTimestamp", ("bytes32[]",), stamps).gas_used,
            timestamps,
        ),
    ]


def _attestation(number: int) -> tuple[object, ...]:
    """One that is like no other: of equal ones in a block, EAS looks for another id each time, which costs."""
    data = b"".join(digest("word", str(number), str(word)) for word in range(4))
    return (_NOBODY, 0, _REVOCABLE, bytes(32), data, 0)


def _documents(sender: Sender, batch: int) -> list[PeerMeasured]:
    code = _factory_code(DOCUMENT_STORE, "dist/contracts/factories/DocumentStore__factory.js")
    store = _deploy(sender, code, ("string", "address"), "store", sender.address)
    many = [digest("document", str(number)) for number in range(batch)]
    return [
        PeerMeasured(DOCUMENT_STORE, "issue", store.call("issue", ("bytes32",), digest("document")).gas_used),
        PeerMeasured(
            DOCUMENT_STORE, f"bulkIssue, {batch}", store.call("bulkIssue", ("bytes32[]",), many).gas_used, batch
        ),
    ]


def _transferable_records(sender: Sender) -> list[PeerMeasured]:
    factories = "dist/contracts/factories/contracts"
    escrows = _deploy(sender, _factory_code(TOKEN_REGISTRY, f"{factories}/TitleEscrowFactory__factory.js"))
    code = _factory_code(TOKEN_REGISTRY, f"{factories}/TradeTrustToken__factory.js")
    registry = _deploy(sender, code, ("string", "string", "address"), "registry", "TR", escrows.address)
    owner, holder = ("0x" + digest(name)[:20].hex() for name in ("owner", "holder"))
    token = int.from_bytes(digest("token"), "big")
    minted = registry.call("mint", ("address", "address", "uint256", "bytes"), owner, holder, token, b"")
    return [PeerMeasured(TOKEN_REGISTRY, "mint", minted.gas_used)]


def _deploy(sender: Sender, code: bytes, kinds: tuple[str, ...] = (), *arguments: object) -> _Deployed:
    receipt = sender.send(Call(None, _NO_INTERFACE, code + encode(kinds, arguments), GAS))
    return _Deployed(sender, str(receipt.contract))


def _artifact(contract: str) -> bytes:
    path = FOLDER / "node_modules" / EAS / "artifacts" / "contracts" / f"{contract}.sol" / f"{contract}.json"
    return bytes.fromhex(json.loads(path.read_text("utf-8"))["bytecode"].removeprefix("0x"))


def _factory_code(package: str, path: str) -> bytes:
    """The bytecode in a factory of typechain: the longest hexadecimal text in it."""
    text = (FOLDER / "node_modules" / package / path).read_text("utf-8")
    return bytes.fromhex(max(re.findall(r'"0x([0-9a-fA-F]+)"', text), key=len))
