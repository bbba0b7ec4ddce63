"""Starts Prefect's API server as the matrix needs it: `prefect_server.py FOLDER FRONT PROXY PORT`, all but the first ports.

Clients without TLS ask the fault proxy; those with TLS ask https://flows.test:FRONT/, which hands on to it. The database
begins as it was after Prefect had made its tables, which is kept in the folder. `CASE_AUTH` is another log-in that the
server is given.
"""

import os
import shutil
import subprocess
import sys
import time
import urllib.request

import private_machine as machine

TESTS = {
    "prefect_tests.py": "test_flows.py",
    "prefect_client_tests.py": "test_client.py",
    "prefect_desk_tests.py": "test_desk.py",
}
BESIDE = {"prefect_fixtures.py": "conftest.py", "prefect_desk.py": "desk.py"}
PYTEST = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
HOME = f"{machine.DISK}/prefect"
SERVE = """
import sys, uvicorn
from prefect.server.api.server import create_app
uvicorn.run(create_app(ephemeral=False), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


def copy_tests(folder):
    """Puts our tests where tests are, unless a case has just changed them there."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, called in {**TESTS, **BESIDE}.items():
        source, target = f"{here}/{name}", f"{folder}/src/{called}"
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            shutil.copyfile(source, target)


def variables():
    """What Prefect reads at its start; a case may have set other values."""
    wanted = {
        "PREFECT_HOME": HOME,
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{HOME}/prefect.db",
        "PREFECT_SERVER_API_AUTH_STRING": os.environ.get("CASE_AUTH", "night:slow-sand-filter"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
        # Of each service a round in a second, where its default is a minute.
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1",
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "PT1S",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
        "PREFECT_MEMO_STORE_PATH": f"{HOME}/memo_store.toml",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
    }
    return {name: os.environ.get(name, value) for name, value in wanted.items()}


def prepare(folder, port):
    """Lets Prefect make its tables and blocks, where nobody asks it yet, and keeps them: that takes seconds."""
    server = machine.start(folder, "server", [sys.executable, "-c", SERVE, str(port)], **variables())
    end = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/ready").close()
            break
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
    server.terminate()
    server.wait()
    subprocess.run(["tar", "-cf", f"{folder}/fresh.tar", "-C", machine.DISK, "prefect"], check=True)
    shutil.rmtree(HOME)


def main():
    folder, front, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "24m")
    copy_tests(folder)
    with open(f"{folder}/pytest.ini", "w") as file:
        file.write(PYTEST)
    os.makedirs(f"{folder}/home-of-the-client", exist_ok=True)
    machine.serve_names(folder, "flows.test")
    machine.front(folder, "flows.test", front, proxy)
    if not os.path.exists(f"{folder}/fresh.tar"):
        os.makedirs(HOME)
        prepare(folder, port + 1)
    subprocess.run(["tar", "-xf", f"{folder}/fresh.tar", "-C", machine.DISK], check=True)
    words = [sys.executable, "-c", SERVE, str(port)]
    # Its tables and blocks are there.
    there = {"PREFECT_API_DATABASE_MIGRATE_ON_START": "false", "PREFECT_API_BLOCKS_REGISTER_ON_START": "false"}
    machine.start(folder, "server", words, **variables(), **there, **machine.clock(folder))
    machine.stay()


if __name__ == "__main__":
    main()
