"""Sensors: when a report was measured, what it is held against, and how a record with holes is told."""

import pytest

from ledger.identity.milestones import Milestone, Role
from ledger.verify import verify
from tests.ledger.verify.builder import EXPORTER, moment_stamp
from tests.ledger.verify.examples.sensors import (
    BOX,
    COLD,
    HOUR,
    HOURLY,
    LOGGER,
    celsius,
    closed,
    limit,
    limited,
    read_every_hour,
    report,
    sensed,
)


def reasons(story, rule):
    return [finding.reason for finding in verify(story.case()).findings if finding.rule == rule]


def is_found(story, rule):
    return any(finding.rule == rule for finding in (*verify(story.case()).failed, *verify(story.case()).warnings))


def test_a_report_takes_time_and_device_from_itself_else_from_its_element_else_from_the_event():
    story = limited()
    begin = story.now
    span = {"startTime": moment_stamp(begin), "endTime": moment_stamp(begin + HOUR), "deviceID": LOGGER}
    sensed(
        story,
        celsius(5),
        celsius(6, time=moment_stamp(begin + 60), deviceID="urn:epc:id:giai:4012345.T2"),
        metadata=span,
    )
    happened = story.now + 3_000
    sensed(story, celsius(7))
    found = {each.values[0].value: (each.begin, each.end, each.device[-4:]) for each in story.case().sensed}
    assert found[5] == (begin, begin + HOUR, "T100")
    assert found[6] == (begin + 60, begin + 60, "45T2")
    assert found[7] == (happened, happened, "")


def test_an_event_told_by_two_members_counts_once():
    story = limited(COLD)
    entry = sensed(story, celsius(11))
    story.say(
        Milestone.OBSERVED,
        EXPORTER,
        Role.EXPORTER,
        commitment=entry.statement.commitment,
        event_time=entry.statement.event_time,
    )
    assert len(reasons(story, "sensor.temperature")) == 1


def test_what_was_measured_of_a_place_is_not_held_against_the_goods():
    story = limited(COLD)
    element = {"sensorReport": [celsius(25)]}
    story.observe(
        bizStep="sensor_reporting", readPoint={"id": "urn:epc:id:sgln:8801234.00002.0"}, sensorElementList=[element]
    )
    assert not is_found(story, "sensor.temperature")


def test_a_lot_is_goods_too():
    story = limited(COLD)
    amount = {"epcClass": "urn:epc:class:lgtin:4012345.011111.L7", "quantity": 20, "uom": "KGM"}
    element = {"sensorReport": [celsius(25)]}
    story.observe(bizStep="inspecting", quantityList=[amount], sensorElementList=[element])
    assert is_found(story, "sensor.temperature")


def test_a_limit_for_some_things_holds_for_no_others():
    for things, found in (
        (BOX, True),
        (["urn:epc:id:bic:HLXU1234561", BOX], True),
        ("urn:epc:id:bic:HLXU1234561", False),
    ):
        story = limited(COLD | {"border:things": things})
        sensed(story, celsius(25))
        assert is_found(story, "sensor.temperature") is found


def test_a_limit_ends_with_the_goods():
    story = limited(COLD)
    story.say(Milestone.CANCELLED, EXPORTER, Role.EXPORTER)
    sensed(story, celsius(25))
    assert not is_found(story, "sensor.temperature")


@pytest.mark.parametrize(("low", "uom"), [(1.6, "CEL"), (34.8, "FAH"), (274.7, "KEL")])
def test_what_a_thermometer_is_accurate_to_is_no_breach_in_any_unit(low, uom):
    story = limited(COLD)
    sensed(story, report(value=low, uom=uom))
    assert not is_found(story, "sensor.temperature")


def test_two_devices_are_told_apart_and_each_run_once():
    story = limited(COLD)
    for value in (9, 9.5, 5, 10):
        sensed(story, celsius(value, deviceID=LOGGER), celsius(value + 1, deviceID="urn:epc:id:giai:4012345.T2"))
    assert len(reasons(story, "sensor.temperature")) == 4


def test_a_shock_of_three_directions_is_held_against_the_limit_in_each():
    story = limited(limit("Acceleration", maxValue=49, uom="MSK"))
    sensed(
        story,
        *(report("Acceleration", value=value, uom="K40", component=axis) for axis, value in (("x", 1), ("z", -6))),
    )
    (reason,) = reasons(story, "sensor.shock")
    assert "came to -6 g" in reason


def test_of_several_gaps_the_longest_is_told_with_their_number():
    story = limited(HOURLY)
    read_every_hour(story, closed(story), (0, 1, 4, 5, 10))
    (reason,) = reasons(story, "sensor.gap")
    assert "has 2 gaps, the longest of 5 hours" in reason


def test_a_record_that_ends_before_the_goods_are_cancelled_has_a_gap_at_its_end():
    story = limited(HOURLY)
    read_every_hour(story, closed(story), (0, 1, 2))
    story.block += 8
    story.say(Milestone.CANCELLED, EXPORTER, Role.EXPORTER)
    (reason,) = reasons(story, "sensor.gap")
    assert "has a gap of 9 hours" in reason or "has a gap of 10 hours" in reason


def test_goods_that_ended_without_any_record_have_one_gap():
    story = limited(HOURLY)
    closed(story)
    story.block += 8
    story.say(Milestone.CANCELLED, EXPORTER, Role.EXPORTER)
    (reason,) = reasons(story, "sensor.gap")
    assert "has a gap of" in reason


def test_goods_that_were_never_closed_are_recorded_from_the_first_reading_on():
    story = limited(HOURLY)
    begin = story.now
    story.block += 1
    read_every_hour(story, begin, (1, 2, 3))
    assert not is_found(story, "sensor.gap")


def test_an_alarm_told_by_several_reports_of_one_event_is_one_finding():
    story = limited()
    sensed(story, *(report(exception="gs1:ALARM_CONDITION", deviceID=LOGGER) for _ in range(3)))
    assert len(reasons(story, "sensor.alarm")) == 1


def test_an_alarm_of_ones_own_is_told_by_its_name():
    story = limited()
    sensed(story, report(exception="https://devices.example/alerts/DoorOpened", deviceID=LOGGER))
    (reason,) = reasons(story, "sensor.alarm")
    assert "reported https://devices.example/alerts/DoorOpened" in reason


def test_values_whose_units_do_not_compare_are_no_contradiction():
    story = limited()
    time = moment_stamp(story.now)
    for uom in ("P1", "B9X"):
        sensed(story, report("RelativeHumidity", value=50, uom=uom, deviceID=LOGGER, time=time))
    assert not is_found(story, "sensor.rewritten")


@pytest.mark.parametrize(("second", "found"), [(60.5, False), (62, True)])
def test_values_are_the_same_where_only_digits_were_dropped(second, found):
    story = limited()
    time = moment_stamp(story.now)
    for value in (60, second):
        sensed(story, report("RelativeHumidity", value=value, uom="P1", deviceID=LOGGER, time=time))
    assert is_found(story, "sensor.rewritten") is found
