"""Containers and pallets: what is inside what at any moment, by aggregation and association."""
