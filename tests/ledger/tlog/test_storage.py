import contextlib
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.tlog.checkpoints import Checkpoint, empty_checkpoint
from ledger.tlog.durable import Disk
from ledger.tlog.errors import (
    CheckpointRefusedError,
    EntryTooLargeError,
    LogBehindError,
    LogBusyError,
    LogDamagedError,
    LogMissingError,
    LogTakenError,
    LogUnusableError,
    NoteMalformedError,
    OriginWrongError,
    SignerUnknownError,
)
from ledger.tlog.fsck import LogWord, check_log
from ledger.tlog.notes import MAX_SIGNATURES
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from tests.ledger.tlog.disks import QuickDisk, full_disk
from tests.ledger.tlog.samples import (
    NOW,
    ORIGIN,
    OTHER_SIGNER,
    SIGNER,
    VERIFIERS,
    checkpoint_of,
    ed25519_cosigner,
    entries,
    new_log,
    publish,
    signed,
    written_log,
)


def read_entries(folder):
    reader = LogReader(FolderSource(folder), VERIFIERS)
    size = reader.checkpoint().checkpoint.size
    return list(reader.entries(0, size, size))


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_holds(folder, log_entries):
    assert check_log(FolderSource(folder), VERIFIERS).word is LogWord.VERIFIED
    assert read_entries(folder) == log_entries


def test_a_new_log_is_empty_and_shows_its_checkpoint(tmp_path):
    with new_log(tmp_path / "members" / "log") as log:
        assert (log.origin, log.size, log.checkpoint()) == (ORIGIN, 0, empty_checkpoint(ORIGIN))
        assert log.published.checkpoint == empty_checkpoint(ORIGIN)
    assert_holds(tmp_path / "members" / "log", [])


@settings(max_examples=25, deadline=None)
@given(sizes=st.lists(st.sampled_from([0, 1, 2, 100, 255, 256, 257, 512, 700]), max_size=7), data=st.data())
def test_a_log_holds_what_was_published_however_it_was_batched(tmp_path_factory, sizes, data):
    folder = tmp_path_factory.mktemp("log") / "log"
    log, published, pending = new_log(folder), [], []
    for size in sizes:
        batch = entries(size, len(published) + len(pending))
        appended = log.append(iter(batch))
        assert appended.first == len(published) + len(pending)
        pending += batch
        assert (appended.size, appended.root) == (log.size, checkpoint_of(published + pending).root)
        next_step = data.draw(st.sampled_from(["publish", "publish", "append more", "reopen"]))
        if next_step == "publish":
            publish(log)
            published, pending = published + pending, []
            assert_holds(folder, published)
        elif next_step == "reopen":
            log.close()
            log, pending = LogWriter(folder, VERIFIERS, disk=QuickDisk()), []
            assert log.checkpoint() == checkpoint_of(published)
    log.close()
    assert_holds(folder, published)


def test_what_was_appended_is_not_seen_before_it_is_published(tmp_path):
    with new_log(tmp_path / "log") as log:
        log.append(entries(300))
        assert read_entries(tmp_path / "log") == []
        publish(log)
    assert_holds(tmp_path / "log", entries(300))


def test_opening_removes_what_lies_beyond_the_checkpoint_and_nothing_else(tmp_path):
    folder = written_log(tmp_path / "log", entries(70_000))
    before = files(folder)
    stray = {
        "tile/0/273": b"x" * 8192,
        "tile/0/273.p/113": b"x" * 113 * 32,
        "tile/0/274.p/1": b"x" * 32,
        "tile/0/x001/000": b"x" * 8192,
        "tile/0/x001/000.p/7": b"x",
        "tile/1/001": b"x" * 8192,
        "tile/2/000.p/2": b"x" * 64,
        "tile/3/000.p/1": b"x" * 32,
        "tile/entries/273": b"x",
        "tile/entries/x001/x000/000": b"x",
        ".state/new/0": b"half writ",
    }
    for path, data in stray.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    foreign = {"README": b"hello", "tile/0/.htaccess": b"", "tile/notes/1": b"", "tile/0/273.p/README": b""}
    for path, data in foreign.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    with LogWriter(folder, VERIFIERS) as log:
        assert files(folder) == before | foreign
        log.append(entries(1000, 70_000))
        publish(log)
    assert_holds(folder, entries(71_000))


