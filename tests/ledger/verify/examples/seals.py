"""Seals: who put which one on, checked it, found it broken or replaced it, and when."""
