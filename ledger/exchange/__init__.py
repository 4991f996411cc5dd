"""Parcels between parties: gathered, sealed, opened, checked against the chain, kept.

Giving::

    with store.read() as kept:
        parcel = gather_parcel(kept, consignment)
    envelope = Envelope(domain, giver, recipient)
    data = seal_parcel(parcel, envelope, keyring.signing, recipients_encryption_key)

Receiving::

    opened = open_parcel(data, keyring.encryption, domain, recipient)
    store_parcel(store, check_parcel(opened, chain), at=now)
"""

from ledger.exchange.checking import Accepted, ChainView, CheckedParcel, ParcelProblem, check_parcel
from ledger.exchange.keeping import gather_parcel, note_given, store_parcel
from ledger.exchange.parcel import EVERYTHING, SHARED_BY_DEFAULT, Parcel, Part
from ledger.exchange.sealing import Envelope, OpenedParcel, open_parcel, read_envelope, seal_parcel

__all__ = [
    "EVERYTHING",
    "SHARED_BY_DEFAULT",
    "Accepted",
    "ChainView",
    "CheckedParcel",
    "Envelope",
    "OpenedParcel",
    "Parcel",
    "ParcelProblem",
    "Part",
    "check_parcel",
    "gather_parcel",
    "note_given",
    "open_parcel",
    "read_envelope",
    "seal_parcel",
    "store_parcel",
]
