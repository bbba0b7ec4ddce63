"""Keeps the host safe from the agent: a hook that fails is switched off for good, once, with a gap that says so."""

_off = set()
_report = None

REASON_CHARACTERS = 2000


def on_failure(report):
    """Tells where failures are reported to: a function of the gap's kind and its detail."""
    global _report
    _report = report


def guard(name):
    """Decorates a hook: it never raises, and after its first failure it does nothing. `name` is what the gap names."""

    def decorate(hook):
        def guarded(*args, **kwargs):
            if name in _off:
                return None
            try:
                return hook(*args, **kwargs)
            except Exception as error:
                fail(name, error)
                return None

        return guarded

    return decorate


def fail(name, error):
    """Switches the hook `name` off and records why."""
    if name in _off:
        return
    _off.add(name)
    try:
        if _report:
            _report("agent-error", "{}: {}".format(name, _reason(error)))
    except Exception:
        # A value that cannot even be turned into text is not worth harming the host for.
        pass


def _reason(error):
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append("{}:{}".format(trace.tb_frame.f_code.co_filename.rsplit("/", 1)[-1], trace.tb_lineno))
        trace = trace.tb_next
    return "{}: {} ({})".format(type(error).__name__, error, " < ".join(reversed(frames)))[:REASON_CHARACTERS]
