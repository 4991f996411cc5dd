"""The way of ledger.tlog's own description, with what it leaves to its reader filled in."""

import pytest

from clients.witness_server import WitnessServer
from ledger.identity.keys import Keyring
from ledger.tlog.checkpoints import empty_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import verifiers_of
from ledger.tlog.errors import ProofWrongError
from ledger.tlog.merkle import leaf_hash
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.origins import event_log_origin
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.proofs import make_proof, parse_proof, verify_proof
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import source_of
from ledger.tlog.storage import LogWriter
from ledger.tlog.witness_client import endpoints_of, gather_cosignatures
from tests.ledger.tlog.samples import ed25519_cosigner, entries
from tests.ledger.tlog.serving import running
from tests.ledger.tlog.witnesses import new_witness


def test_a_members_log_is_kept_cosigned_and_proved(tmp_path):
    keyring, folder = Keyring.generate(lambda count: b"\x07" * count), tmp_path / "log"
    origin = event_log_origin(1337, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", keyring.address)
    signer = Ed25519Signer(origin, keyring.checkpoint.private_key)
    verifiers = verifiers_of([signer.key])
    LogWriter.create(folder, sign_checkpoint(empty_checkpoint(origin), [signer]), verifiers).close()
    cosigners = [ed25519_cosigner(f"witness.example/{number}", number) for number in (1, 2, 3)]
    witnesses = [new_witness(tmp_path / str(n), [each], {origin: verifiers}) for n, each in enumerate(cosigners)]
    with (
        running(WitnessServer(witnesses[0])) as one,
        running(WitnessServer(witnesses[1])) as two,
        running(WitnessServer(witnesses[2])) as three,
    ):
        policy = k_of_n(
            [PolicyLog(signer.key)],
            [PolicyWitness(c.name, c.key, url) for c, url in zip(cosigners, (one, two, three), strict=True)],
            2,
        )
        for batch in (entries(300), entries(7, 300)):
            with LogWriter(folder, verifiers) as log:
                appended = log.append(batch)
                note = sign_checkpoint(log.checkpoint(), [signer])
                log.publish(note)
                reader = LogReader(source_of(str(folder)), verifiers)
                gathered = gather_cosignatures(
                    note,
                    endpoints_of(policy),
                    lambda old, new=appended.size, reader=reader: reader.consistency_proof(old, new),
                )
                log.publish(gathered.note)
            proof = parse_proof(make_proof(reader, appended.first, gathered.note).data())
            assert len(verify_proof(proof, leaf_hash(batch[0]), policy).cosigned) == 3
            with pytest.raises(ProofWrongError):
                verify_proof(proof, leaf_hash(batch[1]), policy)
