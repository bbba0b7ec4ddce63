import pytest
from clients import call


@pytest.fixture(scope="module")
def database():
    assert call("requests", "/503")[0] == 200
    yield


def test_one(database):
    pass


def test_two(database):
    pass


def test_beside():
    pass


@pytest.fixture
def user():
    raise RuntimeError("no user")


def test_three(user):
    pass
