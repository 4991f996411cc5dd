"""``smartborder audit`` as a process: an honest home, a damaged one, and what cannot be reached."""

import shutil

import pytest

from clients.cli.exits import Exit
from clients.demo.telling import document


@pytest.fixture(scope="module")
def captured(cli, homes, tmp_path_factory):
    paper = tmp_path_factory.mktemp("papers") / "packed.jsonld"
    paper.write_bytes(document("01-exporter-packed.jsonld"))
    done = cli("capture", paper, home=homes["customs-nl"])  # where no other test captures
    assert done.status == Exit.OK, done.err
    return homes["customs-nl"]


def test_an_honest_home_is_verified_and_a_damaged_copy_is_not(cli, captured, tmp_path):
    good = cli("audit", "--json", home=captured)
    assert good.status == Exit.OK, good.out + good.err
    assert good.json["verdict"] == "verified"
    assert good.json["counts"]["entries"] == 3
    copy = tmp_path / "copy"
    shutil.copytree(captured, copy)
    [bundle] = (copy / "log" / "tile" / "entries").glob("000.p/*")
    content = bundle.read_bytes()
    bundle.write_bytes(content[:-1] + bytes((content[-1] ^ 1,)))
    bad = cli("audit", home=copy)
    assert bad.status == Exit.NO
    for text in ("NOT VERIFIED", "log.leaf", "entry.logged", "checkpoint.root", "expected"):
        assert text in bad.out


def test_others_logs_are_audited_without_a_password_and_what_cannot_be_reached_is_undetermined(cli, homes, captured):
    arguments = ("audit", "--logs-only", "--log", captured / "log")
    assert cli(*arguments, home=homes["auditor"], password=None).status == Exit.OK
    away = cli(*arguments, "--node", "http://127.0.0.1:9", home=homes["auditor"], password=None)
    assert away.status == Exit.UNDETERMINED
    assert "UNDETERMINED" in away.out
    assert "chain.read" in away.out
    assert cli("audit", "--logs-only", home=homes["auditor"]).status == Exit.USAGE
