import pytest
from clients import call


@pytest.fixture(scope="session")
def server():
    assert call("requests", "/json?session")[0] == 200
    yield "server"
    call("requests", "/json?session-down")


@pytest.fixture(scope="module")
def database(server):
    call("requests", "/json?module")
    return "database"


@pytest.fixture
def user(request, database):
    call("requests", "/json?user")
    request.addfinalizer(lambda: call("requests", "/json?user-down"))
    return "user"


@pytest.fixture(autouse=True)
def nothing():
    pass


def setup_module():
    call("requests", "/json?setup_module")


class TestWithClass:
    @pytest.fixture(scope="class")
    def room(self):
        yield call("requests", "/json?class")[0]
        call("requests", "/json?class-down")

    @classmethod
    def setup_class(cls):
        pass

    def setup_method(self):
        call("requests", "/json?setup_method")

    def test_one(self, room, user):
        assert call("requests", "/json?one")[0] == 200

    def test_two(self, room):
        pass


def test_three(request):
    assert request.getfixturevalue("database") == "database"


def test_four():
    pass
