"""A consignment's way by the command line alone: each command a process, each party a home, one chain."""

import pytest

from clients.cli.exits import Exit
from clients.demo.telling import document

UCR = "6KR8801234-CLI-0001"
SEAL = "KR-2026-004417"


@pytest.fixture(scope="module")
def goods(cli, homes, tmp_path_factory):
    """A consignment registered, sealed, declared and released for export, and offered to the carrier."""
    folder = tmp_path_factory.mktemp("papers")
    packed = folder / "packed.jsonld"
    packed.write_bytes(document("01-exporter-packed.jsonld"))
    exporter, customs, carrier = homes["exporter"], homes["customs-kr"], homes["carrier"]
    route = ("--ucr", UCR, "--to", "NL", "--via", "SG", "--importer", homes.addresses["importer"])
    registered = cli("consignment", "register", packed, *route, "--json", home=exporter)
    assert registered.status == 0, registered.err
    assert [entry["milestone"] for entry in registered.json["recorded"]] == ["registered", "observed", "observed"]
    ok(cli("consignment", "seal", UCR, SEAL, home=exporter))
    parcel = folder / "for-customs.parcel"
    ok(cli("consignment", "share", UCR, "--to", homes.addresses["customs-kr"], "-o", parcel, home=exporter))
    ok(cli("consignment", "receive", parcel, home=customs))
    ok(cli("consignment", "declare", UCR, home=exporter))
    ok(cli("customs", "accept-declaration", UCR, home=customs))
    ok(cli("customs", "assess", UCR, "--channel", "green", "--reason", "known shipper", home=customs))
    ok(cli("customs", "release", UCR, home=customs))
    ok(cli("consignment", "offer", UCR, homes.addresses["carrier"], home=exporter))
    parcel = folder / "for-carrier.parcel"
    ok(cli("consignment", "share", UCR, "--to", homes.addresses["carrier"], "-o", parcel, home=exporter))
    ok(cli("consignment", "receive", parcel, home=carrier))
    return folder


def ok(done):
    assert done.status == 0, done.err
    return done


def test_the_exporter_sees_the_timeline(cli, homes, goods):
    shown = ok(cli("show", UCR, home=homes["exporter"]))
    assert "KR → SG → NL" in shown.out
    assert f"seal {SEAL}" in shown.out
    lines = ok(cli("show", UCR, "--json", home=homes["exporter"])).json["lines"]
    assert lines[0]["milestone"] == "registered"
    assert lines[0]["by"] == "Hanbat Cells"


def test_the_holder_of_a_parcel_verifies_by_ucr_with_status_0(cli, homes, goods):
    verdict = cli("verify", UCR, "--json", home=homes["carrier"])
    assert verdict.status == Exit.OK, verdict.out
    assert verdict.json["verdict"] == "verified"


def test_an_altered_document_is_not_verified_with_status_1_and_the_original_is(cli, homes, goods):
    original = goods / "packed.jsonld"
    assert cli("verify", UCR, "--document", original, home=homes["carrier"]).status == Exit.OK
    altered = original.read_bytes().replace(b"012345.1004", b"012345.1999")
    done = cli("verify", UCR, "--document", "-", home=homes["carrier"], stdin=altered)
    assert done.status == Exit.NO
    assert "altered" in done.out


def test_a_document_that_nobody_recorded_is_undetermined_with_status_2(cli, homes, goods):
    done = cli("verify", "--document", "-", home=homes["carrier"], stdin=document("09-importer-received.jsonld"))
    assert done.status == Exit.UNDETERMINED, done.out


def test_without_a_parcel_the_ucr_says_nothing_and_the_message_says_what_to_ask_for(cli, homes, goods):
    verdict = cli("verify", UCR, home=homes["customs-sg"])
    assert verdict.status == Exit.UNDETERMINED
    assert "consignment receive" in verdict.out
    shown = cli("show", UCR, home=homes["customs-sg"])
    assert shown.status == Exit.NOT_FOUND
    assert "consignment receive" in shown.err


def test_a_parcel_for_someone_else_or_altered_is_refused_and_nothing_is_kept(cli, homes, goods):
    parcel = goods / "for-carrier.parcel"
    foreign = cli("consignment", "receive", parcel, home=homes["broker"])
    assert foreign.status == Exit.ACCESS
    assert "is for" in foreign.err
    altered = bytearray(parcel.read_bytes())
    altered[-1] ^= 1
    broken = cli("consignment", "receive", "-", home=homes["carrier"], stdin=bytes(altered))
    assert broken.status == Exit.INPUT
    assert "altered" in broken.err
    assert ok(cli("consignment", "list", "--json", home=homes["broker"])).json == []


def test_a_document_that_fails_validation_is_refused_whole_with_every_problem(cli, homes, goods):
    broken = document("01-exporter-packed.jsonld").replace(b'"commissioning"', b'"comissioning"')
    broken = broken.replace(b"0000000101", b"101")
    ucr = "6KR8801234-CLI-0002"
    done = cli("consignment", "register", "-", "--ucr", ucr, "--to", "NL", home=homes["exporter"], stdin=broken)
    assert done.status == Exit.INPUT
    assert "comissioning" in done.err
    assert done.err.count("sscc") >= 2
    assert cli("show", ucr, home=homes["exporter"]).status == Exit.NOT_FOUND


def test_what_the_contract_refuses_leaves_the_store_as_it_was(cli, homes, goods):
    ucr = "6KR8801234-CLI-0003"
    done = cli(
        "consignment", "register", "-", "--ucr", ucr, "--to", "KR",
        home=homes["exporter"], stdin=document("02-exporter-sealed.jsonld"),
    )  # fmt: skip
    assert done.status == Exit.REFUSED, done.err
    assert cli("show", ucr, home=homes["exporter"]).status == Exit.NOT_FOUND


def test_a_seal_that_is_not_the_recorded_one_is_refused_by_its_number(cli, homes, goods):
    done = cli("consignment", "accept", UCR, "--seal", "KR-2026-004418", home=homes["carrier"])
    assert done.status == Exit.REFUSED
    assert "KR-2026-004418" in done.err
    assert SEAL in done.err
    unread = cli("consignment", "accept", UCR, home=homes["carrier"])
    assert unread.status == Exit.INPUT
    assert "no seal was stated" in unread.err


def test_a_role_that_is_missing_is_named(cli, homes, goods):
    done = cli("customs", "release", UCR, home=homes["exporter"])
    assert done.status == Exit.REFUSED
    assert "role" in done.err


def test_a_hold_is_set_and_lifted_by_its_digest(cli, homes, goods):
    held = ok(cli("customs", "hold", UCR, "--reason", "tip", "--json", home=homes["customs-kr"])).json
    digest = held["recorded"][0]["digest"]
    assert ok(cli("show", UCR, "--json", home=homes["customs-kr"])).json["holds"] == [digest]
    ok(cli("customs", "unhold", UCR, digest, home=homes["customs-kr"]))
    assert ok(cli("show", UCR, "--json", home=homes["customs-kr"])).json["holds"] == []


def test_a_correction_points_at_an_earlier_statement(cli, homes, goods):
    lines = ok(cli("show", UCR, "--json", home=homes["exporter"])).json["lines"]
    ok(cli("consignment", "correct", UCR, lines[0]["digest"], home=homes["exporter"]))
    wrong = cli("consignment", "correct", UCR, "0x12", home=homes["exporter"])
    assert wrong.status == Exit.INPUT
