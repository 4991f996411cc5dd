"""What transactions cost, ours and those of the contracts measured beside them; ``scripts.bench.gas`` prints it."""
