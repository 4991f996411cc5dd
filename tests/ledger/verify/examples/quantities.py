"""Quantities: what goes out of a packing or a transformation is not more than what went in."""
