import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.tlog.errors import ProofWrongError
from ledger.tlog.merkle import (
    EMPTY_ROOT,
    MAX_PROOF_HASHES,
    Frontier,
    fold,
    leaf_hash,
    leaf_hashes,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from ledger.tlog.proving import MemoryTree, consistency_proof, inclusion_proof, perfect_subtrees, tree_root
from tests.ledger.tlog.samples import consistency_path, entries, inclusion_path, merkle_tree_hash

# The eight leaves and the roots after each, of the tests of Certificate Transparency (RFC 6962; github.com/google/
# certificate-transparency, merkletree/merkle_tree_test.cc).
KNOWN_LEAVES = [
    bytes.fromhex(digits)
    for digits in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Proofs of the same tests: (leaf from 1, size, hashes) and (old size, new size, hashes)
KNOWN_INCLUSION = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
KNOWN_CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
LEAVES = leaf_hashes(entries(200))


def hashes(digits):
    return [bytes.fromhex(each) for each in digits]


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots_of_certificate_transparency_come_out(size):
    assert root_of(leaf_hashes(KNOWN_LEAVES[:size])).hex() == KNOWN_ROOTS[size]


@pytest.mark.parametrize(("leaf", "size", "proof"), KNOWN_INCLUSION)
def test_the_known_inclusion_proofs_come_out_and_verify(leaf, size, proof):
    leaves = leaf_hashes(KNOWN_LEAVES)
    assert inclusion_proof(leaf - 1, size, MemoryTree(leaves[:size])) == hashes(proof)
    root = bytes.fromhex(KNOWN_ROOTS[size])
    verify_inclusion(leaf=leaves[leaf - 1], index=leaf - 1, size=size, proof=hashes(proof), root=root)


@pytest.mark.parametrize(("old", "new", "proof"), KNOWN_CONSISTENCY)
def test_the_known_consistency_proofs_come_out_and_verify(old, new, proof):
    assert consistency_proof(old, new, MemoryTree(leaf_hashes(KNOWN_LEAVES[:new]))) == hashes(proof)
    old_root, new_root = (bytes.fromhex(KNOWN_ROOTS[size]) for size in (old, new))
    verify_consistency(old_size=old, old_root=old_root, new_size=new, new_root=new_root, proof=hashes(proof))


def test_roots_and_frontiers_agree_with_the_definition_at_every_size():
    frontier = Frontier()
    for size in range(len(LEAVES) + 1):
        expected = merkle_tree_hash(LEAVES[:size])
        assert (frontier.size, frontier.root()) == (size, expected)
        assert tree_root(size, MemoryTree(LEAVES)) == expected
        frontier = frontier.extended(LEAVES[size : size + 1])


@pytest.mark.parametrize("size", [*range(1, 40), 63, 64, 65, 127, 128, 129, 200])
def test_every_inclusion_proof_is_the_definitions_and_verifies(size):
    leaves, tree = LEAVES[:size], MemoryTree(LEAVES[:size])
    root = merkle_tree_hash(leaves)
    for index in range(size):
        proof = inclusion_proof(index, size, tree)
        assert proof == inclusion_path(index, leaves)
        verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)


@pytest.mark.parametrize("size", [*range(1, 40), 63, 64, 65, 127, 128, 129, 200])
def test_every_consistency_proof_is_the_definitions_and_verifies(size):
    leaves, tree = LEAVES[:size], MemoryTree(LEAVES[:size])
    new_root = merkle_tree_hash(leaves)
    for old in range(size + 1):
        proof = consistency_proof(old, size, tree)
        assert proof == (consistency_path(old, leaves) if old else [])
        verify_consistency(
            old_size=old, old_root=merkle_tree_hash(LEAVES[:old]), new_size=size, new_root=new_root, proof=proof
        )


@given(data=st.data(), sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=6))
def test_a_tree_is_the_same_however_its_leaves_were_batched(data, sizes):
    leaves = leaf_hashes(entries(sum(sizes)))
    frontier, begin = Frontier(), 0
    for size in sizes:
        frontier = frontier.extended(leaves[begin : begin + size])
        begin += size
    assert frontier == Frontier().extended(leaves)
    assert frontier.root() == merkle_tree_hash(leaves)
    if leaves:
        index = data.draw(st.integers(0, len(leaves) - 1))
        old = data.draw(st.integers(0, len(leaves)))
        tree, root = MemoryTree(leaves), frontier.root()
        proof = inclusion_proof(index, len(leaves), tree)
        assert len(proof) <= len(leaves).bit_length()
        verify_inclusion(leaf=leaves[index], index=index, size=len(leaves), proof=proof, root=root)
        verify_consistency(
            old_size=old,
            old_root=root_of(leaves[:old]),
            new_size=len(leaves),
            new_root=root,
            proof=consistency_proof(old, len(leaves), tree),
        )


@given(data=st.data(), size=st.integers(1, 70))
def test_no_other_leaf_index_size_hash_or_length_verifies(data, size):
    leaves, index = LEAVES[:size], data.draw(st.integers(0, size - 1))
    good = {
        "leaf": leaves[index],
        "index": index,
        "size": size,
        "proof": inclusion_proof(index, size, MemoryTree(leaves)),
        "root": root_of(leaves),
    }
    other = data.draw(st.sampled_from(["leaf", "index", "root", "hash", "longer", "shorter"]))
    proof = good["proof"]
    wrong = {
        "leaf": {"leaf": leaf_hash(b"another")},
        "index": {"index": (index + 1) % size if size > 1 else None},
        "root": {"root": leaf_hash(b"another")},
        "hash": {"proof": [*proof[:-1], leaf_hash(b"another")] if proof else [leaf_hash(b"another")]},
        "longer": {"proof": [*proof, leaf_hash(b"another")]},
        "shorter": {"proof": proof[:-1] if proof else [leaf_hash(b"another")]},
    }[other]
    if wrong.get("index", 0) is None:
        return
    with pytest.raises(ProofWrongError) as caught:
        verify_inclusion(**(good | wrong))
    assert caught.value.expected == (good | wrong)["root"]


