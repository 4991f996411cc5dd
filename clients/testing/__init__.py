"""For developers of local chain tests: a pytest plugin with a deployed consortium on an embedded chain."""
