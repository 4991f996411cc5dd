"""Kill a log's writer again and again, and look each time whether the log is whole.

Run as ``killed_writer.py FOLDER SEED KILLS``. The writer is a child process; what it promised comes through a pipe.
Writes how many kills there were, and how many left something half done.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from ledger.tlog.fsck import LogWord, check_log
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from tests.ledger.tlog.samples import VERIFIERS, checkpoint_of, entries, new_log, publish

MAX_SIZE = 6_000  # then a new log begins, so that checking stays quick


def write_for_ever(folder, seed, pipe):
    chance = random.Random(seed)
    with LogWriter(folder, VERIFIERS) as log:
        while True:
            log.append(entries(chance.choice([1, 3, 40, 256, 300, 700]), log.size))
            publish(log)
            os.write(pipe, f"{log.size}\n".encode())


def kill_once(folder, chance):
    """The size that the writer promised last before it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            write_for_ever(folder, chance.random(), writing)
        finally:
            os._exit(1)
    os.close(writing)
    time.sleep(chance.uniform(0.002, 0.08))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the writer ended by itself"
    with os.fdopen(reading) as told:
        return max(map(int, told.read().split("\n")[:-1]), default=0)


def main(place, seed, kills):
    chance = random.Random(seed)
    folder, interrupted, expected = None, 0, 0
    for number in range(kills):
        if folder is None or expected > MAX_SIZE:
            if folder:
                shutil.rmtree(folder)
            folder, expected = place / str(number), 0
            new_log(folder).close()
        promised = max(kill_once(folder, chance), expected)
        tiles = {path for path in folder.rglob("*") if path.is_file()}
        with LogWriter(folder, VERIFIERS) as log:
            interrupted += {path for path in folder.rglob("*") if path.is_file()} != tiles
            assert log.size >= promised, f"{promised} entries were promised, {log.size} are there"
            assert log.checkpoint() == checkpoint_of(entries(log.size))
            log.append(entries(1, log.size))
            publish(log)
            expected = log.size
        report = check_log(FolderSource(folder), VERIFIERS)
        assert report.word is LogWord.VERIFIED, report.findings
    sys.stdout.write(json.dumps({"kills": kills, "in the middle": interrupted}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
