"""The chain: nodes, contracts, transactions, receipts and a consignment's history."""

from __future__ import annotations

from ledger.chain import recursion as recursion
