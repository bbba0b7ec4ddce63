import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


@each_client
def test_gives_up(client):
    with pytest.raises(Exception) as caught:
        call(client, "/hang", timeout=0.4)
    assert "time" in (type(caught.value).__name__ + str(caught.value)).lower()
