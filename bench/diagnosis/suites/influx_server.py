"""Starts InfluxDB as the matrix needs it: `influx_server.py FOLDER FRONT PROXY PORT REMOTE`, all but the first ports.

Clients without TLS ask the fault proxy; those with TLS ask https://influx.test:FRONT/, which hands on to the proxy. The
server begins with one account, `root` without a password, as the client's own tests log in. What it is told in variables
(`INFLUXDB_…`) goes before its settings.
"""

import glob
import os
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import private_machine as machine

CONFIG = """
reporting-disabled = true
bind-address = "127.0.0.1:{remote}"
[meta]
dir = "{data}/meta"
[data]
dir = "{data}/data"
wal-dir = "{data}/wal"
[monitor]
store-enabled = false
[retention]
check-interval = "2s"
[continuous_queries]
run-interval = "1s"
[http]
bind-address = "127.0.0.1:{port}"
auth-enabled = true
shared-secret = "a secret of the measuring stations"
"""

DATA = f"{machine.DISK}/influxdb"
TESTS = "influx_tests.py"


def binary(folder):
    # Where the package of Debian was unpacked, or installed.
    unpacked = glob.glob(f"{folder}/influxdb/usr/bin/influxd")
    found = unpacked[0] if unpacked else shutil.which("influxd")
    if not found:
        sys.exit(
            "InfluxDB 1.6 is missing (Debian: apt install influxdb; or, in the folder of the suite, "
            "apt-get download influxdb && dpkg -x influxdb_*.deb influxdb)"
        )
    return found


def start(folder):
    return machine.start(folder, "server", [binary(folder), "run", "-config", f"{folder}/influxdb.conf"])


def prepare(folder, port):
    """Does what whoever installs InfluxDB does, and keeps the account."""
    server = start(folder)
    query = urllib.parse.urlencode({"q": "CREATE USER root WITH PASSWORD '' WITH ALL PRIVILEGES"}).encode()
    end = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/query", query).close()
            break
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
    server.terminate()
    server.wait()
    subprocess.run(["tar", "-cf", f"{folder}/account.tar", "-C", DATA, "meta"], check=True)
    shutil.rmtree(DATA)


def copy_tests(folder):
    """Puts our own tests beside those of the client, unless a case has just changed them there."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), TESTS)
    target = f"{folder}/src/test_stations.py"
    if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
        shutil.copyfile(source, target)


def main():
    folder, front, proxy, port, remote = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "40m")
    copy_tests(folder)
    machine.clock(folder)
    machine.serve_names(folder, "influx.test")
    machine.front(folder, "influx.test", front, proxy)
    with open(f"{folder}/influxdb.conf", "w") as file:
        file.write(CONFIG.format(data=DATA, port=port, remote=remote))
    if not os.path.exists(f"{folder}/account.tar"):
        prepare(folder, port)
    os.makedirs(DATA)
    subprocess.run(["tar", "-xf", f"{folder}/account.tar", "-C", DATA], check=True)
    start(folder)
    machine.stay()


if __name__ == "__main__":
    main()
