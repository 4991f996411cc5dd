import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import closing

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import ledger.store.migrations
from ledger.errors import LedgerError
from ledger.store import schema
from ledger.store.database import APPLICATION_ID, open_engine, prepare_file
from ledger.store.errors import (
    NotAStoreError,
    StoreConflictError,
    StoreDamagedError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnusableError,
    WrongStoreKeyError,
)
from ledger.store.records import Document
from ledger.store.store import Store
from tests.ledger.store.samples import (
    BLINDS,
    DOCUMENT,
    DOMAIN,
    KEY,
    REFERENCE,
    SALT,
    SECRET,
    signed_statement,
)

XML = "application/xml"


def fill(store):
    with store.write() as kept:
        consignment = kept.consignments.keep_reference(REFERENCE)
        kept.consignments.keep_secret(consignment, SECRET)
        kept.documents.keep(DOCUMENT)
        kept.statements.keep(signed_statement(), DOMAIN)
        for blind in BLINDS:
            kept.consignments.keep_blind(consignment, blind)


def has(path, content):
    with Store.open(path, KEY) as store, store.read() as kept:
        return kept.documents.has(Document(content, XML).sha256)


def snapshot(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_what_was_written_is_there_after_reopening(path):
    with Store.open(path, KEY) as store:
        fill(store)
    with Store.open(path, KEY) as store, store.read() as kept:
        assert kept.documents.get(DOCUMENT.sha256) == DOCUMENT
        assert kept.consignments.secret(REFERENCE.id) == SECRET
        assert [each.signed for each in kept.statements.unsettled()] == [signed_statement()]


def test_the_file_is_for_its_owner_alone(path):
    before = os.umask(0)
    try:
        with Store.open(path, KEY) as store:
            fill(store)
            modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_confidential_stands_in_the_files_in_clear(path):
    with Store.open(path, KEY) as store:
        fill(store)
        raw = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert DOCUMENT.sha256 in raw
    for secret in (SALT, SECRET, REFERENCE.ucr.encode(), DOCUMENT.content, b"KR-8841", b"undervalued", b"invoice"):
        assert secret not in raw
    for blind in BLINDS:
        assert blind.blind not in raw
        assert blind.blind.hex().encode() not in raw


def test_a_transaction_is_kept_whole_or_not_at_all(store):
    def change_its_mind():
        with store.write() as kept:
            consignment = kept.consignments.keep_reference(REFERENCE)
            kept.documents.keep(DOCUMENT)
            kept.consignments.keep_secret(consignment, SECRET)
            kept.consignments.keep_secret(consignment, bytes(32))

    with pytest.raises(StoreConflictError):
        change_its_mind()
    with store.read() as kept:
        assert not kept.documents.has(DOCUMENT.sha256)
        assert kept.consignments.all() == ()


def test_a_reader_sees_one_moment(store):
    with store.read() as before:
        assert before.consignments.all() == ()
        fill(store)
        assert before.consignments.all() == ()
    with store.read() as after:
        assert len(after.consignments.all()) == 1


def test_what_hangs_on_a_consignment_needs_the_consignment(store):
    with pytest.raises(StoreUnusableError, match="FOREIGN KEY"), store.write() as kept:
        kept.consignments.keep_blind(REFERENCE.id, BLINDS[0])


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_a_commit_is_on_disk_when_it_returns(store, pragma, value):
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_another_key_does_not_open_the_store_and_leaves_it_as_it_was(path):
    with Store.open(path, KEY) as store:
        fill(store)
    before = snapshot(path)
    with pytest.raises(WrongStoreKeyError, match="another key") as caught:
        Store.open(path, bytes(32))
    assert caught.value.where == str(path)
    assert snapshot(path) == before


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\0" + bytes(84), b"x"])
def test_a_file_that_is_no_store_is_refused_and_left_alone(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(NotAStoreError, match="is no store"):
        Store.open(path, KEY)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_database_of_another_program_is_refused_and_left_alone(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(NotAStoreError):
        Store.open(path, KEY)
    assert path.read_bytes() == before


def test_a_damaged_file_is_said_to_be_damaged(path):
    with Store.open(path, KEY) as store:
        fill(store)
    raw = bytearray(path.read_bytes())
    raw[100:] = b"\xff" * (len(raw) - 100)
    path.write_bytes(raw)
    with pytest.raises(StoreDamagedError, match="damaged"):
        Store.open(path, KEY)


def test_a_header_of_a_store_over_nothing_is_said_to_be_no_store(path):
    with Store.open(path, KEY):
        pass
    path.write_bytes(path.read_bytes()[:16] + b"\xff" * 52 + APPLICATION_ID.to_bytes(4, "big"))
    with pytest.raises((NotAStoreError, StoreDamagedError)):
        Store.open(path, KEY)


def test_a_folder_in_the_place_of_the_file_cannot_be_used(tmp_path):
    with pytest.raises(StoreUnusableError, match="Is a directory"):
        Store.open(tmp_path, KEY)


def test_a_file_in_the_place_of_the_folder_cannot_be_used(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnusableError, match="cannot be used"):
        Store.open(tmp_path / "file" / "store.db", KEY)


def test_a_full_store_keeps_what_it_had(path):
    with Store.open(path, KEY) as store:
        fill(store)
        with store._engine.connect() as connection:  # the limit is this connection's, which the pool hands out again
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
        with pytest.raises(StoreFullError, match="no room left"), store.write() as kept:
            kept.documents.keep(Document(bytes(100_000), XML))
    assert has(path, bytes(100_000)) is False
    with Store.open(path, KEY) as store, store.read() as kept:
        assert kept.documents.get(DOCUMENT.sha256) == DOCUMENT


UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
"""For processes that are killed or may not write: what they leave of a measurement is no measurement."""

CHILD = """
import resource, signal, sys
from pathlib import Path
from ledger.store.records import Document
from ledger.store.store import Store
from ledger.store.errors import StoreFullError, StoreUnusableError
"""

FULL_DISK = (
    CHILD
    + """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        with store.write() as kept:
            kept.documents.keep(Document(bytes(1_000_000), "application/xml"))
    except (StoreFullError, StoreUnusableError):
        sys.exit(7)
"""
)


def test_a_disk_that_takes_no_more_leaves_the_store_as_it_was(path):
    with Store.open(path, KEY) as store:
        fill(store)
    before = snapshot(path)
    command = [sys.executable, "-c", FULL_DISK, str(path), KEY.hex()]
    assert subprocess.run(command, check=False, env=UNMEASURED).returncode == 7
    with Store.open(path, KEY):
        pass
    assert snapshot(path) == before


def as_another_user(act):
    """Runs something in a process that root's rights do not help; returns the name of the error it ends with."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            act()
        except LedgerError as error:
            os.write(writer, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = pipe.read()
    os.waitpid(child, 0)
    return name


@pytest.fixture
def shared_path():
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder) / "store.db"
        pathlib.Path(folder).chmod(0o700)


def test_a_store_that_may_not_be_written_is_said_to_be_read_only(shared_path):
    with Store.open(shared_path, KEY) as store:
        fill(store)
    before = snapshot(shared_path)
    shared_path.chmod(0o444)
    shared_path.parent.chmod(0o555)
    assert as_another_user(lambda: Store.open(shared_path, KEY)) == StoreReadOnlyError.__name__
    shared_path.parent.chmod(0o700)
    assert snapshot(shared_path) == before


def test_a_folder_that_may_not_be_written_takes_no_new_store(shared_path):
    shared_path.parent.chmod(0o555)
    assert as_another_user(lambda: Store.open(shared_path, KEY)) == StoreReadOnlyError.__name__
    assert not shared_path.exists()


def test_writing_through_a_connection_that_may_only_read_is_refused(store):
    fill(store)
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(StoreReadOnlyError, match="may not be written"), store.write() as kept:
        kept.documents.keep(Document(b"new", XML))


def test_a_store_that_another_process_writes_is_said_to_be_locked(path):
    with Store.open(path, KEY) as store:
        fill(store)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with Store.open(path, KEY, busy_timeout_seconds=0.05) as impatient:
                with pytest.raises(StoreLockedError, match="another process"), impatient.write():
                    pytest.fail("the transaction should not have begun")
                with impatient.read() as kept:
                    assert kept.documents.has(DOCUMENT.sha256)
            other.execute("ROLLBACK")
        with store.write() as kept:
            kept.documents.keep(Document(b"after", XML))


def test_a_writer_waits_for_its_turn(path):
    with (
        Store.open(path, KEY) as store,
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.2, other.execute, ["ROLLBACK"])
        timer.start()
        with store.write() as kept:
            kept.documents.keep(DOCUMENT)
        timer.join()


WRITER = (
    CHILD
    + """
name, count = sys.argv[3], int(sys.argv[4])
with Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), busy_timeout_seconds=60) as store:
    for number in range(count):
        with store.write() as kept:
            for part in ("a", "b"):
                kept.documents.keep(Document(f"{name} {number} {part}".encode() * 100, "application/xml"))
        print(number, flush=True)
"""
)


def start_writer(path, name, count):
    command = [sys.executable, "-c", WRITER, str(path), KEY.hex(), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=UNMEASURED)


def written(name, number, part):
    return f"{name} {number} {part}".encode() * 100


def test_two_processes_make_and_write_one_store_at_once(path):
    writers = [start_writer(path, name, 40) for name in ("one", "two")]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0, 0]
    with Store.open(path, KEY) as store, store.read() as kept:
        for name in ("one", "two"):
            for number in range(40):
                assert kept.documents.has(Document(written(name, number, "b"), XML).sha256)


def test_a_writer_killed_in_the_midst_loses_nothing_it_was_told_is_kept(path):
    for attempt in range(3):
        writer = start_writer(path, f"attempt {attempt}", 100_000)
        acknowledged = [int(writer.stdout.readline()) for _ in range(10 + 7 * attempt)]
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        acknowledged += [int(line) for line in rest.splitlines()]
        with Store.open(path, KEY) as store, store.read() as kept:
            for number in acknowledged:
                name = Document(written(f"attempt {attempt}", number, "b"), XML)
                assert kept.documents.get(name.sha256) == name
            last = [written(f"attempt {attempt}", acknowledged[-1] + 1, part) for part in "ab"]
            halves = [kept.documents.has(Document(content, XML).sha256) for content in last]
            assert halves[0] == halves[1]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_several_threads_use_one_store(store):
    def work(name):
        for number in range(10):
            with store.write() as kept:
                kept.documents.keep(Document(written(name, number, "a"), XML))

    threads = [threading.Thread(target=work, args=[f"thread {number}"]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as kept:
        assert all(kept.documents.has(Document(written("thread 3", number, "a"), XML).sha256) for number in range(10))


def revisions():
    config = Config()
    config.set_main_option("script_location", ledger.store.migrations.__path__[0])
    return ScriptDirectory.from_config(config)


def test_the_schema_stands_for_the_last_migration():
    assert revisions().get_heads() == [schema.HEAD_REVISION]


def test_the_migrations_make_the_tables_of_the_schema(store):
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        names = set(inspect(connection).get_table_names())
    assert names == {*schema.metadata.tables, "alembic_version"}


def store_of_revision(path, revision):
    """A store as the version that ended with this revision left it, with a consignment in it."""
    with Store.open(path, KEY) as store:
        fill(store)
    rows = snapshot(path)
    key_check = next(row for row in rows if row.startswith('INSERT INTO "properties"'))
    consignment = next(row for row in rows if row.startswith('INSERT INTO "consignments"'))
    for file in path.parent.iterdir():
        file.unlink()
    prepare_file(path)
    engine = open_engine(path, 1)
    with engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", ledger.store.migrations.__path__[0])
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.exec_driver_sql(key_check)
        connection.exec_driver_sql(consignment)
    engine.dispose()


def test_an_older_store_is_brought_up_to_date_with_what_is_in_it(path):
    store_of_revision(path, "0001")
    with Store.open(path, KEY) as store:
        with store.read() as kept:
            assert kept.consignments.get(REFERENCE.id).reference == REFERENCE
            assert kept.parcels.of_consignment(REFERENCE.id) == ()
        with store._engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_an_older_store_under_another_key_is_left_as_it_was(path):
    store_of_revision(path, "0001")
    before = snapshot(path)
    with pytest.raises(WrongStoreKeyError):
        Store.open(path, bytes(32))
    assert snapshot(path) == before


def test_a_store_of_a_later_version_is_refused_and_left_alone(path):
    with Store.open(path, KEY) as store:
        fill(store)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = snapshot(path)
    with pytest.raises(StoreTooNewError, match="revision 9999"):
        Store.open(path, KEY)
    assert snapshot(path) == before


def test_a_store_whose_making_was_interrupted_is_made(path):
    prepare_file(path)
    with Store.open(path, KEY) as store:
        fill(store)


def test_a_folder_with_a_per_cent_sign_in_its_name_is_a_folder(tmp_path):
    with Store.open(tmp_path / "50%(x)s ?#" / "store.db", KEY) as store:
        fill(store)
    assert (tmp_path / "50%(x)s ?#" / "store.db").exists()
