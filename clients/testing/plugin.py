"""The pytest plugin ``smartborder``.

It imports the ledger inside its fixtures only: pytest loads plugins before anything is measured, and before a project
that merely has this package installed asks for a chain.
"""
