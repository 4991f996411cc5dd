"""The demo: a consignment's whole story on the embedded chain, and six frauds that fail."""
