"""The interpreter's recursion limit, kept as it was.

Importing py_ecc, which comes with web3, raises it to 100,000, and py-evm to 12,288: more than the stack holds. A deeply
nested document from outside would then end the process, where it should raise ``RecursionError``.
"""

from __future__ import annotations

import sys
from typing import Final

LIMIT_BEFORE: Final = sys.getrecursionlimit()
"""The limit before this package imported any of them: this module is imported first."""


def restore_recursion_limit() -> None:
    """Undo what an import did to the limit. Calls among the contracts are few deep, so the EVM needs no more."""
    sys.setrecursionlimit(min(sys.getrecursionlimit(), LIMIT_BEFORE))
