"""docs/formats.md: every value of the statement's example is the one that is computed."""

import hashlib
import json
import re
from pathlib import Path

from ledger.epcis.commitment import ucr_commitment
from ledger.identity.checkpoints import (
    CHECKPOINT_TYPE,
    CHECKPOINT_TYPEHASH,
    CheckpointStatement,
    checkpoint_from_json,
    checkpoint_to_json,
    sign_checkpoint,
)
from ledger.identity.consent import CONSENT_TYPE, CONSENT_TYPEHASH, consent_digest, consent_to_text, sign_consent
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Channel, Duties, InspectionResult, Role, Side, UnsealReason
from ledger.identity.signing import sign, signed_from_json, signed_to_json
from ledger.identity.statements import (
    STATEMENT_TYPE,
    STATEMENT_TYPEHASH,
    ZERO32,
    Domain,
    consignment_id,
    next_head,
)
from ledger.identity.terms import Route, parse_route
from tests.ledger.chain.trees import proof_of, root_of

TEXT = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")


def block(language, name="statement"):
    return TEXT.partition(f"```{language} {name}\n")[2].partition("```")[0]


def shown(name="statement"):
    lines = block("text", name).strip().splitlines()
    return {name: value.strip() for name, value in zip(lines[::2], lines[1::2], strict=True)}


def test_the_worked_statement_is_what_is_computed():
    content = json.loads(block("json"))
    signed, key = signed_from_json(content), SigningKey(b"\x11" * 32)
    domain = Domain(1337, shown()["contract"])
    digest = signed.statement.digest(domain)
    assert signed_to_json(sign(signed.statement, domain, key)) == content
    assert shown() == {
        "exporter": key.address,
        "contract": domain.contract,
        "statement type hash": STATEMENT_TYPEHASH.hex(),
        "domain separator": domain.separator.hex(),
        "struct hash": signed.statement.struct_hash().hex(),
        "statement digest": digest.hex(),
        "head": next_head(ZERO32, digest, key.address).hex(),
    }


def test_the_worked_statement_registers_the_consignment_it_speaks_of():
    statement = signed_from_json(json.loads(block("json"))).statement
    commitment = ucr_commitment(bytes(range(0x20, 0x40)), "6DE123456789-2026-000042")
    assert statement.detail == commitment
    assert statement.consignment == consignment_id(shown()["exporter"], commitment)
    assert parse_route(statement.terms) == Route("DE", "KR", ("NL",))
    assert statement.commitment.hex() in TEXT.partition("```json statement")[0]


def test_the_worked_consent_is_what_is_computed():
    member, key = SigningKey(b"\x11" * 32).address, SigningKey(b"\x22" * 32)
    assert shown("consent") == {
        "member": member,
        "key": key.address,
        "consent type hash": CONSENT_TYPEHASH.hex(),
        "consent digest": consent_digest(member, key.address).hex(),
        "consent": consent_to_text(sign_consent(member, key)),
    }
    assert f" {CONSENT_TYPE}\n" in TEXT


def test_the_worked_checkpoint_is_what_is_computed():
    content = json.loads(block("json", "checkpoint"))
    signed, key = checkpoint_from_json(content), SigningKey(b"\x11" * 32)
    domain = Domain(1337, shown("checkpoint")["contract"])
    log = tuple(hashlib.sha256(b"\0" + number.to_bytes(8, "big")).digest() for number in range(7))
    said = CheckpointStatement(5, 3, 7, root_of(log), signed.statement.signed_time, signed.statement.valid_until)
    assert checkpoint_to_json(sign_checkpoint(said, domain, key, proof_of(log, 3))) == content
    assert shown("checkpoint") == {
        "contract": domain.contract,
        "checkpoint type hash": CHECKPOINT_TYPEHASH.hex(),
        "struct hash": said.struct_hash().hex(),
        "checkpoint digest": said.digest(domain).hex(),
        "root on record": root_of(log[:3]).hex(),
    }
    assert f" {CHECKPOINT_TYPE}\n" in TEXT


def test_the_type_in_the_documentation_is_the_one_that_is_signed():
    assert f" {STATEMENT_TYPE}\n" in TEXT


def test_the_numbers_in_the_documentation_are_those_in_use():
    roles = TEXT.partition("the role acted in: ")[2].partition(" |")[0]
    listed = {int(number): word for number, word in re.findall(r"(\d) (\w+)", roles)}
    assert listed == {role.value: role.label for role in Role}
    assert "0 none, 1 export, 2 import" in TEXT
    assert [side.label for side in Side] == ["none", "export", "import"]
    for heading, words in (
        ("Channel: ", Channel),
        ("reason [1]: ", UnsealReason),
        ("how [1]: ", Duties),
        ("result [1]: ", InspectionResult),
    ):
        documented = ", ".join(f"{word.value} {word.label}" for word in words)
        assert f"{heading}{documented}" in TEXT
