from clients import call


def test_is_recorded():
    assert call("requests", "/json")[0] == 200
