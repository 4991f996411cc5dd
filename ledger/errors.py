"""The one hierarchy of errors.

::

    LedgerError
    ├── InputError      what came in is malformed or breaks a rule        (nothing was done)
    ├── Refused         the rules of the ledger do not allow the act      (nothing was done)
    ├── NotFound        something named is not known here
    ├── AccessError     a key, password or permission is missing or wrong
    └── Unavailable     a node, file or store could not be reached or used

Each package derives its own errors from these. The library raises them and never prints or exits; a client shows
:meth:`LedgerError.diagnostics`.
"""

from __future__ import annotations


class LedgerError(Exception):
    """Something a person can act on: what was wrong, where, and how to mend it.

    Args:
        message: what was wrong, in plain words, with what was found.
        where: the field, path, line, file or event that it concerns.
        mend: what to do next.
    """

    def __init__(self, message: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def diagnostics(self) -> str:
        """The text for a person: the message, and on a second line what to do."""
        return f"{self}\n{self.mend}" if self.mend else str(self)


class InputError(LedgerError):
    """What came in is malformed or breaks a rule of its format; nothing was done."""


class Refused(LedgerError):
    """The rules of the ledger do not allow the act; nothing was done."""


class NotFound(LedgerError):
    """Something that was named is not known here."""


class AccessError(LedgerError):
    """A key, a password or a permission is missing or wrong."""


class Unavailable(LedgerError):
    """A node, a file or a store could not be reached or used: neither a yes nor a no."""
