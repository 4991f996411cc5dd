"""The event hash sees through spelling, and through nothing else."""

import copy
import hashlib
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.eventhash import event_hash, hash_bytes, hash_id, prehash
from ledger.errors import InputError
from tests.ledger.epcis.hash_events import (
    NAMESPACE,
    Compact,
    Names,
    Plain,
    Spelled,
    events,
    left_out,
    plain,
    spell,
)

seeds = st.integers(0, 2**32)
BARE = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T09:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "ADD",
}
BARE_PREHASH = "eventType=ObjectEventeventTime=2026-03-01T08:15:00.000ZeventTimeZoneOffset=+01:00action=ADD"


def after_the_bare_event(**members: object) -> str:
    """The part of the pre-hash string that these members add; ``ext__name`` is an extension."""
    data = {**BARE, **{name.replace("__", ":"): value for name, value in members.items()}}
    return prehash(plain(data, ext="https://ext.example/")).removeprefix(BARE_PREHASH)


@given(events, seeds, seeds)
def test_two_spellings_of_one_event_have_one_hash(meaning: dict[object, object], one: int, other: int) -> None:
    assert prehash(spell(meaning, one)) == prehash(spell(meaning, other))


@given(events, st.fixed_dictionaries({}, optional=left_out), seeds)
def test_what_is_left_out_does_not_move_the_hash(
    meaning: dict[object, object], more: dict[object, object], seed: int
) -> None:
    assert event_hash(spell(meaning, seed)) == event_hash(spell({**meaning, **more}, seed))


@given(events, seeds, st.data())
def test_a_change_of_anything_hashed_moves_the_hash(
    meaning: dict[object, object], seed: int, data: st.DataObject
) -> None:
    changed = copy.deepcopy(meaning)
    leaves = list(_leaves(changed))
    holder, key = leaves[data.draw(st.integers(0, len(leaves) - 1))]
    value = holder[key]
    holder[key] = data.draw(st.sampled_from([item for item in _others(value) if item != value]))
    assert event_hash(spell(changed, seed)) != event_hash(spell(meaning, seed))


def _leaves(value: object) -> list[tuple[Any, Any]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, each in pairs for leaf in (_leaves(each) or [(value, key)])]
    return []


def _others(value: object) -> list[object]:
    if isinstance(value, Spelled) and str(value.spellings[0]).startswith("20"):
        return [Spelled(("1999-12-31T23:59:59Z",))]
    return [Spelled(("something else",)), Compact("else/where")]


@given(events, seeds)
def test_the_hash_is_sha_256_of_the_prehash_string(meaning: dict[object, object], seed: int) -> None:
    event = spell(meaning, seed)
    digest = hashlib.sha256(prehash(event).encode("utf-8"))
    assert event_hash(event) == hash_id(hash_bytes(event)) == f"ni:///sha-256;{digest.hexdigest()}?ver=CBV2.0"


def test_the_members_of_an_event_come_in_the_order_of_the_standard() -> None:
    members = {
        "certificationInfo": "urn:c",
        "parentID": "urn:p",
        "epcList": ["urn:e"],
        "inputEPCList": ["urn:ie"],
        "childEPCs": ["urn:ce"],
        "quantityList": [{"uom": "KGM", "quantity": 1, "epcClass": "urn:q"}],
        "childQuantityList": [{"epcClass": "urn:cq"}],
        "inputQuantityList": [{"epcClass": "urn:iq"}],
        "outputEPCList": ["urn:oe"],
        "outputQuantityList": [{"epcClass": "urn:oq"}],
        "transformationID": "urn:t",
        "bizStep": "shipping",
        "disposition": "active",
        "persistentDisposition": {"unset": ["recalled"], "set": ["stolen"]},
        "readPoint": {"id": "urn:r"},
        "bizLocation": {"id": "urn:l"},
        "sensorElementList": [
            {"sensorReport": [{"uom": "CEL", "value": 1, "type": "Mass"}], "sensorMetadata": {"deviceID": "d"}}
        ],
        "bizTransactionList": [{"bizTransaction": "urn:b", "type": "po"}],
        "destinationList": [{"destination": "urn:d", "type": "location"}],
        "ilmd": {"ext:lot": "7"},
        "sourceList": [{"source": "urn:s", "type": "location"}],
        "ext:seal": "9",
    }
    names = list(members)
    random.Random(1).shuffle(names)
    event = plain({**{name: members[name] for name in names}, **BARE}, ext="https://ext.example/")
    assert prehash(event) == (
        "eventType=ObjectEventeventTime=2026-03-01T08:15:00.000ZeventTimeZoneOffset=+01:00certificationInfo=urn:c"
        "parentID=urn:pepcListepc=urn:einputEPCListepc=urn:iechildEPCsepc=urn:ce"
        "quantityListquantityElementepcClass=urn:qquantity=1uom=KGMchildQuantityListquantityElementepcClass=urn:cq"
        "inputQuantityListquantityElementepcClass=urn:iqoutputEPCListepc=urn:oe"
        "outputQuantityListquantityElementepcClass=urn:oqaction=ADDtransformationID=urn:t"
        "bizStep=https://ref.gs1.org/cbv/BizStep-shippingdisposition=https://ref.gs1.org/cbv/Disp-active"
        "persistentDispositionset=https://ref.gs1.org/cbv/Disp-stolenunset=https://ref.gs1.org/cbv/Disp-recalled"
        "readPointid=urn:rbizLocationid=urn:lsensorElementListsensorElementsensorMetadatadeviceID=d"
        "sensorReporttype=https://gs1.org/voc/Massvalue=1uom=CEL"
        "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:b"
        "destinationListtype=https://ref.gs1.org/cbv/SDT-locationdestination=urn:d"
        "ilmd{https://ext.example/}lot=7"
        "sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=urn:s{https://ext.example/}seal=9"
    )


