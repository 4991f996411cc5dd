"""Where a password comes from: a file, the environment, or a person who is asked.

A password never comes from the command line, where other users of the machine and the shell's history would see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.errors import PasswordMissingError
from ledger.identity.private_files import read_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PASSWORD_VARIABLE: Final = "SMARTBORDER_PASSWORD"  # noqa: S105 - the variable's name, not a password


def find_password(
    *, file: Path | None = None, environment: Mapping[str, str], ask: Callable[[], str] | None = None
) -> str:
    """The password from the first of three sources that is given: the file, the environment, the person.

    Args:
        file: a file with the password in its first line, readable by its owner only.
        environment: searched for :data:`PASSWORD_VARIABLE`.
        ask: asks a person; ``None`` where nobody can be asked.

    Raises:
        PasswordMissingError: no source gave one, or it is empty.
        KeystoreMissingError, FileExposedError, FileUnusableError: the file cannot be used.
    """
    if file is not None:
        return _given(password_from_file(file), str(file))
    if PASSWORD_VARIABLE in environment:
        return _given(environment[PASSWORD_VARIABLE], PASSWORD_VARIABLE)
    if ask is not None:
        return _given(ask(), "password")
    raise PasswordMissingError(
        "a password is needed and nobody can be asked",
        mend=f"Set {PASSWORD_VARIABLE}, or name a password file that only you can read.",
    )


def password_from_file(path: Path) -> str:
    """The first line of a file that only its owner can read.

    Raises:
        PasswordMissingError: the file is not UTF-8 text.
        KeystoreMissingError, FileExposedError, FileUnusableError: the file cannot be used.
    """
    try:
        return read_private(path).decode().split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError:
        raise PasswordMissingError(
            "the password file is not UTF-8 text", where=str(path), mend="Write the password as UTF-8."
        ) from None


def _given(password: str, where: str) -> str:
    if not password:
        raise PasswordMissingError("the password is empty", where=where, mend="Give the password.")
    try:
        password.encode()
    except UnicodeEncodeError:  # bytes of the environment that are no text
        raise PasswordMissingError(
            "the password is not UTF-8 text", where=where, mend="Write the password as UTF-8."
        ) from None
    return password
