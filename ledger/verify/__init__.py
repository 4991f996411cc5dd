"""Checks, findings and verdicts."""
