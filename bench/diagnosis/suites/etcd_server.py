"""Starts etcd as the matrix needs it: `etcd_server.py FOLDER FRONT PROXY PORT`, all but the first ports.

Clients without TLS ask the fault proxy; those with TLS ask https://config.ferry.test:FRONT/, which hands on to the proxy.
etcd begins with nothing in it and with its log-in switched off. `CASE_QUOTA` sets how many bytes its database may have.
The berth office prints to a disk of its own, a small one.
"""

import os
import shutil
import subprocess
import sys

import private_machine as machine

TESTS = {"etcd_tests.py": "test_registry.py", "etcd_harbour_tests.py": "test_harbour.py"}
BESIDE = {"etcd_fixtures.py": "conftest.py", "etcd_harbour.py": "harbour.py"}


def program(folder):
    """Where Debian's package was unpacked, or installed."""
    for root in (f"{folder}/etcd", ""):
        if os.path.exists(f"{root}/usr/bin/etcd"):
            return f"{root}/usr/bin/etcd"
    sys.exit(
        "etcd 3.4 is missing (Debian: apt install etcd-server; or, in the folder of the suite, apt-get download etcd-server "
        "and dpkg -x it into etcd)"
    )


def copy_tests(folder):
    """Puts our tests where tests are, unless a case has just changed them there."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, called in {**TESTS, **BESIDE}.items():
        source, target = f"{here}/{name}", f"{folder}/src/{called}"
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            shutil.copyfile(source, target)


def main():
    folder, front, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    # The log of etcd is as large as 64 MB from its start on.
    machine.enter(folder, "256m")
    copy_tests(folder)
    # The package's own settings of its tests are for another runner.
    with open(f"{folder}/pytest.ini", "w") as file:
        file.write("[pytest]\n")
    prints = f"{machine.DISK}/prints"
    os.makedirs(prints)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=0777", "tmpfs", prints], check=True)
    # For the tests and the berth office: etcd does not ask the library for the time.
    machine.clock(folder)
    machine.serve_names(folder, "config.ferry.test")
    machine.front(folder, "config.ferry.test", front, proxy)
    here, peers = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    words = [program(folder), "--name", "pier", "--data-dir", f"{machine.DISK}/data", "--log-level", "error"]
    words += ["--listen-client-urls", here, "--advertise-client-urls", here]
    words += ["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"pier={peers}"]
    words += ["--bcrypt-cost", "4", "--quota-backend-bytes", os.environ.get("CASE_QUOTA", "0")]
    words += ["--auth-token-ttl", os.environ.get("CASE_TOKEN_TTL", "300")]
    machine.start(folder, "server", words)
    machine.stay()


if __name__ == "__main__":
    main()
