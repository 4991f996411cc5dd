"""Kill a capture again and again, and look after each time whether every event comes out once.

Run as ``killed_capture.py FOLDER SEED KILLS``. Each round is a home of its own: a capture is killed at a random
instant, sometimes twice, and then completed. Writes how many kills there were, how many left something undone, and how
many different sizes of the log they left.
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

from ledger.capture import keeping, sources
from ledger.store.store import Store
from ledger.tlog.durable import Disk
from tests.ledger.capture.rig import Rig, document

DOCUMENTS = 200


def child(rig, inbox):
    """Capture in a process of its own; returns its id."""
    process = os.fork()
    if process == 0:
        try:
            rig.capture(inbox, processes=1, checkpoint_events=40)
        finally:
            os._exit(0)
    return process


def journal_size(rig):
    if not rig.store_path.exists():
        return 0
    with Store.open(rig.store_path, rig.keys.store_key()) as store, store.read() as kept:
        return kept.event_logs.size(rig.witnessing.origin) if kept.event_logs.has(rig.witnessing.origin) else 0


def main(place, seed, kills):
    chance = random.Random(seed)
    keeping.BATCH_EVENTS, sources.PIECE_FILES = 15, 10
    inbox = place / "inbox"
    inbox.mkdir()
    contents = [document(number, 2 * number) for number in range(DOCUMENTS)]
    for number, content in enumerate(contents):
        (inbox / f"{number:04}.jsonld").write_bytes(content)
    longest = measured(place, inbox)
    unfinished, sizes = 0, set()
    rig, done = None, 0
    while done < kills:
        rig = rig or Rig(place / f"home{done}", disk=Disk())
        process = child(rig, inbox)
        time.sleep(chance.uniform(0, longest))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        done += 1
        unfinished += os.WIFSIGNALED(status)
        sizes.add(journal_size(rig))
        if done == kills or chance.random() < 0.5:
            rig.capture(inbox, processes=1, checkpoint_events=40)
            rig.require_exactly_once(*contents)
            assert rig.entries() == rig.expected(*contents)
            shutil.rmtree(rig.folder)
            rig = None
    sys.stdout.write(json.dumps({"kills": done, "unfinished": unfinished, "instants": len(sizes)}))


def measured(place, inbox):
    """How long a capture takes here, in seconds."""
    begin = time.monotonic()
    os.waitpid(child(Rig(place / "measured", disk=Disk()), inbox), 0)
    return time.monotonic() - begin


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
