"""What can go wrong with a parcel. Nothing of a parcel is kept after any of these.

::

    InputError   ├── NotAParcelError
                 ├── ParcelVersionError
                 ├── ParcelTooLargeError
                 └── ParcelAlteredError
    AccessError  └── WrongRecipientError
    Refused      ├── OtherChainError
                 ├── UnknownGiverError
                 └── ParcelRefusedError
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import AccessError, InputError, Refused

if TYPE_CHECKING:
    from ledger.exchange.checking import ParcelProblem


class NotAParcelError(InputError):
    """The bytes are no parcel."""


class ParcelVersionError(InputError):
    """The parcel is of a version that this software does not know."""


class ParcelTooLargeError(InputError):
    """The parcel, or a part of it, is larger than any honest one."""


class ParcelAlteredError(InputError):
    """The parcel does not open, or is not what its giver made."""


class WrongRecipientError(AccessError):
    """The parcel is for another member."""


class OtherChainError(Refused):
    """The parcel is about another chain or contract."""


class UnknownGiverError(Refused):
    """The parcel was signed with a key that is no member's, or not the stated giver's."""


class ParcelRefusedError(Refused):
    """What is in the parcel does not agree with the chain.

    Args:
        problems: everything that was found.
    """

    def __init__(self, problems: tuple[ParcelProblem, ...]) -> None:
        count = f"{len(problems)} things" if len(problems) > 1 else "one thing"
        super().__init__(
            f"{count} in the parcel do not agree with the chain"
            if len(problems) > 1
            else f"{count} in the parcel does not agree with the chain",
            where="parcel",
            mend="Nothing was kept. Ask the giver for a new parcel, and tell them what was found.",
        )
        self.problems = problems

    def diagnostics(self) -> str:
        """The message, then a line for each problem."""
        return "\n".join([str(self), *(f"- {problem}" for problem in self.problems), self.mend])
