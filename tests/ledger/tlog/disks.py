"""Disks that stop, fail or lose what was not synced, for the tests of what a crash leaves."""

import errno
import shutil

from ledger.tlog.durable import Disk


class Stopped(BaseException):
    """The machine stopped here: nothing that comes after this is run."""


class QuickDisk(Disk):
    """A disk that need not last longer than the test: nothing is synced."""

    def sync(self, paths):
        pass


class SteppingDisk(QuickDisk):
    """Counts steps, and at one of them does something else.

    Args:
        last: the number of the step that is not taken.
        instead: is raised there.
    """

    def __init__(self, last=None, instead=Stopped):
        self.steps = 0
        self.last = last
        self._instead = instead

    def _step(self):
        self.steps += 1
        if self.last is not None and self.steps >= self.last:
            raise self._instead

    def make_folder(self, folder):
        self._step()
        super().make_folder(folder)

    def write(self, path, data):
        try:
            self._step()
        except BaseException:
            super().write(path, data[: len(data) // 2])
            raise
        super().write(path, data)

    def sync(self, paths):
        for _ in paths:
            self._step()

    def rename(self, path, name):
        self._step()
        super().rename(path, name)

    def remove(self, path):
        self._step()
        super().remove(path)


def full_disk(last):
    """A disk that is full from a step on."""
    return SteppingDisk(last, OSError(errno.ENOSPC, "No space left on device"))


class ForgetfulDisk(SteppingDisk):
    """A disk that at a power cut may lose whatever was not synced, as POSIX allows.

    Changes of names in a folder are lost from some point on, each folder by itself; content that was not synced is
    cut short.
    """

    def __init__(self, last=None, *, syncs=True):
        super().__init__(last)
        self._syncs = syncs
        self._unsynced_files = set()
        self._changes = []  # (folder, how to undo it), in the order in which they were made

    def make_folder(self, folder):
        new = not folder.exists()
        super().make_folder(folder)
        if new:
            self._changes.append((folder.parent, lambda: shutil.rmtree(folder, ignore_errors=True)))

    def write(self, path, data):
        self._unsynced_files.add(path)
        super().write(path, data)

    def sync(self, paths):
        for path in paths:
            super().sync([path])
            if self._syncs:
                self._unsynced_files.discard(path)
                self._changes = [change for change in self._changes if change[0] != path]

    def rename(self, path, name):
        before = name.read_bytes() if name.exists() else None
        super().rename(path, name)
        if path in self._unsynced_files:
            self._unsynced_files.discard(path)
            self._unsynced_files.add(name)

        def undo():
            if before is not None and name.parent.exists():
                name.write_bytes(before)
            elif before is None:
                name.unlink(missing_ok=True)

        self._changes.append((name.parent, undo))

    def remove(self, path):
        kept = {each: each.read_bytes() for each in [path, *path.rglob("*")] if each.is_file()}
        super().remove(path)

        def undo():
            for each, data in kept.items():
                if path.parent.exists():
                    each.parent.mkdir(parents=True, exist_ok=True)
                    each.write_bytes(data)

        self._changes.append((path.parent, undo))

    def cut_power(self, random):
        """Lose what may be lost."""
        for path in sorted(self._unsynced_files):
            if path.exists():
                data = path.read_bytes()
                path.write_bytes(data[: random.randrange(len(data) + 1)])
        lost_from = {}
        for position, (folder, _) in enumerate(self._changes):
            lost_from.setdefault(folder, []).append(position)
        kept = {folder: set(all_[: random.randrange(len(all_) + 1)]) for folder, all_ in lost_from.items()}
        for position, (folder, undo) in reversed(list(enumerate(self._changes))):
            if position not in kept[folder]:
                undo()
