import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.tlog.errors import EntryTooLargeError, LogDamagedError
from ledger.tlog.integration import BATCH_BYTES, Edge, in_batches, integrate
from ledger.tlog.merkle import leaf_hash, leaf_hashes, root_of
from ledger.tlog.tiles import (
    MAX_ENTRY_BYTES,
    TILE_WIDTH,
    Tile,
    decode_bundle,
    encode_bundle,
    hashes_in,
    index_path,
    parse_tile_path,
    partial_widths,
    tile_roots,
)
from tests.ledger.tlog.samples import entries


@pytest.mark.parametrize(
    ("index", "path"),
    [
        (0, "000"),
        (67, "067"),
        (999, "999"),
        (1000, "x001/000"),
        (1234067, "x001/x234/067"),
        (10**9, "x001/x000/x000/000"),
    ],
)
def test_an_index_is_a_path_as_the_specification_writes_it(index, path):
    assert index_path(index) == path


@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 2**55), st.integers(1, 256))
def test_a_path_names_its_tile(level, index, width):
    tile = Tile(level, index, width)
    assert parse_tile_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "checkpoint",
        "tile/64/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/001/000",
        "tile/0/x000/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p",
        "tile/-1/000",
        "tile/entry/000",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/../0/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_every_other_path_names_none(path):
    assert parse_tile_path(path) is None


def test_partial_tiles_are_as_wide_as_the_specifications_example():
    # C2SP tlog-tiles, "Partial Tiles": 70,000 entries; and a tree of 256
    assert list(partial_widths(70_000)) == [(0, 112), (1, 17), (2, 1)]
    assert list(partial_widths(256)) == [(0, 0), (1, 1)]
    assert list(partial_widths(0)) == []
    edge, files = integrate(Edge(), entries(70_000))
    assert sum(tile.level == 0 for tile, _ in files) == 273
    assert [tile for tile, _ in files if tile.level == 1] == [Tile(1, 0)]
    assert [tile for tile, _ in edge.files()] == [
        Tile(0, 273, 112),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
        Tile(None, 273, 112),
    ]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=TILE_WIDTH))
def test_a_bundle_is_read_back(bundle):
    assert decode_bundle(encode_bundle(bundle), Tile(None, 0, len(bundle))) == bundle


def test_a_bundle_is_laid_out_as_specified():
    assert encode_bundle([b"abc", b"", b"x" * 300]) == b"\0\3abc" + b"\0\0" + b"\1\x2c" + b"x" * 300


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\2a", b"\0\1a\0", b"\0\1a\0\1b\0\1c", b"\0\1a", b"\xff\xff\0\1"])
def test_what_is_no_bundle_is_refused(data):
    with pytest.raises(LogDamagedError, match="no bundle of 2 entries") as caught:
        decode_bundle(data, Tile(None, 3, 2))
    assert caught.value.where == "tile/entries/003.p/2"


def test_a_tile_of_another_width_is_refused():
    with pytest.raises(LogDamagedError, match="has 63 bytes, and 2 hashes have 64"):
        hashes_in(b"\0" * 63, Tile(0, 0, 2))


def test_the_longest_entry_fits_and_a_longer_one_is_refused():
    longest = b"x" * MAX_ENTRY_BYTES
    assert decode_bundle(encode_bundle([longest]), Tile(None, 0, 1)) == [longest]
    with pytest.raises(EntryTooLargeError, match="65536 bytes"):
        encode_bundle([longest, longest + b"x"])
    with pytest.raises(EntryTooLargeError, match="65536 bytes"):
        integrate(Edge(), [longest + b"x"])


def test_the_root_of_a_tile_is_the_root_of_its_hashes():
    leaves = leaf_hashes(entries(512))
    assert tile_roots(leaves) == [root_of(leaves[:256]), root_of(leaves[256:])]


@given(st.lists(st.integers(0, 700), max_size=6))
def test_an_edge_is_the_same_however_entries_were_batched(sizes):
    edge, written, first = Edge(), {}, 0
    for size in sizes:
        edge, files = integrate(edge, entries(size, first))
        first += size
        written.update(files)
    at_once, files = integrate(Edge(), entries(first))
    assert (edge, written) == (at_once, dict(files))
    assert edge.root() == root_of(leaf_hashes(entries(first)))


def test_what_integration_writes_is_what_the_definition_says():
    log_entries = entries(256 * 256 + 300)
    edge, files = integrate(Edge(), log_entries)
    written = dict([*files, *edge.files()])
    assert written[Tile(0, 256)] == b"".join(leaf_hashes(log_entries[256 * 256 : 257 * 256]))
    assert written[Tile(1, 0)][32:64] == root_of(leaf_hashes(log_entries[256:512]))
    assert written[Tile(1, 1, 1)] == root_of(leaf_hashes(log_entries[256 * 256 : 257 * 256]))
    assert written[Tile(2, 0, 1)] == root_of(leaf_hashes(log_entries[: 256 * 256]))
    assert written[Tile(0, 257, 44)][-32:] == leaf_hash(log_entries[-1])


def test_batches_are_bounded_in_number_and_in_bytes():
    assert [len(batch) for batch in in_batches(entries(40_000))] == [16_384, 16_384, 7_232]
    long_entries = [b"x" * 60_000] * 600
    batches = list(in_batches(long_entries))
    assert sum(map(len, batches)) == 600
    assert all(sum(map(len, batch)) < BATCH_BYTES + 65_536 for batch in batches)
    assert list(in_batches([])) == []
