"""What developers run: thin, the logic is in ledger/."""
