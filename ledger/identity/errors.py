"""What can go wrong with keys, passwords and signatures.

::

    NotFound     └── KeystoreMissingError
    AccessError  ├── WrongPasswordError
                 ├── PasswordMissingError
                 └── FileExposedError
    InputError   ├── KeystoreCorruptError
                 └── SignatureMalformedError
    Refused      └── FileTakenError
    Unavailable  └── FileUnusableError
"""

from __future__ import annotations

from ledger.errors import AccessError, InputError, NotFound, Refused, Unavailable


class KeystoreMissingError(NotFound):
    """There is no secret file where one was looked for."""


class KeystoreCorruptError(InputError):
    """A key file is not what it should be: damaged, cut short, or of another kind."""


class WrongPasswordError(AccessError):
    """The password does not open this key file."""


class PasswordMissingError(AccessError):
    """No password was given, and nobody could be asked."""


class FileExposedError(AccessError):
    """A secret file or its folder is open to others."""


class SignatureMalformedError(InputError):
    """The bytes are no valid signature of any key."""


class FileTakenError(Refused):
    """There is a file of that name, and secret files are never overwritten."""


class FileUnusableError(Unavailable):
    """A secret file could not be read or written."""
