"""``smartborder evidence``: verified in a process that no network reaches, shown, refused, and made from a chain."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clients.cli.exits import Exit
from clients.demo.telling import document

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "tests" / "vectors" / "evidence"
BUNDLE = VECTORS / "sealed-by-validators.evidence"
TRUST = VECTORS / "sealed-by-validators.trust.json"
COMMAND = "from clients.cli.main import main; main()"
WITHOUT_NETWORK = """\
import socket, sys
def refused(*_, **__):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.socket.bind = socket.create_connection = socket.getaddrinfo = refused
"""


def verify(cli, name, trust=TRUST, *options):
    return cli("evidence", "verify", VECTORS / f"{name}.evidence", "--trust", trust, *options, password=None)


def test_a_bundle_is_verified_without_home_password_or_node(cli, tmp_path):
    done = verify(cli, "sealed-by-validators")
    assert done.status == Exit.OK, done.err
    assert done.out.startswith("VERIFIED  6KR4012345-2026-0001")
    assert "as of block 13" in done.out
    assert "Whether a key was said later to have been stolen" in done.out


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("hold-left-off-at-the-end", Exit.NO),
        ("hold-left-off-with-the-proof-of-the-end", Exit.UNDETERMINED),
        ("cut-short", Exit.UNDETERMINED),
        ("block-sealed-by-one-of-four", Exit.NO),
    ],
)
def test_the_exit_status_is_the_verdicts(cli, name, status):
    done = verify(cli, name, TRUST, "--json")
    assert done.status == status
    assert done.json["verdict"] == {Exit.NO: "not verified", Exit.UNDETERMINED: "undetermined"}[status]


def network_cut_off():
    """How to run a command in a process without any network: a namespace of its own where that is permitted."""
    unshare = shutil.which("unshare")
    if unshare is not None:
        for options in (["--net"], ["--user", "--map-root-user", "--net"]):
            done = subprocess.run([unshare, *options, "true"], capture_output=True, check=False)
            if done.returncode == 0:
                return [unshare, *options]
    return None


def test_verification_works_where_there_is_no_network(tmp_path):
    """In a network namespace of its own where the system permits it; with every socket refused in any case."""
    prefix = network_cut_off() or []
    command = [*prefix, sys.executable, "-c", WITHOUT_NETWORK + COMMAND]
    command += ["evidence", "verify", str(BUNDLE), "--trust", str(TRUST), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={"HOME": str(tmp_path)}, check=False)
    assert done.returncode == Exit.OK, done.stderr
    assert json.loads(done.stdout)["verdict"] == "verified"
    assert list(tmp_path.iterdir()) == []


def test_the_guard_would_notice_a_connection(tmp_path):
    attempt = WITHOUT_NETWORK + "socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=False)
    assert "a socket was opened" in done.stderr


def test_a_document_is_verified_beside_a_bundle(cli, tmp_path):
    from ledger.epcis import Document, Kind, write_json
    from tests.ledger.verify.builder import sealed

    event = next(iter(sealed().events.values())).event
    paper = tmp_path / "paper.jsonld"
    paper.write_bytes(write_json(Document(Kind.EVENT, event.context, (event,))))
    done = verify(cli, "documents-left-out", TRUST, "--document", paper)
    assert done.status == Exit.OK, done.out
    done = verify(cli, "cut-short", TRUST, "--document", paper)
    assert done.status == Exit.UNDETERMINED


def test_what_is_inside_is_shown_and_not_called_verified(cli):
    done = cli("evidence", "show", BUNDLE, password=None)
    assert done.status == Exit.OK
    assert "nothing of it is verified" in done.out
    assert "6KR4012345-2026-0001" in done.out
    shown = cli("evidence", "show", BUNDLE, "--json", password=None).json
    assert (shown["events"], shown["seals"], shown["end"], shown["finality"]) == (2, 1, ["storage"], ["seals"])
    assert shown["blocks"] == [1, 11, 12, 13]
    assert "not disclosed" in cli("evidence", "show", VECTORS / "documents-left-out.evidence", password=None).out


def test_what_is_no_bundle_or_no_trust_file_ends_with_an_error_that_says_what_to_do(cli, tmp_path):
    done = cli("evidence", "show", TRUST, password=None)
    assert done.status == Exit.INPUT
    assert "is no evidence bundle" in done.err
    done = verify(cli, "sealed-by-validators", BUNDLE)
    assert done.status == Exit.INPUT
    assert "smartborder evidence trust" in done.err
    assert verify(cli, "sealed-by-validators", tmp_path / "none.json").status == Exit.NOT_FOUND


def test_a_bundle_and_a_trust_file_are_made_from_a_chain(cli, homes, tmp_path):
    """On a chain where nothing makes blocks final, the trust file says so, and the verdict is left open."""
    packed, bundle, trust = (tmp_path / name for name in ("packed.jsonld", "goods.evidence", "trust.json"))
    packed.write_bytes(document("01-exporter-packed.jsonld"))
    exporter, ucr = homes["exporter"], "6KR8801234-EVIDENCE"
    done = cli("consignment", "register", packed, "--ucr", ucr, "--to", "NL", home=exporter)
    assert done.status == Exit.OK, done.err
    done = cli("evidence", "trust", "-o", trust, "--attested-by", "2", home=exporter)
    assert done.status == Exit.OK, done.err
    assert "Nothing makes a block final" in done.out
    made = cli("evidence", "make", ucr, "-o", bundle, "--json", home=exporter)
    assert made.status == Exit.OK, made.err
    assert made.json["bytes"] == bundle.stat().st_size
    done = cli("evidence", "verify", bundle, "--trust", trust, "--json", password=None)
    assert done.status == Exit.UNDETERMINED
    assert {each["rule"] for each in done.json["findings"] if each["outcome"] == "undetermined"} == {
        "evidence.block_final"
    }
    done = cli("evidence", "make", ucr, "-o", bundle, "--without", "documents", "--without", "reference", home=exporter)
    assert "Without documents" in done.out
    assert cli("evidence", "make", ucr, "-o", bundle, "--without", "nonsense", home=exporter).status == Exit.USAGE
    assert cli("evidence", "make", ucr, "-o", bundle, "--log", "folder", home=exporter).status == Exit.USAGE
    found = cli("evidence", "trust", "-o", "-", "--deployment", exporter / "deployment.json", "--json", home=exporter)
    assert found.status == Exit.OK, found.err


def test_an_attested_head_is_read_from_its_file(cli, homes, tmp_path):
    broken = tmp_path / "attested.json"
    broken.write_text("{}")
    done = cli("evidence", "make", "X", "-o", tmp_path / "x", "--attestation", broken, home=homes["exporter"])
    assert done.status == Exit.INPUT
    assert "lacks 'attestation', 'signatures'" in done.err
    broken.write_text("{")
    done = cli("evidence", "make", "X", "-o", tmp_path / "x", "--attestation", broken, home=homes["exporter"])
    assert "is not JSON" in done.err
