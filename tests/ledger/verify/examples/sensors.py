"""Sensors: the limits of the goods, what was measured, and the devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role
from tests.ledger.verify.builder import CARRIER, EXPORTER, SEAL, moment_stamp, registered
from tests.ledger.verify.examples.example import (
    FAILED,
    UNDETERMINED,
    WARNING,
    example,
    left_open,
    not_checked,
    passing,
)
from tests.ledger.verify.examples.told import ToldStory, without_document

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

BOX = "urn:epc:id:bic:CSQU3054383"
LOGGER = "urn:epc:id:giai:4012345.T100"
HOUR = 3_600


def limit(kind: str, **bounds: Any) -> dict[str, Any]:
    return {f"border:{name}": value for name, value in {"type": kind, **bounds}.items()}


COLD = limit("Temperature", minValue=2, maxValue=8, uom="CEL")
SHOCK = limit("Acceleration", maxValue=5, uom="K40")
DARK = limit("Illuminance", maxValue=50, uom="LUX")
HOURLY = COLD | {"border:everyMinutes": 60}


def limited(*limits: Any) -> ToldStory:
    """A story in which the exporter states limits."""
    story = ToldStory()
    registered(story)
    story.observe(bizStep="packing", epcList=[BOX], **{"border:limits": list(limits)} if limits else {})
    return story


def report(kind: str = "Temperature", /, **members: Any) -> dict[str, Any]:
    return {"type": kind, **members}


def celsius(value: float, **members: Any) -> dict[str, Any]:
    return report(value=value, uom="CEL", **members)


def sensed(story: ToldStory, *reports: dict[str, Any], metadata: dict[str, Any] | None = None) -> Entry:
    """The carrier reads the logger, ten minutes before it is accepted."""
    element: dict[str, Any] = {"sensorReport": list(reports)}
    element |= {} if metadata is None else {"sensorMetadata": metadata}
    return story.observe(CARRIER, Role.CARRIER, bizStep="sensor_reporting", epcList=[BOX], sensorElementList=[element])


def closed(story: ToldStory) -> int:
    """The exporter seals the goods; when."""
    story.keep(SEAL)
    entry = story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded)
    assert entry.statement is not None
    return entry.statement.event_time


def read_every_hour(story: ToldStory, since: int, hours: tuple[int, ...]) -> Entry:
    """The logger's record: a reading in each of these hours."""
    reports = [celsius(4.5, deviceID=LOGGER, time=moment_stamp(since + hour * HOUR)) for hour in hours]
    story.block += max(hours)
    return sensed(story, *reports)


# limits


@passing("sensor.limits")
def limits_that_can_be_kept() -> Case:
    return limited(COLD, SHOCK).case()


@example("sensor.limits", WARNING, "its lower bound 8 is above its upper bound 2")
def limits_that_exclude_each_other() -> Case:
    return limited(limit("Temperature", minValue=8, maxValue=2, uom="CEL")).case()


@example("sensor.limits", WARNING, "it gives a bound without its unit (border:uom)")
def limit_without_a_unit() -> Case:
    return limited(limit("Temperature", maxValue=8)).case()


@not_checked("sensor.limits", "there was nothing to look at")
def goods_without_limits() -> Case:
    return limited().case()


# temperature


@passing("sensor.temperature")
def kept_cold_by_two_devices() -> Case:
    story = limited(COLD)
    sensed(story, celsius(4.5, deviceID=LOGGER), report(minValue=36, maxValue=46.8, uom="FAH"))
    return story.case()


@passing("sensor.temperature")
def warm_before_the_limit_was_stated() -> Case:
    story = ToldStory()
    registered(story)
    sensed(story, celsius(21))
    story.observe(bizStep="packing", epcList=[BOX], **{"border:limits": COLD})
    sensed(story, celsius(8.4))
    return story.case()


@example("sensor.temperature", FAILED, "came to 11.5 °C by asset 4012345T100 between")
def goods_that_were_warm_for_two_hours() -> Case:
    story = limited(COLD)
    for value in (5, 9.2, 11.5, 6):
        sensed(story, celsius(value, deviceID=LOGGER))
    return story.case()


@example("sensor.temperature", FAILED, "came to 30.2 °F on")
def goods_that_froze() -> Case:
    story = limited(COLD)
    sensed(story, report(minValue=30.2, maxValue=40, uom="FAH"))
    return story.case()


@example("sensor.temperature", UNDETERMINED, "have no unit that compares (none)")
def temperature_without_a_unit() -> Case:
    story = limited(COLD)
    sensed(story, report(value=45))
    return story.case()


@not_checked("sensor.temperature", "no document at hand measures it")
def limit_that_nobody_measured() -> Case:
    return limited(COLD).case()


@not_checked("sensor.temperature", "no document at hand measures it")
def other_things_were_measured() -> Case:
    story = limited(COLD | {"border:things": ["urn:epc:id:bic:HLXU1234561"]})
    sensed(story, celsius(30))
    return story.case()


# shock


@passing("sensor.shock")
def jolts_of_the_road() -> Case:
    story = limited(SHOCK)
    sensed(story, report("Acceleration", value=-5.1, uom="K40", component="z"))
    sensed(story, report("Acceleration", maxValue=30, uom="MSK"))
    return story.case()


