"""Sources cut into pieces: all of what is there, once, in order, within bounds."""

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.capture import reading, sources, worker
from ledger.capture.reading import Invalid, Lost, PieceRead, Valid, read_document, read_piece
from ledger.capture.sources import Files, Lines, Oversized, Sources, Text, Texts, Unreadable
from ledger.capture.wire import piece_message, piece_of, read_message, result_message, result_of, write_message
from ledger.errors import InputError, Unavailable
from tests.ledger.capture.rig import BROKEN, document


def pieces(*named, stdin=None, spool=None, leave_out=()):
    found = Sources([str(name) for name in named], stdin=stdin, spool=spool, leave_out=leave_out)
    return list(found.pieces()), found


def paths(found):
    return [Path(path).name for piece in found if isinstance(piece, Files) for path in piece.paths]


def test_a_folder_gives_its_documents_by_name_with_those_of_its_folders(inbox):
    (inbox / "b").mkdir()
    for name in ("c.jsonld", "a.JSON", "b/2.xml", "b/1.json", "notes.txt", ".DS_Store"):
        (inbox / name).write_bytes(b"{}")
    (inbox / "lines.ndjson").write_bytes(b"{}\n")
    found, source = pieces(inbox)
    assert paths(found) == ["a.JSON", "1.json", "2.xml", "c.jsonld"]
    assert [type(piece) for piece in found] == [Files, Lines]
    assert source.passed_over == 2


def test_a_folder_that_links_back_into_itself_is_searched_once(inbox):
    (inbox / "sub").mkdir()
    (inbox / "a.json").write_bytes(b"{}")
    (inbox / "sub" / "loop").symlink_to(inbox)
    (inbox / "sub" / "again").symlink_to(inbox / "sub")
    (inbox / "sub" / "b.json").symlink_to(inbox / "a.json")
    found, _ = pieces(inbox, inbox)
    assert paths(found) == ["a.json", "b.json"]


def test_the_home_is_never_searched(inbox):
    home = inbox / "home"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "signing.json").write_bytes(b"{}")
    assert paths(pieces(inbox, leave_out=[home])[0]) == []


def test_a_file_that_is_named_is_taken_whatever_its_name_ends_in(inbox):
    (inbox / "export.dat").write_bytes(b"{}")
    assert paths(pieces(inbox / "export.dat")[0]) == ["export.dat"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read_is_told_and_the_rest_goes_on(inbox):
    (inbox / "secret").mkdir(mode=0)
    (inbox / "z.json").write_bytes(b"{}")
    found, _ = pieces(inbox)
    assert isinstance(found[0], Unreadable)
    assert paths(found) == ["z.json"]


def test_a_folder_that_vanishes_is_told_and_the_rest_goes_on(inbox, monkeypatch):
    (inbox / "sub").mkdir()
    (inbox / "z.json").write_bytes(b"{}")
    listed = os.listdir

    def gone(folder):
        if str(folder).endswith("sub"):
            raise FileNotFoundError(2, "No such file or directory")
        return listed(folder)

    monkeypatch.setattr(sources.os, "listdir", gone)
    found, _ = pieces(inbox)
    assert found[0] == Unreadable(str(inbox / "sub"), "No such file or directory")
    assert paths(found) == ["z.json"]


def test_a_pipe_is_read_as_standard_input_is(inbox):
    pipe = inbox / "pipe"
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDWR)
    try:
        os.write(descriptor, b"<" + b"x" * 100)
        reading = Sources([str(pipe)], stdin=None, spool=None).pieces()
        os.set_blocking(descriptor, False)
        first = threaded(reading, descriptor)
    finally:
        pass
    assert first == Text(str(pipe), b"<" + b"x" * 100)


def threaded(reading, descriptor):
    import threading

    timer = threading.Timer(0.3, os.close, [descriptor])
    timer.start()
    try:
        return next(reading)
    finally:
        timer.join()


def test_a_stream_that_breaks_off_is_told(inbox):
    class Broken(io.RawIOBase):
        def readline(self, _=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(Unavailable, match="Input/output error"):
        pieces("-", stdin=Broken())


def test_nothing_on_standard_input_is_no_source_where_there_is_none():
    assert pieces("-")[0] == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=12).map(lambda text: text.replace(b"\n", b"")), max_size=20), st.booleans())
