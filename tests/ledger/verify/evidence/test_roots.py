"""Trust files: small, strict, and written as they are read."""

import json
from dataclasses import replace

import pytest

from ledger.verify.evidence import read_trust
from ledger.verify.evidence.errors import TrustMalformedError
from ledger.verify.evidence.roots import MAX_FILE_BYTES, AttestationTrust
from tests.ledger.verify.builder import KR, NL
from tests.ledger.verify.evidence.samples import VERIFIED, attested, sealed_by_validators, witnessed


@pytest.mark.parametrize("kind", VERIFIED)
def test_a_trust_file_is_read_as_it_was_written(kind):
    roots = VERIFIED[kind]().roots
    assert read_trust(roots.text().encode()) == roots
    assert read_trust(roots.text().encode()).text() == roots.text()


def whole():
    made = replace(witnessed().roots, validators=sealed_by_validators().roots.validators)
    return replace(made, attestations=attested().roots.attestations).to_json()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"smartborderTrust": 2}, "version 1"),
        ({"chainId": "7"}, "chainId"),
        ({"genesisHash": "0x00"}, "genesisHash"),
        ({"members": "0x" + "ab" * 20}, "EIP-55"),
        ({"founders": [KR.address, KR.address]}, "stands twice"),
        ({"founders": "KR"}, "expected a list"),
        ({"validators": {"since": 0, "addresses": []}}, "none to trust"),
        ({"validators": {"since": -1, "addresses": [KR.address]}}, "since"),
        ({"blockLog": {"policy": "quorum", "depth": 0}}, "policy"),
        ({"blockLog": {"policy": "quorum none\n", "depth": -1}}, "depth"),
        ({"attestations": {"threshold": 3, "authorities": [[KR.address], [NL.address]]}}, "from 1 to 2"),
        ({"attestations": {"threshold": 0, "authorities": [[KR.address]]}}, "from 1 to 1"),
        ({"attestations": {"threshold": 1, "authorities": [[KR.address], [KR.address]]}}, "of two authorities"),
        ({"attestations": {"threshold": 1, "authorities": ["KR"]}}, "expected a list"),
        ({"more": 1}, "unknown member"),
    ],
    ids=str,
)
def test_a_member_that_is_not_as_it_has_to_be_is_named(changes, words):
    with pytest.raises(TrustMalformedError, match=words):
        read_trust(json.dumps(whole() | changes).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense", b"\xff", b"[]", b'{"a":1,"a":1}', b"[" * 100_000, b" " * (MAX_FILE_BYTES + 1)],
    ids=range(7),
)
def test_what_is_no_trust_file_is_refused_and_says_how_to_make_one(data):
    with pytest.raises(TrustMalformedError) as refused:
        read_trust(data)
    assert "smartborder evidence trust" in refused.value.mend


def test_an_authority_may_have_several_keys_and_counts_once():
    keys = frozenset({KR.address, NL.address})
    roots = replace(attested().roots, attestations=AttestationTrust(1, (keys,)))
    assert read_trust(roots.text().encode()) == roots
