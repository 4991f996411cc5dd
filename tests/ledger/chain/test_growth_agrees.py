"""The contract and the rules in Python, driven side by side by any sequence of checkpoints, never disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ledger.chain.artifacts import artifact
from ledger.chain.growth import EMPTY, Growth, judge_own, judge_signed
from ledger.chain.history import checkpoint_history
from ledger.chain.members import NewKey
from ledger.chain.refusal_texts import TEXTS
from ledger.chain.refusals import RuleRefused
from ledger.chain.transactions import Sender
from ledger.identity.checkpoints import CheckpointStatement, SignedCheckpoint, sign_checkpoint
from ledger.identity.consent import sign_consent
from ledger.identity.errors import SignatureMalformedError
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Scope
from tests.ledger.chain.trees import leaves, proof_of, root_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.testing.consortium import Consortium, EmbeddedConsortium
    from ledger.chain.growth import LogRecord
    from ledger.errors import LedgerError

KEEPERS = ("carrier", "exporter", "customs_nl")
GOVERNORS = {"carrier": "customs_sg", "exporter": "customs_kr", "customs_nl": "customs_nl"}
MACHINES = {name: SigningKey(bytes([number]) * 32) for number, name in enumerate(KEEPERS, 0x21)}
OFFICER = SigningKey(b"\x31" * 32)
STRANGER = SigningKey(b"\x32" * 32)
SIZE = 80

keepers = st.sampled_from(KEEPERS)
sizes = st.integers(0, SIZE)
signers = st.sampled_from(["own", "own", "machine", "machine", "another", "officer", "stranger"])
distances = st.sampled_from([-301, -300, -1, 0, 0, 0, 1, 3600])


class Logs(RuleBasedStateMachine):
    """Several logs, kept twice: by the contract and by the rules in Python."""

    session: EmbeddedConsortium
    seen: set[str]

    @initialize()
    def begin(self) -> None:
        """The keepers have further keys, and nothing is on record."""
        self._was = self.session.clock.now, self.session.chain.snapshot()
        self.consortium: Consortium = self.session.consortium
        self.contract = self.consortium.contracts.event_logs
        self.numbers = {name: self.consortium.number(name) for name in KEEPERS}
        for name in KEEPERS:
            self._add_key(name, MACHINES[name], Scope.CHECKPOINTS)
        self._add_key("carrier", OFFICER, Scope.GOVERN)
        self.records = dict.fromkeys(self.numbers.values(), EMPTY)
        self.recorded = 0
        self.suspended = False
        self.signed: list[SignedCheckpoint] = []

    def teardown(self) -> None:
        """Put the chain back to how it was."""
        self.session.clock.now, snapshot = self._was
        self.session.chain.revert(snapshot)

    @rule(name=keepers, more=st.integers(1, 20))
    def grow(self, name: str, more: int) -> None:
        """A member records its own log as it grew."""
        first = self._record(name).size
        self._send(name, "own", self._growth(first, min(first + more, SIZE), name))

    @rule(name=keepers, whose=signers, first=sizes, second=sizes, rewritten=st.booleans())
    def send(self, name: str, whose: str, first: int, second: int, *, rewritten: bool) -> None:
        """Somebody sends anything."""
        self._send(name, whose, self._growth(first, second, "rewritten" if rewritten else name))

    @rule(name=keepers, whose=signers, more=st.integers(0, 20), signed=distances, valid=distances, log=st.booleans())
    def carry(self, name: str, whose: str, more: int, signed: int, valid: int, *, log: bool) -> None:
        """A relayer carries what somebody signed of a log as it grew, or of another."""
        first, now = self._record(name).size, self.consortium.now()
        growth = self._growth(first, min(first + more, SIZE), name if log else "rewritten")
        self._carry(self._sign(name, whose, growth, now - signed, now + valid))

    @rule(name=keepers, ahead=st.sampled_from([299, 300, 301]), valid=st.integers(-1, 0))
    def carry_out_of_time(self, name: str, ahead: int, valid: int) -> None:
        """A relayer carries what was signed at the edges of its time."""
        first, now = self._record(name).size, self.consortium.now()
        growth = self._growth(first, min(first + 1, SIZE), name)
        self._carry(self._sign(name, "own", growth, now + ahead, now + valid))

    @rule(name=keepers, more=st.integers(-5, 1), has_root=st.booleans())
    def stand_still(self, name: str, more: int, *, has_root: bool) -> None:
        """A log does not grow, becomes shorter, or has no root."""
        record = self._record(name)
        size = max(record.size + more, 0)
        self._send(name, "own", Growth(record.size, size, record.root if has_root else bytes(32)))

    @rule(name=keepers, more=st.integers(1, 20), index=st.integers(0, 9), bit=st.integers(0, 255))
    def misprove(self, name: str, more: int, index: int, bit: int) -> None:
        """A hash of a proof is altered, dropped or added."""
        first, now = self._record(name).size, self.consortium.now()
        growth = self._growth(first, min(first + more, SIZE), name)
        proof = list(growth.proof)
        if index == 0 or not proof:
            proof.append(bytes(32))
        elif index == 1:
            proof.pop()
        else:
            index %= len(proof)
            proof[index] = (int.from_bytes(proof[index], "big") ^ 1 << bit).to_bytes(32, "big")
        self._carry(self._sign(name, "own", replace(growth, proof=tuple(proof)), now, now))

    @rule(index=st.integers(0), field=st.sampled_from(["size", "root", "member", "previous_size", "valid_until"]))
    def alter(self, index: int, field: str) -> None:
        """A relayer alters what was signed."""
        if not self.signed:
            return
        signed = self.signed[index % len(self.signed)]
        changed = b"\x77" * 32 if field == "root" else getattr(signed.statement, field) + 1
        self._carry(replace(signed, statement=replace(signed.statement, **{field: changed})))

    @rule(chosen=st.lists(st.integers(0), max_size=4))
    def batch(self, chosen: list[int]) -> None:
        """A relayer carries again what was signed before, several at once."""
        batch = [self.signed[index % len(self.signed)] for index in chosen] if self.signed else []
        now = self.consortium.now()
        expected = [self._judged(signed, now) for signed in batch]
        outcomes = self.contract.submit_batch(self.consortium.sender("auditor"), batch)
        for outcome, ours in zip(outcomes, expected, strict=True):
            self._compare(ours, outcome.refusal)

    @rule(name=keepers)
    def retire(self, name: str) -> None:
        """A member's machine loses its key."""
        self.consortium.members.retire_key(self.consortium.sender(GOVERNORS[name]), MACHINES[name].address, 1)

    @rule()
    def suspend_or_reinstate(self) -> None:
        """A member is suspended, or may speak again."""
        member = self.consortium.party("exporter").address
        act = self.consortium.members.reinstate if self.suspended else self.consortium.members.suspend
        act(self.consortium.sender("customs_kr"), member)
        self.suspended = not self.suspended

    @rule(seconds=st.sampled_from([1, 299, 3600]))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.session.clock.advance(seconds)

    @invariant()
    def the_records_are_the_same(self) -> None:
        """What the contract keeps, and what its events tell, is what the rules made."""
        kept = {member: self.contract.checkpoint(member) for member in self.records}
        assert kept == self.records
        history = checkpoint_history(self.consortium.contracts)
        assert len(history) == self.recorded
        assert {each.member: each.record for each in history} == {
            member: record for member, record in self.records.items() if record.size
        }

    def _add_key(self, name: str, key: SigningKey, scope: Scope) -> None:
        member = self.consortium.party(name).address
        new = NewKey(key.address, scope, milestones=0, consent=sign_consent(member, key))
        self.consortium.members.add_key(self.consortium.sender(name), member, new)

    def _record(self, name: str):
        return self.records[self.numbers[name]]

    def _growth(self, first: int, second: int, seed: str) -> Growth:
        tree = leaves(SIZE, seed.encode())[:second]
        proof = proof_of(tree, first) if first < second else ()
        return Growth(first, second, root_of(tree) if tree else bytes(32), proof)

    def _key(self, name: str, whose: str) -> SigningKey:
        another = KEEPERS[(KEEPERS.index(name) + 1) % len(KEEPERS)]
        return {
            "own": self.consortium.party(name).keyring.signing,
            "machine": MACHINES[name],
            "another": MACHINES[another],
            "officer": OFFICER,
            "stranger": STRANGER,
        }[whose]

    def _sign(self, name: str, whose: str, growth: Growth, signed_time: int, valid_until: int) -> SignedCheckpoint:
        said = CheckpointStatement(
            self.numbers[name], growth.previous_size, growth.size, growth.root, signed_time, valid_until
        )
        signed = sign_checkpoint(said, self.contract.domain, self._key(name, whose), tuple(growth.proof))
        self.signed.append(signed)
        return signed

    def _send(self, name: str, whose: str, growth: Growth) -> None:
        key, now = self._key(name, whose), self.consortium.now()
        standing, _ = self.consortium.members.standings(key.address)
        sender = Sender(self.consortium.node, key)
        ours = self._put(standing.number, lambda record: judge_own(record, growth, key.address, standing, now))
        try:
            self.contract.submit(sender, growth)
        except RuleRefused as theirs:
            self._compare(ours, theirs)
        else:
            self._compare(ours, None)

    def _carry(self, signed: SignedCheckpoint) -> None:
        ours = self._judged(signed, self.consortium.now())
        try:
            self.contract.submit_signed(self.consortium.sender("auditor"), signed)
        except RuleRefused as theirs:
            self._compare(ours, theirs)
        else:
            self._compare(ours, None)

    def _judged(self, signed: SignedCheckpoint, now: int) -> RuleRefused | None:
        try:
            key = signed.signer(self.contract.domain)
        except SignatureMalformedError:
            return RuleRefused("SignatureMalformed")
        standing, _ = self.consortium.members.standings(key)
        said, proof = signed.statement, signed.proof
        return self._put(standing.number, lambda record: judge_signed(record, said, proof, key, standing, now))

    def _put(self, member: int, judge: Callable[[LogRecord], LogRecord]) -> RuleRefused | None:
        """Why the rules in Python refuse; where they do not, they make another record."""
        try:
            self.records[member] = judge(self.records.get(member, EMPTY))
        except RuleRefused as refusal:
            return refusal
        self.recorded += 1
        self.seen.add("")
        return None

    def _compare(self, ours: RuleRefused | None, theirs: LedgerError | None) -> None:
        if ours is None or theirs is None:
            assert ours is theirs, f"Python says {ours!r}, the contract {theirs!r}"
            return
        assert isinstance(theirs, RuleRefused)
        assert (ours.error, ours.arguments) == (theirs.error, theirs.arguments)
        self.seen.add(ours.error)


def drive(session: EmbeddedConsortium, examples: int, steps: int) -> set[str]:
    """Drive both; returns the errors that were met, and an empty text where something was recorded."""
    machine = type("Driven", (Logs,), {"session": session, "seen": set()})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True)
    )
    return machine.seen


def test_any_sequence_of_checkpoints_is_judged_alike(smartborder_session):
    """Guarantee: log-only-grows nobody-records-for-another late-checkpoint-has-no-effect"""
    assert "" in drive(smartborder_session, 8, 20)


@pytest.mark.slow
def test_many_sequences_are_judged_alike_and_meet_every_refusal(smartborder_session):
    seen = drive(smartborder_session, 15, 50)
    errors = {each.name for each in artifact("EventLogs").interface.errors.values()}
    never = {"MemberIsDismissed", "KeyNotYetValid", "SignatureMalformed"} | errors - set(TEXTS)
    assert errors - never <= seen