@pytest.mark.parametrize(
    ("members", "added"),
    [
        ({"ext__a": ["2", "10", "9"]}, "{https://ext.example/}a=10{https://ext.example/}a=2{https://ext.example/}a=9"),
        (
            {"ext__a": ["b", ["a", ["c"]]]},
            "{https://ext.example/}a=a{https://ext.example/}a=b{https://ext.example/}a=c",
        ),
        (
            {"ext__a": {"ext:z": "1"}, "ext__ab": "1"},
            "{https://ext.example/}ab=1{https://ext.example/}a{https://ext.example/}z=1",
        ),
        (
            {"ext__a": {"type": "t", "id": "urn:i", "ext:y": 2}},
            "{https://ext.example/}aid=urn:itype=t{https://ext.example/}y=2",
        ),
        ({"ext__a": ""}, "{https://ext.example/}a"),
        ({"ext__a": {}}, "{https://ext.example/}a"),
        ({"ext__a": []}, ""),
        ({"ext__a": None}, ""),
        ({"ext__a": True, "ext__b": "true"}, "{https://ext.example/}a=true{https://ext.example/}b=true"),
        ({"cbvmda__lotNumber": "X"}, "{urn:epcglobal:cbv:mda}lotNumber=X"),
        ({"unbound__a": "1"}, "unbound:a=1"),
        ({"https://full.example/a": "1"}, "https://full.example/a=1"),
        (
            {"rdfs__comment": "hello", "ext__a": {"rdfs:comment": "x", "ext:b": 1}},
            "{https://ext.example/}a{https://ext.example/}b=1",
        ),
        (
            {"ext__a": "ext:thing", "ext__b": "other:thing"},
            "{https://ext.example/}a=https://ext.example/thing{https://ext.example/}b=other:thing",
        ),
        ({"foo": "bar", "abc": {"d": 1, "c": 2}}, "abcc=2d=1foo=bar"),
        (
            {"readPoint": {"id": "urn:x", "foo": 1, "ext:q": 1}, "zoo": 2},
            "readPointid=urn:x{https://ext.example/}q=1readPointfoo=1zoo=2",
        ),
        ({"readPoint": "urn:x"}, "readPoint=urn:x"),
        ({"readPoint": {"id": ""}, "bizLocation": {}, "ilmd": {}}, "ilmd"),
        ({"ilmd": {}, "disposition": "", "bizStep": " ", "quantityList": [], "sourceList": []}, "ilmd"),
        ({"bizTransactionList": [{"bizTransaction": "urn:x"}]}, "bizTransactionListbizTransaction=urn:x"),
        (
            {"bizTransactionList": [{"bizTransaction": "b", "ext:a": 1}]},
            "bizTransactionListbizTransaction=b{https://ext.example/}a=1",
        ),
        (
            {"bizStep": ["b", "a", 1]},
            "bizStep=1bizStep=https://ref.gs1.org/cbv/BizStep-abizStep=https://ref.gs1.org/cbv/BizStep-b",
        ),
        ({"bizStep": "ext:own"}, "bizStep=https://ext.example/own"),
        ({"eventID": "x", "recordTime": "y", "errorDeclaration": {"reason": "z"}}, ""),
    ],
)
def test_members_without_place_in_the_standard_are_written_by_their_names(
    members: dict[str, object], added: str
) -> None:
    assert after_the_bare_event(**members) == added


