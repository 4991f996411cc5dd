"""The tables of a store. Columns named ``sealed…`` hold what :class:`ledger.store.vault.Vault` made.

What comes from elsewhere is named by a hash, so that the same thing has the same key wherever it comes from.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata: Final = MetaData()

properties: Final = Table(
    "properties",
    metadata,
    Column("name", String, primary_key=True),
    Column("sealed_value", LargeBinary, nullable=False),
)

documents: Final = Table(
    "documents",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("media_type", String, nullable=False),
    Column("sealed_content", LargeBinary, nullable=False),
)

events: Final = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", ForeignKey("documents.sha256"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("commitment", LargeBinary(32), nullable=False, index=True),
    Column("content_digest", LargeBinary(32), nullable=False, index=True),
    Column("event_hash", LargeBinary(32), nullable=False, index=True),
    Index("ix_events_document_place", "document", "place", unique=True),
)
"""The events of the documents; ``event_hash`` is the 32 bytes behind the hash ID. The number is the store's own."""

event_logs: Final = Table(
    "event_logs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", String, nullable=False, unique=True),
    Column("sealed_secret", LargeBinary, nullable=False),
)

log_entries: Final = Table(
    "log_entries",
    metadata,
    Column("log", ForeignKey("event_logs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("event", ForeignKey("events.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""Which event has which place in a log: the journal that the log on disk follows from."""

consignments: Final = Table(
    "consignments",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("exporter", String),
    Column("ucr_tag", LargeBinary(32), index=True),
    Column("sealed_ucr", LargeBinary),
    Column("sealed_salt", LargeBinary),
    Column("sealed_secret", LargeBinary),
)

consignment_documents: Final = Table(
    "consignment_documents",
    metadata,
    Column("consignment", ForeignKey("consignments.id"), primary_key=True),
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
)

blinds: Final = Table(
    "blinds",
    metadata,
    Column("blinded", LargeBinary(32), primary_key=True),
    Column("consignment", ForeignKey("consignments.id"), index=True, nullable=False),
    Column("sealed_content", LargeBinary, nullable=False),
)

statements: Final = Table(
    "statements",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("consignment", ForeignKey("consignments.id"), index=True, nullable=False),
    Column("chain_id", String, nullable=False),
    Column("contract", String, nullable=False),
    Column("status", Integer, nullable=False, index=True),
    Column("transaction", LargeBinary(32)),
    Column("position", Integer),
    Column("refusal", String),
    Column("sealed_statement", LargeBinary, nullable=False),
)

parcels: Final = Table(
    "parcels",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("direction", Integer, primary_key=True),
    Column("consignment", ForeignKey("consignments.id"), index=True, nullable=False),
    Column("other", String, nullable=False),
    Column("at", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
)

HEAD_REVISION: Final = "0003"
"""The revision that these tables stand for: the last one in ``migrations/versions``."""
