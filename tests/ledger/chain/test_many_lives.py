"""Many consignments at once in many hands: after each step the contract and the rules in Python agree.

Statements are made for later and carried late, out of order, twice, or many in one transaction; members are
suspended, reinstated and dismissed, roles are taken, keys end, and time goes by. Compared at each step are acceptance,
error, event and state; at the end of each life, the state that its events alone give with the one on chain.

The environment variable ``SMARTBORDER_THOROUGH=1`` searches much longer.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clients.testing.consortium import AUTHORITIES, start
from ledger.chain.acceptance import Acceptance
from ledger.chain.history import consignment_history
from ledger.chain.lifecycle import apply
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import UNKNOWN, Act, Status
from ledger.identity.milestones import Milestone, Role
from ledger.identity.signing import SignedStatement, recover, sign
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, next_head
from ledger.identity.terms import Route, route_terms
from ledger.verify.membership import Moment
from ledger.verify.register import read_membership
from tests.ledger.chain import words
from tests.ledger.chain.cast import KEYS, Voice, assemble
from tests.ledger.chain.moves import Goods, Move, fitting, said
from tests.ledger.chain.questions import Turns, otherwise
from tests.ledger.chain.situations import ENDS

if TYPE_CHECKING:
    from clients.testing.consortium import EmbeddedConsortium
    from ledger.chain.history import Accepted
    from ledger.chain.state import Standing, State
    from ledger.chain.transactions import Sender
    from ledger.identity.signing import Opening
    from ledger.identity.statements import Statement
    from ledger.verify.membership import Membership
    from tests.ledger.chain.cast import Cast

THOROUGH = os.environ.get("SMARTBORDER_THOROUGH") == "1"
EXAMPLES, STEPS = (400, 80) if THOROUGH else (6, 25)

ROUTES = {
    "exporter": Route("KR", "NL", ("SG",)),
    "other_exporter": Route("KR", "NL"),
    "foreign_exporter": Route("SG", "NL", ("DE", "KR")),
}
GOVERNED = ("carrier", "exporter", "agency", "importer")
SILENCED = ("late_agency", "late_carrier")
ENDING = ("machine_kr", "machine_nl", "inspector")
TRADES = (Role.CARRIER, Role.BROKER, Role.IMPORTER, Role.AGENCY)
REGISTERED = Milestone.REGISTERED
PAUSES = (1, 59, 61, 3_601, 90_000)

met: Counter[object] = Counter()
"""What the whole search met: milestones accepted, errors, statements carried in batches and rebuilt from events."""


@cache
def theatre() -> tuple[EmbeddedConsortium, Cast]:
    """One embedded chain with everyone on it; each life puts it back as it was."""
    begun = start()
    return begun, assemble(begun.consortium)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement signed, and about which goods."""

    signed: SignedStatement
    goods: Goods


MAX_BATCH = 12
CHANCES = st.integers(0, 2**64 - 1).map(Random)


