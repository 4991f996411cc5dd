"""The standard's own schemas as oracles, the corpus beside them, and ways to spoil a document at random."""

import copy
import json
import random
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from lxml import etree

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"
VECTORS = ROOT / "tests" / "vectors" / "epcis"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the standard's schemas and examples are not beside this clone"
)


def corpus(*patterns):
    return [path for pattern in patterns for path in sorted(SHARED.glob(pattern))]


def names(path):
    return f"{path.parent.name}/{path.name}" if isinstance(path, Path) else None


@cache
def json_schema():
    schema = json.loads((SHARED / "epcis/schema/EPCIS-JSON-Schema.json").read_text())
    return jsonschema_rs.validator_for(schema, validate_formats=True)


@cache
def xml_schema():
    return etree.XMLSchema(etree.parse(SHARED / "epcis/schema/xsd/EPCglobal-epcis-query-2_0.xsd"))


STRINGS = [
    "", "x", "urn:x:y", "http://a b", "a:%", "a:b c", "http://[::1]/", "http://[::1", "x:^", "2020-01-01T00:00:00Z",
    "2020-02-30T00:00:00Z", "2020-01-01t00:00:00z", "2020-01-01T23:59:60Z", "2020-01-01T00:00:00+23:00", "+14:01",
    "ADD", "OBSERVE", "DELETE", "shipping", "active", "urn:epcglobal:cbv:bizstep:shipping", "cbv:BizStep-foo",
    "https://ns.gs1.org/cbv/BizStep-shipping", "https://gs1.org/voc/Temperature", "KGM", "k", "1.0", "2.1",
    "urn:epc:id:sscc:1.2", "https://id.gs1.org/00/040123450000003339", "INF", "1e5", ".5", "true",
]  # fmt: skip
VALUES = [None, True, 0, -3.5, [], {}, [1], ["a", "a"], {"id": "urn:x:y"}, {"id": "x"}, *STRINGS]
NAMES = ["foo", "ext:foo", "http://x.y/z", "@id", "a b", "a_b:c", "bizStep", "ilmd", "@context", "parentID", "type"]


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def spoiled_json(document, chance: random.Random):
    """A copy with one member deleted, replaced or added at a random place."""
    document = copy.deepcopy(document)
    path = chance.choice([each for each in places(document) if each])
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    way = chance.random()
    value = copy.deepcopy(chance.choice(VALUES))
    if way < 0.3:
        del holder[path[-1]]
    elif way < 0.7:
        holder[path[-1]] = value
    elif isinstance(holder, list):
        holder.insert(chance.randrange(len(holder) + 1), value)
    else:
        holder[chance.choice(NAMES)] = value
    return document


def spoiled_xml(root, chance: random.Random):
    """A copy with one element or attribute removed, repeated, moved, added or given another text."""
    root = copy.deepcopy(root)
    element = chance.choice([each for each in root.iter() if isinstance(each.tag, str)])
    ways = [_add, _text, _move]
    ways += [_attribute, _drop_attribute] if element.attrib else []
    ways += [_remove, _repeat] if element.getparent() is not None else []
    chance.choice(ways)(element, chance)
    return root


def _add(element, chance):
    tags = [
        "foo",
        "{http://q/}foo",
        "{urn:epcglobal:epcis:xsd:2}foo",
        "extension",
        "baseExtension",
        "uom",
        "epc",
        "ilmd",
    ]
    element.insert(chance.randrange(len(element) + 1), etree.Element(chance.choice(tags)))


def _text(element, chance):
    element.text = chance.choice(STRINGS)


def _move(element, chance):
    if len(element):
        child = element[chance.randrange(len(element))]
        element.remove(child)
        element.insert(chance.randrange(len(element) + 1), child)


def _attribute(element, chance):
    element.set(chance.choice([*element.attrib, "foo", "{http://q/}a"]), chance.choice(STRINGS))


def _drop_attribute(element, chance):
    del element.attrib[chance.choice(list(element.attrib))]


def _remove(element, chance):
    element.getparent().remove(element)


def _repeat(element, chance):
    element.addprevious(copy.deepcopy(element))
