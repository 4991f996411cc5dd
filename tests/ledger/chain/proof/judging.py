"""What comes of a case of tests/vectors/proof, from its JSON alone, by the library's checking half."""

from __future__ import annotations

from ledger.chain.proof.finality import require_witnessed
from ledger.chain.proof.headers import read_header
from ledger.chain.proof.logs import proved_block, proved_log, read_log_proof
from ledger.chain.proof.qbft import ValidatorSet, follow, require_final
from ledger.chain.proof.storage import proved_storage, read_storage_proof
from ledger.errors import LedgerError
from ledger.tlog.policy_files import parse_policy
from ledger.tlog.proofs import parse_proof


def outcome(kind, case):
    """What a case proves, or by which error it is refused and why."""
    try:
        return {"proves": JUDGES[kind](case)}
    except LedgerError as error:
        return {"refused": type(error).__name__, "because": str(error)}


def judge_log(case):
    log = proved_log(read_log_proof(data(case["proof"])))
    return {
        "address": log.address,
        "topics": [text(topic) for topic in log.topics],
        "data": text(log.data),
        "block": block_of(log.block),
        "transactionIndex": log.transaction_index,
        "logIndex": log.log_index,
    }


def judge_storage(case):
    found = proved_storage(read_storage_proof(data(case["proof"])))
    return {
        "address": found.address,
        "block": block_of(found.block),
        "codeHash": text(found.account.code_hash) if found.account else None,
        "values": {text(slot): text(value) for slot, value in found.values.items()},
    }


def judge_qbft(case):
    trusted = ValidatorSet(frozenset(case["trusted"]["validators"]), case["trusted"]["since"])
    trusted = follow(trusted, [read_header(data(each)) for each in case["changes"]])
    final = require_final(read_header(data(case["header"])), trusted)
    return {"block": block_of(final.block), "sealers": list(final.sealers), "validators": final.validators}


def judge_block_log(case):
    block = proved_block(read_header(data(case["header"])))
    policy = parse_policy(case["policy"].encode())
    proof = parse_proof(case["proof"].encode())
    found = require_witnessed(block, proof, case["chainId"], data(case["genesisHash"]), policy)
    cosigned = {each.name: each.time for each in found.cosigned}
    return {"block": block_of(found.block), "size": found.size, "cosigned": cosigned}


JUDGES = {"log": judge_log, "storage": judge_storage, "qbft": judge_qbft, "block log": judge_block_log}


def block_of(block):
    return {"number": block.number, "time": block.time, "hash": text(block.hash)}


def data(shown):
    return bytes.fromhex(shown.removeprefix("0x"))


def text(value):
    return f"0x{value.hex()}"
