"""Generated statements for the tests of this folder and its neighbours."""

from hypothesis import strategies as st

from ledger.identity.addresses import checksum_address
from ledger.identity.keys import CURVE_ORDER, SigningKey
from ledger.identity.milestones import HEADLESS, Milestone, Role, Side
from ledger.identity.signing import Opening, sign
from ledger.identity.statements import MAX_TIME, MAX_VALID_UNTIL, ZERO32, Domain, Statement

hashes = st.binary(min_size=32, max_size=32)
addresses = st.binary(min_size=20, max_size=20).map(checksum_address)
times = st.integers(0, MAX_TIME)
domains = st.builds(Domain, st.integers(1, 2**64), addresses)
signing_keys = st.integers(1, CURVE_ORDER - 1).map(lambda number: SigningKey(number.to_bytes(32, "big")))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
openings = st.builds(Opening, hashes, hashes)


@st.composite
def statements(draw):
    milestone = draw(st.sampled_from(Milestone))
    return Statement(
        consignment=draw(hashes),
        milestone=milestone,
        side=draw(st.sampled_from(Side)),
        commitment=draw(hashes),
        event_time=draw(times),
        signed_time=draw(times),
        valid_until=draw(times | st.integers(0, MAX_VALID_UNTIL)),
        role=draw(st.sampled_from(Role)),
        previous_head=ZERO32 if milestone in HEADLESS else draw(hashes),
        counterparty=draw(addresses),
        terms=draw(hashes),
        detail=draw(hashes),
    )


@st.composite
def signed_statements(draw):
    return sign(draw(statements()), draw(domains), draw(signing_keys), draw(st.none() | openings))
