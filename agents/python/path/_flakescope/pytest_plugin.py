"""The hooks by which pytest tells of its tests; what they mean is `pytest_session`'s affair.

None of them stands between pytest and a test's own code, so no frame of ours, nor one that pluggy adds for a wrapper, is in
any traceback."""

from . import frames, imports
from .guard import guard

# As the entry point is called, so that pytest does not load us twice, and `-p no:flakescope` switches us off.
NAME = "flakescope"


def install(recorder, module):
    """Makes each configuration of pytest know us: earlier than entry points are read, and without being listed as one.
    `module` is `_pytest.config`."""
    def made(config, *args, **kwargs):
        if not config.pluginmanager.has_plugin(NAME):
            config.pluginmanager.register(Plugin(recorder), NAME)

    frames.after(module, "get_config", made)


def _impl(**options):
    import pluggy

    return pluggy.HookimplMarker("pytest")(**options)


class Plugin:
    """One for each configuration of pytest. Only the first session of a process is recorded: another one is what a test
    of that session looks at."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.session = None

    @_impl(tryfirst=True)
    def pytest_configure(self, config):
        self._unlist(config.pluginmanager)

    @guard("pytest unlist")
    def _unlist(self, manager):
        """Takes us out of the plugins that pytest lists in its header, where its own discovery has found us."""
        found = manager._plugin_distinfo
        found[:] = [(plugin, distribution) for plugin, distribution in found if plugin is not self]

    @_impl(tryfirst=True)
    def pytest_sessionstart(self, session):
        self._begin(session)

    @guard("pytest session")
    def _begin(self, session):
        from . import pytest_session

        imports.look()
        self.session = pytest_session.begin(self.recorder, session)

    @_impl(trylast=True)
    def pytest_collection_finish(self, session):
        if self.session:
            self.session.collected(session.items)

    @_impl(tryfirst=True)
    def pytest_collectreport(self, report):
        if self.session and report.failed:
            self.session.not_collected(report)

    @_impl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if self.session:
            self.session.begin(item)

    @_impl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        session = self.session
        if session:
            session.phase_over(call)
        outcome = yield
        if session:
            session.reported(item, call, outcome)

    @_impl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if self.session and report.outcome == "rerun":
            self.session.retried(report.nodeid)
        elif self.session and type(report).__name__ in ("SubtestReport", "SubTestReport"):
            self.session.part_reported(report)

    @_impl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef, request):
        if self.session:
            self.session.fixture_begins(fixturedef, request)

    def pytest_fixture_post_finalizer(self, fixturedef, request):
        if self.session:
            self.session.fixture_is_down(fixturedef)

    @_impl(tryfirst=True)
    def pytest_assertrepr_compare(self, config, op, left, right):
        if self.session:
            self.session.compared(op, left, right)

    @_impl(trylast=True)
    def pytest_unconfigure(self, config):
        if self.session:
            self.session.over()
            self.session = None


