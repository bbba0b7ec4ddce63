import sys

from clients import call


def test_sees_its_own():
    assert "sitecustomize.py" in sys.modules["sitecustomize"].__file__
    assert call("requests", "/json")[0] == 200
