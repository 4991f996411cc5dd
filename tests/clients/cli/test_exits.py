"""0, 1 and 2 are verdicts: no usage error, crash or interrupt ends with one of them."""

import os
import signal
import subprocess
import sys
import time

import pytest

from clients.cli.exits import Exit, exit_for
from ledger.errors import AccessError, InputError, LedgerError, NotFound, Refused, Unavailable


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["verify", "--no-such-option"],
        ["verify"],
        ["consignment", "register"],
        ["consignment", "unseal", "UCR", "--reason", "fell-off"],
        ["customs", "assess", "UCR", "--channel", "purple"],
        ["epcis", "convert", "x.json", "--to", "pdf"],
    ],
)
def test_a_usage_error_ends_with_64_and_says_how_to_go_on(cli, tmp_path, arguments):
    done = cli(*arguments, home=tmp_path)
    assert done.status in {Exit.USAGE, Exit.NOT_FOUND}, done.err
    assert done.out == ""
    assert done.err


def test_each_kind_of_error_has_a_status_of_64_or_more():
    kinds = [InputError, Refused, NotFound, AccessError, Unavailable, LedgerError]
    statuses = [exit_for(kind("x")) for kind in kinds]
    assert len(set(statuses)) == len(kinds)
    assert min(statuses) >= 64


def test_an_unknown_home_a_missing_key_and_a_wrong_password_each_have_their_message(cli, homes, tmp_path):
    missing = cli("verify", "UCR", home=tmp_path / "nobody")
    assert (missing.status, missing.out) == (Exit.NOT_FOUND, "")
    assert "smartborder member join" in missing.err
    wrong = cli("show", "UCR", home=homes["exporter"], password="not the password")
    assert wrong.status == Exit.ACCESS
    assert "password" in wrong.err
    nobody = cli("show", "UCR", home=homes["exporter"], password=None)
    assert nobody.status == Exit.ACCESS
    assert "SMARTBORDER_PASSWORD" in nobody.err


def test_an_unreachable_node_makes_a_verdict_undetermined_and_any_other_command_unavailable(cli, homes):
    nobody = "http://127.0.0.1:9"
    verdict = cli("verify", "UCR", "--node", nobody, "--json", home=homes["exporter"])
    assert verdict.status == Exit.UNDETERMINED
    assert verdict.json["verdict"] == "undetermined"
    assert nobody in verdict.out
    shown = cli("show", "UCR", "--node", nobody, home=homes["exporter"])
    assert shown.status == Exit.UNAVAILABLE
    assert nobody in shown.err


def test_a_node_of_another_chain_is_refused(cli, homes, tmp_path):
    record = (homes["exporter"] / "deployment.json").read_text()
    other = homes["exporter"].parent / "other-chain"
    other.mkdir(exist_ok=True)
    (other / "deployment.json").write_text(record.replace('"chainId": 31337', '"chainId": 31338'))
    (other / "config.toml").write_text((homes["exporter"] / "config.toml").read_text())
    (other / "keys").mkdir(mode=0o700, exist_ok=True)
    for name in ("signing.json", "member.json"):
        target = other / "keys" / name
        target.write_bytes((homes["exporter"] / "keys" / name).read_bytes())
        target.chmod(0o600)
    done = cli("show", "UCR", home=other)
    assert done.status >= 64
    assert "31338" in done.err


def test_a_crash_ends_with_70_and_asks_for_a_report(cli, tmp_path):
    code = (
        "import clients.cli.verify as v, sys\n"
        "from clients.cli import main\n"
        "v.read_file = lambda path: 1/0\n"
        "import clients.cli.key as key\n"
        "key.home_at = lambda chosen: 1/0\n"
        "sys.exit(main.run(['key', 'show']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == Exit.CRASH
    assert "SMARTBORDER_DEBUG=1" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_ends_with_130(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", "from clients.cli.main import main; main()", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    process.stdout.readline()
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == Exit.INTERRUPTED, err


def test_a_closed_pipe_is_no_verdict():
    process = subprocess.Popen(
        [sys.executable, "-c", "from clients.cli.main import main; main()", "demo", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=120) >= 64


def test_the_help_and_the_version_are_always_at_hand(cli, tmp_path):
    assert cli("--version", home=tmp_path).out.startswith("smartborder ")
    assert "consignment" in cli(home=tmp_path).out
    for group in ("key", "member", "consignment", "customs", "epcis"):
        assert cli(group, "--help", home=tmp_path).status == 0


def test_the_shell_is_told_how_to_complete_a_command(cli, tmp_path):
    asked = {"_SMARTBORDER_COMPLETE": "complete_bash", "COMP_WORDS": "smartborder consignment regi", "COMP_CWORD": "2"}
    done = cli(home=tmp_path, env=asked)
    assert done.out.split() == ["register"]
