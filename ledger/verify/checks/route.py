"""The countries that a consignment concerns, read from its own statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import InputError
from ledger.identity.milestones import Milestone
from ledger.identity.terms import parse_route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.identity.statements import Statement
    from ledger.verify.case import Case, Entry


def countries_concerned(case: Case) -> Iterator[tuple[Entry, Statement, tuple[str, ...] | None]]:
    """Each statement that could be read, with the countries that the consignment concerned before it.

    They are export country, import country, then transit countries; None where a statement that names one of them is
    missing or could not be read. A registration is given with its own.
    """
    route: tuple[str, ...] | None = None
    for entry in case.sequence:
        milestone, statement = entry.acceptance.milestone, entry.statement
        if milestone is Milestone.REGISTERED:
            route = None if statement is None else _registered_route(statement.terms)
        if statement is not None:
            yield entry, statement, route
        if milestone is Milestone.TRANSIT_ADDED:
            route = None if route is None or statement is None else (*route, _country(statement.terms))


def _registered_route(terms: bytes) -> tuple[str, ...] | None:
    try:
        route = parse_route(terms)
    except InputError:
        return None
    return (route.export_country, route.import_country, *route.transit)


def _country(terms: bytes) -> str:
    return terms[:2].decode("latin-1")
