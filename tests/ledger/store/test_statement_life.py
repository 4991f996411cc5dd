"""A statement's life in the store, driven in any order and compared with the rules in plain words."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger.store.errors import NotKeptError, StoreConflictError
from ledger.store.records import Status
from ledger.store.store import Store
from tests.ledger.store.samples import DOMAIN, KEY, REFERENCE, signed_statement

STATEMENTS = [signed_statement(time) for time in range(3)]
DIGESTS = [signed.statement.digest(DOMAIN) for signed in STATEMENTS]
numbers = st.integers(0, 2)
transactions = st.sampled_from([b"\1" * 32, b"\2" * 32])
positions = st.none() | st.integers(1, 2)


class StatementLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "store.db"
        self.store = Store.open(self.path, KEY)
        with self.store.write() as kept:
            kept.consignments.keep_reference(REFERENCE)
        self.expected = {}

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    def attempt(self, number, act, after):
        """Does something to a statement that should end in the state given, or be refused where it is None."""
        try:
            with self.store.write() as kept:
                act(kept.statements, DIGESTS[number])
        except NotKeptError:
            assert number not in self.expected
        except StoreConflictError:
            assert self.expected[number][0] is Status.ACCEPTED
            assert self.expected[number] != after
        else:
            assert number in self.expected
            assert self.expected[number] == after or self.expected[number][0] is not Status.ACCEPTED
            self.expected[number] = after

    @rule(number=numbers)
    def keep(self, number):
        with self.store.write() as kept:
            kept.statements.keep(STATEMENTS[number], DOMAIN)
        self.expected.setdefault(number, (Status.SIGNED, None, None, None))

    @rule(number=numbers, transaction=transactions)
    def send(self, number, transaction):
        self.attempt(
            number, lambda kept, digest: kept.mark_sent(digest, transaction), (Status.SENT, transaction, None, None)
        )

    @rule(number=numbers, transaction=transactions, position=positions)
    def accept(self, number, transaction, position):
        self.attempt(
            number,
            lambda kept, digest: kept.mark_accepted(digest, transaction, position),
            (Status.ACCEPTED, transaction, position, None),
        )

    @rule(number=numbers, transaction=transactions)
    def refuse(self, number, transaction):
        self.attempt(
            number,
            lambda kept, digest: kept.mark_refused(digest, transaction, "stale head"),
            (Status.REFUSED, transaction, None, "stale head"),
        )

    @rule()
    def reopen(self):
        self.store.close()
        self.store = Store.open(self.path, KEY)

    @invariant()
    def the_store_says_what_was_done(self):
        with self.store.read() as kept:
            found = {
                DIGESTS.index(each.digest): (each.status, each.transaction, each.position, each.refusal)
                for each in kept.statements.of_consignment(REFERENCE.id)
            }
            unsettled = {DIGESTS.index(each.digest) for each in kept.statements.unsettled()}
        assert found == self.expected
        assert unsettled == {
            number for number, state in self.expected.items() if state[0] in {Status.SIGNED, Status.SENT}
        }


StatementLife.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestStatementLife = StatementLife.TestCase
