"""Documents, events, consignments, blinds and statements."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "properties",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("sealed_value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("sealed_content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("document", sa.LargeBinary(32), sa.ForeignKey("documents.sha256"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("commitment", sa.LargeBinary(32), nullable=False, index=True),
        sa.Column("content_digest", sa.LargeBinary(32), nullable=False, index=True),
        sa.Column("event_hash", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "consignments",
        sa.Column("id", sa.LargeBinary(32), primary_key=True),
        sa.Column("exporter", sa.String),
        sa.Column("ucr_tag", sa.LargeBinary(32), index=True),
        sa.Column("sealed_ucr", sa.LargeBinary),
        sa.Column("sealed_salt", sa.LargeBinary),
        sa.Column("sealed_secret", sa.LargeBinary),
    )
    op.create_table(
        "consignment_documents",
        sa.Column("consignment", sa.LargeBinary(32), sa.ForeignKey("consignments.id"), primary_key=True),
        sa.Column("document", sa.LargeBinary(32), sa.ForeignKey("documents.sha256"), primary_key=True),
    )
    op.create_table(
        "blinds",
        sa.Column("blinded", sa.LargeBinary(32), primary_key=True),
        sa.Column("consignment", sa.LargeBinary(32), sa.ForeignKey("consignments.id"), index=True, nullable=False),
        sa.Column("sealed_content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "statements",
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("consignment", sa.LargeBinary(32), sa.ForeignKey("consignments.id"), index=True, nullable=False),
        sa.Column("chain_id", sa.String, nullable=False),
        sa.Column("contract", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False, index=True),
        sa.Column("transaction", sa.LargeBinary(32)),
        sa.Column("position", sa.Integer),
        sa.Column("refusal", sa.String),
        sa.Column("sealed_statement", sa.LargeBinary, nullable=False),
    )
