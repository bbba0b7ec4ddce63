"""What tests print and log, as logs of the test that is running, bounded."""

from . import clock, context, failure, frames

ATTEMPT_CHARACTERS = 1 << 20
RUN_CHARACTERS = 1 << 20
RECORD_CHARACTERS = 64 << 10

# Severities of OpenTelemetry by the levels of `logging`, lowest first.
_LEVELS = ((10, 5, "DEBUG"), (20, 9, "INFO"), (30, 13, "WARN"), (40, 17, "ERROR"), (50, 21, "FATAL"))
_STREAMS = {"stdout": (9, "INFO"), "stderr": (13, "WARN")}


class Rest:
    """Bounds what no test can be found for."""

    log_bytes = 0
    log_cut = False


def _severity(level):
    found = _LEVELS[0]
    for step in _LEVELS:
        if level >= step[0]:
            found = step
    return found[1:]


def tell(recorder, body, severity, place, attributes=None):
    """Writes one log, within the limit of its test."""
    trace = place.trace if place else None
    budget = trace or Rest
    limit = ATTEMPT_CHARACTERS if trace else RUN_CHARACTERS
    body = body[:RECORD_CHARACTERS]
    if budget.log_bytes + len(body) > limit:
        if not budget.log_cut:
            budget.log_cut = True
            recorder.gap("log-cut", trace=trace and trace.trace_id)
        return
    budget.log_bytes += len(body)
    attributes = attributes or {}
    if trace and trace.is_test:
        attributes["flakescope.phase"] = trace.phase
    recorder.write({
        "t": "log", "trace": trace and trace.trace_id, "span": place and place.span_id,
        "time": str(clock.wall(clock.mono())), "severity": severity[0], "severity_text": severity[1], "body": body,
        "attrs": attributes,
    })


def printed(recorder, stream, text, place):
    """Lines that a runner has captured of `stdout` or `stderr`."""
    if recorder.config.console:
        for line in text.splitlines():
            if line.strip():
                tell(recorder, line, _STREAMS[stream], place)


def install(recorder, logging):
    """Records of `logging`, where the project's own handlers are asked: what it filters out is not taken either."""
    if not recorder.config.console:
        return

    def handle(logger, record):
        attributes = {"logger.name": str(record.name)}
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is not None:
            # The handlers print what it was raised through.
            frames.strip(error)
            attributes.update(failure.describe(error))
        try:
            body = record.getMessage()
        except Exception:
            # A wrong call: the handlers complain of it in their own way.
            body = str(record.msg)
        tell(recorder, body, _severity(record.levelno), context.here(), attributes)

    frames.before(logging.Logger, "callHandlers", handle)
