"""PostgreSQL on the machine of a suite's server: made once, kept in the suite's folder, and started anew for each recording.

Its superuser and its only database have the name of the suite.
"""

import glob
import os
import subprocess
import sys
import time

import private_machine as machine

DATA = f"{machine.DISK}/postgres"
# PostgreSQL does not run as root.
USER = "nobody" if os.getuid() == 0 else None
# A busy machine takes some seconds to start it.
READY_WITHIN_S = 60


def make(folder, port, name):
    """Makes and starts it; `keep` stops it and keeps what is in it by then."""
    _run("initdb", "-D", DATA, "-A", "trust", "--no-sync", "-U", name, "--wal-segsize=1")
    start(folder, port, name)
    _run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", name, name)


def keep(folder):
    _run("pg_ctl", "-D", DATA, "-m", "fast", "-w", "stop")
    subprocess.run(["tar", "-cf", f"{folder}/database.tar", "-C", machine.DISK, "postgres"], check=True)


def take_out(folder):
    """Puts what was kept on the machine's disk. Says whether anything was."""
    kept = f"{folder}/database.tar"
    if not os.path.exists(kept):
        return False
    subprocess.run(["tar", "-xpf", kept, "-C", machine.DISK], check=True)
    return True


def start(folder, port, name):
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": machine.DISK,
        "fsync": "off",
        "max_connections": 20,
        "shared_buffers": "16MB",
        "min_wal_size": "32MB",
        "max_wal_size": "64MB",
    }
    words = [_binary("postgres"), "-D", DATA]
    for key, value in settings.items():
        words += ["-c", f"{key}={value}"]
    machine.start(folder, "database", words, user=USER)
    ready = [_binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", name]
    end = time.monotonic() + READY_WITHIN_S
    while subprocess.run(ready).returncode:
        if time.monotonic() > end:
            sys.exit(f"PostgreSQL was not ready within {READY_WITHIN_S} s")
        time.sleep(0.05)


def _binary(name):
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not found:
        sys.exit("PostgreSQL is missing (Debian: apt install postgresql)")
    return f"{found[-1]}/{name}"


def _run(name, *words):
    subprocess.run([_binary(name), *words], check=True, user=USER, stdout=subprocess.DEVNULL)
