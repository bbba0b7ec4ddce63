"""Starts devpi-server as the matrix needs it: `devpi_server.py FOLDER PROXY PORT`.

It begins as `devpi-init` leaves it, which is done once and kept as an archive in the folder: one account, `root` without a
password, and a mirror that nobody asks.
"""

import os
import shutil
import subprocess
import sys

import private_machine as machine

DATA = f"{machine.DISK}/devpi"
TESTS = "devpi_tests.py"


def prepare(folder):
    """Does what whoever installs devpi does, and keeps what comes of it."""
    program = os.path.join(os.path.dirname(sys.executable), "devpi-init")
    subprocess.run([program, "--serverdir", DATA, "--no-root-pypi"], check=True)
    subprocess.run(["tar", "-cf", f"{folder}/fresh.tar", "-C", machine.DISK, "devpi"], check=True)
    shutil.rmtree(DATA)


def copy_tests(folder):
    """Puts our tests where tests are, unless a case has just changed them there."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), TESTS)
    target = f"{folder}/src/test_shelf.py"
    if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
        shutil.copyfile(source, target)


def main():
    folder, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "8m")
    copy_tests(folder)
    # The package's own settings of its tests want plug-ins.
    with open(f"{folder}/pytest.ini", "w") as file:
        file.write("[pytest]\n")
    if not os.path.exists(f"{folder}/fresh.tar"):
        prepare(folder)
    subprocess.run(["tar", "-xf", f"{folder}/fresh.tar", "-C", machine.DISK], check=True)
    words = [sys.executable, "-m", "devpi_server", "--serverdir", DATA, "--host", "127.0.0.1", "--port", str(port)]
    words += ["--outside-url", f"http://localhost:{proxy}", *os.environ.get("CASE_WORDS", "").split()]
    machine.start(folder, "server", words, **machine.clock(folder))
    machine.stay()


if __name__ == "__main__":
    main()
