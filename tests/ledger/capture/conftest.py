import pytest

from tests.ledger.capture.rig import Rig


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path / "home")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