def test_partial_tiles_stay_while_their_tile_is_partial_and_go_when_it_is_full(tmp_path):
    folder = tmp_path / "log"
    with new_log(folder) as log:
        for count in (3, 4):
            log.append(entries(count, log.size))
            publish(log)
        assert {"tile/0/000.p/3", "tile/0/000.p/7", "tile/entries/000.p/3"} <= files(folder).keys()
        log.append(entries(300, log.size))
        publish(log)
        assert not {"tile/0/000.p/3", "tile/0/000.p/7", "tile/entries/000.p/3"} & files(folder).keys()
        assert "tile/0/000" in files(folder)
    assert_holds(folder, entries(307))


def test_a_partial_tile_that_cannot_be_removed_does_no_harm(tmp_path, caplog):
    class Keeping(Disk):
        def remove(self, path):
            raise PermissionError(13, "Permission denied", str(path))

    folder = written_log(tmp_path / "log", entries(3))
    (folder / ".state" / "new").rmdir()
    with LogWriter(folder, VERIFIERS, disk=Keeping()) as log:
        log.append(entries(300, 3))
        publish(log)
    assert "an outgrown partial tile stays" in caplog.text
    assert_holds(folder, entries(303))


def test_a_checkpoint_is_published_again_with_cosignatures(tmp_path):
    folder = tmp_path / "log"
    cosigner = ed25519_cosigner()
    with new_log(folder) as log:
        log.append(entries(5))
        note = publish(log)
        cosigned = note.with_signatures([cosigner.cosign(note.text, NOW)])
        log.publish(cosigned)
    assert (folder / "checkpoint").read_bytes() == cosigned.data()
    assert_holds(folder, entries(5))


def test_a_checkpoint_that_could_not_be_read_again_is_not_published(tmp_path):
    folder = tmp_path / "log"
    with new_log(folder) as log:
        log.append(entries(5))
        note = publish(log)
        more = [ed25519_cosigner().cosign(note.text, NOW + second) for second in range(MAX_SIGNATURES)]
        with pytest.raises(NoteMalformedError, match="101 signatures"):
            log.publish(note.with_signatures(more))
        log.publish(note)
    assert_holds(folder, entries(5))


def test_only_the_checkpoint_of_what_was_appended_is_published(tmp_path):
    with new_log(tmp_path / "log") as log:
        log.append(entries(5))
        good = log.checkpoint()
        for other in (
            checkpoint_of(entries(4)),
            checkpoint_of(entries(6)),
            checkpoint_of(entries(5, mark=b"x")),
            empty_checkpoint(ORIGIN),
        ):
            with pytest.raises(CheckpointRefusedError, match="the log has 5 with root"):
                log.publish(signed(other))
        with pytest.raises(SignerUnknownError):
            log.publish(signed(good, OTHER_SIGNER))
        with pytest.raises(OriginWrongError):
            log.publish(signed(Checkpoint("logs.example/other", good.size, good.root)))
        assert log.published.checkpoint.size == 0
        log.publish(signed(good))


def test_a_log_is_not_made_where_there_is_one(tmp_path):
    written_log(tmp_path / "log", entries(1))
    with pytest.raises(LogTakenError, match="is there already"):
        new_log(tmp_path / "log")
    assert_holds(tmp_path / "log", entries(1))


def test_a_log_that_lost_its_checkpoint_is_neither_opened_nor_made_anew(tmp_path):
    folder = written_log(tmp_path / "log", entries(300))
    (folder / "checkpoint").unlink()
    before = files(folder)
    with pytest.raises(LogMissingError, match="no checkpoint"):
        LogWriter(folder, VERIFIERS)
    with pytest.raises(LogTakenError, match="tile"):
        new_log(folder)
    assert files(folder) == before


