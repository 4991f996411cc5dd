"""Transparency logs: Merkle trees, logs on disk, checkpoints, cosignatures, proofs and witnesses, as in C2SP."""
