"""The commands that check, hash and convert EPCIS documents, in process and as a process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clients.cli.epcis import app
from ledger.epcis import EpcisInvalid, NumberNotExact, content_digest, event_commitment, event_hash, prehash, read
from ledger.errors import NotFound

VECTORS = Path(__file__).parents[2] / "vectors" / "epcis"
VALID = VECTORS / "valid" / "every-event-type.jsonld"
XML = VECTORS / "valid" / "object-event.xml"
INVALID = VECTORS / "invalid" / "event-without-time.jsonld"


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def smartborder(*arguments, stdin=b""):
    script = "import sys; from clients.cli.main import main; main()"
    command = [sys.executable, "-c", script, "epcis", *map(str, arguments)]
    return subprocess.run(command, check=False, input=stdin, capture_output=True, timeout=120)


def test_valid_documents_are_said_to_be_valid():
    result = run("check", VALID, XML)
    assert result.exit_code == 0
    assert f"{VALID}: valid, 6 events" in result.output.replace("\n", "")


def test_every_problem_is_listed_with_file_path_rule_value_and_mend():
    result = run("check", VALID, INVALID)
    assert result.exit_code == 1
    text = result.output.replace("\n", "")
    assert f"{INVALID}: /epcisBody/eventList/0/eventTime: eventTime is missing [event.missing-field]" in text
    assert "Add eventTime." in text


def test_a_check_is_told_to_programs_as_json():
    result = run("check", "--json", VALID, INVALID, VECTORS / "none.jsonld")
    assert result.exit_code == 66
    valid, invalid, absent = json.loads(result.stdout)
    assert (valid["valid"], valid["events"], valid["problems"]) == (True, 6, [])
    assert invalid["problems"] == [
        {
            "path": "/epcisBody/eventList/0/eventTime",
            "rule": "event.missing-field",
            "found": "",
            "message": "eventTime is missing",
            "mend": "Add eventTime.",
        }
    ]
    assert absent["valid"] is None
    assert "no such file" in absent["error"]


def test_a_file_that_is_not_there_is_no_verdict():
    result = run("check", VALID, VECTORS / "none.jsonld")
    assert result.exit_code == 66


def test_standard_input_is_read():
    assert run("check", "-", stdin=VALID.read_bytes()).exit_code == 0


@pytest.mark.parametrize(
    ("option", "name", "derived"),
    [
        ([], "eventHash", event_hash),
        (["--prehash"], "prehash", prehash),
        (["--digest"], "contentDigest", lambda event: content_digest(event).hex()),
        (["--commitment"], "commitment", lambda event: event_commitment(event).hex()),
    ],
)
def test_each_event_gets_a_line(option, name, derived):
    events = read(VALID.read_bytes()).events
    result = run("hash", *option, VALID)
    assert result.exit_code == 0
    assert result.output.splitlines() == [derived(event) for event in events]
    rows = json.loads(run("hash", *option, "--json", VALID).output)
    assert rows == [{"file": str(VALID), "event": index, name: derived(event)} for index, event in enumerate(events)]


def test_one_thing_is_printed_at_a_time():
    assert "exclude each other" in run("hash", "--digest", "--commitment", VALID).output.replace("\n", " ")


def test_an_invalid_document_is_not_hashed():
    result = run("hash", INVALID)
    assert isinstance(result.exception, EpcisInvalid)
    assert str(INVALID) in result.exception.diagnostics()
    assert result.output == ""


def test_an_inexact_number_has_an_event_hash_and_no_digest():
    path = VECTORS / "valid" / "numbers-beyond-binary64.jsonld"
    assert run("hash", path).exit_code == 0
    assert isinstance(run("hash", "--digest", path).exception, NumberNotExact)


def test_a_document_is_converted_and_back(tmp_path):
    there, back = tmp_path / "there.xml", tmp_path / "back.jsonld"
    assert run("convert", VALID, "--to", "xml", "-o", there).exit_code == 0
    assert run("convert", there, "--to", "json", "-o", back).exit_code == 0
    assert run("hash", "--commitment", back).output == run("hash", "--commitment", VALID).output
    assert run("convert", VALID, "--to", "xml").output == there.read_text()


def test_a_conversion_is_told_to_programs_as_json(tmp_path):
    told = json.loads(run("convert", XML, "--to", "json", "--json").output)
    assert (told["to"], told["events"]) == ("json", 2)
    assert json.loads(told["document"])["type"] == "EPCISDocument"
    output = tmp_path / "out.jsonld"
    told = json.loads(run("convert", XML, "--to", "json", "--json", "-o", output).output)
    assert told["output"] == str(output)
    assert len(read(output.read_bytes()).events) == 2


def test_a_document_that_is_not_there_cannot_be_converted():
    assert isinstance(run("convert", VECTORS / "none.xml", "--to", "json").exception, NotFound)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", VALID], 0),
        (["check", INVALID], 1),
        (["check", VECTORS / "none.jsonld"], 66),
        (["hash", INVALID], 65),
        (["convert", VALID], 64),
        (["hash", "--digest", "--commitment", VALID], 64),
    ],
)
def test_the_process_ends_with_a_verdict_or_with_64_and_up(arguments, status):
    assert smartborder(*arguments).returncode == status


@pytest.mark.slow
def test_the_process_reads_and_writes_pipes():
    there = smartborder("convert", "-", "--to", "xml", stdin=VALID.read_bytes())
    assert there.returncode == 0
    assert smartborder("hash", "-", stdin=there.stdout).stdout == smartborder("hash", VALID).stdout
