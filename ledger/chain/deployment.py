"""Deployments: the contracts put on a chain, and the record of them that clients are given.

Whoever founds a consortium deploys once and gives the record to all members; each client attaches to it and makes sure
that its node is one of that chain and that the code there is the code that was deployed.

    contracts = deploy(sender, Founding(founders, threshold=2))
    contracts.deployment.write(Path("deployment.json"))
    contracts = attach(node, Deployment.read(Path("deployment.json")))
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from eth_utils.crypto import keccak

from ledger.chain.artifacts import artifact
from ledger.chain.consignments import Consignments
from ledger.chain.errors import DeploymentFileError, OtherContractsError
from ledger.chain.event_logs import EventLogs
from ledger.chain.members import Members
from ledger.chain.nodes import require_chain
from ledger.chain.transactions import Call
from ledger.errors import InputError, NotFound, Unavailable
from ledger.identity.addresses import normal_address
from ledger.identity.statements import ZERO_ADDRESS, Domain

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.chain.members import Founder
    from ledger.chain.nodes import Node
    from ledger.chain.transactions import Sender

FILE_VERSION: Final = 2
_WITHOUT_EVENT_LOGS: Final = 1  # the version that knew two contracts
DEPLOYMENT_GAS: Final = 8_000_000  # the largest contract takes about 5 million
MAX_FILE_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class DeployedContract:
    """One contract of a deployment: its address, and the keccak256 of its code (32 bytes)."""

    address: str
    code_hash: bytes


@dataclass(frozen=True, slots=True)
class Deployment:
    """The record of a consortium's contracts.

    Attributes:
        chain_id: the chain's EIP-155 id.
        genesis_hash: the hash of its block 0 (32 bytes).
        block: the first block of the contracts: history is read from it on.
        version: the contracts' version.
        members: the register of members.
        consignments: the consignments.
        event_logs: the checkpoints of the members' event logs.
        founders: the addresses of the founding authorities: by them a verifier knows that it is no copy.
    """

    chain_id: int
    genesis_hash: bytes
    block: int
    version: str
    members: DeployedContract
    consignments: DeployedContract
    event_logs: DeployedContract
    founders: tuple[str, ...]

    @property
    def domain(self) -> Domain:
        """Where statements for this consortium are signed (EIP-712)."""
        return Domain(self.chain_id, self.consignments.address)

    @property
    def checkpoint_domain(self) -> Domain:
        """Where checkpoints for this consortium are signed (EIP-712)."""
        return Domain(self.chain_id, self.event_logs.address)

    def to_json(self) -> str:
        """The record as text."""
        content = {
            "smartborderDeployment": FILE_VERSION,
            "chainId": self.chain_id,
            "genesisHash": f"0x{self.genesis_hash.hex()}",
            "block": self.block,
            "version": self.version,
            "members": _contract_to_json(self.members),
            "consignments": _contract_to_json(self.consignments),
            "eventLogs": _contract_to_json(self.event_logs),
            "founders": list(self.founders),
        }
        return json.dumps(content, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str, where: str = "deployment") -> Self:
        """The record in a text; untrusted.

        Raises:
            DeploymentFileError: it is no such record, or of another version.
        """
        try:
            content = json.loads(text)
            version = content["smartborderDeployment"]
            if version == _WITHOUT_EVENT_LOGS:
                raise _without_event_logs(where)
            if version != FILE_VERSION:
                raise _bad(where, f"is of version {version!r}, and this program reads version {FILE_VERSION}")
            return cls(
                _number(content["chainId"]),
                _hash(content["genesisHash"]),
                _number(content["block"]),
                str(content["version"]),
                _contract_from_json(content["members"]),
                _contract_from_json(content["consignments"]),
                _contract_from_json(content["eventLogs"]),
                tuple(normal_address(address, "founders") for address in content["founders"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError, InputError) as error:
            if isinstance(error, DeploymentFileError):
                raise
            raise _bad(where, f"is no deployment record ({type(error).__name__}: {error})") from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """The record in a file.

        Raises:
            NotFound: there is no such file.
            DeploymentFileError: it holds no such record.
            Unavailable: it cannot be read.
        """
        try:
            with path.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
            if len(content) > MAX_FILE_BYTES:
                raise _bad(str(path), f"has more than {MAX_FILE_BYTES} bytes")
            return cls.from_json(content.decode("utf-8"), str(path))
        except FileNotFoundError:
            raise NotFound(
                "there is no deployment record here",
                where=str(path),
                mend="Ask a member of the consortium for its deployment file.",
            ) from None
        except UnicodeDecodeError as error:
            raise _bad(str(path), "is not text") from error
        except OSError as error:
            raise Unavailable(f"cannot be read: {error}", where=str(path), mend="Check its permissions.") from error

    def write(self, path: Path) -> None:
        """Write the record to a file.

        Raises:
            Unavailable: it cannot be written.
        """
        try:
            path.write_text(self.to_json(), encoding="utf-8")
        except OSError as error:
            raise Unavailable(f"cannot be written: {error}", where=str(path), mend="Check the folder.") from error


@dataclass(frozen=True, slots=True)
class Founding:
    """With what a consortium begins.

    Attributes:
        founders: the founding authorities, each of another country; at least two.
        threshold: how many of them decide together.
        recovery_key: the address of the key that helps to replace a lost one while there are only two authorities.
        predecessor: the register that this one follows.
        predecessor_consignments: the consignments contract that the new one follows.
        predecessor_event_logs: the event logs' contract that the new one follows.
    """

    founders: tuple[Founder, ...]
    threshold: int
    recovery_key: str = ZERO_ADDRESS
    predecessor: str = ZERO_ADDRESS
    predecessor_consignments: str = ZERO_ADDRESS
    predecessor_event_logs: str = ZERO_ADDRESS


@dataclass(frozen=True, slots=True)
class Contracts:
    """A consortium's contracts on a node of its chain."""

    node: Node
    deployment: Deployment
    members: Members
    consignments: Consignments
    event_logs: EventLogs

    @property
    def domain(self) -> Domain:
        """Where statements are signed (EIP-712)."""
        return self.deployment.domain