def test_a_new_log_starts_from_the_empty_checkpoint(tmp_path):
    for wrong in (checkpoint_of(entries(1)), Checkpoint(ORIGIN, 0, b"\0" * 32)):
        with pytest.raises(CheckpointRefusedError, match="a new log has 0 entries"):
            LogWriter.create(tmp_path / "log", signed(wrong), VERIFIERS)
    with pytest.raises(SignerUnknownError):
        LogWriter.create(tmp_path / "log", signed(empty_checkpoint(ORIGIN), OTHER_SIGNER), VERIFIERS)
    assert not (tmp_path / "log").exists()


def test_no_log_is_opened_where_there_is_none(tmp_path):
    with pytest.raises(LogMissingError):
        LogWriter(tmp_path, VERIFIERS)
    assert list(tmp_path.iterdir()) == []


def test_a_log_restored_from_an_old_copy_is_refused_untouched(tmp_path):
    folder = written_log(tmp_path / "log", entries(300))
    old = (folder / "checkpoint").read_bytes()
    with LogWriter(folder, VERIFIERS) as log:
        log.append(entries(300, 300))
        publish(log)
    (folder / "checkpoint").write_bytes(old)
    before = files(folder)
    with pytest.raises(LogBehindError, match="has 300 entries, and others have 600"):
        LogWriter(folder, VERIFIERS, recorded_size=600)
    assert files(folder) == before
    LogWriter(folder, VERIFIERS, recorded_size=300).close()


def test_a_log_whose_checkpoint_another_signed_is_refused(tmp_path):
    folder = written_log(tmp_path / "log", entries(3))
    (folder / "checkpoint").write_bytes(signed(checkpoint_of(entries(3)), OTHER_SIGNER).data())
    with pytest.raises(SignerUnknownError):
        LogWriter(folder, VERIFIERS)


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
@pytest.mark.parametrize("damage", ["missing", "altered", "short"])
def test_a_log_whose_edge_is_damaged_is_refused_untouched(tmp_path, path, damage):
    folder = written_log(tmp_path / "log", entries(300))
    data = (folder / path).read_bytes()
    if damage == "missing":
        (folder / path).unlink()
    else:
        (folder / path).write_bytes(data[:-1] + bytes((data[-1] ^ 1,)) if damage == "altered" else data[:-1])
    before = files(folder)
    with pytest.raises(LogDamagedError):
        LogWriter(folder, VERIFIERS)
    assert files(folder) == before


def test_an_entry_too_long_among_many_leaves_the_log_as_it_was(tmp_path):
    folder = tmp_path / "log"
    with new_log(folder) as log:
        log.append(entries(10))
        with pytest.raises(EntryTooLargeError):
            log.append([*entries(20_000, 10), b"x" * 65_536])
        assert log.checkpoint() == checkpoint_of(entries(10))
        log.append(entries(300, 10))
        publish(log)
    assert_holds(folder, entries(310))


def test_an_iterator_that_fails_leaves_the_log_as_it_was(tmp_path):
    def failing():
        yield from entries(40_000)
        raise RuntimeError("the source is gone")

    folder = tmp_path / "log"
    with new_log(folder) as log:
        with pytest.raises(RuntimeError, match="the source is gone"):
            log.append(failing())
        assert log.size == 0
        log.append(entries(2, mark=b"other"))
        publish(log)
    assert_holds(folder, entries(2, mark=b"other"))
    assert not [path for path in files(folder) if path.startswith("tile/0/0") and ".p" not in path]


