"""A party's event log: EPCIS documents captured into it, and proofs of what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.capture.member_log import MemberLog, Witnessing
from ledger.capture.pipeline import Choices, capture
from ledger.capture.proving import prove
from ledger.capture.set_aside import SetAsideFolder
from ledger.capture.sources import Sources
from ledger.tlog.policy_files import parse_policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from clients.connection import Connection
    from clients.home import Home
    from ledger.capture.pipeline import Captured
    from ledger.identity.keys import Keyring
    from ledger.store.store import Store
    from ledger.tlog.proofs import TlogProof
    from ledger.tlog.vkeys import VerifierKey


class EventDesk:
    """Where a party captures events and proves them: its keys, its store, its home and the chain together."""

    def __init__(self, keyring: Keyring, store: Store, connection: Connection, home: Home) -> None:
        self._keyring = keyring
        self._store = store
        self._connection = connection
        self._home = home

    def capture(
        self, named: Sequence[str], *, stdin: BinaryIO | None = None, choices: Choices | None = None
    ) -> Captured:
        """Capture documents; see :func:`ledger.capture.pipeline.capture`.

        Args:
            named: files, folders with all that is in them, NDJSON files, and ``-`` for ``stdin``.
            stdin: what ``-`` stands for.
            choices: how; else as the home's settings say.

        Raises:
            NotFound: one of the sources is not there; nothing was done.
            PolicyMalformedError: the home's witness policy is none; nothing was done.
            LedgerError: as :meth:`MemberLog.open` and :func:`ledger.capture.pipeline.capture`.
        """
        aside = SetAsideFolder(self._home.set_aside_folder)
        sources = Sources(named, stdin=stdin, spool=aside.spool, leave_out=(self._home.folder,))
        chosen = choices or Choices(checkpoint_events=self._home.settings().checkpoint_events)
        with MemberLog.open(self._store, self._witnessing()) as log:
            return capture(self._store, log, sources, aside, chosen)

    def prove(self, event: str, *, with_blind: bool = True) -> TlogProof:
        """The proof that an event is in the log; see :func:`ledger.capture.proving.prove`."""
        return prove(self._store, self._home.log_folder, self.key, event, with_blind=with_blind)

    @property
    def key(self) -> VerifierKey:
        """The log's key: its text is what others verify the log's checkpoints with."""
        return self._witnessing().signer.key

    def _witnessing(self) -> Witnessing:
        policy = self._home.witness_policy()
        return Witnessing(
            self._home.log_folder,
            self._connection.contracts,
            self._connection.sender,
            self._connection.member_of_key(self._keyring.address),
            self._keyring.checkpoint,
            None if policy is None else parse_policy(policy),
        )