@example("sensor.shock", FAILED, "came to -9.4 g on")
def container_that_was_dropped() -> Case:
    story = limited(SHOCK)
    sensed(story, report("Acceleration", value=-9.4, uom="K40", component="z"))
    return story.case()


@example("sensor.shock", UNDETERMINED, "have no unit that compares (KMH)")
def shock_in_kilometres_an_hour() -> Case:
    story = limited(SHOCK)
    sensed(story, report("Acceleration", value=3, uom="KMH"))
    return story.case()


# other conditions


@passing("sensor.condition")
def dark_all_the_way() -> Case:
    story = limited(DARK)
    sensed(story, report("Illuminance", value=3, uom="LUX"))
    return story.case()


@example("sensor.condition", FAILED, "came to 800 lx on")
def light_in_a_closed_container() -> Case:
    story = limited(DARK)
    sensed(story, report("Illuminance", value=800, uom="LUX"))
    return story.case()


@example("sensor.condition", UNDETERMINED, "have no unit that compares (B9X)")
def light_in_a_unit_that_nobody_knows() -> Case:
    story = limited(DARK)
    sensed(story, report("Illuminance", value=800, uom="B9X"))
    return story.case()


# gaps


@passing("sensor.gap")
def logger_that_was_read_every_hour() -> Case:
    story = limited(HOURLY)
    read_every_hour(story, closed(story), (0, 1, 2, 3, 4))
    return story.case()


@example("sensor.gap", WARNING, "has a gap of 4 hours, between")
def logger_that_was_switched_off_for_four_hours() -> Case:
    story = limited(HOURLY)
    read_every_hour(story, closed(story), (0, 1, 5, 6))
    return story.case()


@not_checked("sensor.gap", "nobody says how often it is read")
def limit_without_a_rhythm() -> Case:
    return limited(COLD).case()


@not_checked("sensor.gap", "no document at hand has one yet")
def record_that_is_still_to_come() -> Case:
    story = limited(HOURLY)
    closed(story)
    return story.case()


# devices


@passing("sensor.alarm")
def device_that_works() -> Case:
    story = limited()
    sensed(story, celsius(5), report("Illuminance", exception="ALARM_CONDITION", booleanValue=False))
    return story.case()


@example("sensor.alarm", WARNING, "raised an alarm on")
def device_that_raised_an_alarm() -> Case:
    story = limited()
    sensed(story, report(exception="ALARM_CONDITION", booleanValue=True, deviceID=LOGGER))
    return story.case()


@example("sensor.alarm", WARNING, "a sensor of Temperature reported that it does not work")
def device_that_failed() -> Case:
    story = limited()
    sensed(story, report(exception="ERROR_CONDITION"))
    return story.case()


@not_checked("sensor.alarm", "there was nothing to look at")
def goods_without_a_device() -> Case:
    return limited().case()


@passing("sensor.moment")
def measured_before_it_was_reported() -> Case:
    story = limited()
    now = story.now
    sensed(story, celsius(5), metadata={"startTime": moment_stamp(now), "endTime": moment_stamp(now + HOUR // 2)})
    return story.case()


@example("sensor.moment", WARNING, "after the event itself")
def measured_the_day_after_it_was_reported() -> Case:
    story = limited()
    sensed(story, celsius(5, time=moment_stamp(story.now + 24 * HOUR)))
    return story.case()


@example("sensor.moment", WARNING, "which is before it")
def measured_backwards() -> Case:
    story = limited()
    now = story.now
    sensed(story, celsius(5), metadata={"startTime": moment_stamp(now), "endTime": moment_stamp(now - HOUR)})
    return story.case()


@not_checked("sensor.moment", "there was nothing to look at")
def nothing_was_measured() -> Case:
    return limited().case()


@passing("sensor.rewritten")
def record_handed_on_in_another_unit() -> Case:
    story = limited()
    time = moment_stamp(story.now)
    sensed(story, celsius(8, deviceID=LOGGER, time=time), celsius(4, deviceID=LOGGER, time=time))
    sensed(story, report(value=46.4, uom="FAH", deviceID=LOGGER, time=time))
    return story.case()


@example("sensor.rewritten", FAILED, "it was 14 °C. One of the two was changed")
def record_that_was_mended() -> Case:
    story = limited()
    time = moment_stamp(story.now)
    sensed(story, celsius(14, deviceID=LOGGER, time=time))
    sensed(story, celsius(6, deviceID=LOGGER, time=time))
    return story.case()


@not_checked("sensor.rewritten", "there was nothing to look at")
def readings_told_once() -> Case:
    story = limited()
    sensed(story, celsius(5, deviceID=LOGGER))
    return story.case()


@left_open("sensor.gap", teller="document.present", words="Ask Straits Line to share it")
def gap_whose_document_is_not_at_hand() -> Case:
    story = limited(HOURLY)
    begin = closed(story)
    hidden = sensed(story, celsius(5))
    read_every_hour(story, begin, (0, 1, 5, 6))
    return without_document(story.case(), hidden)
