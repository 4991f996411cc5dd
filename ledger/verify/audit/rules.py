"""What an audit holds a ledger to: each rule with what it means when it is broken. docs/audit.md lists the same."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AuditRule:
    """One rule.

    Attributes:
        id: stable; ``subject.name``.
        title: what holds where it is kept, as a sentence without its full stop.
        meaning: what it means where it is broken, and what to do.
    """

    id: str
    title: str
    meaning: str


_RULES: Final = (
    AuditRule(
        "store.read",
        "The store can be read",
        "The file cannot be read, or ends in the middle. Restore it from a copy; the rest was checked without it.",
    ),
    AuditRule(
        "document.sealed",
        "Every document opens with the store's key",
        "A row was altered, moved or cut outside of this program. Restore the document from a copy, or ask a party to "
        "it for a parcel.",
    ),
    AuditRule(
        "document.bytes",
        "Every document has the bytes whose SHA-256 it is kept under",
        "The document was changed by someone who has the store's key, or by a faulty program. What was recorded is "
        "the hash in the finding; find a copy that has it.",
    ),
    AuditRule(
        "document.valid",
        "Every document is valid EPCIS",
        "Only valid documents are captured: this one was put there another way, or changed.",
    ),
    AuditRule(
        "document.kept",
        "Every document of every consignment is there",
        "The document was removed. It has to come from a copy, or in a parcel from a party to the consignment.",
    ),
    AuditRule(
        "event.digests",
        "Every event has the event hash, content digest and commitment that the store lists",
        "Either the document was changed or the list. The log tells which: its entry was made from the commitment "
        "that was captured.",
    ),
    AuditRule(
        "event.kept",
        "The store lists every event of every document",
        "The row of an event was removed. Its place in the log shows that it was there.",
    ),
    AuditRule(
        "event.stands",
        "Every event that the store lists stands in a document",
        "A document was removed or cut short, or a row was added. What the log has of it stays on record; the "
        "document itself has to come from a copy.",
    ),
    AuditRule(
        "blind.opens",
        "Every blind opens the commitment that it is kept for",
        "A blind, or what is behind it, was changed. What it should open can no longer be shown from this store.",
    ),
    AuditRule(
        "blind.event",
        "The event behind every blind is at hand",
        "A statement's document is not in this store: it was not handed over, or was removed. A warning.",
    ),
    AuditRule(
        "consignment.reference",
        "Every consignment's UCR, salt and exporter give its id",
        "The reference was changed: this consignment is not the goods that the UCR names.",
    ),
    AuditRule(
        "statement.sealed",
        "Every statement opens with the store's key, and can be read",
        "A row was altered, moved or cut outside of this program.",
    ),
    AuditRule(
        "statement.digest",
        "Every statement has the digest that it is kept under",
        "The statement was changed after it was kept. The chain has what was accepted under that digest.",
    ),
    AuditRule(
        "statement.signature",
        "Every statement is signed by a key of the register, and by the one that the chain names",
        "The signature was replaced, or the statement is not by a member.",
    ),
    AuditRule(
        "statement.recorded",
        "Every statement kept as accepted was accepted, at the position and in the transaction that the store says",
        "The store says more than the chain, or something else. Believe the chain.",
    ),
    AuditRule(
        "statement.kept",
        "The store keeps every statement of the member's own keys",
        "The chain accepted a statement by this member that its store lacks: it was made elsewhere, or removed here. "
        "A warning.",
    ),
    AuditRule(
        "entry.position",
        "The places in the log are numbered without a gap",
        "A row of the store's journal was removed: the event at that place is missing here.",
    ),
    AuditRule(
        "entry.event",
        "Every place in the log has its event and document",
        "What stands at this place was removed from the store. That it was logged stays provable; what it said has to "
        "come from a copy.",
    ),
    AuditRule(
        "entry.logged",
        "Every entry of the log is the blinded commitment of the event at its place",
        "Log and store tell of different events: one of them was rewritten. The roots that the chain recorded tell "
        "which (checkpoint.root).",
    ),
    AuditRule(
        "entry.waiting",
        "The log has an entry for every place of the journal, and none beyond",
        "Entries that the log lacks are appended by the next capture (a warning). Entries that the store lacks mean "
        "that the store is an older copy, or that rows were removed.",
    ),
    AuditRule(
        "log.read",
        "The log can be read, and is one of a member of this consortium",
        "The log is not where it is expected, or is another one. Nothing is said about its entries.",
    ),
    AuditRule(
        "log.checkpoint",
        "The log's checkpoint is signed by its member",
        "The checkpoint was forged, or signed with a key that the register does not name.",
    ),
    AuditRule("log.present", "Every file that the checkpoint requires is there", "Restore the file from a copy."),
    AuditRule("log.form", "Every file of the log has its form and width", "Restore the file from a copy."),
    AuditRule("log.leaf", "Every entry hashes to its leaf in the tree", "An entry or its leaf was changed on disk."),
    AuditRule("log.node", "Every hash in the tree is that of what is below it", "A tile of the log was changed."),
    AuditRule(
        "log.root",
        "The tree has the root that the checkpoint signs",
        "The entries are not those that the member signed: the log was rewritten, or its checkpoint replaced.",
    ),
    AuditRule(
        "checkpoint.root",
        "Every root that the chain recorded is that of the log's entries",
        "The log was rewritten after its checkpoint was recorded. The chain cannot be wrong about this: keep the log "
        "as it is, as evidence.",
    ),
    AuditRule(
        "checkpoint.size",
        "The log has as many entries as the chain recorded",
        "Entries were dropped, or an older copy was put in place. The newest copy has to be found.",
    ),
    AuditRule(
        "checkpoint.growth",
        "Each recorded checkpoint goes on from the one before",
        "The node shows a history that the contract would not have taken. Ask another node.",
    ),
    AuditRule(
        "checkpoint.signature",
        "Each recorded checkpoint was sent or signed by a key that the member had for it at that moment",
        "The node shows a checkpoint that the contract would not have taken. Ask another node.",
    ),
    AuditRule(
        "checkpoint.recorded",
        "The chain has recorded all that the log has published",
        "What was published and not recorded can still be taken back. The next capture records it. A warning.",
    ),
    AuditRule(
        "chain.read",
        "The chain can be read",
        "Nothing was compared with the chain. Connect to a node and audit again.",
    ),
    AuditRule(
        "audit.more",
        "Everything that was found is told",
        "There is more than a report holds: the ledger is damaged all over.",
    ),
)

AUDIT_RULES: Final[Mapping[str, AuditRule]] = MappingProxyType({rule.id: rule for rule in _RULES})
"""Every rule of the audit by its id. What is found about single consignments has the rules of docs/checks.md."""
