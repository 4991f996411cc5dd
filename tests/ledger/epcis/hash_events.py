"""Events as meanings, and the many ways to spell each: what the event hash has to see through.

A meaning is a tree whose leaves are :class:`Spelled` (any of its spellings will do), :class:`Compact` (an IRI in the
extension namespace) or plain values, and whose extension names are :class:`Own`. :func:`spell` writes it as an event,
choosing spellings, the order of members and items, and the prefix by chance.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from ledger.epcis.context import STANDARD_PREFIXES
from ledger.epcis.digitallink import canonical_uri

NAMESPACE = "https://ns.trade.example/epcis/"


@dataclass(frozen=True)
class Names:
    prefixes: Mapping[str, str]
    unhashed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plain:
    """An event without anything that the hash does not need."""

    data: Mapping[str, object]
    context: Names


@dataclass(frozen=True)
class Spelled:
    spellings: tuple[object, ...]


@dataclass(frozen=True)
class Compact:
    local: str


@dataclass(frozen=True, order=True)
class Own:
    """The name of an extension."""

    local: str


def plain(data: Mapping[str, object], **prefixes: str) -> Plain:
    """An event with these prefixes bound besides the standard's."""
    return Plain(data, Names({**STANDARD_PREFIXES, **prefixes}))


def spell(meaning: Mapping[object, object], seed: int) -> Plain:
    """One of the ways to write the event."""
    chance = random.Random(seed)
    prefix = chance.choice(["trade", "x", "a-b.c"])
    data = spelled(meaning, chance, prefix)
    assert isinstance(data, dict)
    return plain(data, **{prefix: NAMESPACE, f"unused{seed % 3}": "https://elsewhere.example/"})


def spelled(meaning: object, chance: random.Random, prefix: str) -> object:
    if isinstance(meaning, Mapping):
        names = list(meaning)
        chance.shuffle(names)
        return {
            f"{prefix}:{name.local}" if isinstance(name, Own) else name: spelled(meaning[name], chance, prefix)
            for name in names
        }
    if isinstance(meaning, list):
        return [spelled(item, chance, prefix) for item in chance.sample(meaning, len(meaning))]
    if isinstance(meaning, Spelled):
        return chance.choice(meaning.spellings)
    if isinstance(meaning, Compact):
        return chance.choice([f"{prefix}:{meaning.local}", NAMESPACE + meaning.local])
    return meaning


def _identifier(urn: str) -> Spelled:
    link = canonical_uri(urn)
    assert link != urn
    path = link.removeprefix("https://id.gs1.org/")
    return Spelled((urn, link, f"https://shop.example/products/{path}?linkType=all", f"http://dl.example:8080/{path}"))


def term(vocabulary: str, urn: str, *words: str) -> st.SearchStrategy[Spelled]:
    def of_word(word: str) -> Spelled:
        web = f"https://ref.gs1.org/cbv/{vocabulary}-{word}"
        return Spelled((word, f"urn:epcglobal:cbv:{urn}:{word}", f"cbv:{vocabulary}-{word}", web, f" {web}"))

    return st.sampled_from(words).map(of_word)


def _measured(word: str) -> Spelled:
    return Spelled((word, f"gs1:{word}", f"https://gs1.org/voc/{word}"))


def _instant(milliseconds: int) -> Spelled:
    time = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    zones = [time.astimezone(timezone(timedelta(minutes=minutes))) for minutes in (0, 60, -330, 840)]
    written = [zoned.isoformat(timespec="milliseconds") for zoned in zones]
    return Spelled((*written, written[0].replace("+00:00", "Z"), written[1].replace("+", "0004+")))


def _number(value: float) -> Spelled:
    whole = (int(value), str(int(value)), f"0{int(value)}.00") if value == int(value) else ()
    return Spelled((float(value), repr(float(value)), f" {value!r}", *whole))


def _truth(value: bool) -> Spelled:
    return Spelled((value, str(value).lower()))


