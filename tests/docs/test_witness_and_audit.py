"""Every command of the pages on witnesses and audits is run, in order, as a reader would run it.

A block that serves is started in the background, as in a terminal of its own, and waited for.
"""

import re
import shutil
import socket
import subprocess

import pytest

from ledger.verify.audit import AUDIT_RULES
from tests.docs.test_tutorials import ANVIL, ROOT, START, chain, environment

__all__ = ["chain"]  # the fixture

SERVES = re.compile(r"smartborder witness serve .*--port (\d+)")
WAIT = "until (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null; do sleep 0.2; done\n"


def script_of(page):
    """The page's commands as one script."""
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    assert blocks[0].strip() == START
    lines = ["set -euo pipefail\n", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"]
    for block in blocks[1:]:
        serves = SERVES.search(block)
        lines.append(f"{block.rstrip()} &\n{WAIT.format(port=serves[1])}" if serves else block)
    script = "".join(lines)
    for port in sorted(set(SERVES.findall(page))):
        script = script.replace(port, str(free_port()))
    return script


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.slow
@pytest.mark.skipif(not ANVIL, reason="anvil is not installed (python -m scripts.tools)")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("witness.md", ["customs.kr.example/witness", "Nothing was kept", "VERIFIED"]),
        ("audit.md", ["VERIFIED", "log.leaf", "checkpoint.root"]),
    ],
)
def test_the_page_works_as_written(name, said, chain, tmp_path):
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    done = subprocess.run(
        ["bash", "-c", script_of((ROOT / "docs" / name).read_text())],
        cwd=tmp_path,
        env={**environment(tmp_path), "SMARTBORDER_NODE": chain},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    for text in said:
        assert text in done.stdout


def test_the_page_on_audits_explains_every_rule_as_the_code_does():
    page = (ROOT / "docs" / "audit.md").read_text()
    listed = re.findall(r"^\| `(\S+)` \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    assert listed == [(rule.id, rule.title, rule.meaning) for rule in AUDIT_RULES.values()]
