"""What stands in for the examination of documents: a process that ends at once, and a disk that fails."""

import os

from ledger.store.errors import StoreUnusableError


def die(path, key, first, last):
    """End the process as a kill -9 would."""
    os._exit(9)


def unreadable(path, key, first, last):
    """Fail as a disk does."""
    raise StoreUnusableError("the store cannot be read: disk I/O error", where=str(path))
