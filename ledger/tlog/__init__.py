"""Transparency logs: Merkle trees, logs on disk, checkpoints, cosignatures, proofs and witnesses, as in C2SP.

A member's log, from its first entry to a proof that anybody can check offline::

    origin = event_log_origin(chain_id, contract, member)                             # origins
    signer = Ed25519Signer(origin, keyring.checkpoint.private_key)                    # notes
    verifiers = verifiers_of([signer.key])                                            # cosignatures
    LogWriter.create(folder, sign_checkpoint(empty_checkpoint(origin), [signer]), verifiers).close()

    with LogWriter(folder, verifiers) as log:                                         # storage
        appended = log.append(commitments)
        note = sign_checkpoint(log.checkpoint(), [signer])                            # checkpoints
        log.publish(note)

    reader = LogReader(source_of(str(folder)), verifiers)                             # sources, reading
    gathered = gather_cosignatures(                                                   # witness_client
        note, endpoints_of(policy), lambda old_size: reader.consistency_proof(old_size, appended.size)
    )
    proof = make_proof(reader, appended.first, gathered.note)                         # proofs
    verify_proof(proof, leaf_hash(commitments[0]), policy)

The modules build on each other in this order: ``merkle``, ``proving``; ``vkeys``, ``notes``, ``checkpoints``,
``cosignatures``, ``policy``; ``tiles``, ``integration``, ``sources``, ``reading``, ``proofs``, ``fsck``, ``storage``;
``witness_requests``, ``conflicts``, ``witness_state``, ``witness``, ``witness_client``.
"""
