import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


class TestShop:
    @each_client
    def test_answers(self, client):
        assert call(client, "/json?item=1", headers={"x-shop": "a"}) == (200, b'{"ok":true}')
