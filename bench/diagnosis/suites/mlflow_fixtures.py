"""What the tests of the forecasters share: MLflow's API, an experiment, trained runs, the forecast office."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time
import uuid

import httpx
import pytest
import requests

MLFLOW = os.environ.get("MODELS_URL", "http://localhost:5090")
SAFE_MLFLOW = os.environ.get("SAFE_MODELS_URL", "https://models.test:5443")
OFFICE = "http://127.0.0.17:12150"
NO_LIMIT = os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1"
TIMEOUT = 60 if NO_LIMIT else float(os.environ.get("CASE_TIMEOUT", "5"))
TRAINER = (os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"])
ADMIN = ("admin", "maximum-power-point")
GUEST = ("guest", "cloudy-sky-guest")
NORTH = {"base": 2, "slope": 7}


def until(look, seconds=10.0, pause=0.3):
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
    """MLflow's API, as somebody; a gateway that is busy is asked three times."""

    def __init__(self, user=TRAINER, url=MLFLOW):
        trusted = ssl.create_default_context(cafile=os.environ["MODELS_CA"]) if url.startswith("https") else True
        self.client = httpx.Client(base_url=url, auth=user, timeout=TIMEOUT, verify=trusted)

    def call(self, method, name, body=None, query=None):
        path = name if name.startswith("/api/") else "/api/2.0/mlflow/" + name
        for pause in (0.2, 0.4, None):
            response = self.client.request(method, path, json=body, params=query)
            if response.status_code not in (502, 503) or pause is None:
                return response
            time.sleep(pause)

    def ask(self, method, name, body=None, query=None):
        response = self.call(method, name, body, query)
        assert response.is_success, f"{method} {name}: {response.status_code} {response.text}"
        return response.json()

    def get(self, what, /, **query):
        return self.ask("GET", what, query=query)

    def post(self, what, /, **body):
        return self.ask("POST", what, body)

    def run(self, run):
        return self.get("runs/get", run_id=run)["run"]

    def search(self, experiment, **wanted):
        return self.post("runs/search", experiment_ids=[experiment], **wanted).get("runs", [])


class Shelf:
    """The artifacts of runs, which are uploaded and fetched as they are."""

    def __init__(self, experiment):
        self.experiment, self.session = experiment, requests.Session()
        self.session.auth = TRAINER

    def place(self, run, path):
        return f"{MLFLOW}/api/2.0/mlflow-artifacts/artifacts/{self.experiment}/{run}/artifacts/{path}"

    def put(self, run, path, data):
        response = self.session.put(self.place(run, path), data=data, timeout=TIMEOUT)
        response.raise_for_status()

    def fetch(self, run, path):
        return self.session.get(self.place(run, path), timeout=TIMEOUT)


@pytest.fixture
def api():
    api = Api()
    yield api
    api.client.close()


@pytest.fixture
def experiment(api):
    """An experiment of this test alone."""
    made = api.post("experiments/create", name=f"parks-{uuid.uuid4().hex[:8]}")["experiment_id"]
    yield made
    api.post("experiments/delete", experiment_id=made)


@pytest.fixture
def run_of(api, experiment):
    """Makes runs of the experiment."""

    def make(name, **tags):
        tags = [{"key": key, "value": value} for key, value in tags.items()]
        now = int(time.time() * 1000)
        run = api.post("runs/create", experiment_id=experiment, run_name=name, start_time=now, tags=tags)
        return run["run"]["info"]["run_id"]

    return make


@pytest.fixture
def shelf(experiment):
    return Shelf(experiment)


@pytest.fixture
def trained(api, run_of, shelf):
    """Makes runs that are done, with a metric and the weights of a model."""

    def make(name, rmse=1.0, weights=NORTH):
        run = run_of(name)
        api.post("runs/log-batch", run_id=run, metrics=[metric("rmse", rmse)], params=[], tags=[])
        if weights is not None:
            shelf.put(run, "model/weights.json", json.dumps(weights))
        api.post("runs/update", run_id=run, status="FINISHED", end_time=int(time.time() * 1000))
        return run

    return make


def metric(key, value, step=0):
    return {"key": key, "value": value, "timestamp": 1_790_000_000_000 + step, "step": step}


class Visitor:
    """The forecast office as its pages use it, with a pass for an hour."""

    def __init__(self, user="ada"):
        self.headers = {}
        self.headers["Authorization"] = "Bearer " + self.ask("POST", "/passes", {"user": user})["pass"]

    def call(self, method, path, body=None):
        # Longer than the office may take with its own calls.
        return httpx.request(method, OFFICE + path, json=body, headers=self.headers, timeout=TIMEOUT * 3)

    def ask(self, method, path, body=None):
        response = self.call(method, path, body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def enter(self, model, run):
        """Enters a run as a candidate: its version once that was looked at."""
        version = self.ask("POST", f"/models/{model}/candidates", {"run": run})["version"]
        until(lambda: self.ask("GET", f"/models/{model}/versions/{version}")["status"] != "waiting")
        return version

    def promote(self, model, version):
        return self.ask("POST", f"/models/{model}/promotions", {"version": version})


@pytest.fixture
def office():
    """The forecast office, as a process of its own, and opened."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "office.py")
    variables = {**os.environ, "OFFICE_MLFLOW": MLFLOW}
    if clock := os.environ.get("OFFICE_CLOCK"):
        variables |= {"LD_PRELOAD": clock + ".so", "CLOCK_FILE": clock}
    process = subprocess.Popen([sys.executable, program], env=variables)
    try:
        until(lambda: is_up(process), seconds=20, pause=0.1)
        ada = Visitor()
        assert ada.ask("POST", "/opening")["open"] is True
        yield ada
    finally:
        process.terminate()
        process.wait(10)


def is_up(process):
    assert process.poll() is None, f"the office has ended with {process.returncode}"
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.17", 12150)) == 0


def names(runs):
    return [run["info"]["run_name"] for run in runs]
