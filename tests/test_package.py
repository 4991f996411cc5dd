"""What is shipped: the wheel holds all that the installed command needs, and nothing of the tests."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_holds_what_an_installed_smartborder_needs(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for needed in (
        "ledger/py.typed",
        "ledger/chain/artifacts/Members.json",
        "ledger/chain/artifacts/Consignments.json",
        "ledger/chain/artifacts/EventLogs.json",
        "ledger/store/migrations/env.py",
        "clients/demo/documents/01-exporter-packed.jsonld",
        "clients/testing/plugin.py",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "contracts/"))]
