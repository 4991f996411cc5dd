"""The contract and the rules in Python, asked the same: what either accepts, refuses and makes of it must agree.

What Python expects to be refused goes in batches: each refusal is reported with its bytes, and nothing changes. What it
expects to be accepted is put to the contract one by one, each in a situation of its own, with the state asked for
afterwards. Nothing of this is mined (``eth_simulateV1``), so every question finds the situation as it was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.lifecycle import apply
from ledger.chain.refusals import RuleRefused, explain
from ledger.chain.transactions import Call
from ledger.identity.milestones import HEADLESS, Milestone
from tests.ledger.chain import words
from tests.ledger.chain.moves import Goods, judged, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.chain.state import Act, State
    from tests.ledger.chain.cast import Cast, Voice
    from tests.ledger.chain.moves import Move
    from tests.ledger.chain.situations import Situation
    from tests.ledger.chain.words import Log

GAS: Final = 90_000_000
BATCH: Final = 250
"""Statements in one call of a batch that is refused whole."""
ROUND: Final = 60
"""Acceptances in one simulated block."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A consignment on chain, in a situation.

    Attributes:
        goods: its id.
        state: its state by the rules in Python; ``None`` where it is not registered.
    """

    goods: Goods
    state: State | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What Python expects to be accepted: where, the statement, its entry, and the state after it."""

    where: Standing
    act: Act
    signed: bytes
    after: State


