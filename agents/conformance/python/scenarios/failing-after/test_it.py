import pytest
from clients import call


@pytest.fixture
def user():
    yield
    assert call("requests", "/503?user")[0] == 200


@pytest.fixture(scope="module")
def database():
    yield
    assert call("requests", "/503?database")[0] == 200


def test_passes(user, database):
    pass


def test_fails(user):
    assert 1 == 2


def test_last():
    pass
