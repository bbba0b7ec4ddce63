import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


@pytest.mark.parametrize("number", range(4))
def test_shared_out(number):
    assert call("requests", "/json?number=%d" % number)[0] == 200


def test_fails():
    assert call("requests", "/503")[0] == 200
