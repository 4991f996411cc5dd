"""Evidence bundles: one file that proves a consignment's history offline, to somebody who trusts no server.

    roots = read_trust(trust_file)
    verdict = verify_evidence(bundle_file, roots)          # no network, clock or disk
    verdict.word, verdict.as_of

Making one needs a node: :mod:`ledger.verify.evidence.making`. docs/evidence.md says what is proven and what is assumed;
docs/formats.md ("Evidence bundle") gives every byte.
"""

from ledger.verify.evidence.bundle import EVERYTHING, GIVEN_BY_DEFAULT, Bundle, Part
from ledger.verify.evidence.encoding import decode_bundle, encode_bundle
from ledger.verify.evidence.errors import EvidenceError
from ledger.verify.evidence.roots import TrustRoots, read_trust
from ledger.verify.evidence.verifying import evidence_case, verify_bundle, verify_evidence

__all__ = [
    "EVERYTHING",
    "GIVEN_BY_DEFAULT",
    "Bundle",
    "EvidenceError",
    "Part",
    "TrustRoots",
    "decode_bundle",
    "encode_bundle",
    "evidence_case",
    "read_trust",
    "verify_bundle",
    "verify_evidence",
]
