import multiprocessing
import os

import pytest
from clients import call


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children(method):
    context = multiprocessing.get_context(method)
    child = context.Process(target=call, args=("http.client", "/json?" + method))
    child.start()
    child.join()
    assert child.exitcode == 0


def test_forks_by_itself():
    pid = os.fork()
    if pid == 0:
        call("http.client", "/json?fork")
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
