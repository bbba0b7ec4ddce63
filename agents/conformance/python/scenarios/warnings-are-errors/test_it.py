from clients import CLIENTS, call


def test_calls():
    for client in CLIENTS:
        assert call(client, "/json")[0] == 200
