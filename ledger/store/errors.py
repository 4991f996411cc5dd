"""What can go wrong with a store. Each leaves the store as it was.

::

    NotFound     └── NotKeptError
    InputError   └── NotAStoreError
    AccessError  ├── WrongStoreKeyError
                 └── StoreReadOnlyError
    Refused      ├── StoreConflictError
                 └── StoreTooNewError
    Unavailable  ├── StoreFullError
                 ├── StoreLockedError
                 ├── StoreDamagedError
                 └── StoreUnusableError
"""

from __future__ import annotations

from ledger.errors import AccessError, InputError, NotFound, Refused, Unavailable


class NotKeptError(NotFound):
    """The store does not hold what was asked for."""


class NotAStoreError(InputError):
    """The file is something else than a store."""


class WrongStoreKeyError(AccessError):
    """The store was closed with another key."""


class StoreReadOnlyError(AccessError):
    """The store may not be written here."""


class StoreConflictError(Refused):
    """Something different is kept under the same key already."""


class StoreTooNewError(Refused):
    """The store was written by a later version of this software."""


class StoreFullError(Unavailable):
    """There is no room left for what was to be written."""


class StoreLockedError(Unavailable):
    """Another process kept the store busy for too long."""


class StoreDamagedError(Unavailable):
    """What is in the store is not what was written."""


class StoreUnusableError(Unavailable):
    """The file cannot be opened, read or written."""