class ManyLives(RuleBasedStateMachine):
    """Consignments by their goods, and statements prepared or carried."""

    consignments = Bundle("consignments")
    prepared = Bundle("prepared")
    carried = Bundle("carried")

    def __init__(self):
        super().__init__()
        begun, self.cast = theatre()
        self.consortium, self.contract = begun.consortium, begun.consortium.contracts.consignments
        self.chain, self.clock = begun.chain, begun.clock
        self.snapshot, self.began = begun.chain.snapshot(), begun.clock.now
        self.states: dict[bytes, State | None] = {}
        self.standings: dict[tuple[str, str], tuple[Standing, Standing]] = {}
        self.observations: Counter[bytes] = Counter()
        self.turns = Turns()

    def teardown(self):
        try:
            self.compare_with_events()
        finally:
            self.chain.revert(self.snapshot)
            self.clock.now = self.began

    # What is said

    @initialize(target=consignments, chance=CHANCES)
    def begin(self, chance):
        begun = [self.registered(name, "importer") for name in sorted(ROUTES)]
        for goods in begun:
            self.live_on(goods=goods, chance=chance, steps=MAX_BATCH)
        return multiple(*begun)

    @precondition(lambda self: len(self.states) < 5)
    @rule(target=consignments, name=st.sampled_from(sorted(ROUTES)))
    def register(self, name):
        return self.registered(name, "")

    def registered(self, name: str, importer: str) -> Goods:
        goods = Goods.of(self.cast, len(self.states).to_bytes(2, "big"), name)
        self.states[goods.id] = None
        route = route_terms(ROUTES[name])
        registration = Move(Voice(name, Role.EXPORTER), REGISTERED, terms=route, counterparty=importer)
        self.carry(self.prepare(goods, registration, self.states))
        return goods

    @rule(target=carried, goods=consignments, data=st.data())
    def say_what_fits(self, goods, data):
        move = data.draw(st.sampled_from(self.fitting(goods, self.states)))
        return self.carry(self.prepare(goods, move, self.states))

    @rule(goods=consignments, chance=CHANCES, steps=st.integers(2, MAX_BATCH))
    def live_on(self, goods, chance, steps):
        """Several statements about one consignment, each building on the one before it."""
        ahead, batch = dict(self.states), []
        for _ in range(steps):
            moves = [move for move in self.fitting(goods, ahead) if move.milestone not in ENDS]
            batch.append(self.prepare(goods, chance.choice(moves), ahead))
            self.expect(batch[-1], ahead)
        self.carry(*batch)

    @rule(target=carried, goods=consignments, data=st.data())
    def say_what_does_not(self, goods, data):
        base = data.draw(st.sampled_from(self.fitting(goods, self.states)))
        wrong = list(otherwise(base, self.turns, thorough=True))
        wrong += [replace(base, voice=voice) for voice in self.cast.voices()]
        return self.carry(self.prepare(goods, data.draw(st.sampled_from(wrong)), self.states))

    @rule(target=prepared, goods=consignments, data=st.data(), lasts=st.sampled_from((0, 60, 3_600, 10**6)))
    def sign_for_later(self, goods, data, lasts):
        move = data.draw(st.sampled_from(self.fitting(goods, self.states)))
        until = self.consortium.now() + lasts
        return self.prepare(goods, replace(move, changes=(("valid_until", until),)), self.states)

    @rule(target=carried, late=consumes(prepared))
    def carry_late(self, late):
        return self.carry(late)

    @rule(again=carried)
    def carry_again(self, again):
        self.carry(again)

    @rule(
        target=carried,
        several=st.lists(consignments, min_size=2, max_size=4),
        late=st.lists(prepared, max_size=3),
        before=st.lists(carried, max_size=2),
        data=st.data(),
    )
    def carry_a_batch(self, several, late, before, data):
        """Each consignment has two statements, the second built on the first; late and repeated ones are among them."""
        ahead, batch = dict(self.states), []
        for goods in (*several, *several):
            move = data.draw(st.sampled_from(self.fitting(goods, ahead)))
            batch.append(self.prepare(goods, move, ahead))
            self.expect(batch[-1], ahead)
        batch += late + before
        batch = data.draw(st.permutations(batch)) if data.draw(st.booleans()) else batch
        self.carry(*batch)
        return batch[0]

    # What becomes of those who speak

    @rule(act=st.sampled_from((*GOVERNED, *SILENCED, *ENDING, "roles")), chance=CHANCES)
    def govern(self, act, chance):
        """Suspend or reinstate a member, dismiss one, end a key, or change the roles of the member of many trades."""
        if act == "roles":
            roles = {chance.choice(TRADES), chance.choice(TRADES)}
            self.consortium.members.set_roles(self.authority_of("all_trades"), self.cast.address("all_trades"), roles)
        elif act in ENDING:
            self.retire(act)
        else:
            self.set_status(act)
        self.standings.clear()

    def set_status(self, name: str) -> None:
        members, address, authority = self.consortium.members, self.cast.address(name), self.authority_of(name)
        status = members.member(address).status
        if status is Status.SUSPENDED:
            members.reinstate(authority, address)
        elif status is Status.ACTIVE:
            (members.dismiss if name in SILENCED else members.suspend)(authority, address)

    def retire(self, name: str) -> None:
        key = self.cast.keys[name].address
        if self.consortium.members.key(key).valid_until > self.consortium.now():
            self.consortium.members.retire_key(self.consortium.sender(KEYS[name][0]), key)

    @rule(seconds=st.sampled_from(PAUSES))
    def time_goes_by(self, seconds):
        self.clock.advance(seconds)
        self.standings.clear()

    # What both make of it

    def carry(self, *batch: Prepared) -> Prepared:
        """Put statements to the contract in one transaction, and compare what it makes of each with what it should."""
        self.look_at_the_clock()
        expected = [self.expect(each, self.states) for each in batch]
        (self.carry_one if len(batch) == 1 else self.carry_many)([each.signed for each in batch], expected)
        for goods in {each.goods.id for each in batch}:
            assert self.view(goods) == words.view(self.states[goods]), self.states[goods]
            self.compare_holds(goods)
        return batch[0]

    def carry_one(self, batch, expected):
        (signed,), (awaited,) = batch, expected
        if isinstance(awaited, RuleRefused):
            with pytest.raises(RuleRefused) as refusal:
                self.contract.submit(self.consortium.sender("auditor"), signed)
            assert same(refusal.value, awaited), signed.statement
        else:
            receipt = self.contract.submit(self.consortium.sender("auditor"), signed)
            assert self.contract.accepted(receipt) == (awaited,), signed.statement

    def carry_many(self, batch, expected):
        outcomes = self.contract.submit_batch(self.consortium.sender("auditor"), batch)
        for signed, outcome, awaited in zip(batch, outcomes, expected, strict=True):
            refused = isinstance(awaited, RuleRefused)
            assert same(outcome.refusal, awaited) if refused else outcome.refusal is None, signed.statement
        receipt = outcomes[0].receipt
        assert self.contract.accepted(receipt) == tuple(each for each in expected if isinstance(each, Acceptance))
        skipped = [index for index, each in enumerate(expected) if isinstance(each, RuleRefused)]
        told = self.contract.events(receipt, "StatementSkipped")
        assert [(each["index"], each["digest"]) for each in told] == [(i, outcomes[i].digest) for i in skipped]
        met["in batches"] += len(batch)

    def expect(self, each: Prepared, states: dict[bytes, State | None]) -> Acceptance | RuleRefused:
        """What the rules in Python say of a statement; where they accept it, ``states`` is then as it makes it."""
        act, state = self.act(each.signed), states.get(each.signed.statement.consignment)
        try:
            made = apply(state, act)
        except RuleRefused as refusal:
            met[refusal.error] += 1
            return refusal
        states[each.goods.id] = made
        met[act.milestone] += 1
        observes = act.milestone is Milestone.OBSERVED
        self.observations[each.goods.id] += observes and states is self.states
        before = ZERO32 if state is None else state.head
        return Acceptance(
            statement=act.statement,
            digest=act.digest,
            key=act.key,
            signature=each.signed.signature,
            member=act.signer.number,
            country=act.signer.country,
            position=0 if observes else made.position,
            head=ZERO32 if observes else next_head(before, act.digest, act.key),
        )

    def act(self, signed: SignedStatement) -> Act:
        """A statement as the rules judge it in the next block."""
        statement = signed.statement
        return self.judged(statement, recover(signed, self.contract.domain), signed.opening)

    def judged(self, statement: Statement, key: str, opening: Opening | None) -> Act:
        pair = (key, statement.counterparty)
        if pair not in self.standings or key == self.cast.keys["early"].address:
            self.standings[pair] = self.consortium.members.standings(*pair)
        signer, named = self.standings[pair]
        return Act(statement, statement.digest(self.contract.domain), key, signer, self.cast.now, named, opening)

    def prepare(self, goods: Goods, move: Move, states: dict[bytes, State | None]) -> Prepared:
        self.look_at_the_clock()
        statement = said(self.cast, move, states[goods.id], goods)
        return Prepared(sign(statement, self.contract.domain, self.cast.key(move.voice), move.opening), goods)

    def fitting(self, goods: Goods, states: dict[bytes, State | None]) -> list[Move]:
        """What those who may would say; only what the rules allow now, where they allow anything."""
        self.look_at_the_clock()
        state = states[goods.id]
        moves = [move for move in fitting(self.cast, state) if state is None or move.milestone is not REGISTERED]
        return [move for move in moves if self.allows(goods, move, states)] or moves

    def allows(self, goods: Goods, move: Move, states: dict[bytes, State | None]) -> bool:
        try:
            statement = said(self.cast, move, states[goods.id], goods)
            apply(states[goods.id], self.judged(statement, self.cast.key(move.voice).address, move.opening))
        except RuleRefused:
            return False
        return True

    def look_at_the_clock(self) -> None:
        """What is said now is said, and judged, at the time of the next block."""
        self.cast.time = self.cast.now = self.consortium.now()

    def view(self, goods: bytes) -> bytes:
        data = self.contract.interface.encode_call("consignment", goods)
        return self.consortium.node.call({"to": self.contract.address, "data": data})

    def compare_holds(self, goods: bytes) -> None:
        state = self.states[goods]
        for digest, setter in () if state is None else state.holds:
            assert self.contract.read("holdStands", goods, digest, state.number(setter))

    def compare_with_events(self) -> None:
        """What the events alone give is what the contract's view says, and what the rules in Python made of it."""
        membership = read_membership(self.consortium.contracts)
        for goods, state in self.states.items():
            history = consignment_history(self.consortium.contracts, goods)
            rebuilt = None
            for accepted in history.statements:
                rebuilt = apply(rebuilt, from_events(accepted, membership))
                assert (rebuilt.position, rebuilt.head) == (accepted.position, accepted.head)
            assert words.view(rebuilt) == self.view(goods)
            assert rebuilt == state == self.contract.state(goods)
            assert len(history.observations) == self.observations[goods]
            met["rebuilt"] += len(history.statements)

    def authority_of(self, name: str) -> Sender:
        return self.consortium.sender(AUTHORITIES[self.consortium.party(name).country])


