"""The journal of event logs, and documents kept by the thousand."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.epcis.model import Media
from ledger.errors import InputError
from ledger.store.bulk import NumberedEvent
from ledger.store.errors import NotKeptError, StoreConflictError
from ledger.store.records import Document, ReadDocument
from ledger.store.store import Store
from tests.ledger.store.samples import KEY, SECRET, digests

ORIGIN = "smartborder.events/1337/a/b"


def read(name, *seeds):
    return ReadDocument(Document(f'{{"x": "{name}"}}'.encode(), Media.JSON), tuple(digests(seed) for seed in seeds))


def keep(store, *documents, origin=ORIGIN):
    with store.write() as kept:
        if not kept.event_logs.has(origin):
            kept.event_logs.create(origin, SECRET)
        many = kept.documents.keep_many(documents)
        return many.added, kept.event_logs.append(origin, many.events)


def logged(store, origin=ORIGIN):
    with store.read() as kept:
        return list(kept.event_logs.commitments(origin, 0, kept.event_logs.size(origin)))


def test_documents_kept_at_once_are_kept_as_one_by_one(store, tmp_path):
    documents = [read("a", 1, 2), read("b", 3), read("none")]
    keep(store, *documents)
    with Store.open(tmp_path / "other.db", KEY) as other, other.write() as kept:
        for each in documents:
            kept.documents.keep_events(kept.documents.keep(each.document), each.events)
        with store.read() as many:
            for each in documents:
                name = each.document.sha256
                assert many.documents.get(name) == kept.documents.get(name) == each.document
                assert many.documents.events_of(name) == kept.documents.events_of(name)


def test_places_are_given_in_order_and_an_event_gets_one(store):
    assert keep(store, read("a", 1, 2), read("b", 2, 3)) == (2, tuple(digests(n).commitment for n in (1, 2, 3)))
    assert keep(store, read("a", 1, 2), read("c", 3, 4, 4)) == (1, (digests(4).commitment,))
    assert logged(store) == [digests(number).commitment for number in (1, 2, 3, 4)]
    with store.read() as kept:
        asked = [digests(number).commitment for number in (4, 9, 1)]
        assert kept.event_logs.positions(ORIGIN, asked) == {asked[0]: 3, asked[2]: 0}
        place = kept.event_logs.event_at(ORIGIN, 1)
        assert (place.document, place.place, place.digests) == (read("a", 1, 2).document.sha256, 1, digests(2))
        with pytest.raises(NotKeptError, match="4 entries, and none at 4"):
            kept.event_logs.event_at(ORIGIN, 4)


def test_two_logs_in_one_store_do_not_know_of_each_other(store):
    keep(store, read("a", 1, 2))
    assert keep(store, read("b", 2), origin="other/log") == (1, (digests(2).commitment,))
    assert logged(store, "other/log") == [digests(2).commitment]
    assert len(logged(store)) == 2


def test_the_secret_of_a_log_is_sealed_and_never_replaced(store, path):
    with store.write() as kept:
        kept.event_logs.create(ORIGIN, SECRET)
    with store.read() as kept:
        assert kept.event_logs.secret(ORIGIN) == SECRET
        assert kept.event_logs.size(ORIGIN) == 0
    with store.write() as kept, pytest.raises(StoreConflictError, match="there already"):
        kept.event_logs.create(ORIGIN, bytes(32))
    with store.write() as kept, pytest.raises(InputError, match="32 bytes"):
        kept.event_logs.create("x", b"short")
    store.close()
    assert SECRET not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_a_log_that_is_not_there_says_what_to_do(store):
    with store.read() as kept, pytest.raises(NotKeptError, match="no such event log") as refused:
        kept.event_logs.secret(ORIGIN)
    assert "Capture" in refused.value.mend


def test_a_known_document_with_other_events_or_another_media_type_is_in_conflict(store):
    keep(store, read("a", 1, 2))
    for other in (read("a", 1, 3), read("a", 1), read("a", 1, 2, 3)):
        with pytest.raises(StoreConflictError):
            keep(store, other)
    as_xml = ReadDocument(Document(read("a").document.content, Media.XML), read("a", 1, 2).events)
    with pytest.raises(StoreConflictError, match="media type"):
        keep(store, as_xml)
    assert len(logged(store)) == 2


def test_a_document_that_was_kept_without_its_events_gets_them(store):
    with store.write() as kept:
        kept.documents.keep(read("a").document)
    assert keep(store, read("a", 1)) == (0, (digests(1).commitment,))
    with store.read() as kept:
        assert [place.digests for place in kept.documents.events_of(read("a").document.sha256)] == [digests(1)]


def test_an_event_hash_that_is_none_is_found_nowhere_and_kept_nowhere(store):
    keep(store, read("a", 1))
    with store.read() as kept:
        assert kept.documents.find_event_hash("ni:///sha-256;12?ver=CBV2.0") == ()
        assert len(kept.documents.find_event_hash(digests(1).event_hash)) == 1
    wrong = ReadDocument(read("b").document, (digests(2).__class__("no hash", bytes(32), bytes(32)),))
    with pytest.raises(InputError, match="no CBV event hash"):
        keep(store, wrong)


def test_a_journal_that_breaks_off_leaves_nothing_of_its_batch(store):
    keep(store, read("a", 1))

    def break_off():
        with store.write() as kept:
            kept.event_logs.append(ORIGIN, kept.documents.keep_many([read("b", 2)]).events)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert len(logged(store)) == 1
    with store.read() as kept:
        assert not kept.documents.has(read("b").document.sha256)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=4), max_size=5))
def test_whatever_comes_in_whatever_batches_each_event_has_one_place_in_order_of_coming(tmp_path_factory, batches):
    with Store.open(tmp_path_factory.mktemp("any") / "store.db", KEY) as store:
        expected = {}
        for batch in batches:
            documents = [read(f"{first}-{count}", *range(first, first + count)) for first, count in batch]
            keep(store, *documents)
            for each in documents:
                expected.update(dict.fromkeys(event.commitment for event in each.events))
        assert not batches or logged(store) == list(expected)


def test_numbers_of_events_are_the_stores_own():
    assert NumberedEvent(1, b"x").number == 1


@pytest.mark.parametrize("links", [True, False])
def test_a_store_is_made_whole_or_not_at_all(tmp_path, monkeypatch, links):
    from pathlib import Path

    from ledger.store import database

    if not links:

        def refuse(*_):
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(Path, "hardlink_to", refuse)

    def interrupt(path):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database, "_mark_as_store", interrupt)
        with pytest.raises(KeyboardInterrupt):
            Store.open(tmp_path / "store.db", KEY)
    assert list(tmp_path.iterdir()) == []
    with Store.open(tmp_path / "store.db", KEY) as store:
        keep(store, read("a", 1))
    assert (tmp_path / "store.db").stat().st_mode & 0o777 == 0o600


def test_a_store_of_the_version_before_keeps_its_events_under_their_hashes(path):
    from alembic import command
    from alembic.config import Config

    import ledger.store.migrations
    from ledger.store.database import open_engine, prepare_file
    from ledger.store.store import _KEY_CHECK, _KEY_CHECK_PLACE
    from ledger.store.vault import Vault

    prepare_file(path)
    engine = open_engine(path, 1)
    document = read("a", 1, 2)
    with engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", ledger.store.migrations.__path__[0])
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        vault, name = Vault(KEY), document.document.sha256
        sealed = vault.seal(b"", _KEY_CHECK_PLACE, _KEY_CHECK.encode())
        connection.exec_driver_sql("INSERT INTO properties VALUES (?, ?)", (_KEY_CHECK, sealed))
        content = vault.seal(document.document.content, "documents.content", name)
        connection.exec_driver_sql("INSERT INTO documents VALUES (?, ?, ?)", (name, "application/ld+json", content))
        for place, each in enumerate(document.events):
            values = (name, place, each.commitment, each.content_digest, each.event_hash)
            connection.exec_driver_sql("INSERT INTO events VALUES (?, ?, ?, ?, ?)", values)
    engine.dispose()
    with Store.open(path, KEY) as store:
        with store.read() as kept:
            assert [place.digests for place in kept.documents.events_of(name)] == list(document.events)
            assert len(kept.documents.find_event_hash(digests(2).event_hash)) == 1
        assert keep(store, document) == (0, tuple(each.commitment for each in document.events))
