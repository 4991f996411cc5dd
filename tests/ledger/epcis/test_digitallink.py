"""EPC URNs and GS1 Digital Links: every key, both spellings, and what is left alone."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.digitallink import CANONICAL_ROOT, LONGEST_CACHED, canonical_uri, check_digit

# Identifiers of each kind: the URN and the path of the canonical Digital Link.
SAME = {
    "urn:epc:id:sgtin:9521321.012345.AB-1": "01/09521321123458/21/AB-1",
    "urn:epc:id:sgtin:952132100001.1.7": "01/19521321000015/21/7",
    "urn:epc:class:lgtin:9521321.012345.L42": "01/09521321123458/10/L42",
    "urn:epc:id:upui:9521321.012345.TP_9": "01/09521321123458/235/TP_9",
    "urn:epc:id:sscc:9521321.0000000111": "00/095213210000001114",
    "urn:epc:id:sgln:9521321.00011.0": "414/9521321000117",
    "urn:epc:id:sgln:9521321.00011.gate7": "414/9521321000117/254/gate7",
    "urn:epc:id:pgln:9521321.00011": "417/9521321000117",
    "urn:epc:id:grai:9521321.66666.87": "8003/0952132166666587",
    "urn:epc:id:giai:9521321.TRUCK9": "8004/9521321TRUCK9",
    "urn:epc:id:gsrn:9521321.0000006765": "8018/952132100000067659",
    "urn:epc:id:gsrnp:9521321.0000006765": "8017/952132100000067659",
    "urn:epc:id:gdti:9521321.55555.INV-7": "253/9521321555556INV-7",
    "urn:epc:id:gdti:9521321.55555.": "253/9521321555556",
    "urn:epc:id:sgcn:9521321.99999.44": "255/952132199999244",
    "urn:epc:id:ginc:9521321.CONS9": "401/9521321CONS9",
    "urn:epc:id:gsin:9521321.999987654": "402/95213219999876543",
    "urn:epc:id:cpi:9521321.PART-9.123": "8010/9521321PART-9/8011/123",
    "urn:epc:id:cpi:9521321.A%23%2F.1": "8010/9521321A%23%2F/8011/1",
    "urn:epc:id:itip:9521321.012345.01.02.9": "8006/095213211234580102/21/9",
    "urn:epc:idpat:sgtin:9521321.012345.*": "01/09521321123458",
    "urn:epc:idpat:upui:9521321.012345.*": "01/09521321123458",
    "urn:epc:idpat:grai:9521321.66666.*": "8003/09521321666665",
    "urn:epc:idpat:gdti:9521321.55555.*": "253/9521321555556",
    "urn:epc:idpat:sgcn:9521321.99999.*": "255/9521321999992",
    "urn:epc:idpat:cpi:9521321.PART-9.*": "8010/9521321PART-9",
    "urn:epc:idpat:itip:9521321.012345.01.02.*": "8006/095213211234580102",
}

UNCHANGED = [
    "urn:epc:id:sgtin:9521321.012345",
    "urn:epc:id:sgtin:9521321.012345.",
    "urn:epc:id:sgtin:95213.012345.1",
    "urn:epc:id:sgtin:952132.012345.1",
    "urn:epc:id:sgtin:9521321.01234x.1",
    "urn:epc:id:sgtin:9521321.012345.a$b",
    "urn:epc:id:sgtin:9521321.012345.a%2",
    "urn:epc:id:sgtin:9521321.012345.a%zzb",
    "urn:epc:id:sgtin:9521321.012345.%C3%A9",
    "urn:epc:id:sgtin:9521321.012345." + "1" * 21,
    "urn:epc:id:sgtin:9521321.012345." + "1" * 61,
    "urn:epc:id:sgln:9521321.00011",
    "urn:epc:id:sgln:9521321.0001.1",
    "urn:epc:id:sscc:9521321.03",
    "urn:epc:id:pgln:9521321.0001",
    "urn:epc:id:grai:9521321.66666.",
    "urn:epc:id:gdti:9521321.5555.1",
    "urn:epc:id:giai:95.TRUCK9",
    "urn:epc:id:giai:9521321.",
    "urn:epc:id:giai:9521321." + "A" * 24,
    "urn:epc:id:cpi:9521321.part.123",
    "urn:epc:id:cpi:9521321.PART.12x",
    "urn:epc:id:cpi:95.PART.12",
    "urn:epc:id:itip:9521321.012345.1.02.9",
    "urn:epc:idpat:sgtin:9521321.*.*",
    "urn:epc:idpat:sgtin:9521321.012345.12",
    "urn:epc:idpat:sscc:9521321.*",
    "urn:epc:id:bic:CSQU3054383",
    "urn:epc:id:imovn:9176187",
    "urn:epc:raw:96.x123",
    "urn:epc:id",
    "urn:uuid:00000000-0000-0000-0000-000000000001",
    "https://ref.gs1.org/cbv/BizStep-shipping",
    "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
    "http://www.opengis.net/def/crs/EPSG/0/27700",
    "https://id.gs1.org",
    "https://id.gs1.org/",
    "https://id.gs1.org/01",
    "https://id.gs1.org/01/",
    "https://id.gs1.org/01/abc",
    "https://id.gs1.org/01/09521321123",
    "https://id.gs1.org/01/09521321123458/",
    "https://id.gs1.org/01/09521321123458/10/",
    "https://id.gs1.org/01/09521321123458/99/1",
    "https://id.gs1.org/01/09521321123458/21/1/10/L",
    "https://id.gs1.org/01/09521321123458/21/" + "1" * 21,
    "https://id.gs1.org/01/09521321123458#part",
    "https://id.gs1.org/253/952132155555",
    "https://id.gs1.org/253/9521321555554" + "A" * 18,
    "https://id.gs1.org/414/952132100011",
    "https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K",
    "ftp://id.gs1.org/01/09521321123458",
    "geo:47.506694,11.104301",
    "plain text",
    "",
]


@pytest.mark.parametrize(("urn", "path"), SAME.items())
def test_a_urn_and_its_digital_link_have_one_canonical_form(urn: str, path: str) -> None:
    assert canonical_uri(urn) == canonical_uri(CANONICAL_ROOT + path) == CANONICAL_ROOT + path


@pytest.mark.parametrize(("urn", "path"), SAME.items())
def test_a_digital_link_on_any_host_and_path_has_the_same_canonical_form(urn: str, path: str) -> None:
    for root in (
        "https://shop.example/",
        "http://id.gs1.org/",
        "HTTPS://Shop.Example:8443/a/b/",
        "https://x.example/0/1/2/3/4/5/",
    ):
        assert (
            canonical_uri(root + path) == canonical_uri(f"{root}{path}?linkType=all&17=261231") == CANONICAL_ROOT + path
        )
    assert canonical_uri("URN" + urn[3:]) == CANONICAL_ROOT + path


@pytest.mark.parametrize("uri", UNCHANGED)
def test_what_is_no_well_formed_gs1_identifier_is_left_as_it_is(uri: str) -> None:
    assert canonical_uri(uri) == uri


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("gtin/09521321123458/cpv/V1/lot/L42/ser/7", "01/09521321123458/21/7"),
        ("01/09521321123458/22/V1/10/L42", "01/09521321123458/10/L42"),
        ("01/09521321123458/22/V1", "01/09521321123458"),
        ("01/09521321123458/22/V1/235/T", "01/09521321123458/235/T"),
        ("01/9521321123458", "01/09521321123458"),
        ("01/952132112345", "01/00952132112345"),
        ("01/95213218", "01/00000095213218"),
        ("gln/9521321000110/glnx/gate7", "414/9521321000110/254/gate7"),
        ("party/9521321000110", "417/9521321000110"),
        ("itip/095213211234580102/lot/L/ser/9", "8006/095213211234580102/21/9"),
        ("cpid/9521321PART/cpsn/12", "8010/9521321PART/8011/12"),
        ("sscc/095213210000001114", "00/095213210000001114"),
        ("01/09521321123458/21/a%2fb!", "01/09521321123458/21/a%2Fb%21"),
        ("01/09521321123458/21/a%41'b", "01/09521321123458/21/aA'b"),
    ],
)
def test_names_qualifiers_and_escapes_of_a_link_come_to_the_canonical_ones(link: str, path: str) -> None:
    assert canonical_uri(f"https://shop.example/{link}") == CANONICAL_ROOT + path


@given(st.text(string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_", min_size=1, max_size=20))
def test_any_serial_number_gives_one_link_however_its_characters_are_escaped(serial: str) -> None:
    escaped_all = "".join(f"%{ord(character):02x}" for character in serial)
    escaped_some = "".join(c if c.isalnum() or c in "-_.'!();=*+,:" else f"%{ord(c):02X}" for c in serial)
    link = canonical_uri(f"urn:epc:id:sgtin:9521321.012345.{escaped_all}")
    assert link == canonical_uri(f"urn:epc:id:sgtin:9521321.012345.{escaped_some}")
    assert link == canonical_uri(f"https://shop.example/01/9521321123458/21/{escaped_all}")
    assert link.startswith(CANONICAL_ROOT + "01/09521321123458/21/")


@given(st.text(max_size=60) | st.sampled_from([*SAME, *UNCHANGED]))
def test_a_canonical_form_is_its_own_canonical_form(uri: str) -> None:
    assert canonical_uri(canonical_uri(uri)) == canonical_uri(uri)


def test_a_very_long_link_is_read_like_a_short_one() -> None:
    link = f"https://shop.example/{'a/' * LONGEST_CACHED}01/9521321123458"
    assert canonical_uri(link) == CANONICAL_ROOT + "01/09521321123458"


@given(st.text(string.digits, min_size=1, max_size=17))
def test_a_check_digit_makes_the_weighted_sum_a_multiple_of_ten(digits: str) -> None:
    weighted = sum(
        int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(reversed(digits + check_digit(digits)))
    )
    assert weighted % 10 == 0
