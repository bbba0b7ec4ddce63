import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


@pytest.mark.timeout(1, method="signal")
@pytest.mark.parametrize("client", ["http.client", "requests", "httpx"])
def test_waits(client):
    call(client, "/hang", "POST", b"name=value", {"content-type": "application/x-www-form-urlencoded"}, timeout=60)
