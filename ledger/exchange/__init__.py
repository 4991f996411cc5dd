"""Parcels between parties: sealed, opened, checked against the chain."""
