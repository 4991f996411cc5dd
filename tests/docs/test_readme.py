"""What the README shows is what happens."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))


def test_the_ten_lines_print_verified():
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "verified\n", "")


def test_the_make_targets_that_it_names_exist():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"^make ([a-z]+)", README, re.MULTILINE)
    assert named == ["demo", "test"]
    assert set(named) <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_every_path_that_the_architecture_and_threat_model_name_exists():
    for page in ("architecture.md", "threat-model.md"):
        text = (ROOT / "docs" / page).read_text()
        for path in re.findall(r"`((?:ledger|clients|contracts|tests|scripts)/[\w./-]*)`", text):
            assert (ROOT / path).exists(), f"{page}: {path}"


def test_every_dependency_has_its_line():
    listed = (ROOT / "docs" / "dependencies.md").read_text()
    lines = re.findall(r'^    "([a-z0-9-]+)[>=<\[]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    missing = [name for name in lines if name != "smartborder" and name not in listed]
    assert lines
    assert not missing


def test_every_test_and_guarantee_that_a_page_names_exists():
    guarantees = {each["id"] for each in tomllib.loads((ROOT / "docs" / "guarantees.toml").read_text())["guarantee"]}
    pages = {page.name: page.read_text() for page in PAGES}
    for page, text in pages.items():
        for path, name in re.findall(r"`(tests/[\w./-]+)::(\w+)`", text):
            assert re.search(rf"\b{name}\(", (ROOT / path).read_text()), f"{page}: {path}::{name}"
        named = set(re.findall(r"\(guarantees\.md#([\w-]+)\)", text))
        assert named <= guarantees, f"{page}: {named - guarantees}"
    assert "::test_" in pages["threat-model.md"]


def test_each_lie_of_the_threat_model_has_its_proof():
    text = (ROOT / "docs" / "threat-model.md").read_text()
    actors = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {"Exporter", "Carrier", "Officer", "One authority", "Thief of a key", "Thief of a laptop"} <= set(actors)
    for row in re.findall(r"^\| (?!lie or act|---)(.+) \|$", text, re.MULTILINE):
        assert re.search(r"\]\(|::test_", row.split(" | ")[-1]), row
