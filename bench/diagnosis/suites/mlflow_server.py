"""Starts MLflow as the matrix needs it: `mlflow_server.py FOLDER FRONT PROXY PORT`, all but the first ports.

Clients without TLS ask the fault proxy; those with TLS ask https://models.test:FRONT/, which hands on to it. The
databases begin as they were after MLflow had made its tables and the accounts of the team, which is kept in the folder.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

import private_machine as machine

TESTS = {
    "mlflow_tests.py": "test_runs.py",
    "mlflow_client_tests.py": "test_client.py",
    "mlflow_office_tests.py": "test_office.py",
}
BESIDE = {"mlflow_fixtures.py": "conftest.py", "mlflow_office.py": "office.py"}
HOME = f"{machine.DISK}/mlflow"
ADMIN = "admin:maximum-power-point"
ACCOUNTS = {"trainer": "south-facing-roof", "office": "north-facing-desk", "guest": "cloudy-sky-guest"}
AUTH = f"""[mlflow]
default_permission = READ
database_uri = sqlite:///{HOME}/accounts.db
admin_username = admin
admin_password = {ADMIN.split(":")[1]}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
auth_cache_ttl_seconds = 600
"""
# The stores are opened before anybody asks: that takes seconds.
SERVE = """
import sys, uvicorn
from mlflow.server import app, handlers
from mlflow.server.auth import create_app
handlers._get_tracking_store(), handlers._get_model_registry_store()
uvicorn.run(create_app(app), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


def copy_tests(folder):
    """Puts our tests where tests are, unless a case has just changed them there."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, called in {**TESTS, **BESIDE}.items():
        source, target = f"{here}/{name}", f"{folder}/src/{called}"
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            shutil.copyfile(source, target)


def variables(folder):
    """What `mlflow server --app-name basic-auth` tells its workers; a case may have set other values."""
    wanted = {
        "MLFLOW_AUTH_CONFIG_PATH": f"{folder}/auth.ini",
        "MLFLOW_FLASK_SERVER_SECRET_KEY": "azimuth",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ALLOWED_HOSTS": "localhost:*,127.0.0.1:*,models.test:*",
        "_MLFLOW_SERVER_FILE_STORE": f"sqlite:///{HOME}/runs.db",
        "_MLFLOW_SERVER_REGISTRY_STORE": f"sqlite:///{HOME}/runs.db",
        "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
        "_MLFLOW_SERVER_ARTIFACT_DESTINATION": f"{HOME}/artifacts",
        "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
        "_MLFLOW_SGI_NAME": "uvicorn",
        # What is too large for memory waits on the same disk.
        "TMPDIR": machine.DISK,
    }
    return {name: os.environ.get(name, value) for name, value in wanted.items()}


def make_account(port, name, password):
    body = json.dumps({"username": name, "password": password}).encode()
    by = base64.b64encode(ADMIN.encode()).decode()
    headers = {"Authorization": f"Basic {by}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/2.0/mlflow/users/create", body, headers)
    urllib.request.urlopen(request).close()


def prepare(folder, port):
    """Lets MLflow make its tables and accounts, where nobody asks it yet, and keeps them."""
    server = machine.start(folder, "server", [sys.executable, "-c", SERVE, str(port)], **variables(folder))
    end = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health").close()
            break
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
    for name, password in ACCOUNTS.items():
        make_account(port, name, password)
    server.terminate()
    server.wait()
    subprocess.run(["tar", "-cf", f"{folder}/fresh.tar", "-C", machine.DISK, "mlflow"], check=True)
    shutil.rmtree(HOME)


def main():
    folder, front, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "24m")
    copy_tests(folder)
    for name, text in (("pytest.ini", "[pytest]\n"), ("auth.ini", AUTH)):
        with open(f"{folder}/{name}", "w") as file:
            file.write(text)
    machine.serve_names(folder, "models.test")
    machine.front(folder, "models.test", front, proxy)
    if not os.path.exists(f"{folder}/fresh.tar"):
        os.makedirs(HOME)
        prepare(folder, port + 1)
    subprocess.run(["tar", "-xf", f"{folder}/fresh.tar", "-C", machine.DISK], check=True)
    # The office has a clock that a case may set, and the server one of its own.
    clock = machine.clock(folder)
    with open(f"{folder}/clock-of-the-server", "w") as file:
        file.write("0")
    clock["CLOCK_FILE"] = f"{folder}/clock-of-the-server"
    machine.start(folder, "server", [sys.executable, "-c", SERVE, str(port)], **variables(folder), **clock)
    machine.stay()


if __name__ == "__main__":
    main()
