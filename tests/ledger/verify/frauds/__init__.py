"""The corpus of frauds: histories that are honest but for one thing, each named after it.

A fraud is done as its author would do it: a party that can sign signs what is false, and the history goes on from
there; an outsider, who cannot, alters what was written.
"""

from tests.ledger.verify.frauds import (
    bundles,
    custody,
    documents,
    errors,
    goods,
    members,
    papers,
    places,
    records,
    sensors,
    times,
)
from tests.ledger.verify.frauds.fraud import FRAUDS, Fraud

__all__ = ["FRAUDS", "SUBJECTS", "Fraud"]

SUBJECTS = (records, members, custody, goods, times, places, documents, papers, sensors, errors, bundles)
