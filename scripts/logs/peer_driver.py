"""Measure pymerkle in an environment of its own: ``peer_driver.py SIZE PROOFS`` prints seconds as JSON.

It imports nothing of this project, and is never imported by it.
"""

import json
import random
import sys
import time
from itertools import pairwise

from pymerkle import InmemoryTree, verify_consistency, verify_inclusion  # type: ignore[import-not-found]  # in its own environment


def measured(size: int, proofs: int) -> dict[str, float]:
    """Seconds for each task on a tree of so many entries.

    Args:
        size: how many entries.
        proofs: how many proofs of each kind.
    """
    chance = random.Random(7)  # noqa: S311 - a workload, not a secret
    entries = [number.to_bytes(32, "big") for number in range(size)]
    marks = [time.perf_counter()]

    def mark() -> None:
        marks.append(time.perf_counter())

    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    root = tree.get_root()
    mark()
    indexes = [chance.randrange(size) + 1 for _ in range(proofs)]
    found = [tree.prove_inclusion(index, size) for index in indexes]
    mark()
    for index, proof in zip(indexes, found, strict=True):
        verify_inclusion(tree.get_leaf(index), root, proof)
    mark()
    sizes = [chance.randrange(1, size) for _ in range(proofs)]
    grown = [tree.prove_consistency(old, size) for old in sizes]
    mark()
    roots = [tree.get_root(old) for old in sizes]
    start = time.perf_counter()
    for old, proof in zip(roots, grown, strict=True):
        verify_consistency(old, root, proof)
    last = time.perf_counter() - start
    spans = [after - before for before, after in pairwise(marks)]
    return dict(zip(("append", "prove", "verify", "prove_growth", "verify_growth"), [*spans, last], strict=True))


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
