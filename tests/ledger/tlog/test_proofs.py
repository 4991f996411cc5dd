import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import InputError, LedgerError
from ledger.tlog.errors import ProofMalformedError, ProofWrongError, QuorumMissingError, ResourceMissingError
from ledger.tlog.merkle import MAX_PROOF_HASHES, leaf_hash
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.proofs import HEADER, MAX_PROOF_BYTES, TlogProof, make_proof, parse_proof, verify_proof
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from tests.ledger.tlog.samples import (
    NOW,
    SIGNER,
    VERIFIERS,
    checkpoint_of,
    ed25519_cosigner,
    entries,
    ml_dsa_cosigner,
    signed,
    written_log,
)

COSIGNERS = [ed25519_cosigner(), ml_dsa_cosigner("witness.example/w2")]
POLICY = k_of_n([PolicyLog(SIGNER.key)], [PolicyWitness(each.name, each.key) for each in COSIGNERS], 2)
SIZE = 1000


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    return LogReader(FolderSource(written_log(tmp_path_factory.mktemp("log") / "log", entries(SIZE))), VERIFIERS)


@pytest.fixture(scope="module")
def note():
    alone = signed(checkpoint_of(entries(SIZE)))
    return alone.with_signatures(each.cosign(alone.text, NOW) for each in COSIGNERS)


@settings(max_examples=30, deadline=None)
@given(index=st.integers(0, SIZE - 1), extra=st.one_of(st.none(), st.binary(max_size=50)))
def test_a_proof_is_read_back_and_verifies_offline(reader, note, index, extra):
    proof = make_proof(reader, index, note, extra)
    read = parse_proof(proof.data())
    assert read == proof
    verified = verify_proof(read, leaf_hash(entries(1, index)[0]), POLICY)
    assert verified.checkpoint.size == SIZE
    assert {each.name for each in verified.cosigned} == {each.name for each in COSIGNERS}


def test_a_proof_is_laid_out_as_specified(reader, note):
    lines = make_proof(reader, 5, note, b"VRF").data().decode().split("\n")
    assert lines[:3] == [HEADER, "extra VlJG", "index 5"]
    assert lines[13:16] == ["", SIGNER.name, str(SIZE)]
    assert all(len(line) == 44 for line in lines[3:13])
    assert make_proof(reader, 5, note).data().decode().split("\n")[1] == "index 5"


def test_a_proof_of_another_entry_or_place_is_refused(reader, note):
    proof = make_proof(reader, 5, note)
    leaf = leaf_hash(entries(1, 5)[0])
    with pytest.raises(ProofWrongError):
        verify_proof(proof, leaf_hash(entries(1, 6)[0]), POLICY)
    with pytest.raises(ProofWrongError):
        verify_proof(TlogProof(4, proof.hashes, note), leaf, POLICY)
    with pytest.raises(InputError, match="no leaf 1000"):
        verify_proof(TlogProof(SIZE, proof.hashes, note), leaf, POLICY)


def test_a_proof_without_enough_witnesses_is_refused(reader):
    alone = signed(checkpoint_of(entries(SIZE)))
    cosigned = alone.with_signatures([COSIGNERS[0].cosign(alone.text, NOW)])
    with pytest.raises(QuorumMissingError):
        verify_proof(make_proof(reader, 5, cosigned), leaf_hash(entries(1, 5)[0]), POLICY)


def test_no_byte_of_a_proof_can_be_changed(reader, note):
    data = make_proof(reader, 700, note).data()
    leaf = leaf_hash(entries(1, 700)[0])
    end = data.index("— ".encode(), data.index(b"witness.example/w2") - 10) + 120  # the rest is one long signature
    for position in range(end):
        altered = data[:position] + bytes((data[position] ^ 1,)) + data[position + 1 :]
        with pytest.raises(LedgerError):
            verify_proof(parse_proof(altered), leaf, POLICY)


def test_a_proof_from_a_log_that_is_too_short_is_not_made(reader):
    longer = signed(checkpoint_of(entries(SIZE + 5000)))
    with pytest.raises(ResourceMissingError):
        make_proof(reader, 5, longer)
    with pytest.raises(InputError, match="no leaf 1000"):
        make_proof(reader, SIZE, signed(checkpoint_of(entries(SIZE))))


HASH = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
NOTE = f"a.example\n1\n{HASH}\n\n— a.example AAAAAAA=\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "does not begin"),
        (f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}", "does not begin"),
        (f"{HEADER}\n\n{NOTE}", "no line with the index"),
        (f"{HEADER}\nindex 0\n", "does not begin|nothing follows"),
        (f"{HEADER}\nindex 00\n\n{NOTE}", "no line with the index"),
        (f"{HEADER}\nindex -1\n\n{NOTE}", "no line with the index"),
        (f"{HEADER}\nindex 9223372036854775808\n\n{NOTE}", "no line with the index"),
        (f"{HEADER}\nextra AA==\n\n{NOTE}", "no line with the index"),
        (f"{HEADER}\nextra AB==\nindex 0\n\n{NOTE}", "not base64"),
        (f"{HEADER}\nindex 0\nextra AA==\n\n{NOTE}", "'extra AA=='"),
        (f"{HEADER}\nextra AA==\nextra AA==\nindex 0\n\n{NOTE}", "no line with the index"),
        (f"{HEADER}\nindex 0\n{HASH[:-1]}\n\n{NOTE}", "not 32 bytes"),
        (f"{HEADER}\nindex 0\nAAAA\n\n{NOTE}", "not 32 bytes"),
        (f"{HEADER}\nindex 0\n{(HASH + chr(10)) * (MAX_PROOF_HASHES + 1)}\n{NOTE}", "64 hashes"),
        (f"{HEADER}\nindex 0\n\u00e9\n\n{NOTE}", "not ASCII"),
        (f"{HEADER}\nindex 0\n\n{NOTE[:-1]}", "its checkpoint cannot be read"),
        (f"{HEADER}\nindex 0\n\n", "its checkpoint cannot be read"),
        ("x" * (MAX_PROOF_BYTES + 1), "more than"),
    ],
)
def test_what_is_no_proof_is_refused(text, problem):
    with pytest.raises(ProofMalformedError, match=problem):
        parse_proof(text.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_proof_or_our_own_error(data):
    try:
        proof = parse_proof(f"{HEADER}\n".encode() + data)
    except ProofMalformedError:
        return
    assert proof.data().endswith(data)


def test_extra_data_may_be_empty_which_is_not_the_same_as_none():
    empty = parse_proof(f"{HEADER}\nextra \nindex 0\n\n{NOTE}".encode())
    assert empty.extra == b""
    assert empty.data() == f"{HEADER}\nextra \nindex 0\n\n{NOTE}".encode()
