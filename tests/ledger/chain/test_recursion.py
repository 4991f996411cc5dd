"""Importing the chain leaves the recursion limit alone, so that hostile documents cannot end the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

MODULES = ["nodes", "transactions", "websocket", "embedded", "deployment", "history", "anvil"]


@pytest.mark.parametrize("module", MODULES)
def test_importing_the_chain_keeps_the_recursion_limit(module):
    program = f"import sys; before = sys.getrecursionlimit(); import ledger.chain.{module}; "
    program += "assert sys.getrecursionlimit() == before"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_deeply_nested_document_is_an_error_and_no_crash():
    program = (
        "import json, ledger.chain.embedded, ledger.chain.nodes\n"
        "try:\n    json.loads('[' * 200_000)\nexcept RecursionError:\n    print('told')"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "told\n"
