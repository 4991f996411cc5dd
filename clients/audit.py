"""An audit of a home: its store and log, the chain, and other members' logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.tlog.sources import FolderSource, source_of
from ledger.verify.audit import AuditScope
from ledger.verify.audit.documents import default_workers
from ledger.verify.case import Trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.home import Home
    from ledger.chain.deployment import Contracts
    from ledger.identity.keys import Keyring


def scope_of(
    home: Home,
    keyring: Keyring | None,
    contracts: Contracts | None,
    *,
    logs: Sequence[str] = (),
    workers: int = 0,
    unreached: str = "",
) -> AuditScope:
    """What to audit of a home.

    Args:
        home: the member's.
        keyring: its keys, unlocked; without them only logs are looked at.
        contracts: the consortium's; ``None`` where no node can be reached.
        logs: folders and addresses of other members' logs.
        workers: how many processes read documents; as many as there are processors, if 0.
        unreached: why there are no contracts.
    """
    has_store = keyring is not None and home.store_path.exists()
    trust = None
    if contracts is not None:
        known = contracts.deployment
        trust = Trust(known.domain, frozenset(known.founders))
    return AuditScope(
        store=home.store_path if has_store else None,
        store_key=keyring.store_key() if keyring is not None and has_store else b"",
        log=FolderSource(home.log_folder) if has_store and home.log_folder.exists() else None,
        contracts=contracts,
        others=tuple(map(source_of, logs)),
        member=_member(keyring, contracts),
        trust=trust,
        workers=workers or default_workers(),
        unreached=unreached,
    )


def _member(keyring: Keyring | None, contracts: Contracts | None) -> str | None:
    if keyring is None or contracts is None:
        return None
    key = contracts.members.key(keyring.address)
    return contracts.members.address_of(key.member) if key else None
