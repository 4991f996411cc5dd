import pytest

from ledger.store.store import Store
from tests.ledger.store.samples import KEY


@pytest.fixture
def path(tmp_path):
    return tmp_path / "member" / "store.db"


@pytest.fixture
def store(path):
    with Store.open(path, KEY) as store:
        yield store
