import gzip
import time

import pytest

from ledger.errors import InputError
from ledger.tlog.errors import (
    LogDamagedError,
    LogMissingError,
    LogUnusableError,
    ResourceMissingError,
    SignerUnknownError,
)
from ledger.tlog.merkle import leaf_hash, leaf_hashes, root_of, verify_consistency, verify_inclusion
from ledger.tlog.proving import inclusion_proof
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource, UrlSource, source_of
from tests.ledger.tlog.samples import OTHER_SIGNER, VERIFIERS, checkpoint_of, entries, signed, written_log
from tests.ledger.tlog.serving import answering, folder_served

SIZE = 66_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return written_log(tmp_path_factory.mktemp("log") / "log", entries(SIZE))


@pytest.fixture(params=["folder", "URL"])
def reader(request, folder):
    if request.param == "folder":
        yield LogReader(FolderSource(folder), VERIFIERS)
        return
    with folder_served(folder) as url:
        source = UrlSource(url + "/")
        yield LogReader(source, VERIFIERS)
        source.close()


def test_a_log_is_read_alike_from_a_folder_and_a_url(reader):
    opened = reader.checkpoint()
    assert opened.checkpoint == checkpoint_of(entries(SIZE))
    assert list(reader.entries(250, 520, SIZE)) == entries(270, 250)
    assert list(reader.entries(SIZE - 3, SIZE, SIZE)) == entries(3, SIZE - 3)
    assert list(reader.entries(7, 7, SIZE)) == []
    assert reader.root(SIZE) == opened.checkpoint.root


def test_proofs_for_every_kind_of_place_verify(reader):
    root = reader.checkpoint().checkpoint.root
    for index in (0, 255, 256, 65_535, 65_536, 65_792, SIZE - 1):
        verify_inclusion(
            leaf=leaf_hash(entries(1, index)[0]),
            index=index,
            size=SIZE,
            proof=reader.inclusion_proof(index, SIZE),
            root=root,
        )
    leaves = leaf_hashes(entries(SIZE))
    for old in (0, 1, 255, 256, 257, 65_535, 65_536, 65_537, SIZE - 1, SIZE):
        verify_consistency(
            old_size=old,
            old_root=root_of(leaves[:old]),
            new_size=SIZE,
            new_root=root,
            proof=reader.consistency_proof(old, SIZE),
        )


def test_an_older_checkpoint_can_be_proved_from_the_tiles_of_a_newer(folder):
    reader = LogReader(FolderSource(folder), VERIFIERS)
    root = root_of(leaf_hashes(entries(60_000)))
    assert reader.root(60_000) == root
    proof = reader.inclusion_proof(59_999, 60_000)
    verify_inclusion(leaf=leaf_hash(entries(1, 59_999)[0]), index=59_999, size=60_000, proof=proof, root=root)
    assert list(reader.entries(59_990, 60_000, 60_000)) == entries(10, 59_990)


def test_a_proof_reads_few_tiles_and_several_proofs_share_them(folder):
    class Counting(FolderSource):
        reads = 0

        def read(self, path, most_bytes):
            self.reads += 1
            return super().read(path, most_bytes)

    source = Counting(folder)
    hashes = LogReader(source, VERIFIERS).hashes(SIZE)
    inclusion_proof(12_345, SIZE, hashes)
    assert source.reads <= 6
    before = source.reads
    inclusion_proof(12_346, SIZE, hashes)
    assert source.reads == before
    for index in range(0, SIZE, 256):
        inclusion_proof(index, SIZE, hashes)
    assert len(hashes._kept) <= 64


def test_entries_that_are_not_there_are_not_read(reader):
    for begin, end in ((-1, 2), (5, 4), (0, SIZE + 1)):
        with pytest.raises(InputError, match=f"a log of {SIZE} has no entries"):
            list(reader.entries(begin, end, SIZE))


def test_a_missing_log_is_told(tmp_path):
    for source in (FolderSource(tmp_path), FolderSource(tmp_path / "nothing")):
        with pytest.raises(LogMissingError, match="no checkpoint, so no log"):
            LogReader(source, VERIFIERS).checkpoint()
    with folder_served(tmp_path) as url, pytest.raises(LogMissingError):
        LogReader(source_of(url), VERIFIERS).checkpoint()


def test_a_checkpoint_by_another_key_is_refused(tmp_path):
    (tmp_path / "checkpoint").write_bytes(signed(checkpoint_of([]), OTHER_SIGNER).data())
    with pytest.raises(SignerUnknownError):
        LogReader(FolderSource(tmp_path), VERIFIERS).checkpoint()


def test_a_missing_tile_is_named(tmp_path):
    folder = written_log(tmp_path / "log", entries(600))
    (folder / "tile/0/001").unlink()
    (folder / "tile/entries/002.p/88").unlink()
    reader = LogReader(FolderSource(folder), VERIFIERS)
    with pytest.raises(ResourceMissingError, match="no such file") as caught:
        reader.inclusion_proof(300, 600)
    assert caught.value.where.endswith("tile/0/001")
    with pytest.raises(ResourceMissingError) as caught:
        list(reader.entries(599, 600, 600))
    assert caught.value.where.endswith("tile/entries/002")


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path):
    (tmp_path / "big").write_bytes(b"x" * 101)
    with folder_served(tmp_path) as url:
        for source in (FolderSource(tmp_path), UrlSource(url)):
            assert len(source.read("big", 101)) == 101
            with pytest.raises(LogDamagedError, match="larger than 100 bytes"):
                source.read("big", 100)


def test_a_folder_in_the_place_of_a_file_cannot_be_read(tmp_path):
    (tmp_path / "checkpoint").mkdir()
    with pytest.raises(LogUnusableError, match="cannot be read"):
        FolderSource(tmp_path).read("checkpoint", 10)


def test_a_server_that_fails_is_neither_a_yes_nor_a_no():
    with answering(lambda path, body: (503, {}, b"")) as url, pytest.raises(LogUnusableError, match="answers 503"):
        UrlSource(url).read("checkpoint", 10)
    with pytest.raises(LogUnusableError, match="cannot be reached"):
        UrlSource(url).read("checkpoint", 10)  # it is gone


def test_a_server_that_says_nothing_is_not_waited_for_for_ever():
    with (
        answering(lambda path, body: (200, {}, [lambda: time.sleep(1)])) as url,
        pytest.raises(LogUnusableError, match="cannot be reached"),
    ):
        UrlSource(url, timeout_seconds=0.05).read("checkpoint", 10)


def test_what_is_gone_for_good_is_missing():
    with answering(lambda path, body: (410, {}, b"")) as url, pytest.raises(ResourceMissingError):
        UrlSource(url).read("tile/0/000", 10)


def test_compressed_bundles_are_read():
    packed = gzip.compress(b"entries" * 1000)
    with answering(lambda path, body: (200, {"Content-Encoding": "gzip"}, packed)) as url:
        assert UrlSource(url).read("tile/entries/000", 7000) == b"entries" * 1000


def test_a_compressed_answer_cannot_outgrow_its_limit():
    packed = gzip.compress(b"\0" * 10_000_000)
    with (
        answering(lambda path, body: (200, {"Content-Encoding": "gzip"}, packed)) as url,
        pytest.raises(LogDamagedError, match="larger than 8192"),
    ):
        UrlSource(url).read("tile/0/000", 8192)


def test_a_place_is_a_folder_or_a_url(tmp_path):
    assert source_of("https://logs.example/a/").name == "https://logs.example/a"
    assert source_of(str(tmp_path)).name == str(tmp_path)
