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
    for name, (file, function) in HOOKS.items():
        imports.when_imported(name, _loads(recorder, file, function))
    imports.install()
    return True


# What is done when a module has been imported: our file and its function, which gets the recorder and the module. Each is
# loaded by itself, so that one that fails takes no other with it.
HOOKS = {
    "socket": ("listen", "install"),
    "threading": ("threads", "install_threading"),
    "concurrent.futures.thread": ("threads", "install_pool"),
    "logging": ("logs", "install"),
    "http.client": ("http_client", "install"),
    "urllib3.connection": ("http_client", "install_connect"),
    "urllib3.connectionpool": ("urllib3_future_client", "install_pool"),
    "urllib3._async.connectionpool": ("urllib3_future_client", "install_pool"),
    "urllib3.backend.hface": ("urllib3_future_client", "install_backend"),
    "urllib3.backend._async.hface": ("urllib3_future_client", "install_backend"),
    "urllib3_future.connectionpool": ("urllib3_future_client", "install_pool"),
    "urllib3_future._async.connectionpool": ("urllib3_future_client", "install_pool"),
    "urllib3_future.backend.hface": ("urllib3_future_client", "install_backend"),
    "urllib3_future.backend._async.hface": ("urllib3_future_client", "install_backend"),
    "httpcore._sync.connection": ("httpcore_client", "install"),
    "httpcore._async.connection": ("httpcore_client", "install"),
    "aiohttp.client": ("aiohttp_client", "install"),
    "botocore.endpoint": ("aws", "install"),
    "respx.router": ("mocked", "install_respx"),
    "responses": ("mocked", "install_responses"),
    "vcr.cassette": ("mocked", "install_vcr"),
    "http.server": ("servers", "install_http"),
    "wsgiref.simple_server": ("servers", "install_wsgiref"),
    "uvicorn.protocols.http.h11_impl": ("servers", "install_uvicorn"),
    "uvicorn.protocols.http.httptools_impl": ("servers", "install_uvicorn"),
    "waitress.task": ("servers", "install_waitress"),
    "aiohttp.web_protocol": ("servers", "install_aiohttp"),
    "unittest.case": ("unittest_case", "install"),
    "unittest.async_case": ("unittest_case", "install"),
    "unittest.runner": ("unittest_session", "install"),
    "testtools.testresult.real": ("unittest_session", "install_testtools"),
    "testtools.testcase": ("testtools_case", "install_case"),
    "testtools.runtest": ("testtools_case", "install_runner"),
    "fixtures.testcase": ("testtools_case", "install_case"),
    "_pytest.config": ("pytest_plugin", "install"),
}


def _loads(recorder, file, function):
    def hook(module):
        ours = __import__(file, globals(), None, (function,), 1)
        getattr(ours, function)(recorder, module)

    return hook


def recorder():
    """The recorder of this process, or None."""
    return _recorder
