"""The chain: nodes, contracts, transactions, receipts and a consignment's history."""
