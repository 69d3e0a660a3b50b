import pytest

from dossier.store.db import create_workspace, open_store


@pytest.fixture
def store(tmp_path):
    create_workspace(tmp_path)
    with open_store(tmp_path) as store:
        yield store
