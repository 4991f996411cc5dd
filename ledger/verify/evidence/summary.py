"""What is inside a bundle, as it says itself: nothing here is verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.chain.proof.headers import read_header
from ledger.store.blinds import AssessmentContent, DetailContent, EventContent, SealContent

if TYPE_CHECKING:
    from ledger.verify.evidence.bundle import Bundle, Ledger


@dataclass(frozen=True, slots=True)
class Summary:
    """What a bundle says that it holds.

    Attributes:
        ledger: the ledger that it is about.
        consignment: the consignment's id (32 bytes).
        ucr: its UCR, if that is disclosed.
        size_bytes: the size of the file.
        blocks: the numbers of the blocks that it proves something of.
        receipts: how many transactions it proves something of.
        log_entries: how many entries of theirs.
        events: how many events are in it.
        named_events: how many events are in it by their hashes alone.
        seals: how many seal numbers.
        details: how many details.
        assessments: how many assessments.
        event_blinds: how many blinds of events.
        logged: how many entries of members' event logs.
        end: by what it proves where the history ends: ``storage``, ``attestations``.
        finality: what speaks for its blocks: ``seals``, ``block log``.
        validator_changes: how many changes of the list of validators it shows.
    """

    ledger: Ledger
    consignment: bytes
    ucr: str | None
    size_bytes: int
    blocks: tuple[int, ...]
    receipts: int
    log_entries: int
    events: int
    named_events: int
    seals: int
    details: int
    assessments: int
    event_blinds: int
    logged: int
    end: tuple[str, ...]
    finality: tuple[str, ...]
    validator_changes: int

    def to_json(self) -> dict[str, object]:
        """The summary as a JSON object."""
        return {
            "consignment": f"0x{self.consignment.hex()}",
            "ucr": self.ucr,
            "chainId": self.ledger.chain_id,
            "members": self.ledger.members,
            "consignments": self.ledger.consignments,
            "eventLogs": self.ledger.event_logs,
            "sizeBytes": self.size_bytes,
            "blocks": list(self.blocks),
            "receipts": self.receipts,
            "logEntries": self.log_entries,
            "events": self.events,
            "namedEvents": self.named_events,
            "eventBlinds": self.event_blinds,
            "seals": self.seals,
            "details": self.details,
            "assessments": self.assessments,
            "logged": self.logged,
            "end": list(self.end),
            "finality": list(self.finality),
            "validatorChanges": self.validator_changes,
        }


def summarize(bundle: Bundle, size_bytes: int) -> Summary:
    """What a bundle says that it holds.

    Args:
        bundle: the bundle; untrusted, and not verified here.
        size_bytes: the size of its file.

    Raises:
        EncodingError: a header in it is none.
    """
    headers = {each.header: read_header(each.header) for each in bundle.receipts}
    if bundle.head is not None:
        headers[bundle.head.header] = read_header(bundle.head.header)
    contents = [type(blind.content) for blind in bundle.blinds]
    end = [("storage", bundle.head is not None), ("attestations", bool(bundle.attestations))]
    finality = [
        ("seals", any(header.is_bft for header in headers.values())),
        ("block log", bundle.block_log is not None),
    ]
    return Summary(
        ledger=bundle.ledger,
        consignment=bundle.consignment,
        ucr=None if bundle.reference is None else bundle.reference.ucr,
        size_bytes=size_bytes,
        blocks=tuple(sorted(header.number for header in headers.values())),
        receipts=len(bundle.receipts),
        log_entries=sum(len(each.logs) for each in bundle.receipts),
        events=len(bundle.events),
        named_events=len(bundle.named),
        seals=contents.count(SealContent),
        details=contents.count(DetailContent),
        assessments=contents.count(AssessmentContent),
        event_blinds=contents.count(EventContent),
        logged=len(bundle.logged),
        end=tuple(name for name, there in end if there),
        finality=tuple(name for name, there in finality if there),
        validator_changes=len(bundle.changes),
    )
