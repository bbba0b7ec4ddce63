import os

from clients import call


def test_fake(fs):
    fs.create_file("/etc/thing", contents="fake")
    assert os.listdir("/etc") == ["thing"]
    assert call("http.client", "/json")[0] == 200


def test_after():
    assert "thing" not in os.listdir("/etc")
