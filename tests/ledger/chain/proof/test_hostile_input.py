"""Whatever a stranger hands over as a proof, the answer is a proof or an error of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rlp
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.chain.proof.headers import read_header
from ledger.chain.proof.receipts import read_receipt
from ledger.errors import LedgerError
from tests.ledger.chain.proof.judging import data, outcome, text

VECTORS = Path(__file__).parents[4] / "tests" / "vectors" / "proof"
PROOFS = {
    kind: [case["proof"] for case in json.loads((VECTORS / f"{kind}.json").read_text("utf-8")).values()]
    for kind in ("log", "storage")
}
HEADERS = [case["header"] for case in json.loads((VECTORS / "qbft.json").read_text("utf-8")).values()]
TRUSTED = json.loads((VECTORS / "qbft.json").read_text("utf-8"))["sealed in round 0"]["trusted"]

items = st.recursive(st.binary(max_size=40), lambda inner: st.lists(inner, max_size=4), max_leaves=8)


@st.composite
def grafted(draw, encoded):
    """A proof in which one item, at any depth and also within byte strings that are RLP themselves, is another."""
    return rlp.encode(graft(draw, rlp.decode(data(draw(st.sampled_from(encoded))), strict=False)))


def graft(draw, item):
    if isinstance(item, list) and item and draw(st.integers(0, 9)):
        at = draw(st.integers(0, len(item) - 1))
        return [*item[:at], graft(draw, item[at]), *item[at + 1 :]]
    if isinstance(item, bytes) and len(item) > 40 and draw(st.booleans()):
        try:
            return rlp.encode(graft(draw, rlp.decode(item)))
        except rlp.exceptions.DecodingError:
            pass
    return draw(items)


@pytest.mark.parametrize("kind", PROOFS)
def test_a_proof_with_anything_in_it_is_judged(kind):
    @given(grafted(PROOFS[kind]))
    @settings(max_examples=300, deadline=None)
    def judged(proof):
        assert outcome(kind, {"proof": text(proof)})

    judged()


@given(grafted(HEADERS))
@settings(max_examples=300, deadline=None)
def test_a_header_with_anything_in_it_is_judged(header):
    as_final = {"trusted": TRUSTED, "changes": [], "header": text(header)}
    as_change = {"trusted": TRUSTED, "changes": [text(header)], "header": text(header)}
    assert outcome("qbft", as_final)
    assert outcome("qbft", as_change)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_judged(found):
    assert "refused" in outcome("log", {"proof": text(found)})
    assert "refused" in outcome("storage", {"proof": text(found)})
    for read in (read_header, read_receipt):
        with pytest.raises(LedgerError):
            read(found)
