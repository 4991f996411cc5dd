import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.freight import container_check_digit, is_container_number, is_imo_number, is_un_locode
from ledger.epcis.identifiers import check_identifier, digital_link, epc_urn, has_check_digit

KEYS = [
    ("urn:epc:id:sgtin:4012345.011111.9876", "https://id.gs1.org/01/04012345111118/21/9876"),
    ("urn:epc:class:lgtin:4012345.011111.L-7", "https://id.gs1.org/01/04012345111118/10/L-7"),
    ("urn:epc:id:upui:4012345.011111.AB12", "https://id.gs1.org/01/04012345111118/235/AB12"),
    ("urn:epc:idpat:sgtin:4012345.011111.*", "https://id.gs1.org/01/04012345111118"),
    ("urn:epc:id:sscc:4012345.0000000333", "https://id.gs1.org/00/040123450000003338"),
    ("urn:epc:id:sgln:4012345.00005.0", "https://id.gs1.org/414/4012345000054"),
    ("urn:epc:id:sgln:4012345.00005.77", "https://id.gs1.org/414/4012345000054/254/77"),
    ("urn:epc:id:pgln:4012345.00225", "https://id.gs1.org/417/4012345002256"),
    ("urn:epc:id:grai:4012345.66666.87", "https://id.gs1.org/8003/0401234566666387"),
    ("urn:epc:id:giai:4012345.AAbb", "https://id.gs1.org/8004/4012345AAbb"),
    ("urn:epc:id:gsrn:4012345.9876540000", "https://id.gs1.org/8018/401234598765400000"),
    ("urn:epc:id:gsrnp:4012345.0000098765", "https://id.gs1.org/8017/401234500000987658"),
    ("urn:epc:id:gdti:4012345.55555.98", "https://id.gs1.org/253/401234555555498"),
    ("urn:epc:id:sgcn:4012345.99999.44", "https://id.gs1.org/255/401234599999044"),
    ("urn:epc:id:ginc:4012345.333", "https://id.gs1.org/401/4012345333"),
    ("urn:epc:id:gsin:4012345.999987654", "https://id.gs1.org/402/40123459999876541"),
    ("urn:epc:id:cpi:4012345.ABC.123", "https://id.gs1.org/8010/4012345ABC/8011/123"),
    ("urn:epc:idpat:cpi:4012345.ABC.*", "https://id.gs1.org/8010/4012345ABC"),
    ("urn:epc:idpat:grai:4012345.66666.*", "https://id.gs1.org/8003/04012345666663"),
]


def rules(uri):
    return {each.rule for each in check_identifier(uri)}


@pytest.mark.parametrize(("urn", "link"), KEYS)
def test_a_key_has_one_meaning_in_both_spellings(urn, link):
    assert digital_link(urn) == link
    assert epc_urn(link, company_prefix_digits=7) == urn
    assert check_identifier(urn) == check_identifier(link) == ()


@pytest.mark.parametrize("link", ["https://id.gs1.org/01/04012345111118/22/V1", "https://x.example/a", "urn:x:y"])
def test_what_is_no_key_or_has_no_urn_gives_none(link):
    assert epc_urn(link, company_prefix_digits=7) in (None, "urn:epc:idpat:sgtin:4012345.011111.*")
    assert epc_urn("https://id.gs1.org/8006/040123451111180102", company_prefix_digits=7) is None
    assert epc_urn("https://id.gs1.org/00/040123450000003338", company_prefix_digits=2) is None


@given(st.text("0123456789", min_size=1, max_size=17), st.integers(1, 9))
def test_a_changed_check_digit_is_found(digits, off_by):
    right = next(digit for digit in "0123456789" if has_check_digit(digits + digit))
    assert not has_check_digit(digits + str((int(right) + off_by) % 10))


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 12), st.integers(1, 9))
def test_one_changed_digit_of_a_gtin_is_found(digits, position, off_by):
    right = next(digit for digit in "0123456789" if has_check_digit(digits + digit))
    changed = str((int(digits[position]) + off_by) % 10)
    assert rules(f"https://id.gs1.org/01/{digits}{right}") == set()
    assert rules(f"https://id.gs1.org/01/{digits[:position]}{changed}{digits[position + 1 :]}{right}") == {
        "gs1.check-digit"
    }


@pytest.mark.parametrize(
    "uri",
    [
        "urn:epc:raw:96.x01020304",
        "urn:epc:idpat:sscc:*.*",
        "urn:epc:id:gid:95100000.12345.400",
        "urn:epc:id:usdod:2S194.12345678901",
        "urn:epc:id:adi:W81X9C.3KL984PX1.2WMA52",
        "https://shop.example/catalogue/7",
        "https://id.gs1.org/8004/4000001111",
    ],
)
def test_what_carries_no_check_digit_is_judged_by_its_form_alone(uri):
    assert rules(uri) == set()


def test_a_key_with_letters_for_digits_is_refused():
    assert rules("https://id.gs1.org/414/40123450000AB") == {"gs1.digital-link"}
    assert rules("urn:epc:id:gid:manager.1.2") == {"gs1.epc"}


def test_container_numbers_have_their_check_digit():
    assert container_check_digit("CSQU305438") == "3"
    assert is_container_number("CSQU3054383")
    assert not is_container_number("CSQU3054384")
    assert not is_container_number("CSQA3054383")


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), st.integers(0, 999_999))
def test_every_container_number_has_one_right_check_digit(owner, serial):
    code = f"{owner}U{serial:06}"
    assert [digit for digit in "0123456789" if is_container_number(code + digit)] == [container_check_digit(code)]


def test_imo_numbers_have_their_check_digit():
    assert is_imo_number("9176187")
    assert not is_imo_number("9176178")
    assert not is_imo_number("917618")


@pytest.mark.parametrize(
    ("text", "right"),
    [("DEHAM", True), ("KRPUS", True), ("US2K9", True), ("DE HAM", False), ("deham", False), ("DEHA1", False)],
)
def test_un_locodes_have_their_shape(text, right):
    assert is_un_locode(text) is right
