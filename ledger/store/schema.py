"""The tables of a store. Columns named ``sealed…`` hold what :class:`ledger.store.vault.Vault` made.

Every table names its row by a hash, so that the same thing has the same key wherever it comes from.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

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
    Column("document", ForeignKey("documents.sha256"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("commitment", LargeBinary(32), nullable=False, index=True),
    Column("content_digest", LargeBinary(32), nullable=False, index=True),
    Column("event_hash", String, nullable=False, index=True),
)

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

HEAD_REVISION: Final = "0002"
"""The revision that these tables stand for: the last one in ``migrations/versions``."""
