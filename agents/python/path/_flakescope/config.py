"""What the recorder wants, read once from the spool folder: `run.json` and the masking key."""

from .natives import n, read_file


class Config:
    """The settings of one run."""

    __slots__ = (
        "spool", "key", "key_id", "spool_cap_bytes", "segment_bytes", "body_bytes", "attempt_bytes", "console",
        "propagate", "declared_hosts", "project_root",
    )


def load(spool):
    """Reads the configuration; None when the folder is gone or speaks another protocol."""
    try:
        run = n.parse(read_file(spool + "/run.json").decode("utf-8"))
    except (OSError, ValueError, StopIteration):
        return None
    if not isinstance(run, dict) or run.get("protocol") != 1:
        return None
    capture = run.get("capture")
    if not isinstance(capture, dict):
        capture = {}
    hosts = run.get("declared_hosts")
    config = Config()
    config.spool = spool
    config.key = _read_key(spool)
    config.key_id = str(run.get("key_id")) if config.key else "0000"
    config.spool_cap_bytes = _positive(run.get("spool_cap_bytes"), 1 << 30)
    config.segment_bytes = _positive(run.get("segment_bytes"), 4 << 20)
    config.body_bytes = _positive(capture.get("body_bytes"), 256 << 10)
    config.attempt_bytes = _positive(capture.get("attempt_bytes"), 16 << 20)
    config.console = capture.get("console") is not False
    config.propagate = "never" if capture.get("propagate") == "never" else "auto"
    config.declared_hosts = {str(host).lower() for host in hosts} if isinstance(hosts, list) else set()
    config.project_root = str(run.get("project_root") or "")
    return config


def _read_key(spool):
    try:
        key = bytes.fromhex(read_file(spool + "/key").decode("ascii").strip())
    except (OSError, ValueError):
        return None
    return key if len(key) == 32 else None


def _positive(value, fallback):
    return int(value) if isinstance(value, (int, float)) and value > 0 else fallback
