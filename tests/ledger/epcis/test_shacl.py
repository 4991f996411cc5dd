"""The standard's SHACL shapes as a third oracle, sampled because each document takes a good part of a second."""

import json
import random
from functools import cache

import pytest

from ledger.epcis import EpcisInvalid, read
from tests.ledger.epcis.oracles import SHARED, corpus, names, needs_shared, spoiled_json

pytestmark = [needs_shared, pytest.mark.slow]

DOCUMENTS = corpus("epcis/examples/*.jsonld")[::4]


@cache
def shapes():
    """The shapes, with each that has a path declared and used as the property shape that SHACL says it is."""
    from rdflib import RDF, SH, Graph

    graph = Graph().parse(SHARED / "epcis/schema/ontology/EPCIS-SHACL.ttl")
    graph.remove((None, SH["not"], None))  # a decimal that is NaN: no literal at all, which the library takes for any
    named = set(graph.subjects(RDF.type, SH.NodeShape)) | set(graph.subjects(RDF.type, SH.PropertyShape))
    for shape in named:
        with_path = (shape, SH.path, None) in graph
        graph.remove((shape, RDF.type, None))
        graph.add((shape, RDF.type, SH.PropertyShape if with_path else SH.NodeShape))
        for user, use in list(graph.subject_predicates(shape)):
            if use in (SH.node, SH.property):
                graph.remove((user, use, shape))
                graph.add((user, SH.property if with_path else SH.node, shape))
    return graph


def conforms(document, shapes):
    from pyshacl import validate
    from rdflib import Graph

    standard = json.loads((SHARED / "epcis/schema/epcis-context.jsonld").read_text())["@context"]
    own = [each for each in document["@context"] if not isinstance(each, str)]
    events = document["epcisBody"]["eventList"]
    linked = Graph().parse(data=json.dumps({"@context": [standard, *own], "@graph": events}), format="json-ld")
    graph = Graph().parse(data=linked.serialize(format="nt"), format="nt")  # so that "10"^^xsd:decimal is a decimal
    return validate(graph, shacl_graph=shapes, advanced=False)[0]


def accepted(document):
    try:
        read(json.dumps(document).encode())
    except EpcisInvalid:
        return False
    return True


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", DOCUMENTS, ids=names)
def test_what_is_accepted_conforms_to_the_shapes(path):
    original = json.loads(path.read_bytes())
    if original["type"] != "EPCISDocument":
        pytest.skip("the shapes are about documents and events")
    graph = shapes()
    assert conforms(original, graph)
    chance = random.Random(path.name)
    spoiled = [spoiled_json(original, chance) for _ in range(60)]
    judged = [document for document in spoiled if accepted(document) and document["epcisBody"]["eventList"]][:6]
    assert judged
    for document in judged:
        assert conforms(document, graph), document
