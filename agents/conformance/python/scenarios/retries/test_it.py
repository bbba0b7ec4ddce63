import pytest
from clients import call

tried = []


@pytest.mark.flaky(reruns=3)
def test_passes_at_last():
    tried.append(1)
    assert call("requests", "/json?try=%d" % len(tried))[0] == 200
    assert len(tried) == 3


@pytest.mark.flaky(reruns=1)
def test_never_passes():
    assert not tried
