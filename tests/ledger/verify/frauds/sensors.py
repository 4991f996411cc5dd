"""Frauds with the record of what the goods were exposed to: limits, gaps, devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Role, Side
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import SEAL_NUMBER, in_busan, in_singapore, packed
from tests.ledger.verify.histories.life import HOUR

if TYPE_CHECKING:
    from ledger.verify.case import Case
    from tests.ledger.verify.histories.journey import Journey

COLD = {"border:type": "Temperature", "border:minValue": 2, "border:maxValue": 8, "border:uom": "CEL"}


@fraud("sensor.limits")
def limit_that_nothing_can_break() -> Case:
    """The exporter writes a limit whose bounds exclude each other, so that nobody can be held to it."""
    journey = packed()
    journey.limits([COLD | {"border:minValue": 8, "border:maxValue": 2}])
    return sealed_away(journey).life.case()


@fraud("sensor.temperature")
def vaccines_left_in_the_sun_at_the_port() -> Case:
    """The container stands unplugged in Busan for three hours; the logger says so."""
    journey = cold_to_busan()
    for celsius in (5.0, 11.4, 17.8, 6.0):
        journey.life.wait(hours=1)
        journey.logs(*carrier(journey), celsius=celsius)
    return journey.life.case()


@fraud("sensor.temperature")
def meat_frozen_and_thawed_in_fahrenheit() -> Case:
    """The carrier froze chilled meat and reports it in another unit, so that it reads like the limit of 2 to 8."""
    journey = cold_to_busan()
    journey.life.wait(hours=1)
    journey.logs(*carrier(journey), report={"value": 7.5, "uom": "FAH"})
    return journey.life.case()


@fraud("sensor.shock")
def container_dropped_by_the_crane() -> Case:
    """The crane lets the container fall, and the carrier passes on the record without a word."""
    journey = packed()
    journey.limits([{"border:type": "Acceleration", "border:maxValue": 4, "border:uom": "K40"}])
    to_busan(journey)
    journey.logs(*carrier(journey), report={"type": "Acceleration", "value": 11.2, "uom": "K40", "component": "z"})
    return journey.life.case()


@fraud("sensor.condition")
def light_inside_while_the_seal_was_on() -> Case:
    """Daylight falls on the sensor inside the sealed container: somebody cut the wall and left the seal alone."""
    journey = packed()
    journey.limits([{"border:type": "Illuminance", "border:maxValue": 20, "border:uom": "LUX"}])
    to_busan(journey)
    journey.logs(*carrier(journey), report={"type": "Illuminance", "value": 760, "uom": "LUX"})
    return journey.life.case()


@fraud("sensor.gap")
def logger_switched_off_for_nine_hours() -> Case:
    """The carrier switches the logger off overnight, and hands on a record that jumps from evening to morning."""
    journey = packed()
    journey.limits([COLD | {"border:everyMinutes": 60}])
    journey.life.wait(minutes=30)
    journey.seals(SEAL_NUMBER, journey.cast.exporter, Role.EXPORTER)
    begin, life = journey.life.now, journey.life
    life.wait(hours=14)
    hours = (*range(4), *range(12, 15))
    journey.reports([{"value": 4.5, "uom": "CEL", "time": journey.stamp(begin + hour * HOUR)} for hour in hours])
    return life.case()


@fraud("sensor.alarm")
def alarm_passed_on_without_a_word() -> Case:
    """The tracker raised an alarm in Singapore; the carrier records it and sails on."""
    journey = in_singapore()
    journey.logs(*carrier(journey), report={"exception": "ALARM_CONDITION", "booleanValue": True})
    return journey.life.case()


@fraud("sensor.moment")
def readings_of_next_week_in_todays_record() -> Case:
    """The record was filled in beforehand: it has readings of days that had not come."""
    journey = in_busan()
    life = journey.life
    later = journey.stamp(life.now + 5 * 24 * HOUR)
    journey.logs(*carrier(journey), report={"value": 5, "uom": "CEL", "time": later})
    return life.case()


@fraud("sensor.rewritten")
def record_mended_before_it_was_shown_to_customs() -> Case:
    """What the logger measured in Singapore is told again in Rotterdam, nine degrees colder."""
    journey = in_singapore()
    measured = journey.stamp(journey.life.now)
    journey.logs(*carrier(journey), report={"value": 14.5, "uom": "CEL", "time": measured})
    journey.passes_transit("SG")
    journey.life.wait(hours=3)
    journey.logs(*carrier(journey), report={"value": 5.5, "uom": "CEL", "time": measured})
    return journey.life.case()


@fraud("sensor.temperature")
def limit_loosened_by_the_carrier() -> Case:
    """The carrier states a wider limit of its own and keeps to that; the exporter's still holds."""
    journey = cold_to_busan()
    wider = [COLD | {"border:maxValue": 25}]
    told = journey.about_container("transporting", **{"border:limits": wider})
    journey.life.observe(*carrier(journey), told)
    journey.life.wait(hours=1)
    journey.logs(*carrier(journey), celsius=19.0)
    return journey.life.case()


def cold_to_busan() -> Journey:
    """Goods to be kept at 2 to 8 °C, at the port with the carrier."""
    journey = packed()
    journey.limits([COLD])
    return to_busan(journey)


def to_busan(journey: Journey) -> Journey:
    """From the factory to the port, as every consignment goes there."""
    sealed_away(journey)
    journey.clears(Side.EXPORT)
    journey.life.wait(hours=1)
    journey.hands_over(journey.cast.carrier, Role.CARRIER)
    journey.km = 0.0
    journey.life.wait(hours=5)
    return journey


def sealed_away(journey: Journey) -> Journey:
    journey.life.wait(minutes=30)
    journey.seals(SEAL_NUMBER, journey.cast.exporter, Role.EXPORTER)
    journey.life.wait(minutes=30)
    return journey


def carrier(journey: Journey) -> tuple[Any, Role]:
    return journey.cast.carrier, Role.CARRIER
