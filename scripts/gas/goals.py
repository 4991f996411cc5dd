"""The most that a transaction of ours may cost, by its kind: the one place where the goals stand."""

from __future__ import annotations

from typing import Final

REGISTRATION_GAS: Final = 150_000
MILESTONE_GAS: Final = 65_000
NEW_SLOT_GAS: Final = 85_000
BATCHED_GAS: Final = 36_000
BATCHED_NEW_SLOT_GAS: Final = 56_000
BATCH: Final = 50


def goal(transaction: str) -> int:
    """The most gas for each statement of a transaction.

    Args:
        transaction: its name, as in the snapshots of forge: one of a batch begins with its number of statements, one
            that fills a storage slot for the first time says so.
    """
    if "registered" in transaction:
        return REGISTRATION_GAS
    batched, new_slot = statements(transaction) > 1, "new slot" in transaction
    if batched:
        return BATCHED_NEW_SLOT_GAS if new_slot else BATCHED_GAS
    return NEW_SLOT_GAS if new_slot else MILESTONE_GAS


def statements(transaction: str) -> int:
    """How many statements a transaction of this name carries."""
    first = transaction.split(" ", 1)[0]
    return int(first) if first.isdecimal() else 1
