"""Makes a parcel of the current version. Old ones must stay as they are and open."""

from pathlib import Path

from ledger.exchange import seal_parcel
from tests.ledger.exchange.samples import CARRIER, ENVELOPE, EXPORTER, PARCEL

if __name__ == "__main__":
    data = seal_parcel(PARCEL, ENVELOPE, EXPORTER.signing, CARRIER.encryption.public_bytes)
    Path(__file__).with_name("v1.parcel").write_bytes(data)
