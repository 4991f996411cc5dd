import pytest

from ledger.errors import InputError
from ledger.identity.untrusted import JsonObject


def read(value):
    return JsonObject({"name": value}, "content", ["name"])


def test_members_are_given_in_their_types():
    assert read("text").text("name") == "text"
    assert read(3).number("name", 3) == 3
    assert read("0x0aff").bytes_of("name", 2) == b"\x0a\xff"
    assert read([1, None]).items("name", 2) == [1, None]
    assert read(None).raw("name") is None
    assert not read(1).has("other")


@pytest.mark.parametrize(
    ("value", "asked", "expected"),
    [
        (1, lambda member: member.text("name"), "expected a text, found 1"),
        ("long", lambda member: member.text("name", 3), "expected at most 3 characters"),
        (4, lambda member: member.number("name", 3), "whole number from 0 to 3, found 4"),
        ("x" * 100, lambda member: member.number("name", 3), r"found 'x{76}\.\.\.$"),
        ({}, lambda member: member.items("name", 3), "expected a list, found {}"),
        ([1, 2], lambda member: member.items("name", 1), "has 2 items, more than 1"),
        ("0xAB", lambda member: member.bytes_of("name", 1), "0x and 2 small hexadecimal digits"),
        ("0xab\n", lambda member: member.bytes_of("name", 1), "0x and 2 small hexadecimal digits"),
    ],
)
def test_a_member_of_another_type_is_named_by_its_path(value, asked, expected):
    with pytest.raises(InputError, match=expected) as caught:
        asked(read(value))
    assert caught.value.where == "content.name"
