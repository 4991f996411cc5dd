"""Parcels given and received."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of parcels."""
    op.create_table(
        "parcels",
        sa.Column("sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("direction", sa.Integer, primary_key=True),
        sa.Column("consignment", sa.LargeBinary(32), sa.ForeignKey("consignments.id"), index=True, nullable=False),
        sa.Column("other", sa.String, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
    )
