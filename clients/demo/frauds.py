"""Six frauds, each tried for real and each caught: refused by the contract, or found by verification."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from clients.demo.story import UCR
from clients.demo.telling import document
from ledger.chain.members import NewKey
from ledger.chain.refusals import RuleRefused
from ledger.errors import LedgerError
from ledger.identity.consent import sign_consent
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Milestone, Role, Side
from ledger.identity.signing import sign
from ledger.identity.statements import ZERO32, Statement
from ledger.identity.terms import release_terms
from ledger.verify import Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.party import Party
    from clients.practice import Practice
    from ledger.identity.signing import SignedStatement

SECOND_UCR: Final = "6KR8801234-2026-PO-0043"
SECOND_SEAL: Final = "KR-2026-004500"


class NotCaughtError(LedgerError):
    """A fraud went through: the demo has found a fault of the ledger."""


@dataclass(frozen=True, slots=True)
class Caught:
    """How a fraud ended.

    Attributes:
        fraud: its name.
        lie: what was tried, in a sentence.
        by: who caught it: the contract, or verification.
        message: what they said.
        rule: the contract's error, or the rule that found it.
    """

    fraud: str
    lie: str
    by: str
    message: str
    rule: str

    def to_json(self) -> dict[str, object]:
        """The end of a fraud as a JSON object."""
        return {"fraud": self.fraud, "lie": self.lie, "by": self.by, "message": self.message, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Fraud:
    """A fraud: its name, the lie in a sentence, and the attempt."""

    name: str
    lie: str
    attempt: Callable[[Practice], tuple[str, str, str]]

    def run(self, border: Practice) -> Caught:
        """Try it.

        Raises:
            NotCaughtError: it went through.
        """
        by, message, rule = self.attempt(border)
        return Caught(self.name, self.lie, by, message, rule)


def prepare(border: Practice) -> None:
    """A second consignment, sealed and offered to the carrier: what the frauds are tried on."""
    exporter, carrier = border.exporter, border.carrier
    exporter.register(document("01-exporter-packed.jsonld"), ucr=SECOND_UCR, to="NL", importer=border.importer.address)
    exporter.seal(SECOND_UCR, SECOND_SEAL)
    exporter.declare(SECOND_UCR)
    exporter.offer(SECOND_UCR, carrier.address)
    for taker in (carrier, border.customs_kr):
        taker.receive(exporter.share(SECOND_UCR, taker.address))


def altered_document(border: Practice) -> tuple[str, str, str]:
    """A fifth module is written into the packing document after it was recorded."""
    original = document("01-exporter-packed.jsonld")
    altered = original.replace(b'"urn:epc:id:sgtin:8801234.012345.1004"', b'"urn:epc:id:sgtin:8801234.012345.1999"')
    verdict = border.auditor.verify_document(altered, UCR)
    if verdict.word is not Word.NOT_VERIFIED:
        raise _not_caught("an altered document", verdict.word.value)
    finding = next(finding for finding in verdict.failed if finding.rule.startswith("document."))
    return "verification", finding.reason, finding.rule


def forged_signature(border: Practice) -> tuple[str, str, str]:
    """A relayer changes whom custody is offered to, and leaves the signature."""
    signed = _last_statement(border.exporter, Milestone.HANDOVER_OFFERED)
    forged = replace(
        signed.statement,
        counterparty=border.terminal.address,
        previous_head=border.exporter.connection.head(signed.statement.consignment),
    )
    return _refused(border.terminal, replace(signed, statement=forged))


def outside_its_country(border: Practice) -> tuple[str, str, str]:
    """Korea's customs release goods for import into the Netherlands."""
    customs = border.customs_kr
    signed = _signed(customs, Milestone.RELEASED, Role.AUTHORITY, side=Side.IMPORT, terms=release_terms())
    return _refused(customs, signed)


def swapped_seal(border: Practice) -> tuple[str, str, str]:
    """The container was opened on the way, and closed with a seal that looks much the same."""
    try:
        border.carrier.accept(SECOND_UCR, seal="KR-2026-004S00")
    except RuleRefused as refusal:
        return "the contract", refusal.diagnostics(), refusal.error
    raise _not_caught("a swapped seal", "accepted")


def replayed_statement(border: Practice) -> tuple[str, str, str]:
    """The exporter's offer of custody is sent once more."""
    return _refused(border.terminal, _last_statement(border.exporter, Milestone.HANDOVER_OFFERED))


def retired_key(border: Practice) -> tuple[str, str, str]:
    """The exporter retires a stolen key; the thief signs with it all the same."""
    exporter, connection = border.exporter, border.exporter.connection
    stolen = exporter.keyring.signing
    fresh = SigningKey.generate()
    members = connection.members
    customs = border.customs_kr.connection.sender
    members.add_key(customs, exporter.address, NewKey(fresh.address, consent=sign_consent(exporter.address, fresh)))
    members.retire_key(customs, stolen.address, connection.clock() - 3600)
    signed = _signed(exporter, Milestone.HANDOVER_DECLINED, Role.EXPORTER)
    return _refused(border.terminal, signed)


FRAUDS: Final = (
    Fraud(
        "altered document", "another module is written into the packing list after it was recorded", altered_document
    ),
    Fraud(
        "forged signature", "a relayer changes to whom custody is offered, and leaves the signature", forged_signature
    ),
    Fraud("outside its country", "Korea's customs release goods for import into the Netherlands", outside_its_country),
    Fraud("swapped seal", "the container was opened on the way and closed with a look-alike seal", swapped_seal),
    Fraud("replayed statement", "an offer of custody that was recorded before is sent once more", replayed_statement),
    Fraud("retired key", "a thief signs with a key that its member has retired", retired_key),
)


def _last_statement(party: Party, milestone: Milestone) -> SignedStatement:
    """The last statement of this kind that a party made and keeps."""
    with party.store.read() as kept:
        made = kept.statements.of_consignment(party.find(SECOND_UCR))
    return next(each.signed for each in reversed(made) if each.signed.statement.milestone is milestone)


def _signed(
    party: Party, milestone: Milestone, role: Role, *, side: Side = Side.NONE, terms: bytes = ZERO32
) -> SignedStatement:
    """A statement about the second consignment, signed with a party's key outside all that its client would allow."""
    consignment, connection = party.find(SECOND_UCR), party.connection
    now = connection.clock()
    statement = Statement(
        consignment=consignment,
        milestone=milestone,
        event_time=now,
        signed_time=now,
        valid_until=now + connection.validity_seconds,
        role=role,
        previous_head=connection.head(consignment),
        side=side,
        terms=terms,
    )
    return sign(statement, connection.domain, party.keyring.signing)


def _refused(relayer: Party, signed: SignedStatement) -> tuple[str, str, str]:
    """Send a statement and say how the contract refused it."""
    try:
        relayer.connection.submit([signed])
    except RuleRefused as refusal:
        return "the contract", refusal.diagnostics(), refusal.error
    raise _not_caught(signed.statement.milestone.label, "accepted")


def _not_caught(what: str, outcome: str) -> NotCaughtError:
    return NotCaughtError(f"a fraud went through: {what}: {outcome}", mend="Report it: this is a fault of the ledger.")
