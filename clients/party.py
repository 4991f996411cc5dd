"""A party: a member of the consortium with its own keys and store. Only the chain is shared with others.

What every member may do is here; what takes custody, trade or office is in the classes built on it
(:mod:`clients.custody`, :mod:`clients.trade`, :mod:`clients.customs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from clients.events import EventDesk
from clients.evidence import make_evidence
from clients.parcels import make_parcel, take_parcel
from clients.stating import Act, Desk, Outcome, event_seconds
from clients.timeline import timeline
from ledger.errors import InputError, NotFound
from ledger.exchange.parcel import SHARED_BY_DEFAULT
from ledger.identity.milestones import Milestone, Role
from ledger.store.store import Store
from ledger.verify import verify, verify_document
from ledger.verify.case import Trust
from ledger.verify.evidence.bundle import GIVEN_BY_DEFAULT
from ledger.verify.evidence.making import NOTHING_ADDED
from ledger.verify.gather import gather

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from types import TracebackType
    from typing import BinaryIO

    from clients.connection import Connection
    from clients.evidence import Evidence
    from clients.home import Home
    from clients.parcels import ParcelReceipt
    from clients.timeline import Timeline
    from ledger.capture.pipeline import Captured, Choices
    from ledger.chain.members import MemberRecord
    from ledger.chain.state import State
    from ledger.exchange.parcel import Part
    from ledger.identity.keys import Keyring
    from ledger.store.records import Consignment
    from ledger.tlog.proofs import TlogProof
    from ledger.verify import Case, Verdict
    from ledger.verify.evidence.bundle import Part as EvidencePart
    from ledger.verify.evidence.making import Additions, Witnesses


class Party:
    """A member with its keys, its store and a connection to the chain.

    Args:
        keyring: the member's keys.
        store: what it keeps.
        connection: the chain and the consortium's contracts.
        home: where its event log is; a party without a home captures nothing.
    """

    role: ClassVar[Role | None] = None

    def __init__(self, keyring: Keyring, store: Store, connection: Connection, home: Home | None = None) -> None:
        self.keyring = keyring
        self.store = store
        self.connection = connection
        self.home = home
        self._desk = Desk(keyring, store, connection, connection.clock)

    @classmethod
    def open(cls, home: Home, keyring: Keyring, connection: Connection) -> Self:
        """The party that lives in a home.

        Raises:
            Unavailable: its store cannot be used.
        """
        return cls(keyring, Store.open(home.store_path, keyring.store_key()), connection, home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    @property
    def address(self) -> str:
        """The address of the member whose key this party signs with."""
        return self.member.address

    @property
    def member(self) -> MemberRecord:
        """The member, as the register has it now.

        Raises:
            NotFound: the key is no member's.
        """
        return self.connection.member_of_key(self.keyring.address)

    def consignments(self) -> tuple[Consignment, ...]:
        """The consignments that this party's store knows."""
        with self.store.read() as kept:
            return kept.consignments.all()

    def find(self, reference: str) -> bytes:
        """A consignment's id by its UCR, or by the id itself as text.

        Raises:
            NotFound: no consignment of this UCR is in the store.
            InputError: the UCR names several; the message lists their ids.
        """
        if reference.startswith("0x") and len(reference) == 66:
            return bytes.fromhex(reference[2:])
        with self.store.read() as kept:
            found = kept.consignments.find_ucr(reference)
        if not found:
            raise NotFound(
                f"no consignment with the UCR '{reference}' is known here",
                where="ucr",
                mend="Its id cannot be told from the UCR alone: ask a party to it for a parcel (consignment share) "
                "and take it in (consignment receive).",
            )
        if len(found) > 1:
            ids = ", ".join(f"0x{consignment.id.hex()}" for consignment in found)
            raise InputError(f"{len(found)} consignments have this UCR: {ids}", where="ucr", mend="Name one by its id.")
        return found[0].id

    def state_of(self, reference: str) -> State:
        """Where a consignment stands on chain.

        Raises:
            NotFound: the UCR is not known here, or the chain has no such consignment.
        """
        return self.connection.state(self.find(reference))

    def observe(self, reference: str, document: bytes) -> Outcome:
        """Record the events of a document as observations; they move neither state nor head."""
        return self._desk.observe(self.find(reference), document, self._acting_role())

    def correct(
        self, reference: str, statement: str, *, document: bytes | None = None, at: datetime | None = None
    ) -> Outcome:
        """Point at an earlier statement that was wrong, with the event that says so; nothing is erased.

        Args:
            reference: the consignment's UCR or id.
            statement: the digest of the statement corrected, as text.
            document: an EPCIS document whose event declares the error.
            at: when; else as the document says, else now.
        """
        act = Act(Milestone.CORRECTED, self._acting_role(), document=document, terms=digest_of(statement))
        return self._state(reference, act, at)

    def timeline(self, reference: str) -> Timeline:
        """A consignment's history, as this party can read it."""
        return timeline(self._case(self.find(reference)))

    def verify(self, reference: str) -> Verdict:
        """Check all that can be checked of a consignment, trusting nothing that can be recomputed."""
        return verify(self._case(self.find(reference)))

    def verify_document(self, document: bytes, reference: str | None = None) -> Verdict:
        """Check a document that someone hands over against what was recorded.

        Args:
            document: an EPCIS document.
            reference: the consignment it is said to belong to; else every one in the store is tried.
        """
        known = [self.find(reference)] if reference else [consignment.id for consignment in self.consignments()]
        return verify_document(document, [self._case(consignment) for consignment in known])

    def share(self, reference: str, to: str, parts: Collection[Part] = SHARED_BY_DEFAULT) -> bytes:
        """A parcel for one member, with what this party knows of a consignment.

        Args:
            reference: the consignment's UCR or id.
            to: the recipient's member address.
            parts: what goes along; by default everything but assessments not yet opened.
        """
        consignment = self.find(reference)
        self._desk.settle(consignment)
        return make_parcel(self.keyring, self.store, self.connection, consignment, to, parts)

    def receive(self, parcel: bytes) -> ParcelReceipt:
        """Open a parcel, check everything in it against the chain, and keep it."""
        return take_parcel(self.keyring, self.store, self.connection, parcel)

    @property
    def events(self) -> EventDesk:
        """This party's event log: what it captures, and proofs of it.

        Raises:
            InputError: the party has no home.
        """
        if self.home is None:
            raise InputError("this party has no home", where="home", mend="Open it with Party.open.")
        return EventDesk(self.keyring, self.store, self.connection, self.home)

    def capture(
        self, named: Sequence[str], *, stdin: BinaryIO | None = None, choices: Choices | None = None
    ) -> Captured:
        """Capture EPCIS documents into this party's event log, and have its checkpoint recorded on chain.

        Args:
            named: files, folders with all that is in them, NDJSON files, and ``-`` for ``stdin``; none at all has what
                an earlier capture left undone done.
            stdin: what ``-`` stands for.
            choices: how; else as the home's settings say.
        """
        return self.events.capture(named, stdin=stdin, choices=choices)

    def prove(self, event: str, *, with_blind: bool = True) -> TlogProof:
        """The proof that an event is in this party's event log.

        Args:
            event: its event hash ID, its content digest or event commitment (64 digits), or its position in the log.
            with_blind: whether the proof holds what whoever has the event needs to check it.
        """
        return self.events.prove(event, with_blind=with_blind)

    def evidence(
        self,
        reference: str,
        parts: Collection[EvidencePart] = GIVEN_BY_DEFAULT,
        *,
        validators_since: int = 0,
        witnesses: Witnesses | None = None,
        additions: Additions = NOTHING_ADDED,
    ) -> Evidence:
        """One file that proves a consignment's history offline, to somebody who is no member and trusts no server.

        Args:
            reference: the consignment's UCR or id.
            parts: what is disclosed; by default everything but assessments not yet opened.
            validators_since: the block whose validators the verifier trusts, on a QBFT chain.
            witnesses: the block log, where blocks are witnessed (:func:`clients.evidence.witnesses_of`).
            additions: attestations of the head, events in members' event logs.
        """
        consignment = self.find(reference)
        self._desk.settle(consignment)
        return make_evidence(
            self.connection.contracts,
            self._case(consignment),
            parts,
            validators_since=validators_since,
            witnesses=witnesses,
            additions=additions,
        )

    def _case(self, consignment: bytes) -> Case:
        known = self.connection.deployment
        trust = Trust(known.domain, frozenset(known.founders))
        return gather(self.connection.contracts, self.store, consignment, trust=trust)

    def _state(self, reference: str | bytes, act: Act, at: datetime | None = None) -> Outcome:
        consignment = reference if isinstance(reference, bytes) else self.find(reference)
        return self._desk.state(consignment, act, event_seconds(at))

    def _acting_role(self) -> Role:
        """The role to act in where any will do: this class's own, else the first that the member holds."""
        if self.role is not None:
            return self.role
        held = self.member.roles
        if not held:
            raise NotFound("this member holds no role", where="role", mend="Ask your authority to set one.")
        return min(held)


def digest_of(text: str) -> bytes:
    """The digest of a statement from its text (0x and 64 digits).

    Raises:
        InputError: it is none.
    """
    try:
        digest = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise InputError(
            f"'{text}' is not the digest of a statement",
            where="statement",
            mend="Take it from the timeline: 0x and 64 digits.",
        )
    return digest
