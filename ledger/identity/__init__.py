"""Who speaks, and how: keys, keystores, roles and EIP-712 statements."""
