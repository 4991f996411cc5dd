import os
import stat
import subprocess
import sys

import pytest

from ledger.identity.errors import FileExposedError, FileTakenError, FileUnusableError, KeystoreMissingError
from ledger.identity.private_files import MAX_SIZE_BYTES, read_private, replace_private, write_private


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_and_its_folder_are_for_their_owner_alone_whatever_the_umask(tmp_path):
    path = tmp_path / "member" / "keys" / "secret"
    before = os.umask(0)
    try:
        write_private(path, b"content")
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert read_private(path) == b"content"


def test_a_file_is_never_overwritten(tmp_path):
    path = tmp_path / "keys" / "secret"
    write_private(path, b"first")
    with pytest.raises(FileTakenError, match="not overwritten"):
        write_private(path, b"second")
    assert read_private(path) == b"first"
    assert list(path.parent.iterdir()) == [path]


def test_replacing_puts_the_new_content_in_place(tmp_path):
    path = tmp_path / "keys" / "secret"
    write_private(path, b"first")
    replace_private(path, b"second")
    assert (read_private(path), mode(path)) == (b"second", 0o600)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("open_to_others", [0o640, 0o604, 0o620, 0o644])
def test_a_file_that_others_may_use_is_refused_with_the_mend(tmp_path, open_to_others):
    path = tmp_path / "keys" / "secret"
    write_private(path, b"content")
    path.chmod(open_to_others)
    with pytest.raises(FileExposedError, match=f"mode {open_to_others:o}") as caught:
        read_private(path)
    assert f"chmod 600 {path}" in caught.value.mend


def test_nothing_is_written_into_a_folder_open_to_others(tmp_path):
    tmp_path.chmod(0o755)
    with pytest.raises(FileExposedError) as caught:
        write_private(tmp_path / "secret", b"content")
    assert f"chmod 700 {tmp_path}" in caught.value.mend
    assert not list(tmp_path.iterdir())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(KeystoreMissingError, match="no such file") as caught:
        read_private(tmp_path / "secret")
    assert caught.value.where == str(tmp_path / "secret")


def test_a_folder_in_the_place_of_a_file_cannot_be_read(tmp_path):
    with pytest.raises(FileUnusableError, match="Is a directory"):
        read_private(tmp_path)


@pytest.mark.parametrize("name", ["keys/secret", "keys/member/secret"])
def test_a_file_in_the_place_of_the_folder_cannot_be_written_under(tmp_path, name):
    (tmp_path / "keys").write_bytes(b"")
    with pytest.raises(FileUnusableError, match="cannot be written: Not a directory"):
        write_private(tmp_path / name, b"content")


def test_a_file_too_large_for_a_secret_is_refused(tmp_path):
    path = tmp_path / "keys" / "secret"
    write_private(path, bytes(MAX_SIZE_BYTES))
    assert len(read_private(path)) == MAX_SIZE_BYTES
    replace_private(path, bytes(MAX_SIZE_BYTES + 1))
    with pytest.raises(FileUnusableError, match="larger than"):
        read_private(path)


def test_a_file_is_on_disk_before_it_has_its_name_and_its_name_after(tmp_path, monkeypatch):
    steps = []

    def noting(name):
        real = getattr(os, name)

        def act(*arguments):
            is_folder = isinstance(arguments[0], int) and stat.S_ISDIR(os.fstat(arguments[0]).st_mode)
            steps.append(f"{name} of the folder" if is_folder else name)
            return real(*arguments)

        return act

    for name in ("fsync", "link"):
        monkeypatch.setattr(os, name, noting(name))
    write_private(tmp_path / "keys" / "secret", b"content")
    assert steps == ["fsync", "link", "fsync of the folder"]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from ledger.identity.errors import FileUnusableError
from ledger.identity.private_files import replace_private
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    replace_private(Path(sys.argv[1]), bytes(1000))
except FileUnusableError as error:
    sys.exit(7 if "cannot be written" in str(error) else 8)
"""


def test_a_disk_that_cannot_take_the_file_leaves_the_old_one(tmp_path):
    path = tmp_path / "keys" / "secret"
    write_private(path, b"first")
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", FULL_DISK, str(path)]
    assert subprocess.run(command, check=False, env=unmeasured).returncode == 7
    assert read_private(path) == b"first"
    assert list(path.parent.iterdir()) == [path]
