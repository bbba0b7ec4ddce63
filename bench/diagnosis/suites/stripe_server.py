"""Starts localstripe as the matrix needs it: `stripe_server.py FOLDER FRONT PROXY PORT`, all but the first ports.

Clients without TLS ask the fault proxy; those with TLS ask https://api.stripe.test:FRONT/, which hands on to the proxy.
localstripe keeps what it has in a file in `/tmp`, which is the small disk of its machine here, and so does the shop with
its receipts.
"""

import os
import shutil
import subprocess
import sys

import private_machine as machine

TESTS = {"stripe_tests.py": "test_billing.py", "stripe_shop_tests.py": "test_shop.py"}
BESIDE = {"stripe_fixtures.py": "conftest.py", "stripe_shop.py": "shop.py"}


def copy_tests(folder):
    """Puts our tests where tests are, unless a case has just changed them there."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, called in {**TESTS, **BESIDE}.items():
        source, target = f"{here}/{name}", f"{folder}/src/{called}"
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            shutil.copyfile(source, target)


def main():
    folder, front, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "2m")
    copy_tests(folder)
    # The package's own settings of its tests are for other tests.
    with open(f"{folder}/pytest.ini", "w") as file:
        file.write("[pytest]\n")
    os.makedirs(f"{machine.DISK}/receipts")
    subprocess.run(["mount", "--bind", machine.DISK, "/tmp"], check=True)
    machine.serve_names(folder, "api.stripe.test")
    machine.front(folder, "api.stripe.test", front, proxy)
    words = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    machine.start(folder, "server", words, **machine.clock(folder))
    machine.stay()


if __name__ == "__main__":
    main()
