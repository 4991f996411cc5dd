"""Limits of goods as events state them: what is read, in both bindings, and what is not."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.epcis import read, write_xml
from ledger.verify import Outcome, verify
from ledger.verify.limits import MOST_LIMITS, Limit, UnreadableLimit, limits_of
from ledger.verify.trail import Step
from tests.ledger.verify.builder import START, moment_stamp
from tests.ledger.verify.examples.sensors import COLD, celsius, limit, limited, sensed
from tests.ledger.verify.examples.told import CONTEXT

BOX = "urn:epc:id:bic:CSQU3054383"
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
)
MEMBERS = ("type", "minValue", "maxValue", "uom", "everyMinutes", "things")


def stated(limits, *, xml=False):
    content = {
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "eventTime": moment_stamp(START),
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "epcList": [BOX],
        "border:limits": limits,
    }
    document = read(json.dumps(content).encode())
    event = read(write_xml(document)).events[0] if xml else document.events[0]
    return limits_of(Step(None, event))


@pytest.mark.parametrize("xml", [False, True])
def test_a_limit_is_read_the_same_from_both_bindings(xml):
    (found,) = stated([COLD | {"border:everyMinutes": 60, "border:things": [BOX]}], xml=xml)
    assert isinstance(found, Limit)
    assert (found.kind, str(found), found.every_seconds, found.things) == ("Temperature", "2 °C to 8 °C", 3600, {BOX})
    assert found.since == START


def test_one_limit_may_stand_without_a_list_and_with_one_bound():
    (most,) = stated(limit("gs1:Acceleration", maxValue="5.5", uom="K40"))
    (least,) = stated(limit("Illuminance", minValue=1, uom="LUX"))
    assert (most.kind, str(most)) == ("Acceleration", "at most 5.5 g")
    assert (least.kind, str(least)) == ("Illuminance", "at least 1 lx")


def test_a_rhythm_needs_no_bound():
    (found,) = stated(limit("Temperature", everyMinutes=15))
    assert (found.least, found.most, found.every_seconds) == (None, None, 900)


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (limit("", maxValue=8, uom="CEL"), "does not say what is measured"),
        (limit("Temperature"), "names no bound"),
        (limit("Temperature", maxValue=8), "without its unit"),
        (limit("Temperature", maxValue="warm", uom="CEL"), "no number that can be measured"),
        (limit("Temperature", maxValue=True, uom="CEL"), "no number that can be measured"),
        (limit("Temperature", maxValue="1e999", uom="CEL"), "no number that can be measured"),
        (limit("Temperature", maxValue="NaN", uom="CEL"), "no number that can be measured"),
        (limit("Temperature", maxValue="9" * 40, uom="CEL"), "no number that can be measured"),
        (limit("Temperature", minValue=8, maxValue=2, uom="CEL"), "is above its upper bound"),
        (limit("Temperature", everyMinutes=0), "nothing is read every 0 minutes"),
        (limit("Temperature", everyMinutes=10**7), "nothing is read every"),
        ("cold", "it is no object"),
    ],
)
def test_a_limit_that_cannot_be_kept_says_why(members, why):
    (found,) = stated([members])
    assert isinstance(found, UnreadableLimit)
    assert why in found.why


def test_an_event_states_so_many_limits_and_no_more():
    many = [limit("Temperature", maxValue=number, uom="CEL") for number in range(MOST_LIMITS + 1)]
    assert len(stated(many[:-1])) == MOST_LIMITS
    (found,) = stated(many)
    assert isinstance(found, UnreadableLimit)
    assert "at most 100" in found.why


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(MEMBERS), st.one_of(SCALARS, st.lists(SCALARS, max_size=3)), max_size=6))
def test_whatever_a_limit_says_it_is_read_or_refused_and_every_reading_is_judged(members):
    story = limited({f"border:{name}": value for name, value in members.items()})
    sensed(story, celsius(5))
    case = story.case()
    assert len(case.limits) == 1
    outcomes = {finding.outcome for finding in verify(case).findings if finding.rule.startswith("sensor.")}
    assert outcomes <= set(Outcome)


@settings(deadline=None, max_examples=60)
@given(st.decimals(-300, 300, places=2, allow_nan=False), st.decimals(-300, 300, places=2, allow_nan=False))
def test_a_temperature_is_found_too_warm_exactly_where_it_is_more_than_half_a_kelvin_above(most, value):
    story = limited(limit("Temperature", maxValue=float(most), uom="CEL"))
    sensed(story, celsius(float(value)))
    failed = {finding.rule for finding in verify(story.case()).failed}
    assert failed == ({"sensor.temperature"} if value > most + Decimal("0.5") else set())
