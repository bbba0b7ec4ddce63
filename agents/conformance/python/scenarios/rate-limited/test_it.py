import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


@each_client
def test_invokes(client):
    status, body = call(client, "/429", "POST", b'{"user":1}', {"content-type": "application/json"})
    assert status == 200, body.decode()
