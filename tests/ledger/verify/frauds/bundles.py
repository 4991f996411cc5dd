"""Frauds with evidence bundles: blocks, ends, registers and logs that are not the ledger's."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from ledger.verify.proven import LoggedEvent, Proof, Proven, ProvenBlock, ProvenEnd, RegisterEntry
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import in_busan

if TYPE_CHECKING:
    from ledger.verify.case import Case

_SEALED = "sealed by 3 of 4 validators."


def block_of(number: int) -> ProvenBlock:
    return ProvenBlock(number, sha256(b"block %d" % number).digest(), Proof.GIVEN, _SEALED)


def proven(case: Case) -> Case:
    """The case as an honest bundle would prove it."""
    assert case.as_of is not None
    assert case.recorded is not None
    assert case.membership is not None
    end = ProvenEnd(case.as_of, case.recorded.position, case.recorded.head, "the contract's storage")
    signers = sorted({entry.acceptance.member for entry in case.entries})
    admitted = {each: RegisterEntry(each, case.membership.members[each].country) for each in signers}
    numbers = sorted({entry.acceptance.moment.block for entry in case.entries} | {case.as_of.block})
    blocks = tuple(map(block_of, numbers))
    return replace(case, proven=Proven(blocks, (end,), admitted=MappingProxyType(admitted)))


def in_a_bundle() -> tuple[Case, Proven]:
    case = proven(in_busan().life.case())
    assert case.proven is not None
    return case, case.proven


@fraud("evidence.block_final")
def block_sealed_by_strangers() -> Case:
    """Whoever gives the bundle made a block with a departure in it, and sealed it with keys of its own."""
    case, shown = in_a_bundle()
    forged = replace(
        shown.blocks[-2],
        final=Proof.REFUTED,
        reason="seal 0: is by 0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A, who is no validator of this block.",
    )
    return replace(case, proven=replace(shown, blocks=(*shown.blocks[:-2], forged, shown.blocks[-1])))


@fraud("evidence.history_complete")
def head_attested_that_the_contract_never_had() -> Case:
    """A bought officer attests to a head of the exporter's making, after a block whose storage shows another."""
    case, shown = in_a_bundle()
    storage = shown.ends[0]
    bought = replace(storage, head=sha256(b"head").digest(), by="the word of 2 authorities")
    return replace(case, proven=replace(shown, ends=(storage, bought)))


@fraud("evidence.register")
def register_of_another_consortium() -> Case:
    """The bundle shows the exporter's admission in a register of somebody's own making, for another country."""
    case, shown = in_a_bundle()
    exporter = case.statements[0].acceptance.member
    admitted = MappingProxyType({**shown.admitted, exporter: RegisterEntry(exporter, "JP")})
    return replace(case, proven=replace(shown, admitted=admitted))


@fraud("evidence.log_inclusion")
def event_that_its_log_never_had() -> Case:
    """The carrier shows a reading that it never logged, with the inclusion proof of another one."""
    case, shown = in_a_bundle()
    carrier = case.statements[-1].acceptance.member
    reason = "it does not lead to the checkpoint of 8 events on chain. the leaf does not lead to the root."
    false = LoggedEvent(carrier, 5, sha256(b"reading").digest(), Proof.REFUTED, reason)
    return replace(case, proven=replace(shown, logged=(false,)))
