"""The names of this ledger's logs.

::

    smartborder.events/<chain id>/<EventLogs contract>/<member address>      a member's event log
    smartborder.blocks/<chain id>/<hash of the genesis block>                the log of a chain's blocks

Addresses are EIP-55 text; the hash is 64 small hexadecimal digits without ``0x``. One log has one name: every other
spelling is refused. Source: docs/formats.md, "Event logs".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ledger.errors import InputError
from ledger.identity.addresses import address_bytes, checksum_address
from ledger.tlog.errors import OriginMalformedError
from ledger.tlog.spellings import decimal, shown

EVENTS: Final = "smartborder.events"
BLOCKS: Final = "smartborder.blocks"
_HASH: Final = re.compile("[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EventLogOrigin:
    """Which event log it is.

    Attributes:
        chain_id: of the chain that records its checkpoints.
        contract: the EventLogs contract there (EIP-55).
        member: whose log it is (EIP-55).
    """

    chain_id: int
    contract: str
    member: str


@dataclass(frozen=True, slots=True)
class BlockLogOrigin:
    """Which chain's blocks a log is of.

    Attributes:
        chain_id: the chain's ID.
        genesis_hash: the hash of its genesis block (32 bytes).
    """

    chain_id: int
    genesis_hash: bytes


def event_log_origin(chain_id: int, contract: str, member: str) -> str:
    """The origin of a member's event log.

    Args:
        chain_id: of the chain that records its checkpoints, from 0 to 2^63 - 1.
        contract: the EventLogs contract there.
        member: the member's address.

    Raises:
        InputError: an argument is no chain id or no address.
    """
    contract, member = (checksum_address(address_bytes(address)) for address in (contract, member))
    return f"{EVENTS}/{_chain(chain_id)}/{contract}/{member}"


def block_log_origin(chain_id: int, genesis_hash: bytes) -> str:
    """The origin of the log of a chain's blocks.

    Args:
        chain_id: the chain's ID, from 0 to 2^63 - 1.
        genesis_hash: the hash of its genesis block (32 bytes).

    Raises:
        InputError: an argument is no chain id or no hash.
    """
    if len(genesis_hash) != 32:
        raise InputError(
            f"a block's hash has 32 bytes, found {len(genesis_hash)}", where="genesis hash", mend="Give the whole hash."
        )
    return f"{BLOCKS}/{_chain(chain_id)}/{genesis_hash.hex()}"


def parse_origin(text: str) -> EventLogOrigin | BlockLogOrigin:
    """Which log of this ledger an origin names.

    Raises:
        OriginMalformedError: it is none, or is spelled otherwise than it has to be.
    """
    parts = text.split("/")
    chain_id = decimal(parts[1]) if len(parts) > 1 else None
    if chain_id is not None and parts[0] == EVENTS and len(parts) == 4:
        try:
            if event_log_origin(chain_id, parts[2], parts[3]) == text:
                return EventLogOrigin(chain_id, parts[2], parts[3])
        except InputError as error:
            raise _malformed(text, error.message) from None
        raise _malformed(text, "its addresses are not in EIP-55 spelling")
    if chain_id is not None and parts[0] == BLOCKS and len(parts) == 3:
        if _HASH.fullmatch(parts[2]):
            return BlockLogOrigin(chain_id, bytes.fromhex(parts[2]))
        raise _malformed(text, "its hash is not 64 small hexadecimal digits")
    raise _malformed(text, f"it is neither {EVENTS}/chain/contract/member nor {BLOCKS}/chain/hash")


def _chain(chain_id: int) -> str:
    if decimal(str(chain_id)) is None:
        raise InputError(f"{chain_id} is no chain id", where="chain id", mend="Give a number from 0 to 2^63 - 1.")
    return str(chain_id)


def _malformed(text: str, problem: str) -> OriginMalformedError:
    return OriginMalformedError(
        f"{shown(text)} names no log of this ledger: {problem}", where="origin", mend="Take the origin from its log."
    )
