import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.tlog.errors import (
    OriginWrongError,
    PolicyMalformedError,
    QuorumMissingError,
    SignatureWrongError,
    SignerUnknownError,
)
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.policy import MAX_MEMBERS, Group, Policy, PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.policy_files import MAX_POLICY_BYTES, format_policy, parse_policy
from tests.ledger.tlog.samples import (
    NOW,
    OTHER_SIGNER,
    SIGNER,
    checkpoint_of,
    ed25519_cosigner,
    entries,
    ml_dsa_cosigner,
    signed,
)

LOG = PolicyLog(SIGNER.key)
COSIGNERS = {
    **{f"X{number}": ed25519_cosigner(f"x{number}.example", number) for number in (1, 2, 3)},
    **{f"Y{number}": ml_dsa_cosigner(f"y{number}.example", number) for number in (1, 2, 3)},
}
VKEYS = {name: cosigner.key.text() for name, cosigner in COSIGNERS.items()}
# the example of C2SP tlog-policy, with keys
EXAMPLE = f"""
log {SIGNER.key.text()}

witness X1 {VKEYS["X1"]}
witness X2 {VKEYS["X2"]} https://x2.example/
\twitness  X3\t{VKEYS["X3"]}
group X-witnesses 2 X1 X2 X3
# the others
witness Y1 {VKEYS["Y1"]}
witness Y2 {VKEYS["Y2"]}
witness Y3 {VKEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def cosigned(*names, checkpoint=None):
    note = signed(checkpoint or checkpoint_of(entries(3)))
    return note.with_signatures(COSIGNERS[name].cosign(note.text, NOW) for name in names)


def policy():
    return parse_policy(EXAMPLE.encode())


@pytest.mark.parametrize("names", [["X1", "X2", "Y1"], ["X1", "X3", "Y3", "Y2"], ["X1", "X2", "X3", "Y2"]])
def test_a_quorum_of_the_specifications_example_is_accepted(names):
    verified = policy().check(cosigned(*names).data())
    assert sorted(each.name for each in verified.cosigned) == sorted(names)
    assert {each.time for each in verified.cosigned} == {NOW}
    assert (verified.log, verified.checkpoint.size) == (SIGNER.key, 3)


@pytest.mark.parametrize("names", [[], ["X1", "Y1", "Y2"], ["X1", "X2", "X3"], ["Y1", "Y2", "Y3"]])
def test_less_than_a_quorum_is_refused(names):
    with pytest.raises(QuorumMissingError, match="the policy asks for X-and-Y") as caught:
        policy().check(cosigned(*names))
    assert all(name in caught.value.message for name in names)


def test_one_witness_that_signs_twice_counts_once():
    note = cosigned("X1", "Y1")
    note = note.with_signatures([COSIGNERS["X1"].cosign(note.text, NOW + 1)])
    with pytest.raises(QuorumMissingError):
        policy().check(note)


def test_a_false_cosignature_of_a_known_witness_spoils_the_checkpoint():
    other = cosigned("X3", checkpoint=checkpoint_of(entries(4)))
    with pytest.raises(SignatureWrongError, match=r"x3\.example"):
        policy().check(cosigned("X1", "X2", "Y1").with_signatures(other.signatures[1:]))


def test_witnesses_without_the_log_are_not_enough():
    note = signed(checkpoint_of(entries(3)), OTHER_SIGNER)
    note = note.with_signatures(cosigner.cosign(note.text, NOW) for cosigner in COSIGNERS.values())
    with pytest.raises(OriginWrongError, match=r"no known key of the log 'logs\.example/events'"):
        policy().check(note)


def test_a_known_log_cannot_sign_for_another():
    note = cosigned(*COSIGNERS, checkpoint=checkpoint_of(entries(3), origin="logs.example/other"))
    with pytest.raises(OriginWrongError):
        policy().check(note)


def test_a_policy_without_logs_takes_them_from_the_caller():
    bare = k_of_n([], [PolicyWitness("X1", COSIGNERS["X1"].key)], 1)
    with pytest.raises(OriginWrongError):
        bare.check(cosigned("X1"))
    assert bare.check(cosigned("X1"), logs=[SIGNER.key]).log == SIGNER.key


def test_a_policy_without_quorum_asks_for_the_log_alone():
    bare = parse_policy(f"log {SIGNER.key.text()}\nquorum none\n".encode())
    assert bare == k_of_n([LOG], [], 0)
    assert bare.check(cosigned()).cosigned == ()
    with pytest.raises(SignerUnknownError):
        bare.check(signed(checkpoint_of(entries(3)), OTHER_SIGNER))


def test_a_policy_is_read_back_from_what_it_writes():
    assert parse_policy(format_policy(policy())) == policy()
    assert policy().witnesses[1].url == "https://x2.example/"


def test_names_are_octets_and_survive_whatever_they_are():
    data = EXAMPLE.encode()
    for name, octets in ((b" X1", b" \xff\xfe"), (b" X2", b" K"), (b" X3", " \u212a".encode())):
        data = data.replace(name, octets)
    read = parse_policy(data)
    assert read.groups[0].members == ("\udcff\udcfe", "K", "\u212a")  # the letter, and the Kelvin sign
    assert parse_policy(format_policy(read)) == read


@given(st.integers(1, 6), st.sets(st.sampled_from(sorted(COSIGNERS))))
def test_k_of_n_counts(k, names):
    witnesses = [PolicyWitness(name, cosigner.key) for name, cosigner in COSIGNERS.items()]
    assert k_of_n([LOG], witnesses, k).satisfied_by(names) == (len(names) >= k)


def test_k_of_n_asks_for_no_more_than_there_are_and_takes_no_name_away():
    witness = PolicyWitness("witnesses", COSIGNERS["X1"].key)
    assert k_of_n([], [witness], 1).satisfied_by({"witnesses"})
    with pytest.raises(PolicyMalformedError, match="asks for 2 of 1"):
        k_of_n([], [witness], 2)


def test_one_witness_may_be_the_quorum():
    one = Policy((LOG,), (PolicyWitness("X1", COSIGNERS["X1"].key),), (), "X1")
    assert one.check(cosigned("X1")).cosigned[0].name == "X1"
    with pytest.raises(QuorumMissingError):
        one.check(cosigned())


W = f"witness A {VKEYS['X1']}\n"
B = f"witness B {VKEYS['X2']}\n"


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("", "last line", ""),
        ("quorum none", "cut short", ""),
        ("\n", "no quorum line", ""),
        ("quorum none\nquorum none\n", "two quorum lines", "line 2"),
        ("quorum A\n" + W, "not defined before it", "line 1"),
        ("quorum none\r\n", "U\\+000D", "line 1"),
        ("# \x7f\nquorum none\n", "U\\+007F", "line 1"),
        ("quorum none # comment\n", "no line of a policy", "line 1"),
        ("quorum\n", "no line of a policy", "line 1"),
        ("frobnicate\n", "'frobnicate' is no line", "line 1"),
        ("log\nquorum none\n", "no line of a policy", "line 1"),
        ("log x+y+z\nquorum none\n", "no verifier key", "line 1"),
        (f"log {SIGNER.key.text()}\n" * 2 + "quorum none\n", "same public key", "line 2"),
        (W + W.replace(" A ", " C ") + "quorum none\n", "same public key", "line 2"),
        (W + B.replace(" B ", " A ") + "quorum none\n", "'A' is defined twice", "line 2"),
        (W.replace(" A ", " none ") + "quorum none\n", "'none' cannot be a name", "line 1"),
        (f"witness A {SIGNER.key.text()}\nquorum none\n", "not for cosignatures", "line 1"),
        ("group g 1 A\n" + W + "quorum none\n", "'A' in the group 'g' is not defined before it", "line 1"),
        (W + "group g 1 none\nquorum g\n", "'none' in the group", "line 2"),
        (W + "group g all\nquorum g\n", "no line of a policy", "line 2"),
        (W + "group g 0 A\nquorum g\n", "asks for 0 of 1", "line 2"),
        (W + "group g 2 A\nquorum g\n", "asks for 2 of 1", "line 2"),
        (W + "group g 01 A\nquorum g\n", "'01' is neither", "line 2"),
        (W + "group g some A\nquorum g\n", "'some' is neither", "line 2"),
        (W + "group g 1 A A\nquorum g\n", "member twice", "line 2"),
        (W + B + "group g 1 A B\ngroup h 1 A\nquorum g\n", "member twice", "line 4"),
        (W + "group A 1 A\nquorum A\n", "'A' is defined twice", "line 2"),
        (W + "group g 1 g\nquorum g\n", "'g' in the group 'g'", "line 2"),
        ("#" * MAX_POLICY_BYTES + "\n", "more than 4000000", ""),
    ],
)
def test_what_is_no_policy_is_refused_with_its_line(text, problem, line):
    with pytest.raises(PolicyMalformedError, match=problem) as caught:
        parse_policy(text.encode())
    assert line in caught.value.where


@given(st.lists(st.sampled_from(EXAMPLE.splitlines(keepends=True)), max_size=20))
def test_lines_in_any_order_are_a_policy_or_our_own_error(lines):
    try:
        read = parse_policy("".join(lines).encode())
    except PolicyMalformedError:
        return
    assert parse_policy(format_policy(read)) == read


@given(st.binary(max_size=200))
def test_any_bytes_are_a_policy_or_our_own_error(data):
    try:
        parse_policy(data + b"\n")
    except PolicyMalformedError as error:
        assert error.mend  # noqa: PT017


def test_a_policy_has_bounds():
    logs = tuple(
        PolicyLog(Ed25519Signer(f"log{number}.example", SIGNER.private_key).key) for number in range(MAX_MEMBERS + 1)
    )
    with pytest.raises(PolicyMalformedError, match="same public key"):
        Policy(logs)
    groups = tuple(Group(f"g{number}", 1, ("A",)) for number in range(MAX_MEMBERS + 1))
    with pytest.raises(PolicyMalformedError, match="257 groups"):
        Policy((), (PolicyWitness("A", COSIGNERS["X1"].key),), groups)


def test_a_quorum_that_is_not_defined_is_refused():
    with pytest.raises(PolicyMalformedError, match="'A' is not defined"):
        Policy((LOG,), quorum="A")


def test_one_witness_is_never_two_by_its_two_keys():
    """A witness has a key of each kind under one name; cosigning with both it would be a quorum of two by itself."""
    both = ed25519_cosigner("x.example", 7), ml_dsa_cosigner("x.example", 7)
    keys = tuple(PolicyWitness(name, each.key) for name, each in zip(("new", "old"), both, strict=True))
    others = tuple(PolicyWitness(name, COSIGNERS[name].key) for name in ("X1", "X2"))
    with pytest.raises(PolicyMalformedError, match=r"'x\.example' once for each of its keys"):
        k_of_n([LOG], [*keys, *others], 2)
    for k in (1, 4):
        assert k_of_n([LOG], [*keys, *others], k).groups[0].threshold == k
    either = Group("x", 1, ("new", "old"))
    counted = Policy((LOG,), (*keys, *others), (either, Group("two", 2, ("x", "X1", "X2"))), "two")
    note = signed(checkpoint_of(entries(3)))
    by_both = note.with_signatures(each.cosign(note.text, NOW) for each in both)
    with pytest.raises(QuorumMissingError):
        counted.check(by_both)
    assert counted.check(by_both.with_signatures([COSIGNERS["X2"].cosign(note.text, NOW)])).cosigned


def test_one_witness_is_never_two_by_its_keys_in_two_groups():
    both = ed25519_cosigner("x.example", 7), ml_dsa_cosigner("x.example", 7)
    keys = tuple(PolicyWitness(name, each.key) for name, each in zip(("new", "old"), both, strict=True))
    others = tuple(PolicyWitness(name, COSIGNERS[name].key) for name in ("X1", "X2"))
    groups = (Group("a", 1, ("new", "X1")), Group("b", 1, ("old", "X2")), Group("two", 2, ("a", "b")))
    with pytest.raises(PolicyMalformedError, match=r"'x\.example' has keys in the groups 'a' and 'b'"):
        Policy((LOG,), (*keys, *others), groups, "two")
