"""Starts Radicale as the matrix needs it: `radicale_server.py FOLDER FRONT PROXY PORT`.

Its clients ask for https://calendar.test:FRONT/, which ends TLS and hands on to the fault proxy, and that to Radicale.
The folder gets what the tests need to know.
"""

import os
import sys

import private_machine as machine

CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {disk}/calendars
"""

TESTS = """
test-servers:
  radicale: {{type: embedded, enabled: false}}
  xandikos: {{type: embedded, enabled: false}}
  calendar:
    type: external
    enabled: true
    url: ${{CASE_URL:-https://calendar.test:{front}/}}
    username: user1
    password: ${{CASE_PASSWORD:-pencil}}
    features: radicale
"""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def main():
    folder, front, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "6m")
    write(f"{folder}/users", "user1:pencil\nuser2:eraser\n")
    write(f"{folder}/radicale.conf", CONFIG.format(folder=folder, port=port, disk=machine.DISK))
    write(f"{folder}/src/tests/caldav_test_servers.yaml", TESTS.format(front=front))
    # The tests' own settings name a client that is not installed.
    write(f"{folder}/pytest.ini", "[pytest]\n")
    machine.serve_names(folder, "calendar.test")
    machine.front(folder, "calendar.test", front, proxy)
    # Where a case may point the name to.
    _swallowed = machine.swallow_connections("127.0.0.2", front)
    words = [sys.executable, "-m", "radicale", "--config", f"{folder}/radicale.conf"]
    machine.start(folder, "server", words, **machine.clock(folder))
    machine.stay()


if __name__ == "__main__":
    main()
