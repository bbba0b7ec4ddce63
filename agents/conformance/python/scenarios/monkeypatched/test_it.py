import builtins
import json
import os
import time
import uuid

import pytest
from clients import call


@pytest.mark.parametrize("owner, name", [
    (builtins, "open"), (os, "open"), (os, "write"), (os, "urandom"), (os, "getpid"), (json, "dumps"),
    (time, "time"), (time, "time_ns"), (time, "monotonic"), (time, "perf_counter_ns"), (uuid, "uuid4"),
])
def test_replaced(monkeypatch, owner, name):
    def broken(*args, **kwargs):
        raise RuntimeError("not for you")

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, broken)
        import http.client
        connection = http.client.HTTPConnection(os.environ["SERVER_URL"].partition("//")[2])
        connection.request("GET", "/json")
        assert connection.getresponse().read() == b'{"ok":true}'
        connection.close()
