"""Histories that a generator tells: honest ones, at random from a seed, and those of the corpus of frauds."""
