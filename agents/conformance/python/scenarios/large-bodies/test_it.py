import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


@each_client
def test_is_large(client):
    assert len(call(client, "/large")[1]) == 5_000_000
    assert call(client, "/count", "POST", b"x" * 5_000_000) == (200, b'{"bytes":5000000}')