@dataclass(slots=True)
class Interrogation:
    """Puts questions to both, and compares.

    Attributes:
        cast: everyone, and the contracts.
        accepted: how often each milestone was accepted.
        refused: how often each error was met.
        heard: who was asked what.
    """

    cast: Cast
    accepted: Counter[Milestone] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    heard: set[tuple[Voice, Milestone]] = field(default_factory=set)
    _expected: defaultdict[bytes, list[Acceptance]] = field(default_factory=lambda: defaultdict(list))

    @property
    def asked(self) -> int:
        """How many questions were put so far."""
        return self.accepted.total() + self.refused.total()

    def stand(self, situations: Iterable[Situation]) -> list[Standing]:
        """Bring a consignment of its own into each situation, and compare each on the way."""
        standings, entries, expected = [], [], []
        for number, situation in enumerate(situations):
            goods, state = Goods.of(self.cast, number.to_bytes(4, "big")), None
            for move in situation.path:
                act = judged(self.cast, move, said(self.cast, move, state, goods), self.cast.time)
                entries.append(words.entry(act, self.cast.key(move.voice)))
                expected.append(words.accepted(self._interface, act, entries[-1], state))
                state = apply(state, act)
            standings.append(Standing(goods, state))
        for start in range(0, len(entries), BATCH):
            chunk = slice(start, start + BATCH)
            self._carry(entries[chunk], expected[chunk])
        return standings

    def ask(self, where: Standing, moves: Iterable[Move]) -> None:
        """Put questions about one consignment; what is expected to be accepted waits for :meth:`settle`."""
        refusals = []
        for move in moves:
            self.heard.add((move.voice, move.milestone))
            act = judged(self.cast, move, said(self.cast, move, where.state, where.goods), self.cast.now)
            signed = words.entry(act, self.cast.key(move.voice))
            state = where.state if act.statement.consignment == where.goods.id else None
            try:
                after = apply(state, act)
            except RuleRefused as refusal:
                refusals.append((act, signed, refusal))
            else:
                self._expected[where.goods.id].append(Acceptance(where, act, signed, after))
        self._compare_refusals(where, refusals)

    def settle(self) -> None:
        """Put what is expected to be accepted, in each round one statement about each consignment."""
        for acceptances in zip_longest(*self._expected.values()):
            waiting = [each for each in acceptances if each is not None]
            for start in range(0, len(waiting), ROUND):
                self._compare_acceptances(waiting[start : start + ROUND])
        self._expected.clear()

    def answer_to(self, entries: Sequence[bytes]) -> Answer:
        """What the contract does with a batch."""
        return self._simulate([words.batch(self._interface, entries)])[0]

    @property
    def _interface(self) -> Any:
        return self.cast.consortium.contracts.consignments.interface

    def _compare_refusals(self, where: Standing, refusals: Sequence[tuple[Act, bytes, RuleRefused]]) -> None:
        for start in range(0, len(refusals), BATCH):
            chunk = refusals[start : start + BATCH]
            call = words.batch(self._interface, [signed for _, signed, _ in chunk])
            answer, view = self._simulate([call, self._view(where.goods)])
            for index, (act, _, refusal) in enumerate(chunk):
                error = words.refusal(self._interface, refusal)
                expected = words.skipped(self._interface, index, act.digest, error)
                if index >= len(answer.logs) or answer.logs[index] != expected:
                    raise AssertionError(self._difference(answer.logs, index, act, refusal, where.state))
                self.refused[refusal.error] += 1
            assert answer.returned == words.number(0)
            assert view.returned == words.view(where.state), where.state

    def _compare_acceptances(self, acceptances: Sequence[Acceptance]) -> None:
        calls = [call for each in acceptances for call in self._calls(each)]
        answers = iter(self._simulate(calls))
        for each in acceptances:
            submitted, view, *asides = (next(answers) for _ in self._calls(each))
            told = words.accepted(self._interface, each.act, each.signed, each.where.state)
            context = f"{each.act.statement} by {each.act.signer}\nfound {each.where.state}\nmade {each.after}"
            assert submitted.failed is None, f"Python accepts, the contract refuses {submitted.failed}: {context}"
            assert submitted.logs == [told], context
            assert view.returned == words.view(each.after), context
            assert [aside.returned for aside in asides] == self._marks(each), context
            self.accepted[each.act.milestone] += 1

    def _calls(self, each: Acceptance) -> Iterator[bytes]:
        yield self._interface.functions["submit"].selector + each.signed
        yield self._view(each.where.goods)
        for function, digest, member in _kept(each):
            yield self._interface.functions[function].selector + each.where.goods.id + digest + words.number(member)

    def _marks(self, each: Acceptance) -> list[bytes]:
        """Whether each headless statement is recorded after this one, and each hold stands."""
        holds = {(digest, each.after.number(setter)) for digest, setter in each.after.holds}
        return [
            words.number(function == "isRecorded" or (digest, member) in holds)
            for function, digest, member in _kept(each)
        ]

    def _view(self, goods: Goods) -> bytes:
        return self._interface.functions["consignment"].selector + goods.id

    def _carry(self, entries: Sequence[bytes], expected: Sequence[Log]) -> None:
        contract = self.cast.consortium.contracts.consignments
        call = Call(contract.address, contract.interface, words.batch(contract.interface, entries), GAS)
        receipt = self.cast.consortium.sender("auditor").send(call)
        logs = [(tuple(map(bytes, log["topics"])), bytes(log["data"])) for log in receipt.logs]
        for found, awaited in zip(logs, expected, strict=True):
            assert found == awaited, self._interface.decode_log(*found)

    def _simulate(self, calls: Sequence[bytes]) -> list[Answer]:
        """What calls in one block would do, one after another, without a block being made."""
        consortium = self.cast.consortium
        contract, sender = consortium.contracts.consignments.address, consortium.party("auditor").address
        block = {
            "blockOverrides": {"time": hex(self.cast.now), "gasLimit": hex(GAS * (len(calls) + 1))},
            "calls": [{"to": contract, "from": sender, "data": f"0x{data.hex()}", "gas": hex(GAS)} for data in calls],
        }
        request = {"blockStateCalls": [block], "validation": False}
        answer = consortium.node.web3.provider.make_request("eth_simulateV1", [request, "latest"])
        assert "error" not in answer, answer
        return [_answer(call, self._interface) for call in answer["result"][0]["calls"]]

    def _difference(self, logs: list[Log], index: int, act: Act, refusal: RuleRefused, state: State | None) -> str:
        theirs = self._interface.decode_log(*logs[index]) if index < len(logs) else None
        reason = explain(self._interface, theirs[1]["refusal"]) if theirs and "refusal" in theirs[1] else theirs
        return (
            f"Python refuses {refusal!r}, the contract says {reason!r}: {act.statement} by {act.signer}\nfound {state}"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What one simulated call did: what it returned, which events it emitted, and why it failed, if it did."""

    returned: bytes
    logs: list[Log]
    failed: str | None


def _answer(call: dict[str, Any], interface: Any) -> Answer:
    logs = [
        (tuple(bytes.fromhex(topic[2:]) for topic in log["topics"]), bytes.fromhex(log["data"][2:]))
        for log in call["logs"]
    ]
    returned = bytes.fromhex(call["returnData"][2:])
    failed = None if int(call["status"], 16) == 1 else f"{call.get('error')} {explain(interface, returned)!r}"
    return Answer(returned, logs, failed)


def _kept(each: Acceptance) -> Iterator[tuple[str, bytes, int]]:
    """What the contract keeps of headless statements, as far as this one or a hold is concerned."""
    if each.act.milestone in HEADLESS:
        yield "isRecorded", each.act.digest, each.act.signer.number
    before = each.where.state.holds if each.where.state else frozenset()
    if each.act.milestone in (Milestone.HELD, Milestone.UNHELD):
        for digest, setter in sorted(before | each.after.holds):
            yield "holdStands", digest, each.after.number(setter)
