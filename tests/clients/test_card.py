import json
import random

import pytest

from clients.card import Card
from ledger.errors import InputError
from ledger.identity.consent import has_consented
from ledger.identity.keys import Keyring

KEYRING = Keyring.generate(random.Random(7).randbytes)


def test_a_card_survives_its_file():
    card = Card.make(KEYRING, "KR", "Hanbat Cells", gln="8801234000017")
    assert Card.from_json(card.to_json()) == card
    assert card.address == KEYRING.address
    assert has_consented(card.consent, card.address, card.address)
    assert json.loads(card.profile_json) == {"name": "Hanbat Cells", "gln": "8801234000017"}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("country", "NL"),
        ("address", "0x" + "11" * 20),
        ("encryptionKey", "0x" + "22" * 32),
        ("checkpointKey", "0x" + "33" * 32),
        ("profile", {"name": "Somebody Else"}),
    ],
)
def test_an_altered_card_is_refused_as_signed_by_another(member, value):
    content = json.loads(Card.make(KEYRING, "KR", "Hanbat Cells").to_json())
    content[member] = value
    with pytest.raises(InputError, match="altered, or is another's"):
        Card.from_json(json.dumps(content))


def test_a_card_with_anothers_consent_is_refused():
    content = json.loads(Card.make(KEYRING, "KR", "Hanbat Cells").to_json())
    another = Card.make(Keyring.generate(random.Random(8).randbytes), "KR", "Somebody Else")
    content["consent"] = json.loads(another.to_json())["consent"]
    with pytest.raises(InputError, match="is not by its key, or is to something else"):
        Card.from_json(json.dumps(content))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "address"),
        ('{"address": 1}', "lacks 'checkpointKey'"),
    ],
)
def test_what_is_no_card_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        Card.from_json(text)


@pytest.mark.parametrize(
    ("country", "name", "message"),
    [
        ("kr", "Hanbat", "'kr' is not a country code"),
        ("KOR", "Hanbat", "'KOR' is not a country code"),
        ("KR", "", "Give a name|found"),
        ("KR", "H" * 2000, "too long"),
    ],
)
def test_a_card_names_a_country_and_a_member(country, name, message):
    with pytest.raises(InputError, match=message):
        Card.make(KEYRING, country, name)


def test_a_profile_with_something_else_in_it_is_refused():
    content = json.loads(Card.make(KEYRING, "KR", "Hanbat Cells").to_json())
    for profile in ({"name": "x", "password": "y"}, "x"):
        content["profile"] = profile
        with pytest.raises(InputError, match="profile"):
            Card.from_json(json.dumps(content))