_digits = st.integers(0, 9999)
items = _digits.map(lambda n: _identifier(f"urn:epc:id:sgtin:9521321.{n % 7:06}.S{n}"))
lots = _digits.map(lambda n: _identifier(f"urn:epc:class:lgtin:9521321.{n % 7:06}.L{n}"))
units = _digits.map(lambda n: _identifier(f"urn:epc:id:sscc:9521321.{n:010}"))
places = _digits.map(lambda n: _identifier(f"urn:epc:id:sgln:9521321.{n:05}.{n % 3}"))
parties = _digits.map(lambda n: _identifier(f"urn:epc:id:pgln:9521321.{n:05}"))
instants = st.integers(0, 10**11).map(_instant)
numbers = (st.integers(0, 10**6) | st.integers(1, 10**6).map(lambda n: n / 64)).map(_number)
texts = st.text("abcXYZäß€漢 -_", min_size=1, max_size=6).map(lambda text: f"T{text}E")
own = st.text("abcXYZ09_", min_size=1, max_size=4).map(Own)
compact = st.text("abcXYZ/", max_size=4).map(lambda text: Compact(f"c{text}"))


def some(values: st.SearchStrategy[object]) -> st.SearchStrategy[list[object]]:
    return st.lists(values, min_size=1, max_size=3)


extensions = st.dictionaries(
    own,
    st.recursive(
        texts | numbers | items | compact | st.booleans().map(_truth),
        lambda inner: some(inner) | st.dictionaries(own, inner, min_size=1, max_size=3),
        max_leaves=4,
    ),
    max_size=3,
)


def shaped(
    required: dict[object, object], **optional: st.SearchStrategy[object]
) -> st.SearchStrategy[dict[object, object]]:
    """An object with these members, some of the optional ones and some extensions."""
    named = st.fixed_dictionaries(required, optional=optional)  # type: ignore[arg-type]  # names are text here
    return st.builds(lambda standard, own: {**standard, **own}, named, extensions)


quantities = some(shaped({"epcClass": lots}, quantity=numbers, uom=st.sampled_from(["KGM", "LTR"])))
dispositions = term("Disp", "disp", "in_transit", "active")
transfer_types = term("SDT", "sdt", "owning_party", "location")
place = shaped({"id": places})
reports = shaped(
    {"type": st.sampled_from(["Temperature", "Mass", "Speed"]).map(_measured)},
    value=numbers,
    minValue=numbers,
    stringValue=texts,
    booleanValue=st.booleans().map(_truth),
    component=st.sampled_from("xyz").map(lambda word: Spelled((word, f"cbv:Comp-{word}"))),
    time=instants,
    deviceID=units,
    bizRules=compact,
)
elements = shaped({"sensorReport": some(reports)}, sensorMetadata=shaped({"time": instants}, rawData=compact))
left_out = {
    "recordTime": instants,
    "eventID": st.uuids().map(lambda uuid: f"urn:uuid:{uuid}"),
    "errorDeclaration": st.just({"declarationTime": "2020-01-01T00:00:00Z"}),
    "rdfs:comment": texts,
}
events = shaped(
    {
        "type": st.sampled_from(["ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent"]),
        "eventTime": instants,
        "eventTimeZoneOffset": st.sampled_from(["+01:00", "-05:30"]),
    },
    epcList=some(items | units),
    childEPCs=some(items),
    inputEPCList=some(items),
    outputEPCList=some(items),
    parentID=units,
    quantityList=quantities,
    childQuantityList=quantities,
    action=st.sampled_from(["ADD", "OBSERVE", "DELETE"]),
    bizStep=term("BizStep", "bizstep", "shipping", "receiving"),
    disposition=dispositions,
    persistentDisposition=st.fixed_dictionaries({"set": some(dispositions)}),
    readPoint=place,
    bizLocation=place,
    bizTransactionList=some(
        st.fixed_dictionaries({"bizTransaction": compact}, optional={"type": term("BTT", "btt", "po", "desadv")})
    ),
    sourceList=some(st.fixed_dictionaries({"type": transfer_types, "source": parties})),
    destinationList=some(st.fixed_dictionaries({"type": transfer_types, "destination": places})),
    sensorElementList=some(elements),
    certificationInfo=compact,
    ilmd=st.dictionaries(own, texts, min_size=1, max_size=2),
)
