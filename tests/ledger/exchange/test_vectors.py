from pathlib import Path

from ledger.exchange import check_parcel, open_parcel, read_envelope
from ledger.exchange.sealing import PARCEL_TYPE
from tests.ledger.exchange.samples import CARRIER, DOMAIN, ENVELOPE, EXPORTER, PARCEL, ImaginedChain

ROOT = Path(__file__).parents[3]
PARCEL_FILE = ROOT / "tests" / "vectors" / "parcel" / "v1.parcel"


def test_a_parcel_of_the_first_version_still_opens():
    data = PARCEL_FILE.read_bytes()
    assert read_envelope(data) == ENVELOPE
    opened = open_parcel(data, CARRIER.encryption, DOMAIN, CARRIER.address)
    assert (opened.parcel, opened.giver_key) == (PARCEL, EXPORTER.address)
    assert check_parcel(opened, ImaginedChain()).problems == ()


def test_the_type_in_the_documentation_is_the_one_that_is_signed():
    assert PARCEL_TYPE in (ROOT / "docs" / "formats.md").read_text("utf-8")
