"""Capture as a whole: every event once in store, log and chain, whatever comes and whatever breaks."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.capture import keeping, member_log, pipeline, readers
from ledger.capture.errors import OtherRootError, ReaderLostError, SetAsideError, StoreBehindError
from ledger.chain.errors import NodeUnreachableError, OutcomeUnknownError
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import Problem
from ledger.errors import NotFound
from ledger.store.errors import StoreFullError
from ledger.store.records import Document
from ledger.store.store import Store
from ledger.tlog.errors import LogBusyError, LogUnusableError
from tests.ledger.capture.rig import BROKEN, Rig, commitments, document
from tests.ledger.tlog.disks import Stopped, full_disk

HERE = Path(__file__).parent


def write(folder, **contents):
    for name, content in contents.items():
        (folder / f"{name}.jsonld").write_bytes(content)
    return list(contents.values())


def test_every_event_gets_one_place_and_the_checkpoint_is_on_chain(rig, inbox):
    contents = write(inbox, a=document(1, 2), b=document(3), c=document(4, 5, 6))
    captured = rig.capture(inbox)
    assert (captured.documents_new, captured.events_new, captured.complete) == (3, 6, True)
    assert captured.checkpoint.size == 6
    assert captured.checkpoint.block == 1
    assert captured.checkpoint.waiting is None
    assert rig.entries() == rig.expected(*contents)
    rig.require_exactly_once(*contents)


def test_the_same_document_captured_twice_adds_nothing(rig, inbox):
    contents = write(inbox, a=document(1, 2))
    rig.capture(inbox)
    again = rig.capture(inbox)
    assert (again.documents_new, again.documents_known, again.events_new, again.events_known) == (0, 1, 0, 2)
    assert again.checkpoint.size == 2
    assert again.checkpoint.block is None
    rig.require_exactly_once(*contents)


def test_an_event_that_comes_in_another_document_is_kept_with_it_and_logged_once(rig, inbox):
    contents = write(inbox, a=document(1, 2), b=document(2, 3), c=document(3, 3, 1))
    captured = rig.capture(inbox)
    assert (captured.documents_new, captured.events_new, captured.events_known) == (3, 3, 4)
    rig.require_exactly_once(*contents)


def test_a_document_that_was_kept_for_a_consignment_has_its_events_logged_all_the_same(rig, inbox):
    contents = write(inbox, a=document(1, 2))
    with Store.open(rig.store_path, rig.keys.store_key()) as store, store.write() as kept:
        valid = readers.read_piece(readers_piece(inbox / "a.jsonld")).found[0]
        kept.documents.keep_events(kept.documents.keep(Document(valid.content, valid.media)), valid.events)
    captured = rig.capture(inbox)
    assert (captured.documents_new, captured.documents_known, captured.events_new) == (0, 1, 2)
    rig.require_exactly_once(*contents)


def readers_piece(path):
    from ledger.capture.sources import Files

    return Files((str(path),), path.stat().st_size)


def test_a_bad_document_among_good_ones_is_set_aside_whole_and_the_rest_goes_on(rig, inbox):
    contents = write(inbox, a=document(1), c=document(2))
    mixed = document(3, 4).replace(b'"OBSERVE"', b'"WATCH"', 1)
    write(inbox, b=mixed)
    captured = rig.capture(inbox)
    assert (captured.events_new, captured.set_aside_count, captured.complete) == (2, 1, False)
    (aside,) = captured.set_aside
    assert aside.name == str(inbox / "b.jsonld")
    assert aside.path.read_bytes() == mixed
    report = json.loads(aside.path.with_name(f"{aside.path.stem}.problems.json").read_text())
    assert report["valid"] is False
    assert [problem["rule"] for problem in report["problems"]] == [problem.rule for problem in aside.problems]
    assert any("WATCH" in problem["found"] for problem in report["problems"])
    rig.require_exactly_once(*contents)
    mended = write(inbox, b=document(3, 4))
    assert rig.capture(inbox).complete
    rig.require_exactly_once(*contents, *mended)


def test_an_ndjson_file_with_a_broken_line_gives_all_the_others_and_names_the_line(rig, inbox):
    lines = [document(number) for number in range(6)]
    text = [*lines[:3], b'{"type": "EPCISDocument", ', b"", *lines[3:]]
    (inbox / "day.ndjson").write_bytes(b"\r\n".join(text))
    captured = rig.capture(inbox / "day.ndjson")
    assert (captured.documents_new, captured.set_aside_count) == (6, 1)
    assert captured.set_aside[0].name.endswith("day.ndjson, line 4")
    assert captured.set_aside[0].path.read_bytes() == b'{"type": "EPCISDocument", '
    rig.require_exactly_once(*lines)


def test_nothing_at_all_gives_an_empty_log_and_no_transaction(rig, inbox):
    for named in ([], [inbox]):
        captured = rig.capture(*named)
        assert (captured.documents_new, captured.checkpoint.size, captured.checkpoint.waiting) == (0, 0, None)
    assert rig.chain.submitted == []
    assert rig.capture("-", stdin=io.BytesIO(b"")).set_aside_count == 1


def test_standard_input_holds_one_document_or_one_on_each_line(rig):
    pretty = json.dumps(json.loads(document(1, 2)), indent=2).encode()
    assert rig.capture("-", stdin=io.BytesIO(pretty)).events_new == 2
    lines = [document(3), document(4)]
    assert rig.capture("-", stdin=io.BytesIO(b"\n" + b"\n".join(lines))).events_new == 2
    rig.require_exactly_once(pretty, *lines)


def test_a_document_without_events_is_kept_and_adds_nothing_to_the_log(rig, inbox):
    contents = write(inbox, a=document(1), none=document())
    captured = rig.capture(inbox)
    assert (captured.documents_new, captured.events_new) == (2, 1)
    rig.require_exactly_once(*contents)


def test_a_number_that_cannot_be_digested_sets_its_document_aside_with_its_place(rig, inbox):
    content = json.loads(document(1, 2))
    content["@context"].append({"my": "https://my.example/"})
    content["epcisBody"]["eventList"][1]["my:exact"] = "NUMBER"
    write(inbox, a=json.dumps(content).replace('"NUMBER"', "9007199254740993").encode())
    captured = rig.capture(inbox)
    (problem,) = captured.set_aside[0].problems
    assert problem.path == "/epcisBody/eventList/1/my:exact"
    assert "9007199254740993" in problem.message


def test_a_source_that_is_not_there_is_named_before_anything_is_done(rig, inbox):
    write(inbox, a=document(1))
    with pytest.raises(NotFound, match="no such file"):
        rig.capture(inbox, inbox / "missing.jsonld")
    assert not (rig.folder / "log").exists()


def test_a_file_that_cannot_be_read_is_told_and_the_rest_goes_on(rig, inbox):
    contents = write(inbox, a=document(1))
    (inbox / "gone.jsonld").symlink_to(inbox / "nowhere.jsonld")
    captured = rig.capture(inbox)
    assert (captured.events_new, captured.lost_count, captured.complete) == (1, 1, False)
    assert captured.lost[0].name == str(inbox / "gone.jsonld")
    rig.require_exactly_once(*contents)


def test_many_documents_come_out_in_the_order_of_their_names_however_many_processes_read(rig, inbox, monkeypatch):
    monkeypatch.setattr("ledger.capture.sources.PIECE_FILES", 2)
    contents = write(inbox, **{f"d{number:03}": document(number) for number in range(40)})
    assert rig.capture(inbox, processes=3).events_new == 40
    assert rig.entries() == rig.expected(*contents)


def test_progress_is_told_with_what_there_is_in_all(rig, inbox):
    (content,) = write(inbox, a=document(1, 2))
    told = []
    rig.capture(inbox / "a.jsonld", tell=told.append)
    assert (told[-1].events, told[-1].size_bytes, told[-1].total_bytes) == (2, len(content), len(content))
    rig.capture(inbox, tell=told.append)
    assert told[-1].total_bytes is None


def test_two_captures_at_once_are_refused_and_nothing_is_lost(rig, inbox):
    contents = write(inbox, a=document(1))
    with rig.open(), pytest.raises(LogBusyError, match="another process"):
        rig.capture(inbox)
    rig.capture(inbox)
    rig.require_exactly_once(*contents)


def test_checkpoints_on_the_way_come_after_so_many_events_and_grow_from_each_other(rig, inbox, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH_EVENTS", 3)
    monkeypatch.setattr("ledger.capture.sources.PIECE_FILES", 2)
    contents = write(inbox, **{f"d{number:02}": document(number) for number in range(20)})
    rig.capture(inbox, checkpoint_events=6)
    sizes = [(growth.previous_size, growth.size) for growth in rig.chain.submitted]
    assert len(sizes) >= 3
    assert [size for _, size in sizes[:-1]] == [previous for previous, _ in sizes[1:]]
    rig.require_exactly_once(*contents)


@pytest.mark.parametrize(
    "fault", [NodeUnreachableError("nobody answers"), OutcomeUnknownError(b"\x01" * 32, 60)], ids=["down", "unknown"]
)
def test_a_chain_that_fails_on_the_way_leaves_events_logged_and_the_next_run_records_them(rig, inbox, fault):
    contents = write(inbox, a=document(1))
    rig.capture(inbox)
    contents += write(inbox, b=document(2))

    def fail(_):
        rig.chain.fault = fault

    captured = rig.capture(inbox, tell=fail)
    assert captured.events_new == 1
    assert captured.checkpoint.size == 2
    assert captured.checkpoint.waiting is fault
    assert len(rig.entries()) == 2
    rig.chain.fault = None
    settled = rig.capture()
    assert (settled.checkpoint.size, settled.checkpoint.waiting) == (2, None)
    rig.require_exactly_once(*contents)


def test_a_transaction_that_took_effect_unseen_is_found_on_record(rig, inbox):
    contents = write(inbox, a=document(1))
    submit = rig.chain.submit

    def unseen(sender, growth):
        submit(sender, growth)
        raise OutcomeUnknownError(b"\x01" * 32, 60)

    rig.chain.submit = unseen
    assert isinstance(rig.capture(inbox).checkpoint.waiting, OutcomeUnknownError)
    assert rig.capture().checkpoint.waiting is None
    rig.require_exactly_once(*contents)


def test_a_suspended_member_keeps_its_events_and_is_told_why_the_checkpoint_waits(rig, inbox):
    contents = write(inbox, a=document(1))
    rig.chain.problem = Problem.SUSPENDED
    captured = rig.capture(inbox)
    assert isinstance(captured.checkpoint.waiting, RuleRefused)
    assert "suspended" in str(captured.checkpoint.waiting)
    assert len(rig.entries()) == 1
    rig.chain.problem = Problem.NONE
    rig.capture()
    rig.require_exactly_once(*contents)


def copy_of(rig, name):
    target = rig.folder.with_name(name)
    shutil.copytree(rig.folder, target)
    return target


def restore(rig, copy):
    shutil.rmtree(rig.folder)
    shutil.copytree(copy, rig.folder)


def test_a_home_restored_from_an_older_copy_is_refused_while_the_chain_is_ahead(rig, inbox):
    write(inbox, a=document(1))
    rig.capture(inbox)
    older = copy_of(rig, "older")
    contents = write(inbox, a=document(1), b=document(2))
    rig.capture(inbox)
    newest = copy_of(rig, "newest")
    restore(rig, older)
    write(inbox, c=document(3))
    with pytest.raises(StoreBehindError, match=r"the chain has on record 2 entries.*the store has 1"):
        rig.capture(inbox)
    restore(rig, newest)
    rig.capture(inbox)
    rig.require_exactly_once(*contents, document(3))


def test_a_home_restored_while_the_chain_is_down_is_refused_once_it_grew_another_way(rig, inbox):
    write(inbox, a=document(1))
    rig.capture(inbox)
    older = copy_of(rig, "older")
    write(inbox, b=document(2))
    rig.capture(inbox)
    record = rig.chain.path.read_bytes()
    restore(rig, older)
    rig.chain.path.write_text(json.dumps([1, rig.reader.root(1).hex(), 0]))  # a node that is behind lets it start
    write(inbox, c=document(3), d=document(4))
    rig.capture(inbox / "c.jsonld", inbox / "d.jsonld")
    rig.chain.path.write_bytes(record)
    with pytest.raises(OtherRootError, match="another history"):
        rig.capture(inbox)


def test_of_two_copies_of_a_home_the_overtaken_one_signs_nothing(rig, inbox):
    """Both are open when one of them records; a checkpoint of the other would convict the member of two histories."""
    write(inbox, a=document(1))
    rig.capture(inbox)
    other = Rig(copy_of(rig, "other"), rig.chain)
    with rig.open() as (store, log):
        other.capture("-", stdin=io.BytesIO(document(2)))
        before = rig.reader.checkpoint().note
        kept = keeping.keep(store, log.origin, batch_of(document(3)))
        log.append(kept.commitments)
        with pytest.raises(OtherRootError, match="another history"):
            log.checkpoint()
        assert rig.reader.checkpoint().note == before


def batch_of(content):
    from ledger.capture.reading import read_document

    batch = keeping.Batch()
    batch.add(read_document("a document", content))
    return batch


def test_a_lost_log_folder_is_made_again_from_the_store_entry_for_entry(rig, inbox):
    contents = write(inbox, a=document(1, 2, 3))
    rig.capture(inbox)
    before = rig.entries(), rig.reader.checkpoint().note
    shutil.rmtree(rig.folder / "log")
    captured = rig.capture()
    assert captured.events_caught_up == 3
    assert (rig.entries(), rig.reader.checkpoint().note) == before
    rig.require_exactly_once(*contents)


def test_a_gigantic_line_and_a_gigantic_file_are_set_aside_without_being_held_in_memory(rig, inbox, monkeypatch):
    for module in ("sources", "reading"):
        monkeypatch.setattr(f"ledger.capture.{module}.LARGEST_DOCUMENT", 4_000)
    monkeypatch.setattr("ledger.capture.sources.PIECE_BYTES", 1_000)
    monkeypatch.setattr("ledger.capture.readers._Ahead._ask", lambda self, piece: readers.read_piece(piece))
    lines = [document(1), b'{"x": "' + b"x" * 9_000 + b'"}', document(2), document(3)]
    (inbox / "a.ndjson").write_bytes(b"\n".join(lines))
    (inbox / "b.jsonld").write_bytes(b"{" + b" " * 5_000 + b"}")
    captured = rig.capture(inbox)
    assert (captured.documents_new, captured.set_aside_count) == (3, 2)
    assert [aside.problems[0].rule for aside in captured.set_aside] == ["limit.size"] * 2
    assert captured.set_aside[0].name.endswith("a.ndjson, line 2")
    assert captured.set_aside[0].path.read_bytes().rstrip(b"\n") == lines[1]
    assert captured.set_aside[1].path.read_bytes() == (inbox / "b.jsonld").read_bytes()
    streamed = rig.capture("-", stdin=io.BytesIO(b"\n".join(lines)))
    assert (streamed.documents_known, streamed.set_aside_count) == (3, 1)
    assert streamed.set_aside[0].path.read_bytes().rstrip(b"\n") == lines[1]
    whole = rig.capture("-", stdin=io.BytesIO(b"<" + b"x" * 9_000))
    assert whole.set_aside[0].path.read_bytes() == b"<" + b"x" * 9_000
    rig.require_exactly_once(document(1), document(2), document(3))


@pytest.mark.parametrize("processes", [1, 2])
def test_gigantic_lines_of_a_stream_are_each_set_aside_as_they_came(rig, monkeypatch, processes):
    """The stream is read ahead: the second has come before the first is set aside."""
    for module in ("sources", "reading"):
        monkeypatch.setattr(f"ledger.capture.{module}.LARGEST_DOCUMENT", 4_000)
    monkeypatch.setattr("ledger.capture.readers._Ahead._ask", lambda self, piece: readers.read_piece(piece))
    gigantic = [
        b'{"x": "' + letter * length + b'"}' for letter, length in ((b"a", 9_000), (b"b", 7_000), (b"c", 8_000))
    ]
    lines = [document(1), *gigantic, document(2)]
    captured = rig.capture("-", stdin=io.BytesIO(b"\n".join(lines)), processes=processes)
    assert captured.set_aside_count == 3
    assert [aside.path.read_bytes().rstrip(b"\n") for aside in captured.set_aside] == gigantic
    assert list((rig.aside / ".new").iterdir()) == []
    rig.require_exactly_once(document(1), document(2))


def test_a_full_disk_under_the_store_loses_nothing_that_was_kept(rig, inbox, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH_EVENTS", 5)
    contents = write(inbox, **{f"d{number:03}": document(number, sender="x" * 2000) for number in range(60)})
    rig.capture()
    with rig.open() as (store, log):

        def small(connection, _record):
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages + 20}")

        from sqlalchemy import event as events

        store._engine.dispose()
        events.listen(store._engine, "connect", small)
        aside = pipeline_aside(rig)
        sources = pipeline_sources(inbox, aside)
        with pytest.raises(StoreFullError, match="no room"):
            pipeline.capture(store, log, sources, aside, pipeline.Choices(processes=1))
        assert 0 < log.size < 60
    rig.capture(inbox)
    rig.require_exactly_once(*contents)


def pipeline_aside(rig):
    from ledger.capture.set_aside import SetAsideFolder

    return SetAsideFolder(rig.aside)


def pipeline_sources(inbox, aside):
    from ledger.capture.sources import Sources

    return Sources([str(inbox)], stdin=None, spool=aside.spool)


@pytest.mark.parametrize("last", [1, 4, 9, 14])
def test_a_full_disk_under_the_log_loses_nothing_that_was_kept(rig, inbox, last):
    contents = write(inbox, a=document(1, 2, 3))
    rig.capture()
    rig.disk = full_disk(10_000)
    with rig.open() as (store, log):
        rig.disk.last = rig.disk.steps + last
        aside = pipeline_aside(rig)
        with pytest.raises(LogUnusableError, match="No space"):
            pipeline.capture(store, log, pipeline_sources(inbox, aside), aside)
    rig.disk = full_disk(10_000)
    captured = rig.capture(inbox)
    assert captured.events_new + captured.events_caught_up <= 3
    rig.require_exactly_once(*contents)


def test_a_full_disk_where_bad_documents_go_ends_the_capture_with_its_own_error(rig, inbox):
    write(inbox, a=BROKEN)
    rig.capture()
    rig.disk = full_disk(10_000)
    with rig.open() as (store, log):
        from ledger.capture.set_aside import SetAsideFolder

        aside = SetAsideFolder(rig.aside, full_disk(1))
        with pytest.raises(SetAsideError, match="No space left"):
            pipeline.capture(store, log, pipeline_sources(inbox, aside), aside)
    rig.disk = full_disk(10_000)
    assert rig.capture(inbox).set_aside_count == 1


def test_a_reader_that_is_killed_ends_the_capture_with_its_own_error_and_the_next_goes_on(rig, inbox, monkeypatch):
    monkeypatch.setattr("ledger.capture.sources.PIECE_FILES", 1)
    contents = write(inbox, **{f"d{number:02}": document(number) for number in range(8)})
    asked = readers._Reader.ask

    def killed(self, piece):
        self._process.kill()
        self._process.wait()
        return asked(self, piece)

    with monkeypatch.context() as patch:
        patch.setattr(readers._Reader, "ask", killed)
        with pytest.raises(ReaderLostError, match="ended"):
            rig.capture(inbox)
    rig.capture(inbox)
    rig.require_exactly_once(*contents)


def crash_points(patch, chain, last):
    """Count the boundaries between steps; at number ``last``, stop the machine, before or after the step."""
    passed = 0

    def boundary():
        nonlocal passed
        passed += 1
        if last is not None and passed > last:
            raise Stopped

    def guarded(function):
        def guard(*arguments, **named):
            boundary()
            result = function(*arguments, **named)
            boundary()
            return result

        return guard

    patch.setattr(pipeline, "keep", guarded(pipeline.keep))
    patch.setattr(member_log.LogWriter, "append", guarded(member_log.LogWriter.append))
    patch.setattr(member_log.LogWriter, "publish", guarded(member_log.LogWriter.publish))
    patch.setattr(chain, "submit", guarded(chain.submit))
    return lambda: passed


def test_a_crash_at_every_boundary_between_steps_leaves_every_event_once(tmp_path, inbox, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH_EVENTS", 3)
    monkeypatch.setattr("ledger.capture.sources.PIECE_FILES", 2)
    monkeypatch.setattr("ledger.capture.readers._Ahead._ask", lambda self, piece: readers.read_piece(piece))
    monkeypatch.setattr("ledger.capture.readers._Reader", IdleReader)
    contents = write(inbox, **{f"d{number}": document(number, 2 * number) for number in range(6)})
    whole = Rig(tmp_path / "whole")
    with monkeypatch.context() as patch:
        passed = crash_points(patch, whole.chain, None)
        whole.capture(inbox, checkpoint_events=4)
    assert passed() >= 20
    for last in range(passed()):
        rig = Rig(tmp_path / f"crash{last}")
        with monkeypatch.context() as patch:
            crash_points(patch, rig.chain, last)
            with pytest.raises(Stopped):
                rig.capture(inbox, checkpoint_events=4)
        rig.capture(inbox, checkpoint_events=4)
        rig.require_exactly_once(*contents)
        assert rig.entries() == rig.expected(*contents)


class IdleReader:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


@pytest.mark.slow
def test_a_process_killed_again_and_again_at_random_instants_captures_every_event_once(tmp_path):
    done = subprocess.run(
        [sys.executable, str(HERE / "killed_capture.py"), str(tmp_path), "20261129", "24"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] == 24
    assert told["unfinished"] > 3
    assert told["instants"] > 2


SERIALS = st.lists(st.lists(st.integers(0, 12), max_size=5), max_size=8)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SERIALS, st.integers(0, 8))
def test_whatever_documents_come_in_whatever_parts_each_event_is_logged_once(tmp_path_factory, serials, cut):
    folder = tmp_path_factory.mktemp("any")
    rig = Rig(folder / "home")
    contents = [document(*each) for each in serials]
    for part in (contents[:cut], contents[cut:], contents):
        captured = rig.capture("-", stdin=io.BytesIO(b"".join(text + b"\n" for text in part))) if part else None
        if captured:
            assert captured.events_new + captured.events_known == len(commitments(*part))
    if contents:
        rig.require_exactly_once(*contents)