def test_a_file_cut_into_pieces_gives_every_line_once_with_its_number(tmp_path_factory, lines, ends):
    text = b"\n".join(lines) + (b"\n" if ends else b"")
    path = tmp_path_factory.mktemp("lines") / "x.ndjson"
    path.write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "PIECE_BYTES", 7)
        found, _ = pieces(path)
    assert b"".join(text[piece.begin : piece.end] for piece in found) == text
    numbers, before = [], 0
    for piece in found:
        read = read_piece(piece)
        numbers += [before + int(each.name) for each in read.found]
        before += read.lines
    expected = text.split(b"\n")
    assert numbers == [number for number, line in enumerate(expected, start=1) if line.strip()]


def everything(inbox):
    (inbox / "good.jsonld").write_bytes(document(1, 2))
    (inbox / "bad.jsonld").write_bytes(BROKEN)
    (inbox / "lines.ndjson").write_bytes(document(3) + b"\n\n" + BROKEN)
    return [
        Files((str(inbox / "good.jsonld"), str(inbox / "bad.jsonld"), str(inbox / "none.jsonld")), 9),
        Lines(str(inbox / "lines.ndjson"), 0, (inbox / "lines.ndjson").stat().st_size),
        Lines(str(inbox / "none.ndjson"), 0, 10),
        Texts("standard input", (document(4) + b"\n", b"\n", BROKEN)),
        Text("standard input", document(5)),
        Text("standard input", b""),
    ]


def test_what_another_process_reads_is_what_is_read_here(inbox):
    for piece in everything(inbox):
        stream = io.BytesIO()
        write_message(stream, *piece_message(piece))
        stream.seek(0)
        sent = piece_of(*read_message(stream))
        assert sent == piece
        read = read_piece(sent)
        stream = io.BytesIO()
        write_message(stream, *result_message(read))
        stream.seek(0)
        assert result_of(*read_message(stream)) == read
        kinds = {type(each) for each in read.found}
        assert kinds <= {Valid, Invalid, Lost}


@pytest.mark.parametrize("kept", [0, 5, 16, 20, -1])
def test_a_message_that_was_cut_short_is_none(kept):
    stream = io.BytesIO()
    write_message(stream, {"found": []}, (b"abc",))
    assert read_message(io.BytesIO(stream.getvalue()[:kept])) is None


def test_pieces_that_only_the_first_process_reads_are_not_sent(inbox):
    for piece in (Unreadable("x", "why"), Oversized("x", inbox, 3)):
        with pytest.raises(TypeError, match="not read by another process"):
            piece_message(piece)
    assert read_piece(Unreadable("x", "why")) == PieceRead((Lost("x", "why"),))


def test_a_file_that_grows_while_it_is_read_is_read_as_far_as_it_goes(inbox, monkeypatch):
    path = inbox / "grows.jsonld"
    path.write_bytes(document(1) + b" " * 500)
    real = os.fstat
    monkeypatch.setattr(
        "ledger.capture.reading.os.fstat", lambda fd: os.stat_result((*real(fd)[:6], 10, *real(fd)[7:]))
    )
    (found,) = read_piece(Files((str(path),), 10)).found
    assert found.content == path.read_bytes()


def test_a_reader_answers_each_question_and_ends_when_nobody_asks_any_more(inbox, monkeypatch):
    questions, answers = io.BytesIO(), io.BytesIO()
    asked = everything(inbox)
    for piece in asked:
        write_message(questions, *piece_message(piece))
    questions.seek(0)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    monkeypatch.setattr(worker.sys, "stdin", io.TextIOWrapper(questions))
    monkeypatch.setattr(worker.sys, "stdout", io.TextIOWrapper(answers))
    worker.main()
    answers.seek(0)
    assert [result_of(*read_message(answers)) for _ in asked] == list(map(read_piece, asked))
    assert read_message(answers) is None


def test_a_reader_whose_asker_is_gone_ends_quietly(inbox, monkeypatch):
    class Gone(io.RawIOBase):
        def write(self, _):
            raise BrokenPipeError

    questions = io.BytesIO()
    write_message(questions, *piece_message(Text("x", document(1))))
    questions.seek(0)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    monkeypatch.setattr(worker.sys, "stdin", SimpleNamespace(buffer=questions))
    monkeypatch.setattr(worker.sys, "stdout", SimpleNamespace(buffer=Gone()))
    worker.main()


def test_whatever_keeps_an_event_from_being_digested_sets_its_document_aside(monkeypatch):
    def refuse(_):
        raise InputError("the text holds a lone surrogate", where="/x", mend="Replace it.")

    monkeypatch.setattr(reading, "digests", refuse)
    found = read_document("x", document(1, 2))
    assert [problem.path for problem in found.problems] == ["/epcisBody/eventList/0", "/epcisBody/eventList/1"]
    assert found.problems[0].message == "the text holds a lone surrogate"
