"""A member's log and an authority's witness by the command line, each command a process, on one chain."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import pytest
import requests

from clients.cli.exits import Exit
from clients.home import Home
from ledger.chain.deployment import Deployment, attach
from ledger.chain.growth import Growth
from ledger.chain.nodes import connect
from ledger.chain.registered_logs import member_log_key
from ledger.chain.transactions import Sender
from ledger.tlog.checkpoints import empty_checkpoint, read_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from ledger.tlog.vkeys import parse_vkey
from ledger.tlog.witness_client import WitnessEndpoint, gather_cosignatures
from ledger.tlog.witness_requests import AddCheckpoint
from tests.clients.cli.conftest import PASSWORD, ROOT


@dataclass
class HomeLog:
    """The log in a home, grown and recorded by hand."""

    home: Home
    url: str

    def __post_init__(self):
        self.keyring = self.home.keystore.unlock(PASSWORD)
        node = connect(self.url)
        self.contracts = attach(node, Deployment.from_json(self.home.deployment_text()))
        self.sender = Sender(node, self.keyring.signing)
        self.member = self.contracts.members.member(self.keyring.address)
        self.key = member_log_key(self.contracts, self.member)
        self.signer = Ed25519Signer(self.key.name, self.keyring.checkpoint.private_key)
        self.verifiers = (verifier_of(self.key),)
        if not self.home.log_folder.exists():
            self.make(self.home.log_folder)

    def make(self, folder):
        LogWriter.create(
            folder, sign_checkpoint(empty_checkpoint(self.key.name), [self.signer]), self.verifiers
        ).close()

    def reader(self, folder=None):
        return LogReader(FolderSource(folder or self.home.log_folder), self.verifiers)

    def grow(self, *entries, folder=None):
        with LogWriter(folder or self.home.log_folder, self.verifiers) as log:
            log.append(entries)
            log.publish(sign_checkpoint(log.checkpoint(), [self.signer]))
        return self.reader(folder).checkpoint()

    def record(self):
        now = self.reader().checkpoint().checkpoint
        before = self.contracts.event_logs.checkpoint(self.member.number).size
        proof = tuple(self.reader().consistency_proof(before, now.size)) if before else ()
        self.contracts.event_logs.submit(self.sender, Growth(before, now.size, now.root, proof))


@pytest.fixture(scope="module")
def log(homes, anvil_url):
    made = HomeLog(Home(homes["carrier"]), anvil_url)
    made.grow(*(number.to_bytes(32, "big") for number in range(300)))
    made.record()
    return made


@pytest.fixture(scope="module")
def witness_home(cli, homes):
    home = homes["customs-sg"]
    made = cli("witness", "create", "--name", "customs.sg.example/witness", "--json", home=home)
    assert made.status == 0, made.err
    assert cli("witness", "key", home=home, password=None).out.split() == made.json["keys"]
    return home


class Serving:
    """``smartborder witness serve`` in a process of its own."""

    def __init__(self, home):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SMARTBORDER_")}
        environment = kept | {"SMARTBORDER_HOME": str(home), "SMARTBORDER_PASSWORD": PASSWORD, "NO_COLOR": "1"}
        command = [sys.executable, "-c", "from clients.cli.main import main; main()", "witness", "serve"]
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--json"], stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True
        )
        told = ""
        while not told.rstrip().endswith("}"):
            line = self.process.stdout.readline()
            assert line, "the witness did not start"
            told += line
        self.url = json.loads(told)["url"]

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        return status


def test_the_key_of_a_log_is_told_without_a_password(cli, homes, log):
    own = cli("log", "key", home=homes["carrier"], password=None)
    assert own.out.strip() == log.key.text()
    other = cli("log", "key", log.member.address, "--json", home=homes["auditor"], password=None)
    assert other.json == {"member": log.member.address, "origin": log.key.name, "key": log.key.text()}
    stranger = cli("log", "key", "0x" + "11" * 20, home=homes["auditor"])
    assert stranger.status == Exit.NOT_FOUND


def test_a_whole_log_is_checked_with_nothing_but_its_key(cli, log, tmp_path):
    arguments = ("log", "check", "--key", log.key.text())
    good = cli(*arguments, log.home.log_folder, password=None)
    assert good.status == Exit.OK, good.err
    assert "VERIFIED" in good.out
    assert "300 of 300 entries" in good.out
    damaged = tmp_path / "damaged"
    shutil.copytree(log.home.log_folder, damaged)
    bundle = damaged / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"\xfe")
    bad = cli(*arguments, damaged, "--json")
    assert bad.status == Exit.NO
    assert bad.json["verdict"] == "not verified"
    assert [(finding["rule"], finding["entry"]) for finding in bad.json["findings"]] == [("leaf", 255)]
    assert "✗" in cli(*arguments, damaged).out
    unreachable = cli(*arguments, "http://127.0.0.1:9/log")
    assert unreachable.status == Exit.UNDETERMINED
    assert "UNDETERMINED" in unreachable.out
    assert cli("log", "check", log.home.log_folder, "--key", "nonsense").status == Exit.INPUT
    assert cli("log", "check", log.home.log_folder).status == Exit.USAGE


def test_a_log_is_shown_with_what_the_chain_recorded(cli, homes, log, tmp_path):
    shown = cli("log", "show", home=homes["carrier"], password=None)
    assert shown.status == Exit.OK, shown.err
    assert "size 300" in shown.out
    assert "The chain recorded 300 entries" in shown.out
    other = tmp_path / "other"
    log.make(other)
    log.grow(*(b"other" for _ in range(400)), folder=other)
    differs = cli("log", "show", other, "--json", home=homes["auditor"])
    assert differs.status == Exit.NO
    assert differs.json["recorded"]["size"] == 300
    assert "has the root" in differs.json["disagreement"]
    assert "✗" in cli("log", "show", other, home=homes["auditor"]).out
    assert cli("log", "show", tmp_path / "nowhere", home=homes["auditor"]).status == Exit.NOT_FOUND
    away = cli("log", "show", "http://127.0.0.1:9/log", "--json", home=homes["auditor"])
    assert away.status == Exit.UNDETERMINED
    assert away.json["verdict"] == "undetermined"


@pytest.mark.slow
def test_a_witness_killed_in_the_middle_keeps_every_word_it_gave(cli, witness_home, log, tmp_path):
    keys = tuple(parse_vkey(text) for text in cli("witness", "key", home=witness_home).out.split())
    given = []

    def ask_on(url):
        for number in itertools.count():
            opened = log.grow(b"more %d" % number)
            log.record()
            size = opened.checkpoint.size
            proof = log.reader().consistency_proof
            gathered = gather_cosignatures(
                opened.note, [WitnessEndpoint(url, keys)], lambda old, s=size, p=proof: p(old, s)
            )
            if gathered.outcomes[0].problem is not None:
                return
            given.append(size)

    for _ in range(2):
        serving = Serving(witness_home)
        asking = threading.Thread(target=ask_on, args=(serving.url,))
        asking.start()
        enough = len(given) + 3
        for _ in range(600):
            if len(given) >= enough:
                break
            time.sleep(0.05)
        assert serving.end(signal.SIGKILL) == -signal.SIGKILL
        asking.join()
        assert len(given) >= enough
    serving = Serving(witness_home)
    try:
        answer = requests.post(
            f"{serving.url}/add-checkpoint",
            data=AddCheckpoint(0, (), log.reader().checkpoint().note).body(),
            timeout=30,
        )
        assert answer.status_code == 409
        assert int(answer.text) >= given[-1]
        fork = tmp_path / "fork"
        log.make(fork)
        forked = log.grow(*(b"other" for _ in range(int(answer.text))), folder=fork)
        body = AddCheckpoint(int(answer.text), (), forked.note).body()
        refused = requests.post(f"{serving.url}/add-checkpoint", data=body, timeout=30)
        assert refused.status_code in {409, 422}
    finally:
        assert serving.end() == 0
    told = cli("witness", "conflicts", "--json", home=witness_home, password=None)
    assert told.status == Exit.NO
    [conflict] = told.json["conflicts"]
    assert conflict["origin"] == log.key.name
    assert conflict["proven"] is True
    assert read_checkpoint(conflict["cosigned"].encode()).size == int(answer.text)
    assert forked.note.data().decode() in conflict["shown"]
    shown = cli("witness", "conflicts", home=witness_home, password=None)
    assert "proven" in shown.out


def test_what_contradicts_the_chain_is_refused_and_shown(cli, homes, log, tmp_path):
    home = homes["customs-nl"]
    assert cli("witness", "create", home=home).status == 0
    nothing = cli("witness", "conflicts", home=home)
    assert nothing.status == Exit.OK
    assert "Nothing was kept" in nothing.out
    size = log.contracts.event_logs.checkpoint(log.member.number).size
    fork = tmp_path / "fork"
    log.make(fork)
    forked = log.grow(*(b"other" for _ in range(size)), folder=fork)
    serving = Serving(home)
    try:
        answer = requests.post(
            f"{serving.url}/add-checkpoint", data=AddCheckpoint(0, (), forked.note).body(), timeout=30
        )
        assert answer.status_code == 403
    finally:
        assert serving.end() == 0
    told = cli("witness", "conflicts", "--json", home=home)
    assert told.status == Exit.NO
    [kept] = told.json["againstChain"]
    assert kept["checkpoint"] == forked.note.data().decode()
    assert "against the chain" in cli("witness", "conflicts", home=home).out


def test_a_home_without_a_witness_says_how_to_make_one(cli, homes):
    assert cli("witness", "key", home=homes["broker"]).status == Exit.NOT_FOUND
    assert cli("witness", "conflicts", home=homes["broker"]).status == Exit.UNAVAILABLE
    wrong = cli("witness", "create", home=homes["broker"], password="not the password")
    assert wrong.status == Exit.ACCESS
    assert not (homes["broker"] / "witness").exists()
