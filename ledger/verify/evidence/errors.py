"""What can be wrong with an evidence bundle or a trust file.

::

    InputError └── EvidenceError             it cannot be used
                   ├── NotABundleError       the file is something else
                   ├── BundleVersionError    it is of a version that is not known here
                   ├── BundleTooLargeError   it has more of something than an honest bundle has
                   ├── BundleMalformedError  it is not what the one way of writing a bundle gives
                   └── TrustMalformedError   a trust file that is none
"""

from __future__ import annotations

from ledger.errors import InputError


class EvidenceError(InputError):
    """An evidence bundle or a trust file cannot be used."""


class NotABundleError(EvidenceError):
    """The file is no evidence bundle."""


class BundleVersionError(EvidenceError):
    """A bundle of a version that is not known here."""


class BundleTooLargeError(EvidenceError):
    """More of something than an honest bundle has."""


class BundleMalformedError(EvidenceError):
    """Bytes that are not the one form of a bundle: altered, cut short, or holding what nothing needs."""


class TrustMalformedError(EvidenceError):
    """A trust file that is none."""
