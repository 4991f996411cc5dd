"""Event logs; events by a number of the store's own, and their hashes as 32 bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = ("commitment", "content_digest", "event_hash")
_MOVED_AT_ONCE = 1_000


def upgrade() -> None:
    """Make the tables of logs, and the table of events anew."""
    for column in _COLUMNS:
        op.drop_index(f"ix_events_{column}", "events")
    op.rename_table("events", "events_before")
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document", sa.LargeBinary(32), sa.ForeignKey("documents.sha256"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("commitment", sa.LargeBinary(32), nullable=False, index=True),
        sa.Column("content_digest", sa.LargeBinary(32), nullable=False, index=True),
        sa.Column("event_hash", sa.LargeBinary(32), nullable=False, index=True),
        sa.Index("ix_events_document_place", "document", "place", unique=True),
    )
    _move_events()
    op.drop_table("events_before")
    op.create_table(
        "event_logs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("origin", sa.String, nullable=False, unique=True),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "log_entries",
        sa.Column("log", sa.Integer, sa.ForeignKey("event_logs.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("events.id"), nullable=False, index=True),
        sqlite_with_rowid=False,
    )


def _move_events() -> None:
    connection = op.get_bind()
    before = sa.table("events_before", *map(sa.column, ("document", "place", *_COLUMNS)))
    events = sa.table("events", *map(sa.column, ("document", "place", *_COLUMNS)))
    rows = connection.execute(sa.select(before).order_by(sa.text("rowid"))).mappings()
    for some in rows.partitions(_MOVED_AT_ONCE):
        moved = [{**row, "event_hash": _digest_in(row["event_hash"])} for row in some]
        connection.execute(sa.insert(events), moved)


def _digest_in(hash_id: str) -> bytes:
    """The 32 bytes in ``ni:///sha-256;<64 digits>?ver=CBV2.0``."""
    return bytes.fromhex(hash_id.partition(";")[2].partition("?")[0])