def deploy(sender: Sender, founding: Founding) -> Contracts:
    """Put the contracts on the sender's chain.

    Raises:
        RuleRefused: the founding breaks the register's rules.
        TransactionRefusedError, OutcomeUnknownError, Unavailable: as for :meth:`Sender.send`.
    """
    node = sender.node
    before = node.latest_block().number
    founders = [founder.as_tuple() for founder in founding.founders]
    members = _create(sender, "Members", founders, founding.threshold, founding.recovery_key, founding.predecessor)
    consignments = _create(sender, "Consignments", members, founding.predecessor_consignments)
    event_logs = _create(sender, "EventLogs", members, founding.predecessor_event_logs)
    deployment = Deployment(
        node.chain_id,
        node.genesis_hash,
        before + 1,
        artifact("Members").version,
        _deployed(node, members),
        _deployed(node, consignments),
        _deployed(node, event_logs),
        tuple(normal_address(founder.address) for founder in founding.founders),
    )
    return attach(node, deployment)


def attach(node: Node, deployment: Deployment) -> Contracts:
    """The contracts of a deployment, after making sure that they are there.

    Raises:
        OtherChainError: the node is one of another chain.
        OtherContractsError: there is other code, or none, at their addresses.
        Unavailable: the node does not answer as one.
    """
    require_chain(node, chain_id=deployment.chain_id, genesis_hash=deployment.genesis_hash)
    deployed = {
        "Members": deployment.members,
        "Consignments": deployment.consignments,
        "EventLogs": deployment.event_logs,
    }
    for name, contract in deployed.items():
        _require_code(node, name, contract)
    at = {name: (contract.address, artifact(name).interface) for name, contract in deployed.items()}
    members = Members(node, *at["Members"], deployment.block)
    consignments = Consignments(node, *at["Consignments"], members, deployment.block)
    return Contracts(node, deployment, members, consignments, EventLogs(node, *at["EventLogs"], deployment.block))


def _create(sender: Sender, name: str, *arguments: object) -> str:
    compiled = artifact(name)
    data = compiled.bytecode + compiled.interface.encode_constructor(*arguments)
    receipt = sender.send(Call(None, compiled.interface, data, DEPLOYMENT_GAS))
    return normal_address(str(receipt.contract))


def _deployed(node: Node, address: str) -> DeployedContract:
    return DeployedContract(address, keccak(node.code(address)))


def _require_code(node: Node, name: str, contract: DeployedContract) -> None:
    code = node.code(contract.address)
    if keccak(code) == contract.code_hash:
        return
    found = "other code is there" if code else "nothing is there"
    raise OtherContractsError(
        f"the contract {name} is not at {contract.address}: {found}",
        where=node.name,
        mend="Use the deployment file of the consortium whose node this is, and a node that has caught up.",
    )


def _contract_to_json(contract: DeployedContract) -> dict[str, str]:
    return {"address": contract.address, "codeHash": f"0x{contract.code_hash.hex()}"}


def _contract_from_json(content: Any) -> DeployedContract:  # noqa: ANN401  # JSON
    return DeployedContract(normal_address(content["address"]), _hash(content["codeHash"]))


def _hash(text: Any) -> bytes:  # noqa: ANN401  # JSON
    value = bytes.fromhex(text.removeprefix("0x"))
    if len(value) != 32:
        raise ValueError(f"'{text}' is no hash of 32 bytes")
    return value


def _number(value: Any) -> int:  # noqa: ANN401  # JSON
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no number")
    return value


def _without_event_logs(where: str) -> DeploymentFileError:
    return DeploymentFileError(
        "is of version 1: it names contracts that keep no event logs",
        where=where,
        mend="Found the consortium anew with this program, or go on with the program that wrote the file.",
    )


def _bad(where: str, problem: str) -> DeploymentFileError:
    return DeploymentFileError(
        problem, where=where, mend="Ask a member of the consortium for its deployment file again."
    )
