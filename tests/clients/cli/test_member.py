"""Founding, joining and governing by the command line alone."""

import pytest

from clients.cli.exits import Exit

PASSWORD = "only for tests"


@pytest.fixture(scope="module")
def founded(cli, anvil_url, tmp_path_factory):
    """Three authorities that made their keys and cards and founded a consortium, and a carrier that made its card."""
    folder = tmp_path_factory.mktemp("founding")
    cards = {}
    for name, country in (("kr", "KR"), ("sg", "SG"), ("nl", "NL"), ("carrier", "SG")):
        home = folder / name
        created = cli("key", "create", "--json", home=home)
        assert created.status == 0, created.err
        cards[name] = folder / f"{name}.card"
        done = cli("key", "card", "--country", country, "--name", f"Member {name}", "-o", cards[name], home=home)
        assert done.status == 0, done.err
    record = folder / "deployment.json"
    founding = ("member", "found", cards["kr"], cards["sg"], cards["nl"], "--threshold", "2", "-o", record)
    done = cli(*founding, home=folder / "kr", env={"SMARTBORDER_NODE": anvil_url})
    assert done.status == 0, done.err
    for name in ("sg", "nl", "carrier"):
        done = cli("member", "join", record, home=folder / name, env={"SMARTBORDER_NODE": anvil_url})
        assert done.status == 0, done.err

    def run(name, *arguments, **options):
        return cli(*arguments, home=folder / name, env={"SMARTBORDER_NODE": anvil_url}, **options)

    return Founded(folder, cards, run)


class Founded:
    def __init__(self, folder, cards, run):
        self.folder, self.cards, self.run = folder, cards, run

    def address(self, name):
        return self.run(name, "key", "show").out.strip()


def test_a_stranger_is_told_how_to_become_a_member(founded):
    done = founded.run("carrier", "consignment", "record", "0x" + "00" * 32, "-", stdin=b"{}")
    assert done.status == Exit.NOT_FOUND
    assert "smartborder key card" in done.err


def test_an_authority_admits_a_member_of_its_country_and_no_other(founded):
    refused = founded.run("kr", "member", "admit", founded.cards["kr"], "--role", "carrier")
    assert refused.status == Exit.REFUSED
    admitted = founded.run("sg", "member", "admit", founded.cards["carrier"], "--role", "carrier", "--json")
    assert admitted.status == 0, admitted.err
    members = founded.run("carrier", "member", "list", "--json").json
    assert [member["name"] for member in members] == ["Member kr", "Member sg", "Member nl", "Member carrier"]
    assert members[3]["roles"] == ["carrier"]


def test_a_member_is_suspended_reinstated_and_given_other_roles(founded):
    carrier = founded.address("carrier")
    assert founded.run("sg", "member", "suspend", carrier).status == 0
    assert founded.run("nl", "member", "show", carrier, "--json").json["status"] == "suspended"
    assert founded.run("kr", "member", "reinstate", carrier).status == Exit.REFUSED
    assert founded.run("sg", "member", "reinstate", carrier).status == 0
    assert founded.run("sg", "member", "set-roles", carrier, "--role", "carrier", "--role", "terminal").status == 0
    assert founded.run("nl", "member", "show", carrier, "--json").json["roles"] == ["carrier", "terminal"]
    assert founded.run("sg", "member", "set-roles", carrier, "--role", "pirate").status == Exit.INPUT


def test_keys_are_rotated_added_and_retired(founded):
    old = founded.address("carrier")
    rotated = founded.run("carrier", "key", "rotate", "--json")
    assert rotated.status == 0, rotated.err
    new, consent = rotated.json["address"], rotated.json["consent"]
    assert founded.run("carrier", "key", "consent", old).out.strip() == consent
    adding = ("member", "key-add", new, "--member", old, "--scope", "govern", "--scope", "milestones", "--consent")
    another = founded.run("sg", "key", "consent", old).out.strip()
    assert "has not consented" in founded.run("sg", *adding, another).err
    added = founded.run("sg", *adding, consent)
    assert added.status == 0, added.err
    assert (
        founded.run("carrier", "member", "key-retire", old, "--suspect-since", "2026-01-01T00:00:00+00:00").status == 0
    )
    keys = founded.run("carrier", "member", "show", old, "--json").json["keys"]
    assert any(new in key for key in keys)


def test_an_officers_key_may_sign_only_the_milestones_it_was_added_for(founded, cli):
    officer = founded.folder / "officer"
    key = cli("key", "create", "--json", home=officer).json["address"]
    sg = founded.address("sg")
    consent = cli("key", "consent", sg, home=officer).out.strip()
    adding = ("member", "key-add", key, "--consent", consent, "--holder", "Officer 17, Tuas")
    assert founded.run("sg", *adding, "--milestone", "teleported").status == Exit.INPUT
    added = founded.run("sg", *adding, "--milestone", "held", "--milestone", "transit-passed")
    assert added.status == 0, added.err
    keys = founded.run("kr", "member", "show", sg, "--json").json["keys"]
    assert f"{key} (milestones, held, transit-passed; for good)" in keys


def test_two_of_three_authorities_change_the_threshold_and_one_alone_does_not(founded):
    made = founded.run("kr", "member", "propose-removal", founded.address("nl"), "--threshold", "2", "--json")
    assert made.status in {0, Exit.REFUSED}, made.err
    proposed = founded.run("kr", "member", "propose-threshold", "2", "--json")
    assert proposed.status == 0, proposed.err
    number = str(proposed.json["proposal"])
    again = founded.run("kr", "member", "approve", number)
    assert again.status == Exit.REFUSED
    assert founded.run("kr", "member", "withdraw-approval", number).status == 0
    assert founded.run("kr", "member", "approve", number).status == 0
    done = founded.run("sg", "member", "approve", number, "--json")
    assert done.json["status"] == "executed", done.err
    listed = founded.run("nl", "member", "proposals", "--json").json
    assert listed[-1]["status"] == "executed"


def test_all_keys_of_an_authority_are_replaced_by_the_others(founded):
    lost = founded.address("nl")
    rotated = founded.run("nl", "key", "rotate", "--json").json
    new = ("--added", rotated["address"], "--consent", rotated["consent"])
    proposed = founded.run("kr", "member", "propose-key-replacement", lost, *new, "--json")
    assert proposed.status == 0, proposed.err
    assert founded.run("sg", "member", "approve", str(proposed.json["proposal"]), "--json").json["status"] == "executed"
    assert founded.run("nl", "member", "aeo-recognise", "KR").status == 0


def test_aeo_status_is_granted_recognised_and_withdrawn(founded):
    carrier = founded.run("nl", "member", "list", "--json").json[3]["address"]
    assert founded.run("sg", "member", "aeo-grant", carrier, "--until", "2040-01-01T00:00:00+00:00").status == 0
    assert founded.run("nl", "member", "aeo-recognise", "SG").status == 0
    assert founded.run("nl", "member", "aeo-unrecognise", "SG").status == 0
    assert founded.run("sg", "member", "aeo-withdraw", carrier).status == 0


def test_an_altered_deployment_file_is_refused(founded, cli, anvil_url, tmp_path):
    record = (founded.folder / "deployment.json").read_text()
    other = tmp_path / "other.json"
    other.write_text(record.replace('"codeHash": "0x', '"codeHash": "0x00')[:-1])
    done = cli("member", "join", other, home=tmp_path / "home", env={"SMARTBORDER_NODE": anvil_url})
    assert done.status >= 64
    assert not (tmp_path / "home" / "deployment.json").exists()
