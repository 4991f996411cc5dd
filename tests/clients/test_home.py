from pathlib import Path

import pytest

from clients.home import DEFAULT_NODE, Home, Settings, find_home
from ledger.errors import InputError, NotFound, Unavailable


def test_settings_come_from_the_environment_before_the_file_before_the_default(tmp_path):
    home = Home(tmp_path, {"SMARTBORDER_NODE": "http://127.0.0.1:9000"})
    assert Home(tmp_path).settings() == Settings()
    home.write_settings(Settings(node="http://127.0.0.1:7000", valid_hours=2))
    assert Home(tmp_path).settings() == Settings(node="http://127.0.0.1:7000", valid_hours=2)
    assert home.settings() == Settings(node="http://127.0.0.1:9000", valid_hours=2)


def test_the_home_is_the_chosen_folder_else_the_environments_else_the_users(tmp_path):
    environment = {"SMARTBORDER_HOME": str(tmp_path / "named")}
    assert find_home(tmp_path, environment).folder == tmp_path
    assert find_home(None, environment).folder == tmp_path / "named"
    assert find_home(None, {}).folder.name == "smartborder"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("node = ", "is not TOML"),
        ("nod = 'http://127.0.0.1:1'", "'nod = 'http://127.0.0.1:1'' is not a setting"),
        ("node = 7", "'node = 7' is not a setting"),
        ("node = 'ftp://example'", "is not the address of a node"),
        ("valid_hours = 0", "0 is out of range"),
        ("timeout_seconds = 100000", "100000 is out of range"),
        (b"\xff", "is not TOML"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_place(tmp_path, content, message):
    (tmp_path / "config.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as refusal:
        Home(tmp_path).settings()
    assert message in str(refusal.value)
    assert refusal.value.mend


def test_a_number_in_the_environment_must_be_one(tmp_path):
    with pytest.raises(InputError, match="'soon' is not a number"):
        Home(tmp_path, {"SMARTBORDER_VALID_HOURS": "soon"}).settings()


def test_a_home_without_deployment_says_how_to_join(tmp_path):
    with pytest.raises(NotFound) as missing:
        Home(tmp_path).deployment_text()
    assert "smartborder member join" in missing.value.mend


def test_files_that_cannot_be_used_are_told_and_not_guessed(tmp_path):
    (tmp_path / "config.toml").mkdir()
    (tmp_path / "deployment.json").mkdir()
    home = Home(tmp_path)
    for use in (home.settings, home.deployment_text, lambda: home.write_settings(Settings())):
        with pytest.raises(Unavailable):
            use()


def test_a_new_home_is_its_owners_alone(tmp_path):
    home = Home(tmp_path / "new" / "home")
    home.write(home.deployment_path, "{}")
    assert home.folder.stat().st_mode & 0o777 == 0o700
    assert home.deployment_text() == "{}"


def test_the_default_node_is_this_machine():
    assert DEFAULT_NODE.startswith("http://127.0.0.1")
    assert Path(Home(Path("x")).store_path).name == "store.sqlite"
