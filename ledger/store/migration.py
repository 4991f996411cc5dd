"""Bring a store's tables up to date, in the caller's transaction: wholly or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError

import ledger.store.migrations
from ledger.store.errors import StoreTooNewError

if TYPE_CHECKING:
    from sqlalchemy import Connection


def current_revision(connection: Connection) -> str | None:
    """The revision that the tables are at; ``None`` where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest revision.

    Args:
        connection: in a writing transaction; the caller commits.

    Raises:
        StoreTooNewError: the store is at a revision that this version does not know.
    """
    config = Config()
    config.set_main_option("script_location", ledger.store.migrations.__path__[0].replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreTooNewError(
            f"the store is at revision {current_revision(connection)}, which this version does not know",
            where="store",
            mend="Install the newer version that wrote it, or open a copy from before.",
        ) from error
