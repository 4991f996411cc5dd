"""Slither over the contracts, every detector: what it finds is mended, or justified with a reason.

Slither is given the compiler's syntax trees in the form that crytic-compile exports, so that it needs no build of its
own and reads what the other checks read.
"""

from __future__ import annotations

import json
import posixpath
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scripts.analysis.environment import program
from scripts.analysis.findings import Finding
from scripts.analysis.syntax import Syntax, is_own
from scripts.tools import ROOT, SOLC_VERSION, TOOLS, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN_PLATFORM: Final = 1  # crytic-compile's number for a plain compiler
_NOT_COMPILED: Final = dict.fromkeys(("bin", "bin-runtime", "srcmap", "srcmap-runtime"), "")


def find(syntax: Syntax) -> list[Finding]:
    """What slither finds.

    Raises:
        ToolError: slither cannot be had, or did not finish; its own words follow.
    """
    with tempfile.TemporaryDirectory() as folder:
        export, report = Path(folder) / "contracts_export.json", Path(folder) / "report.json"
        export.write_text(json.dumps(exported(syntax)), encoding="utf-8")
        command = (program("slither"), export, "--json", report, "--fail-none", "--disable-color")
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        answer = json.loads(report.read_text("utf-8")) if report.exists() else {}
    if not answer.get("success"):
        raise ToolError(f"slither did not finish: {answer.get('error') or done.stderr}")
    return list(_findings(answer["results"]))


def exported(syntax: Syntax) -> dict[str, Any]:
    """Syntax trees in the form of crytic-compile's export."""
    units = {
        path: {
            "ast": tree,
            "contracts": {
                name: {
                    "abi": contract["abi"],
                    "devdoc": contract["devdoc"],
                    "userdoc": contract["userdoc"],
                    "filenames": _filename(path),
                    "libraries": {},
                    "is_dependency": not is_own(path),
                    **_NOT_COMPILED,
                }
                for name, contract in syntax.contracts.get(path, {}).items()
            },
        }
        for path, tree in syntax.trees.items()
    }
    unit = {
        "compiler": {"compiler": "solc", "version": SOLC_VERSION, "optimized": True},
        "source_units": units,
        "filenames": [_filename(path) for path in units],
    }
    return {
        "compilation_units": {"contracts": unit},
        "package": None,
        "working_dir": str(ROOT),
        "type": _OWN_PLATFORM,
        "unit_tests": [],
        "crytic_version": "0.0.2",
    }


def _filename(path: str) -> dict[str, str]:
    folder = ROOT if is_own(path) else TOOLS / "node_modules"
    return {"absolute": str(folder / path), "used": path, "short": path, "relative": path}


def _findings(results: dict[str, Any]) -> Iterator[Finding]:
    for detected in results.get("detectors", []):
        what = " ".join(detected["description"].split())
        yield Finding(f"slither/{detected['check']}", _place(detected["elements"]), f"{detected['impact']}: {what}")


def _place(elements: list[dict[str, Any]]) -> str:
    """What a finding is about: its first element, by the names around it; a directive, by its file."""
    if not elements:
        return "contracts"
    first = elements[0]
    path = first["source_mapping"]["filename_relative"]
    if first["type"] in ("pragma", "import"):
        return str(path)
    names: list[str] = []
    element: dict[str, Any] | None = first
    while element:
        if element["type"] != "node":
            names.insert(0, element["name"])
        last = element
        element = element.get("type_specific_fields", {}).get("parent")
    if last["type"] != "contract":  # a free function: by its file, as everywhere
        names.insert(0, posixpath.basename(path).removesuffix(".sol"))
    return ".".join(names)