@given(data=st.data(), new=st.integers(2, 70))
def test_no_other_root_hash_or_length_is_consistent(data, new):
    old = data.draw(st.integers(1, new - 1))
    good = {
        "old_size": old,
        "old_root": root_of(LEAVES[:old]),
        "new_size": new,
        "new_root": root_of(LEAVES[:new]),
        "proof": consistency_proof(old, new, MemoryTree(LEAVES[:new])),
    }
    proof, strange = good["proof"], leaf_hash(b"another")
    place = data.draw(st.integers(0, len(proof) - 1))
    for wrong in (
        {"old_root": strange},
        {"new_root": strange},
        {"proof": [*proof[:place], strange, *proof[place + 1 :]]},
        {"proof": [*proof, strange]},
        {"proof": proof[:-1]},
        {"proof": []},
    ):
        with pytest.raises(ProofWrongError):
            verify_consistency(**(good | wrong))


def test_a_leaf_is_never_taken_for_a_node():
    left, right = LEAVES[:2]
    forged_entry = left + right  # what an inner node hashes, without its prefix
    with pytest.raises(ProofWrongError):
        verify_inclusion(leaf=leaf_hash(forged_entry), index=0, size=1, proof=[], root=root_of([left, right]))


def test_the_beginning_of_every_tree_needs_no_proof_and_takes_none():
    root = root_of(LEAVES)
    verify_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=200, new_root=root, proof=[])
    verify_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=0, new_root=EMPTY_ROOT, proof=[])
    verify_consistency(old_size=200, old_root=root, new_size=200, new_root=root, proof=[])
    for sizes, roots in (((0, 200), (EMPTY_ROOT, root)), ((200, 200), (root, root))):
        with pytest.raises(ProofWrongError, match="1 hashes where none are needed"):
            verify_consistency(
                old_size=sizes[0], old_root=roots[0], new_size=sizes[1], new_root=roots[1], proof=[LEAVES[0]]
            )


def test_an_empty_tree_has_one_root_only():
    with pytest.raises(ProofWrongError, match="not the empty tree's"):
        verify_consistency(old_size=0, old_root=LEAVES[0], new_size=1, new_root=LEAVES[0], proof=[])
    with pytest.raises(ProofWrongError, match="not the empty tree's"):
        verify_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=0, new_root=LEAVES[0], proof=[])


def test_two_roots_of_one_size_are_told_with_both():
    with pytest.raises(ProofWrongError, match="two roots of the same size 3") as caught:
        verify_consistency(old_size=3, old_root=LEAVES[0], new_size=3, new_root=LEAVES[1], proof=[])
    assert {caught.value.computed, caught.value.expected} == set(LEAVES[:2])


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, 2**63)])
def test_a_leaf_outside_the_tree_is_refused(index, size):
    with pytest.raises(InputError, match="there is no leaf"):
        verify_inclusion(leaf=LEAVES[0], index=index, size=size, proof=[], root=LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (5, 4), (1, 2**63)])
def test_sizes_that_do_not_grow_are_refused(old, new):
    with pytest.raises(InputError, match="has no beginning"):
        verify_consistency(old_size=old, old_root=LEAVES[0], new_size=new, new_root=LEAVES[0], proof=[])


@pytest.mark.parametrize("wrong", [b"", b"\0" * 31, "0" * 32, None])
def test_what_is_no_hash_is_refused(wrong):
    with pytest.raises(InputError, match="32 bytes"):
        verify_inclusion(leaf=LEAVES[0], index=0, size=2, proof=[wrong], root=LEAVES[0])
    with pytest.raises(InputError, match="32 bytes"):
        verify_consistency(old_size=1, old_root=wrong, new_size=2, new_root=LEAVES[0], proof=[])


def test_proofs_outside_a_tree_are_not_made():
    tree = MemoryTree(LEAVES)
    for index in (-1, 200):
        with pytest.raises(InputError, match="there is no leaf"):
            inclusion_proof(index, 200, tree)
    for old in (-1, 201):
        with pytest.raises(InputError, match="has no beginning"):
            consistency_proof(old, 200, tree)


@given(size=st.integers(1, 2**62), data=st.data())
def test_a_proof_never_needs_more_hashes_than_a_witness_takes(size, data):
    class Counting:
        def __init__(self):
            self.asked = 0

        def hashes(self, nodes):
            self.asked += len(nodes)
            return [LEAVES[0]] * len(nodes)

    source = Counting()
    assert len(consistency_proof(data.draw(st.integers(0, size)), size, source)) <= MAX_PROOF_HASHES
    assert len(inclusion_proof(data.draw(st.integers(0, size - 1)), size, source)) <= MAX_PROOF_HASHES
    assert source.asked <= 4 * 64


def test_perfect_subtrees_cover_a_range_from_left_to_right():
    nodes = perfect_subtrees(8, 15)
    covered = [leaf for level, offset in nodes for leaf in range(offset << level, (offset + 1) << level)]
    assert covered == list(range(8, 15))
    assert fold([]) == EMPTY_ROOT