def test_a_full_disk_loses_nothing_and_is_told(tmp_path):
    told = 0
    for step in range(1, 40):
        folder = written_log(tmp_path / str(step), entries(250))
        disk = full_disk(None)
        with LogWriter(folder, VERIFIERS, disk=disk) as log:
            disk.last = disk.steps + step
            with contextlib.suppress(LogUnusableError):
                log.append(entries(300, 250))
                publish(log)
            disk.last = None
            told += log.published.checkpoint.size == 250
        with LogWriter(folder, VERIFIERS, disk=QuickDisk()) as log:
            size = log.size
            assert size in {250, 550}
            log.append(entries(100, size))
            publish(log)
        assert_holds(folder, entries(size + 100))
    assert 10 < told < 39  # it failed at early steps, and had fewer than these in all


def test_a_log_whose_checkpoint_may_not_be_on_disk_is_to_be_opened_again(tmp_path):
    disk = full_disk(None)
    with new_log(tmp_path / "log", disk=disk) as log:
        log.append(entries(3))
        disk.last = disk.steps + 1
        with pytest.raises(LogUnusableError, match="No space left"):
            publish(log)
        disk.last = None
        with pytest.raises(LogUnusableError, match="may or may not be on disk") as caught:
            log.append(entries(1))
        assert "open the log again" in caught.value.mend
        with pytest.raises(LogUnusableError, match="may or may not be on disk"):
            publish(log)


def test_an_append_that_failed_can_be_made_again(tmp_path):
    folder = tmp_path / "log"
    disk = full_disk(None)
    with new_log(folder, disk=disk) as log:
        disk.last = disk.steps + 6
        with pytest.raises(LogUnusableError):
            log.append(entries(2000))
        disk.last = None
        log.append(entries(700, mark=b"other"))
        publish(log)
    assert_holds(folder, entries(700, mark=b"other"))


def test_a_second_writer_is_told_that_there_is_one(tmp_path):
    folder = written_log(tmp_path / "log", entries(3))
    with LogWriter(folder, VERIFIERS):
        with pytest.raises(LogBusyError, match="another process or thread writes to this log"):
            LogWriter(folder, VERIFIERS)
        with pytest.raises(LogBusyError):
            new_log(folder)
        assert read_entries(folder) == entries(3)
    LogWriter(folder, VERIFIERS).close()


def test_a_writer_that_could_not_open_a_log_does_not_keep_it_locked(tmp_path):
    folder = written_log(tmp_path / "log", entries(3))
    with pytest.raises(LogBehindError):
        LogWriter(folder, VERIFIERS, recorded_size=4)
    LogWriter(folder, VERIFIERS).close()


WRITER = """
import sys, time
from pathlib import Path
from ledger.tlog.errors import LogBusyError
from ledger.tlog.storage import LogWriter
from tests.ledger.tlog.samples import VERIFIERS, entries, publish

done, busy = 0, 0
while done < 20:
    try:
        with LogWriter(Path(sys.argv[1]), VERIFIERS) as log:
            log.append(entries(7, log.size))
            publish(log)
            done += 1
    except LogBusyError:
        busy += 1
        time.sleep(0.001)
"""


def test_writers_of_several_processes_take_turns_and_lose_nothing(tmp_path):
    folder = written_log(tmp_path / "log", [])
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder)]) for _ in range(3)]
    while any(writer.poll() is None for writer in writers):
        assert check_log(FolderSource(folder), VERIFIERS).word is LogWord.VERIFIED  # readers are never blocked
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert_holds(folder, entries(3 * 20 * 7))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path):
    folder = written_log(tmp_path / "log", entries(3))
    (folder / ".state").chmod(0o500)
    (folder / ".state" / "lock").unlink()
    with pytest.raises(LogUnusableError, match="Permission denied"):
        LogWriter(folder, VERIFIERS)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "log").write_bytes(b"")
    with pytest.raises(LogUnusableError, match="cannot be used"):
        new_log(tmp_path / "log" / "deeper")


def test_two_members_have_logs_side_by_side(tmp_path):
    with new_log(tmp_path / "a") as one, new_log(tmp_path / "b", OTHER_SIGNER) as other:
        one.append(entries(1))
        publish(one, SIGNER)
        other.append(entries(2))
        publish(other, OTHER_SIGNER)
    assert_holds(tmp_path / "a", entries(1))
