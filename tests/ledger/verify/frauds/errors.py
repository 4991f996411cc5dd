"""Frauds with error declarations: events taken back that were true, or by whom they do not belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Role
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import RIVAL, in_busan, in_singapore, sealed
from tests.ledger.verify.histories.honest import event_id
from tests.ledger.verify.histories.world import SINGAPORE

if TYPE_CHECKING:
    from ledger.verify.case import Case
    from tests.ledger.verify.builder import Member
    from tests.ledger.verify.histories.journey import Journey


@fraud("error.target")
def scan_changed_while_it_was_declared_wrong() -> Case:
    """The carrier withdraws a scan that it never made; the one that it made, of the same hour, still stands."""
    journey = in_busan()
    scan = journey.about_container("loading") | {"eventID": event_id(1)}
    happened = observed(journey, scan)
    journey.life.wait(hours=1)
    withdrawn(journey, scan | {"bizStep": "unloading"}, happened)
    return journey.life.case()


@fraud("error.own")
def rival_declares_the_carriers_scan_wrong() -> Case:
    """A rival of the carrier declares its scan wrong, to make its record look unreliable."""
    journey = in_busan()
    scan = journey.about_container("loading") | {"eventID": event_id(1)}
    happened = observed(journey, scan)
    journey.life.wait(hours=1)
    withdrawn(journey, scan, happened, by=RIVAL)
    return journey.life.case()


@fraud("error.time")
def declared_wrong_before_it_was_scanned() -> Case:
    """The withdrawal was written the day before the scan: the carrier knew what it would have to take back."""
    journey = in_busan()
    scan = journey.about_container("loading") | {"eventID": event_id(1)}
    happened = observed(journey, scan)
    journey.life.wait(hours=1)
    withdrawn(journey, scan, happened, declared=happened - 20 * 3_600)
    return journey.life.case()


@fraud("error.corrective")
def correction_that_never_came() -> Case:
    """An awkward scan is withdrawn with the promise of a right one, which nobody ever records."""
    journey = in_busan()
    scan = journey.about_container("loading") | {"eventID": event_id(1)}
    happened = observed(journey, scan)
    journey.life.wait(hours=1)
    withdrawn(journey, scan, happened, right=[event_id(2)])
    return journey.life.case()


@fraud("error.corrective")
def data_called_incorrect_and_none_given_instead() -> Case:
    """The exporter calls the data of its own scan incorrect, and does not say which are right."""
    journey = sealed()
    scan = journey.about_container("storing") | {"eventID": event_id(1)}
    exporter = journey.cast.exporter
    happened = observed(journey, scan, exporter, Role.EXPORTER)
    journey.life.wait(hours=1)
    withdrawn(journey, scan, happened, by=exporter, role=Role.EXPORTER, reason="incorrect_data")
    return journey.life.case()


@fraud("error.milestone")
def departure_taken_back_behind_the_ledgers_back() -> Case:
    """The carrier declares the document of its departure wrong, and leaves the departure on the ledger."""
    journey = in_busan()
    told = journey.on_the_way("departing", disposition="in_transit") | {"eventID": event_id(1)}
    happened = journey.life.now
    journey.departs(SINGAPORE, told)
    journey.life.wait(hours=1)
    withdrawn(journey, told, happened)
    return journey.life.case()


@fraud("document.declared_wrong")
def scan_in_singapore_that_is_said_not_to_have_been() -> Case:
    """The carrier takes back a scan in Singapore: it did not occur, it says now."""
    journey = in_singapore()
    scan = journey.about_container("unloading") | {"eventID": event_id(1)}
    happened = observed(journey, scan)
    journey.life.wait(hours=2)
    withdrawn(journey, scan, happened)
    return journey.life.case()


def observed(journey: Journey, told: dict[str, Any], by: Member | None = None, role: Role = Role.CARRIER) -> int:
    """Somebody, or else the carrier, observes it now; when that is."""
    journey.life.observe(by or journey.cast.carrier, role, told)
    return journey.life.now


def withdrawn(
    journey: Journey,
    told: dict[str, Any],
    happened: int,
    *,
    by: Member | None = None,
    role: Role = Role.CARRIER,
    **declaration: Any,
) -> None:
    """Declare an event wrong, now or when it is said; with the events that are right, if any are named."""
    declared = {
        "declarationTime": journey.stamp(declaration.get("declared", journey.life.now)),
        "reason": declaration.get("reason", "did_not_occur"),
    }
    if "right" in declaration:
        declared["correctiveEventIDs"] = declaration["right"]
    again = {**told, "errorDeclaration": declared}
    journey.life.observe(by or journey.cast.carrier, role, again, event_time=happened)
