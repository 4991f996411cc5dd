"""Mutation testing of the contracts: does a test fail when a rule is changed?

A build takes a minute and more, so the mutants are not compiled one by one. All of them are woven into one copy of the
sources, each behind a switch, and compiled once; forge's block beneficiary (``--block-coinbase``) says which is on.
"""
