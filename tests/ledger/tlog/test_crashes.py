import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ledger.tlog.errors import LogMissingError
from ledger.tlog.fsck import LogWord, check_log
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from tests.ledger.tlog.disks import ForgetfulDisk, QuickDisk, SteppingDisk, Stopped
from tests.ledger.tlog.samples import VERIFIERS, checkpoint_of, entries, new_log, publish

BATCHES = (5, 260, 0, 600, 12)


@pytest.fixture
def folder():
    """A folder in memory, where there is one: thousands of small files are made and removed in it."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


class Life:
    """A log that is made, grows batch by batch, and is reopened once, on a disk that stops it somewhere."""

    def __init__(self, folder, disk):
        self.folder = folder
        self.promised = None  # the size of the last checkpoint that publishing returned for
        self.possible = 0  # the size of the last that it was asked for
        self._disk = disk

    def live(self):
        log = new_log(self.folder, disk=self._disk)
        try:
            self.promised = 0
            for number, count in enumerate(BATCHES):
                log.append(entries(count, log.size))
                self.possible = log.size
                publish(log)
                self.promised = log.size
                if number == 2:
                    log.append(entries(900, log.size, b"never published"))
                    log.close()
                    log = LogWriter(self.folder, VERIFIERS, disk=self._disk)
        finally:
            log.close()


def assert_nothing_was_lost(life):
    try:
        log = LogWriter(life.folder, VERIFIERS, disk=QuickDisk())
    except LogMissingError:
        assert life.promised is None
        log = new_log(life.folder)
    with log:
        size = log.size
        assert size in {life.promised or 0, life.possible}
        assert log.checkpoint() == checkpoint_of(entries(size))
        log.append(entries(300, size))
        publish(log)
    report = check_log(FolderSource(life.folder), VERIFIERS)
    assert (report.word, report.entries) == (LogWord.VERIFIED, size + 300)
    assert report.checkpoint == checkpoint_of(entries(size + 300))
    shutil.rmtree(life.folder)


def steps_of_a_whole_life(folder):
    disk = SteppingDisk()
    life = Life(folder / "whole", disk)
    life.live()
    assert life.promised == sum(BATCHES)
    return disk.steps


def test_a_log_stopped_at_any_step_is_whole_and_goes_on(folder):
    steps = steps_of_a_whole_life(folder)
    assert steps > 100
    for step in range(1, steps + 1):
        life = Life(folder / str(step), SteppingDisk(step))
        with pytest.raises(Stopped):
            life.live()
        assert_nothing_was_lost(life)


@pytest.mark.parametrize("seed", range(3))
def test_a_log_whose_power_is_cut_at_any_step_is_whole_and_goes_on(folder, seed):
    chance = random.Random(seed)
    steps = steps_of_a_whole_life(folder)
    for step in range(1, steps + 1):
        disk = ForgetfulDisk(step)
        life = Life(folder / str(step), disk)
        with pytest.raises(Stopped):
            life.live()
        disk.cut_power(chance)
        assert_nothing_was_lost(life)


def test_the_power_cuts_of_these_tests_lose_what_is_not_synced(folder):
    chance, lost = random.Random(0), 0
    for number in range(20):
        disk = ForgetfulDisk(syncs=False)
        life = Life(folder / str(number), disk)
        life.live()
        disk.cut_power(chance)
        try:
            assert_nothing_was_lost(life)
        except Exception:  # noqa: BLE001 - any kind of loss
            lost += 1
    assert lost > 10


@pytest.mark.slow
def test_a_writer_killed_at_random_instants_loses_nothing(tmp_path):
    script = Path(__file__).with_name("killed_writer.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "20260301", "300"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] == 300
    assert told["in the middle"] > 30  # of them came while something was being written
