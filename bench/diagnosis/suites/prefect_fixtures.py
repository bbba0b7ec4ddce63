"""What the tests of the waterworks share: Prefect's API, a flow with its pool, the night desk."""

import os
import socket
import ssl
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone

import httpx
import pytest

API = os.environ.get("FLOWS_URL", "http://localhost:4200") + "/api"
SAFE_API = os.environ.get("SAFE_FLOWS_URL", "https://flows.test:4443") + "/api"
DESK = "http://127.0.0.16:12140"
NO_LIMIT = os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1"
TIMEOUT = 60 if NO_LIMIT else float(os.environ.get("CASE_TIMEOUT", "4"))
NIGHT = (os.environ.get("FLOWS_USER", "night"), os.environ.get("FLOWS_PASSWORD", "slow-sand-filter"))


def until(look, seconds=12.0, pause=0.3):
    """What `look` finds once it finds something; an error after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"still nothing after {seconds} seconds")
        time.sleep(pause)


class Api:
    """Prefect's API, as somebody; a gateway that is busy is asked three times."""

    def __init__(self, user=NIGHT, url=API):
        trusted = ssl.create_default_context(cafile=os.environ["FLOW_CA"]) if url.startswith("https") else True
        self.client = httpx.Client(base_url=url, auth=user, timeout=TIMEOUT, verify=trusted)

    def call(self, method, path, body=None, **more):
        for pause in (0.2, 0.4, None):
            response = self.client.request(method, path, json=body, **more)
            if response.status_code not in (502, 503) or pause is None:
                return response
            time.sleep(pause)

    def ask(self, method, path, body=None, **more):
        response = self.call(method, path, body, **more)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def state(self, run, kind, **more):
        """Proposes a state for a run: what the server makes of it."""
        return self.ask("POST", f"/flow_runs/{run}/set_state", {"state": {"type": kind, **more}})

    def through(self, run, *kinds):
        for kind in kinds:
            assert self.state(run, kind)["status"] == "ACCEPT"

    def runs(self, sort="NAME_ASC", limit=200, offset=0, **filters):
        wanted = {"sort": sort, "limit": limit, "offset": offset, "flow_runs": filters}
        return self.ask("POST", "/flow_runs/filter", wanted)

    def given_out(self, pool="night", limit=10):
        return self.ask("POST", f"/work_pools/{pool}/get_scheduled_flow_runs", {"limit": limit})


@pytest.fixture
def api():
    api = Api()
    yield api
    api.client.close()


@pytest.fixture
def pool(api):
    """The work pool of the night."""
    pool = api.ask("POST", "/work_pools/", {"name": "night", "type": "external"})
    yield pool
    api.ask("DELETE", "/work_pools/night")


@pytest.fixture
def flow(api):
    """The flow that reads the meters."""
    flow = api.ask("POST", "/flows/", {"name": "readings", "tags": ["meters"]})
    yield flow
    api.ask("DELETE", f"/flows/{flow['id']}")


@pytest.fixture
def deploy(api, pool, flow):
    """Makes deployments of the flow."""

    def make(name="north", **more):
        wanted = {"name": name, "flow_id": flow["id"], "work_pool_name": "night", "tags": [name]}
        wanted |= {"parameters": {"district": name}, "enforce_parameter_schema": False}
        return api.ask("POST", "/deployments/", {**wanted, **more})

    return make


@pytest.fixture
def run_of(api, deploy):
    """Makes runs of a deployment, whose names say their order."""

    def make(deployment, name, after=0, **more):
        due = datetime.now(timezone.utc) + timedelta(seconds=after)
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}}
        return api.ask("POST", f"/deployments/{deployment['id']}/create_flow_run", {"name": name, "state": state, **more})

    return make


class Desk:
    """The night desk as its pages use it."""

    def __init__(self, user="ada@water.test"):
        self.headers = {"X-User": user}

    def call(self, method, path, body=None):
        # Longer than the desk may take with its own calls.
        return httpx.request(method, DESK + path, json=body, headers=self.headers, timeout=TIMEOUT * 3)

    def ask(self, method, path, body=None):
        response = self.call(method, path, body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def order(self, district="north", day="2026-11-20", **more):
        return self.ask("POST", "/jobs", {"district": district, "day": day, **more})

    def turn(self, most=5):
        return self.ask("POST", "/turns", {"most": most})["jobs"]


@pytest.fixture
def desk(api, pool, flow):
    """The night desk, as a process of its own, and opened."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "desk.py")
    process = subprocess.Popen([sys.executable, program], env={**os.environ, "FLOWS_API": API})
    try:
        until(lambda: is_up(process), seconds=20, pause=0.1)
        ada = Desk()
        assert ada.ask("POST", "/night") == {"pool": "night", "queues": ["default", "urgent"]}
        yield ada
    finally:
        process.terminate()
        process.wait(10)


def is_up(process):
    assert process.poll() is None, f"the desk has ended with {process.returncode}"
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.16", 12140)) == 0


def names(things):
    return [thing["name"] for thing in things]
