"""The SMART Border Ledger library: standards, cryptography and the chain, without a user interface."""
