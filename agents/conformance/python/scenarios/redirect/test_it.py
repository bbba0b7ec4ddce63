import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


@pytest.mark.parametrize("client", ["urllib", "requests", "httpx", "aiohttp"])
def test_follows(client):
    assert call(client, "/redirect?left=2")[0] == 200
