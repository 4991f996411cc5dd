"""The expected commitments beside this file, made from the documented formulas with the standard library alone.

    python -m tests.vectors.commitment.generate

Only what a person can read is taken from the texts below: the pre-hash strings and canonical JSON of the two events of
``events.jsonld``. A test makes the files anew and compares.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

HERE = Path(__file__).parent

PREHASHES = (
    (
        "eventType=ObjectEventeventTime=2026-03-01T08:15:00.000ZeventTimeZoneOffset=+01:00"
        "epcListepc=https://id.gs1.org/00/095213210000001114action=OBSERVE"
        "bizStep=https://ref.gs1.org/cbv/BizStep-shippingreadPointid=https://id.gs1.org/414/9521321000117"
    ),
    (
        "eventType=ObjectEventeventTime=2026-03-01T10:00:00.250ZeventTimeZoneOffset=+00:00"
        "quantityListquantityElementepcClass=https://id.gs1.org/01/09521321123458/10/L42quantity=1250.5uom=KGM"
        "action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-inspecting"
        "sensorElementListsensorElementsensorReporttype=https://gs1.org/voc/Temperaturevalue=26minValue=1e-07uom=CEL"
        "{https://ns.trade.example/epcis/}seal{https://ns.trade.example/epcis/}note=Größe 5 €"
        "{https://ns.trade.example/epcis/}number=123"
        "{https://ns.trade.example/epcis/}state=https://ns.trade.example/epcis/intact"
    ),
)
CANONICAL = (
    (
        '{"@context":{},"action":"OBSERVE","bizStep":"shipping","epcList":["urn:epc:id:sscc:9521321.0000000111"],'
        '"eventID":"HASH","eventTime":"2026-03-01T09:15:00+01:00","eventTimeZoneOffset":"+01:00",'
        '"readPoint":{"id":"urn:epc:id:sgln:9521321.00011.0"},"type":"ObjectEvent"}'
    ),
    (
        '{"@context":{"trade":"https://ns.trade.example/epcis/"},"action":"OBSERVE","bizStep":"inspecting",'
        '"eventID":"urn:uuid:3f1a6a1e-0b1c-4a6e-9d0e-5a1b2c3d4e5f","eventTime":"2026-03-01T10:00:00.25Z",'
        '"eventTimeZoneOffset":"+00:00","quantityList":[{"epcClass":"https://id.gs1.org/01/09521321123458/10/L42",'
        '"quantity":1250.5,"uom":"KGM"}],"sensorElementList":[{"sensorReport":[{"minValue":1e-7,"type":"Temperature",'
        '"uom":"CEL","value":26}]}],"trade:seal":{"trade:note":"Größe 5 €","trade:number":"00123",'
        '"trade:state":"trade:intact"},"type":"ObjectEvent"}'
    ),
)
SECRET = bytes(range(32))
SALT = bytes(range(32, 64))
SEAL_NUMBER = "SEAL-0012345"
DETAIL = {"place": "DEHAM", "gross": 1250.5, "packages": 12}
DETAIL_CANONICAL = '{"gross":1250.5,"packages":12,"place":"DEHAM"}'
CHANNEL = 2
REASONS = '["origin","weight"]'
UCR = "6DE123456789-2026-000042"


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def blinded(commitment: bytes) -> dict[str, str]:
    blind = hmac.new(SECRET, commitment, "sha256").digest()
    return {
        "commitment": commitment.hex(),
        "blind": blind.hex(),
        "blinded": sha256(b"smartborder:blinded:v1\0", blind, commitment).hex(),
    }


def event(prehash: str, canonical: str) -> dict[str, str]:
    raw_hash = sha256(prehash.encode())
    event_hash = f"ni:///sha-256;{raw_hash.hex()}?ver=CBV2.0"
    canonical = canonical.replace("HASH", event_hash)
    digest = sha256(canonical.encode())
    return {
        "prehash": prehash,
        "eventHash": event_hash,
        "canonical": canonical,
        "contentDigest": digest.hex(),
        **blinded(sha256(b"smartborder:event:v1\0", digest, raw_hash)),
    }


def files() -> dict[str, str]:
    """Each file's name and text."""
    reasons = sha256(REASONS.encode())
    secrets = {
        "secret": SECRET.hex(),
        "seal": {"number": SEAL_NUMBER, **blinded(sha256(b"smartborder:seal:v1\0", SEAL_NUMBER.encode()))},
        "detail": {"detail": DETAIL, **blinded(sha256(b"smartborder:detail:v1\0", DETAIL_CANONICAL.encode()))},
        "assessment": {
            "channel": CHANNEL,
            "reasonsDigest": reasons.hex(),
            **blinded(sha256(b"smartborder:assessment:v1\0", bytes([CHANNEL]), reasons)),
        },
        "ucr": {
            "ucr": UCR,
            "salt": SALT.hex(),
            "commitment": sha256(b"smartborder:ucr:v1\0", SALT, UCR.encode()).hex(),
        },
    }
    events = {"secret": SECRET.hex(), "events": [event(*texts) for texts in zip(PREHASHES, CANONICAL, strict=True)]}
    return {
        "events.expected.json": json.dumps(events, indent=2, ensure_ascii=False) + "\n",
        "secrets.expected.json": json.dumps(secrets, indent=2, ensure_ascii=False) + "\n",
    }


if __name__ == "__main__":
    for name, text in files().items():
        (HERE / name).write_text(text, "utf-8")
