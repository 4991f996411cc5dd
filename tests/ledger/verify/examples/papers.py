"""Papers: the business transactions that several events name agree."""