def from_events(accepted: Accepted, membership: Membership) -> Act:
    """A statement that counts, as its event and the register's show it; what opened a channel stands in no event."""
    moment = Moment(accepted.place.block_number, accepted.place.log_index, accepted.place.block_time)
    named = accepted.statement.counterparty
    return Act(
        statement=accepted.statement,
        digest=accepted.digest,
        key=accepted.key,
        signer=membership.standing_of_key(accepted.key, moment),
        block_time=accepted.place.block_time,
        counterparty=UNKNOWN if named == ZERO_ADDRESS else membership.standing_of_member(named, moment),
        opening_known=False,
    )


def same(refusal: object, expected: RuleRefused) -> bool:
    """Whether two refusals have the same error and arguments."""
    assert isinstance(refusal, RuleRefused)
    assert (refusal.error, refusal.arguments) == (expected.error, expected.arguments)
    return True


@pytest.mark.slow
def test_many_lives_at_once_are_judged_alike():
    """Whatever is carried, by whom, in which order, how late and how often.

    Guarantee: one-holder, custody-by-consent, seal-is-named, parties-and-route-stay, held-does-not-move
    Guarantee: hold-ends-by-its-setter, nothing-leaves-unreleased, final-is-final, one-consignment-alone
    Guarantee: statements-in-order, head-is-the-history, observation-moves-nothing, past-stays-valid
    Guarantee: suspended-says-nothing, late-has-no-effect, relayer-cannot-alter, skipped-has-no-effect
    Guarantee: retired-key-adds-nothing, nobody-speaks-for-another
    """
    met.clear()
    run_state_machine_as_test(
        ManyLives,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink] if THOROUGH else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len([each for each in met if isinstance(each, Milestone)]) >= 25
    assert len([each for each in met if isinstance(each, str)]) >= 12
    assert met["in batches"] >= 100
    assert met["rebuilt"] >= 200
