import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.tlog.checkpoints import Checkpoint
from ledger.tlog.errors import LogUnusableError
from ledger.tlog.fsck import MAX_FINDINGS, MAX_UNREACHABLE, LogRule, LogWord, check_log
from ledger.tlog.sources import FolderSource, source_of
from ledger.tlog.tiles import parse_tile_path
from tests.ledger.tlog.samples import ORIGIN, OTHER_SIGNER, VERIFIERS, checkpoint_of, entries, signed, written_log
from tests.ledger.tlog.serving import folder_served

SIZE = 66_000


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return written_log(tmp_path_factory.mktemp("log") / "log", entries(SIZE))


@pytest.fixture
def small(tmp_path):
    return written_log(tmp_path / "log", entries(600))


def check(folder):
    return check_log(FolderSource(folder), VERIFIERS)


def told(report):
    return [(finding.rule, finding.path, finding.index) for finding in report.findings]


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600, 65_536])
def test_a_whole_log_is_verified(tmp_path, size):
    report = check(written_log(tmp_path / "log", entries(size)))
    assert (report.word, report.entries, report.findings, report.not_checked) == (LogWord.VERIFIED, size, (), ())
    assert report.checkpoint == checkpoint_of(entries(size))


def test_a_log_is_checked_alike_behind_a_url(small):
    with folder_served(small) as url:
        assert check_log(source_of(url), VERIFIERS).word is LogWord.VERIFIED
        (small / "tile/0/001").unlink()
        assert told(check_log(source_of(url), VERIFIERS)) == [(LogRule.PRESENT, "tile/0/001", 256)]


def test_progress_is_told_bundle_by_bundle(small):
    steps = []
    check_log(FolderSource(small), VERIFIERS, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(256, 600), (512, 600), (600, 600)]


def test_an_altered_entry_is_named(small):
    path = small / "tile/entries/001"
    data = bytearray(path.read_bytes())
    data[34 * 10 + 20] ^= 1
    path.write_bytes(data)
    report = check(small)
    assert report.word is LogWord.NOT_VERIFIED
    assert told(report) == [(LogRule.LEAF, "tile/0/001", 266)]
    assert "is not the hash of the entry" in str(report.findings[0])
    assert "(entry 266)" in str(report.findings[0])
    assert report.entries == 599


def test_an_altered_leaf_hash_is_named_with_the_tile_above(small):
    path = small / "tile/0/000"
    path.write_bytes(b"\0" * 32 + path.read_bytes()[32:])
    assert told(check(small)) == [
        (LogRule.LEAF, "tile/0/000", 0),
        (LogRule.NODE, "tile/1/000.p/2", 0),
    ]


def test_an_altered_tile_of_a_higher_level_is_named(large):
    path = large / "tile/1/000"
    before = path.read_bytes()
    try:
        path.write_bytes(before[:64] + b"\0" * 64 + before[128:])
        report = check(large)
        assert told(report) == [(LogRule.NODE, "tile/1/000", 512), (LogRule.NODE, "tile/2/000.p/1", 0)]
        assert "nor are 1 more in this tile" in report.findings[0].reason
        assert report.entries == SIZE
    finally:
        path.write_bytes(before)


def test_entry_and_leaf_altered_together_are_found_by_the_tile_above(small):
    other = entries(256, mark=b"forged")
    forged = written_log(small.parent / "forged", [*other, *entries(344, 256)])
    for path in ("tile/entries/000", "tile/0/000"):
        (small / path).write_bytes((forged / path).read_bytes())
    assert told(check(small)) == [(LogRule.NODE, "tile/1/000.p/2", 0)]


def test_a_whole_other_tree_is_found_by_the_root(small):
    forged = written_log(small.parent / "forged", entries(600, mark=b"forged"))
    (forged / "checkpoint").write_bytes((small / "checkpoint").read_bytes())
    report = check(forged)
    assert told(report) == [(LogRule.ROOT, "checkpoint", None)]
    assert checkpoint_of(entries(600)).root.hex() in report.findings[0].reason