@pytest.mark.parametrize(
    ("members", "added"),
    [
        ({"epcList": ["b", "a", "00123", 7]}, "epcListepc=123epc=7epc=aepc=b"),
        ({"epcList": "urn:x"}, "epcListepc=urn:x"),
        ({"epcList": []}, ""),
        ({"certificationInfo": ["b", "a"]}, "certificationInfo=acertificationInfo=b"),
    ],
)
def test_lists_are_sorted_by_what_is_written(members: dict[str, object], added: str) -> None:
    event = prehash(plain({**BARE, **members}))
    assert event == BARE_PREHASH.replace("action=", f"{added}action=")


def test_what_a_sensor_says_outside_the_standard_comes_last_under_the_names_that_lead_to_it() -> None:
    elements = [
        {"sensorReport": [{"type": "Mass", "bizRules": "b"}, {"type": "Angle", "bizRules": "a", "foo": 2}]},
        {"foo": "1", "sensorReport": [{"type": "Speed", "bizRules": "c"}]},
    ]
    assert after_the_bare_event(sensorElementList=elements, foo=1, ext__b=1) == (
        "sensorElementListsensorElementsensorReporttype=https://gs1.org/voc/Angle"
        "sensorReporttype=https://gs1.org/voc/MasssensorElementsensorReporttype=https://gs1.org/voc/Speed"
        "foo=1sensorElementListsensorElementfoo=1sensorReportbizRules=c"
        "sensorElementsensorReportbizRules=afoo=2sensorReportbizRules=b{https://ext.example/}b=1"
    )


def test_an_object_of_nothing_but_extensions_stays_in_its_place() -> None:
    members = {"bizLocation": {"id": "urn:l"}, "readPoint": {"ext:q": 1}}
    assert after_the_bare_event(**members) == "readPoint{https://ext.example/}q=1bizLocationid=urn:l"


def test_a_time_that_is_no_text_is_still_written() -> None:
    assert "eventTime=5event" in prehash(plain({**BARE, "eventTime": 5}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (10**400, "1e400"),
        (Decimal("1E+400"), "1" + "0" * 400),
        ("-2.50e400", "-25" + "0" * 399),
        pytest.param(10**5000, "1e5000", id="5001 digits"),
    ],
)
def test_numbers_beyond_binary64_hash_by_their_value(one: object, other: object) -> None:
    assert after_the_bare_event(ext__a=one) == after_the_bare_event(ext__a=other)
    assert after_the_bare_event(ext__a=one) != after_the_bare_event(ext__a="1e401")
    assert event_hash(plain({**BARE, "ext:a": one})).startswith("ni:///sha-256;")


def test_an_extension_of_another_namespace_has_another_hash() -> None:
    event = {**BARE, "ext:a": 1}
    assert prehash(plain(event, ext="https://a.example/")) != prehash(plain(event, ext="https://b.example/"))


def test_a_document_can_leave_its_own_extensions_out_of_the_hash_but_nothing_of_the_standard() -> None:
    names = Names(
        {"repo": "https://repo.example/", "ext": NAMESPACE}, frozenset({"https://repo.example/id", "bizStep", "foo"})
    )
    event = Plain({**BARE, "repo:id": 1, "bizStep": "shipping", "ext:id": {"repo:id": 2, "ext:a": 1}}, names)
    assert prehash(event).removeprefix(BARE_PREHASH) == (
        f"bizStep=https://ref.gs1.org/cbv/BizStep-shipping{{{NAMESPACE}}}id{{{NAMESPACE}}}a=1"
    )


def test_text_without_utf_8_form_is_refused() -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        event_hash(plain({**BARE, "ext:a": "\ud800"}))


@given(
    st.dictionaries(
        st.text(max_size=5) | st.sampled_from(["epcList", "readPoint", "bizStep", "ilmd", "sensorElementList"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        ),
    )
)
def test_whatever_json_an_event_holds_it_has_a_hash_or_a_clear_error(data: dict[str, object]) -> None:
    event = plain(data, ext="https://ext.example/")
    if _has_utf_8_form(data):
        assert len(event_hash(event)) == 89
    else:
        with pytest.raises(InputError, match="surrogate"):
            event_hash(event)


def _has_utf_8_form(data: dict[str, object]) -> bool:
    try:
        prehash(plain(data)).encode()
    except UnicodeEncodeError:
        return False
    return True
