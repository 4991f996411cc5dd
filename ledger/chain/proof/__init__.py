"""Proofs of what the chain holds, checked without a chain: no node, no clock, no disk.

===============  ==========================================================================================
``headers``      a block's header and its hash
``receipts``     the receipts of a block, and the root of their trie
``logs``         a log entry under a header
``storage``      what an account and its storage held under a header (EIP-1186)
``heads``        which head a consignment had under a header, or that it had none
``qbft``         commit seals, counted against validators that the verifier trusts
``finality``     how final a block is, and by whose word
``gathering``    makes proofs by asking a node; everything else here only checks
===============  ==========================================================================================

Whatever is checked here may come from a stranger: each byte is canonical, each limit is named, nothing is left over,
and what fails raises a :class:`~ledger.chain.proof.errors.ProofError`.
"""