@pytest.mark.parametrize("path", ["tile/entries/001", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_every_missing_file_is_named_and_the_rest_is_checked(small, path):
    (small / path).unlink()
    report = check(small)
    tile = parse_tile_path(path)
    assert told(report) == [(LogRule.PRESENT, path, tile.index * 256 ** ((tile.level or 0) + 1))]
    assert report.findings[0].reason == "is missing"


def test_bundle_and_tile_missing_together_are_both_named(small):
    for path in ("tile/entries/001", "tile/0/001"):
        (small / path).unlink()
    (small / "tile/1/000.p/2").unlink()
    assert {path for _, path, _ in told(check(small))} == {"tile/entries/001", "tile/0/001", "tile/1/000.p/2"}


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/entries/002.p/88", "tile/0/000", "tile/1/000.p/2"])
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: b""])
def test_a_file_of_another_width_is_named(small, path, change):
    (small / path).write_bytes(change((small / path).read_bytes()))
    report = check(small)
    assert [(rule, where) for rule, where, _ in told(report)] == [(LogRule.FORM, path)]


def test_a_file_far_too_large_is_named(small):
    (small / "tile/0/000").write_bytes(b"\0" * 100_000)
    assert [(rule, path) for rule, path, _ in told(check(small))] == [(LogRule.FORM, "tile/0/000")]


def test_a_full_tile_serves_where_the_partial_one_is_gone(small, tmp_path):
    longer = written_log(tmp_path / "longer", entries(1024))
    for path in ("checkpoint", "tile/1/000.p/2"):
        (longer / path).write_bytes((small / path).read_bytes())
    assert not (longer / "tile/0/002.p").exists()
    assert check(longer).word is LogWord.VERIFIED


@pytest.mark.parametrize(
    "make",
    [
        lambda: signed(checkpoint_of(entries(600)), OTHER_SIGNER).data(),
        lambda: signed(checkpoint_of(entries(600))).data().replace(b"600", b"601"),
        lambda: signed(Checkpoint("logs.example/other", 600, b"\0" * 32)).data(),
        lambda: b"not a note",
        lambda: b"x" * 2_000_000,
        lambda: None,
    ],
    ids=["another key", "altered", "another log", "no note", "too large", "missing"],
)
def test_a_log_without_a_good_checkpoint_is_not_verified(small, make):
    data = make()
    (small / "checkpoint").unlink() if data is None else (small / "checkpoint").write_bytes(data)
    report = check(small)
    assert (report.word, report.checkpoint, report.entries) == (LogWord.NOT_VERIFIED, None, 0)
    assert told(report) == [(LogRule.CHECKPOINT, "checkpoint", None)]


class Failing(FolderSource):
    """A folder of which some files cannot be reached."""

    def __init__(self, folder, *paths):
        super().__init__(folder)
        self._paths = paths

    def read(self, path, most_bytes):
        if path in self._paths or not self._paths:
            raise LogUnusableError("the server answers 503", where=path)
        return super().read(path, most_bytes)


def test_what_could_not_be_reached_is_neither_verified_nor_refused(small):
    report = check_log(Failing(small, "tile/0/001"), VERIFIERS)
    assert (report.word, report.findings) == (LogWord.UNDETERMINED, ())
    assert report.not_checked == ("tile/0/001: the server answers 503",)
    assert check_log(Failing(small), VERIFIERS).word is LogWord.UNDETERMINED


def test_a_fault_found_counts_even_if_not_all_could_be_reached(small):
    (small / "tile/entries/000").unlink()
    report = check_log(Failing(small, "tile/0/001"), VERIFIERS)
    assert report.word is LogWord.NOT_VERIFIED


def test_a_source_that_is_down_ends_the_check(large):
    paths = [f"tile/0/{index:03d}" for index in range(257)]
    report = check_log(Failing(large, *paths), VERIFIERS)
    assert len(report.not_checked) == MAX_UNREACHABLE


def test_a_log_damaged_all_over_ends_the_check(large, tmp_path):
    (tmp_path / "checkpoint").write_bytes((large / "checkpoint").read_bytes())
    report = check(tmp_path)
    assert len(report.findings) == MAX_FINDINGS
    assert report.checkpoint == checkpoint_of(entries(SIZE))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_change_of_any_byte_of_a_log_is_found(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("log") / "log"
    written_log(folder, entries(data.draw(st.sampled_from([1, 256, 300, 700]))))
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and ".state" not in path.parts)
    path = data.draw(st.sampled_from(paths))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    report = check(folder)
    assert report.word is LogWord.NOT_VERIFIED
    assert report.findings


def test_an_origin_other_than_the_keys_name_is_refused(small):
    assert check(small).checkpoint.origin == ORIGIN
