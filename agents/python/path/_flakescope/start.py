"""Wires the agent together in one process."""

from . import config, imports, process
from .guard import on_failure
from .recorder import Recorder

# The recorder of this process, once it has begun.
_recorder = None


def start(spool):
    """Starts recording into `spool`, once; does nothing when the folder is gone. Answers whether this process is recorded."""
    global _recorder
    if _recorder is not None:
        return True
    settings = config.load(spool)
    if settings is None:
        return False
    recorder = Recorder(settings)
    on_failure(recorder.gap)
    if not recorder.spool.open_segment():
        return False
    _recorder = recorder
    process.install(recorder)
    for name, hook in HOOKS.items():
        imports.when_imported(name, _with(recorder, hook))
    imports.install()
    return True


def _with(recorder, hook):
    return lambda module: hook(recorder, module)


def _listen(recorder, module):
    from . import listen

    listen.install(recorder, module)


def _threading(recorder, module):
    from . import threads

    threads.install_threading(module)


def _pool(recorder, module):
    from . import threads

    threads.install_pool(module)


def _logging(recorder, module):
    from . import logs

    logs.install(recorder, module)


def _http(recorder, module):
    from . import http_client

    http_client.install(recorder, module)


def _urllib3(recorder, module):
    from . import http_client

    http_client.install_urllib3(module)


def _urllib3_connection(recorder, module):
    from . import http_client

    http_client.install_connect(module)


def _httpcore(recorder, module):
    from . import httpcore_client

    httpcore_client.install(recorder, module)


def _aiohttp(recorder, module):
    from . import aiohttp_client

    aiohttp_client.install(recorder, module)


def _pytest(recorder, module):
    from . import pytest_plugin

    pytest_plugin.install(recorder, module)


def _unittest_case(recorder, module):
    from . import unittest_case

    unittest_case.install(recorder, module)


def _unittest_runner(recorder, module):
    from . import unittest_session

    unittest_session.install(recorder, module)


# What is done when a module has been imported. Each is loaded by itself, so that one that fails takes no other with it.
HOOKS = {
    "socket": _listen,
    "threading": _threading,
    "concurrent.futures.thread": _pool,
    "logging": _logging,
    "http.client": _http,
    "urllib3.connection": _urllib3_connection,
    "urllib3.connectionpool": _urllib3,
    "httpcore._sync.connection": _httpcore,
    "httpcore._async.connection": _httpcore,
    "aiohttp.client": _aiohttp,
    "unittest.case": _unittest_case,
    "unittest.async_case": _unittest_case,
    "unittest.runner": _unittest_runner,
    "_pytest.config": _pytest,
}


def recorder():
    """The recorder of this process, or None."""
    return _recorder


