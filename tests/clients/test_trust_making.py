"""What a person is told of the trust roots that are made for them."""

import pytest

from clients.evidence import make_trust
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.verify.evidence.roots import BlockLogTrust
from tests.ledger.tlog.samples import SIGNER, ed25519_cosigner

WITNESSES = [PolicyWitness(name, ed25519_cosigner(f"{name}.example", n).key) for n, name in enumerate(("KR", "NL"), 1)]


@pytest.mark.parametrize(
    ("k", "told"),
    [
        (0, "on its own signature; its policy asks for no witness"),
        (2, "where 'witnesses' has cosigned (witnesses: 2 of KR, NL)"),
    ],
)
def test_it_is_told_how_many_witnesses_are_asked_for(consortium, k, told):
    """A policy may name witnesses and ask for none of them."""
    trust = BlockLogTrust(k_of_n([PolicyLog(SIGNER.key)], WITNESSES, k))
    made = make_trust(consortium.contracts.deployment, consortium.node, block_log=trust)
    assert any(told in line for line in made.taken)
