"""Hostile bytes: sizes, counts and depths are bounded before anything is unpacked, and every error is our own."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.jcs import canonical
from ledger.errors import LedgerError
from ledger.verify.evidence import decode_bundle, encode_bundle, verify_evidence
from ledger.verify.evidence.bundle import MAX_BUNDLE_BYTES, MAX_HASHES, MAX_HEADERS, MAX_MANIFEST_BYTES
from ledger.verify.evidence.encoding import MAGIC
from ledger.verify.evidence.errors import (
    BundleMalformedError,
    BundleTooLargeError,
    BundleVersionError,
    NotABundleError,
)
from tests.ledger.verify.evidence.samples import attested, logged_and_cosigned, sealed_by_validators, witnessed


def manifest_of(made):
    data = encode_bundle(made.bundle)
    end = 13 + int.from_bytes(data[9:13], "big")
    return json.loads(data[13:end]), data[end:]


def written(manifest, parts=b""):
    text = canonical(manifest) if isinstance(manifest, dict) else manifest
    return MAGIC + b"\1" + len(text).to_bytes(4, "big") + text + parts


def changed(made, **members):
    manifest, parts = manifest_of(made)
    return written(manifest | members, parts)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", NotABundleError, "no evidence bundle"),
        (b"SBPARCEL\1\0\0\0\0", NotABundleError, "no evidence bundle"),
        (MAGIC + b"\1\0\0", NotABundleError, "cut short"),
        (MAGIC + b"\2\0\0\0\0", BundleVersionError, "version 2"),
        (MAGIC + b"\1\0\0\0\x09{}", NotABundleError, "cut short"),
        (MAGIC + b"\1" + (MAX_MANIFEST_BYTES + 1).to_bytes(4, "big"), BundleTooLargeError, "manifest"),
        (written(b"nonsense"), BundleMalformedError, "not JSON"),
        (written(b"[" * 100_000), BundleMalformedError, "not JSON"),
        (written(b"[]"), BundleMalformedError, "expected an object"),
        (written(b"{}"), BundleMalformedError, "lacks"),
    ],
    ids=range(10),
)
def test_what_is_no_bundle_is_refused_with_its_reason(data, error, words):
    with pytest.raises(error, match=words):
        decode_bundle(data)


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(BundleTooLargeError, match="more than"):
        decode_bundle(MAGIC + b"\1" + bytes(MAX_BUNDLE_BYTES))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"headers": [1] * (MAX_HEADERS + 1)}, "more than"),
        ({"hashes": MAX_HASHES + 1}, "hashes"),
        ({"headers": [2**40]}, "headers"),
        ({"headers": [-1]}, "headers"),
        ({"headers": [True]}, "headers"),
        ({"nodes": [0]}, "the parts have"),
        ({"events": [{"sizeBytes": 1, "unhashed": [7]}]}, "the parts have"),
        ({"receipts": [7]}, "receipts"),
        ({"consignment": "0x00"}, "consignment"),
        ({"extra": 1}, "unknown member 'extra'"),
        ({"changes": [99]}, "no part of number 99"),
        ({"blinds": [{"kind": "wish"}]}, "kind"),
        ({"openings": [{}]}, "lacks"),
        ({"named": [{"eventHash": 1, "contentDigest": 2}]}, "eventHash"),
        ({"ledger": {"chainId": -1, "members": "", "consignments": "", "eventLogs": ""}}, "ledger"),
        ({"attestations": [{}]}, "lacks"),
        ({"logged": [{}]}, "lacks"),
        ({"reference": {}}, "lacks"),
        ({"head": {}}, "lacks"),
        ({"blockLog": {}}, "lacks"),
    ],
    ids=str,
)
def test_a_member_that_is_not_as_it_has_to_be_is_named(members, words):
    with pytest.raises(BundleMalformedError) as refused:
        decode_bundle(changed(sealed_by_validators(), **members))
    assert words in str(refused.value)


def test_a_receipt_of_which_nothing_is_used_is_refused():
    manifest, parts = manifest_of(sealed_by_validators())
    manifest["receipts"][0]["logs"] = []
    with pytest.raises(BundleMalformedError, match="nothing is used"):
        decode_bundle(written(manifest, parts))


def test_parts_used_again_and_again_are_counted_each_time():
    """A small file must not make a large amount of work: the largest node, named by thousands of receipts."""
    manifest, parts = manifest_of(sealed_by_validators())
    largest = max(range(len(manifest["nodes"])), key=lambda node: manifest["nodes"][node])
    receipt = {"header": 0, "nodes": [largest] * 65, "logs": [0]}
    manifest["receipts"] = [{**receipt, "transaction": number} for number in range(2_000)]
    with pytest.raises(BundleTooLargeError, match="use together"):
        decode_bundle(written(manifest, parts))


def test_unhashed_names_are_texts_of_bounded_length():
    manifest, parts = manifest_of(sealed_by_validators())
    for names in ([7], ["x" * 3000]):
        manifest["events"][0]["unhashed"] = names
        with pytest.raises(BundleMalformedError, match="unhashed"):
            decode_bundle(written(manifest, parts))


def test_a_checkpoint_without_a_utf8_form_is_refused():
    for made, where in ((witnessed(), "blockLog"), (logged_and_cosigned(), "logged")):
        manifest, parts = manifest_of(made)
        target = manifest["blockLog"] if where == "blockLog" else manifest["logged"][0]
        target["checkpoint"] = "x"
        text = canonical(manifest).replace(b'"checkpoint":"x"', b'"checkpoint":"\\ud800"')
        with pytest.raises(BundleMalformedError):
            decode_bundle(written(text, parts))


@pytest.mark.parametrize("spelled", [b" ", b"\n", b"\t"])
def test_a_manifest_in_another_spelling_is_refused(spelled):
    data = encode_bundle(sealed_by_validators().bundle)
    end = 13 + int.from_bytes(data[9:13], "big")
    text = data[13:end].replace(b"{", b"{" + spelled, 1)
    with pytest.raises(BundleMalformedError, match="one form"):
        decode_bundle(written(text, data[end:]))


def test_events_with_marks_that_their_document_leaves_out_of_the_hash_keep_them():
    made = sealed_by_validators()
    event = replace(made.bundle.events[0], unhashed=("https://example.com/b", "https://example.com/a"))
    bundle = decode_bundle(encode_bundle(replace(made.bundle, events=(event, *made.bundle.events[1:]))))
    found = next(each for each in bundle.events if each.canonical == event.canonical)
    assert found.unhashed == ("https://example.com/a", "https://example.com/b")


def test_the_bytes_do_not_depend_on_the_order_of_the_contents():
    bundle = attested().bundle
    turned = replace(
        bundle,
        receipts=tuple(reversed(bundle.receipts)),
        blinds=tuple(reversed(bundle.blinds)),
        events=tuple(reversed(bundle.events)),
    )
    assert encode_bundle(turned) == encode_bundle(bundle)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(manifest_of(witnessed())[0])), JSON)
def test_whatever_stands_in_a_member_ends_in_a_verdict(member, value):
    manifest, parts = manifest_of(witnessed())
    text = json.dumps(manifest | {member: value}).encode()
    verdict = verify_evidence(written(text, parts), witnessed().roots)
    assert verdict.word.value != "verified" or manifest[member] == value


@given(st.binary(max_size=300))
def test_whatever_bytes_come_end_in_a_verdict(data):
    assert verify_evidence(data, sealed_by_validators().roots).word.value == "undetermined"
    assert verify_evidence(written(data), sealed_by_validators().roots).word.value == "undetermined"
    with pytest.raises(LedgerError):
        decode_bundle(MAGIC + data)
