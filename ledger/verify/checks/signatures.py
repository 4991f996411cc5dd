"""Who signed: the key is recovered from each signature and compared with the key that the contract accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.errors import SignatureMalformedError
from ledger.identity.signatures import Signature
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, undetermined

if TYPE_CHECKING:
    from ledger.verify.case import Case


@rule(
    "signature.key",
    title="Each statement was signed by the key that the contract accepted",
    severity=Outcome.FAILED,
    explanation="The signer's key is recovered from the signature and the statement (secp256k1, only the lower half "
    "of s). Any other key means that the statement or its signature was forged or altered: the member named did not "
    "say this.",
)
def key(case: Case) -> Remarks:
    """The key recovered over the accepted digest is the accepted one (``statement.digest`` judges the digest)."""
    for entry, _ in case.read_entries():
        expected = entry.acceptance.key
        if not entry.signature:
            why = f": {entry.unread}" if entry.unread else ""
            yield undetermined(
                entry,
                f"{entry.label}: its signature could not be read{why}. Verify again with a node that has all "
                "transactions.",
            )
            continue
        try:
            found = Signature(entry.signature[:32], entry.signature[32:]).signer(entry.acceptance.digest)
        except SignatureMalformedError as error:
            yield failed(
                entry,
                f"The signature of {entry.label.lower()} is not a valid one: {error.message}. Treat the statement as "
                f"unsigned, and ask {case.asked(entry)}.",
                signature=entry.signature,
                expected=expected,
            )
            continue
        if found == expected:
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"{entry.label} was not signed by the key of {case.asked(entry)}: the signature is by key {found}, and "
            f"{expected} was expected. It is forged, or the statement was altered after signing.",
            expected=expected,
            found=found,
            signature=entry.signature,
        )


RULES: Final[tuple[Rule, ...]] = (key,)
