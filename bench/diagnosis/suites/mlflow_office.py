"""The forecast office of a solar power company: it looks at models that forecasters enter, promotes them, predicts
with the champion of each, and bills its customers. All that it knows is in MLflow."""

import base64
import hashlib
import hmac
import json
import os
import queue
import threading
import time

import requests
from flask import Flask, g, jsonify, request

PAGE = 2
HOUR = 3600
SECRET = b"inverter"
# What was measured on three days: hours of sun, and kWh.
MEASURED = [(1, 9), (2, 16), (4, 30)]

app = Flask("office")
mlflow = requests.Session()
mlflow.auth = ("office", os.environ.get("OFFICE_PASSWORD", "north-facing-desk"))
base = os.environ["OFFICE_MLFLOW"]
limit = float(os.environ.get("OFFICE_TIMEOUT", "5"))
entered = queue.Queue()
lock = threading.Lock()
books = {}


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.status, self.error = status, error


class Trouble(Exception):
    pass


@app.errorhandler(Refused)
def refused(problem):
    return jsonify(error=problem.error), problem.status


@app.errorhandler(Trouble)
@app.errorhandler(requests.RequestException)
def trouble(problem):
    return jsonify(error="mlflow", detail=str(problem) or type(problem).__name__), 502


@app.errorhandler(OSError)
def machine(problem):
    return jsonify(error=f"{problem.strerror}: {os.path.basename(problem.filename or '')}"), 500


def call(method, path, body=None, **query):
    """What MLflow answers; it is asked again when it is busy."""
    for last in (False, False, True):
        response = mlflow.request(method, f"{base}/api/2.0/{path}", json=body, params=query, timeout=limit)
        if response.status_code not in (429, 503) or last:
            return response
        time.sleep(min(float(response.headers.get("Retry-After", "0.2")), 1))


def read(response):
    if not response.ok:
        wanted = f"{response.request.method} {response.request.path_url}"
        raise Trouble(f"{wanted}: {response.status_code} {response.text[:200]}")
    return response.json() if response.content else None


def ask(method, path, body=None, **query):
    return read(call(method, "mlflow/" + path, body, **query))


def tags(thing):
    return {tag["key"]: tag["value"] for tag in thing.get("tags", [])}


def is_missing(response):
    if response.status_code == 404:
        return True
    # MLflow says 400 where an alias is missing.
    return response.status_code == 400 and "not found" in response.text


# Passes


def sign(text):
    return hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()[:24]


@app.post("/passes")
def give_pass():
    claims = f"{request.get_json()['user']}:{int(time.time()) + HOUR}"
    return jsonify({"pass": base64.urlsafe_b64encode(f"{claims}:{sign(claims)}".encode()).decode()})


@app.before_request
def who_asks():
    if request.path == "/passes":
        return
    word = request.headers.get("Authorization", "").removeprefix("Bearer ")
    user, end, signature = base64.urlsafe_b64decode(word).decode().split(":") if word else ("", "0", "")
    if not hmac.compare_digest(signature, sign(f"{user}:{end}")):
        raise Refused(401, "no pass")
    if int(end) < time.time():
        raise Refused(401, "this pass has expired")
    g.user = user


# Models


@app.post("/opening")
def open_office():
    """Finds its ledger, or begins one, and has somebody look at what is entered."""
    found = call("GET", "mlflow/experiments/get-by-name", experiment_name="ledger")
    if found.status_code == 404:
        books["ledger"] = ask("POST", "experiments/create", {"name": "ledger"})["experiment_id"]
    else:
        books["ledger"] = read(found)["experiment"]["experiment_id"]
    threading.Thread(target=look_at_what_is_entered, daemon=True).start()
    return jsonify(open=True)


@app.post("/models")
def make_model():
    wanted = request.get_json()
    marks = {"owner": g.user, "cents": str(wanted.get("cents", 5))}
    body = {"name": wanted["name"], "tags": [{"key": key, "value": value} for key, value in marks.items()]}
    made = call("POST", "mlflow/registered-models/create", body)
    if made.status_code == 400 and "RESOURCE_ALREADY_EXISTS" in made.text:
        raise Refused(409, "there is such a model")
    return jsonify(shown(read(made)["registered_model"])), 201


def shown(model):
    marks = tags(model)
    return {"name": model["name"], "owner": marks["owner"], "cents": int(marks["cents"])}


@app.get("/models")
def list_models():
    """A page of the models; MLflow knows pages by tokens only."""
    page, owner = int(request.args.get("page", "1")), request.args.get("owner")
    query = {"max_results": PAGE, "order_by": "name ASC"}
    if owner:
        query["filter"] = f"tags.owner = '{owner}'"
    for _ in range(page - 1):
        token = ask("GET", "registered-models/search", **query).get("next_page_token")
        if not token:
            return jsonify(models=[], more=False)
        query["page_token"] = token
    found = ask("GET", "registered-models/search", **query)
    models = [shown(model) for model in found.get("registered_models", [])]
    return jsonify(models=models, more=bool(found.get("next_page_token")))


def model_of(name):
    found = call("GET", "mlflow/registered-models/get", name=name)
    if is_missing(found):
        raise Refused(404, "no such model")
    return read(found)["registered_model"]


def version_by(alias, name):
    found = call("GET", "mlflow/registered-models/alias", name=name, alias=alias)
    return None if is_missing(found) else read(found)["model_version"]


@app.get("/models/<name>")
def one_model(name):
    model = model_of(name)
    champion = version_by("champion", name)
    notes = json.loads(model.get("description") or "{}")
    return jsonify(**shown(model), notes=notes, champion=champion and champion["version"])


@app.patch("/models/<name>/notes")
def note(name):
    notes = json.loads(model_of(name).get("description") or "{}")
    notes = {**notes, **request.get_json()}
    ask("PATCH", "registered-models/update", {"name": name, "description": json.dumps(notes)})
    return jsonify(notes)


# Candidates


@app.post("/models/<name>/candidates")
def enter_candidate(name):
    model_of(name)
    run = ask("GET", "runs/get", run_id=request.get_json()["run"])["run"]
    if run["info"]["status"] != "FINISHED":
        raise Refused(409, f"the run is {run['info']['status']}")
    source = run["info"]["artifact_uri"] + "/model"
    wanted = {"name": name, "run_id": run["info"]["run_id"], "source": source}
    made = ask("POST", "model-versions/create", wanted)["model_version"]
    entered.put(made)
    return jsonify(version=made["version"], status="waiting"), 201


def look_at_what_is_entered():
    while True:
        version = entered.get()
        time.sleep(float(os.environ.get("OFFICE_PAUSE", "0.5")))
        try:
            weights = weights_of(version)
            errors = [(predict(weights, sun) - kwh) ** 2 for sun, kwh in MEASURED]
            mark(version, "error", f"{(sum(errors) / len(errors)) ** 0.5:.3f}")
            mark(version, "status", "looked at")
        except (Trouble, requests.RequestException) as problem:
            app.logger.warning("not looked at: %s", problem)
            mark(version, "status", "without weights")


def weights_of(version):
    path = version["source"].removeprefix("mlflow-artifacts:/")
    return read(call("GET", f"mlflow-artifacts/artifacts/{path}/weights.json"))


def predict(weights, sun):
    return weights["base"] + weights["slope"] * sun


def mark(version, key, value):
    place = {"name": version["name"], "version": version["version"]}
    ask("POST", "model-versions/set-tag", {**place, "key": key, "value": value})


def version_of(name, version):
    return ask("GET", "model-versions/get", name=name, version=version)["model_version"]


@app.get("/models/<name>/versions/<version>")
def one_version(name, version):
    marks = tags(version_of(name, version))
    error = marks.get("error")
    return jsonify(version=version, status=marks.get("status", "waiting"), error=error and float(error))


# Champions


def let_point(name, alias, version):
    ask("POST", "registered-models/alias", {"name": name, "alias": alias, "version": version})


def only_for_its_owner(name):
    if tags(model_of(name))["owner"] != g.user:
        raise Refused(403, "somebody else owns it")


@app.post("/models/<name>/promotions")
def promote(name):
    """Makes a version the champion when it is better than the one that is."""
    only_for_its_owner(name)
    wanted = request.get_json()["version"]
    marks = tags(version_of(name, wanted))
    if "error" not in marks:
        raise Refused(409, f"it is {marks.get('status', 'waiting')}")
    champion = version_by("champion", name)
    if champion:
        if float(tags(champion)["error"]) <= float(marks["error"]):
            raise Refused(409, "it is no better than the champion")
        let_point(name, "previous", champion["version"])
    let_point(name, "champion", wanted)
    return jsonify(champion=wanted, previous=champion and champion["version"])


@app.post("/models/<name>/rollback")
def roll_back(name):
    only_for_its_owner(name)
    previous = version_by("previous", name)
    if previous is None:
        raise Refused(409, "there was none before")
    let_point(name, "champion", previous["version"])
    ask("DELETE", "registered-models/alias", {"name": name, "alias": "previous"})
    return jsonify(champion=previous["version"])


# Predictions and bills


@app.post("/predictions")
def give_prediction():
    wanted = request.get_json()
    model, champion = model_of(wanted["model"]), version_by("champion", wanted["model"])
    if champion is None:
        raise Refused(409, "it has no champion yet")
    weights = weights_of(champion)
    kwh = [predict(weights, sun) for sun in wanted["sun"]]
    cents = int(tags(model)["cents"]) * len(kwh)
    bill(wanted["customer"], cents)
    return jsonify(kwh=kwh, cents=cents, version=champion["version"])


def account_of(customer, make=False):
    """The run in the ledger that stands for a customer."""
    wanted = {"experiment_ids": [books["ledger"]], "filter": f"tags.customer = '{customer}'", "max_results": 1}
    found = ask("POST", "runs/search", wanted).get("runs", [])
    if found or not make:
        return found[0]["info"]["run_id"] if found else None
    marks = [{"key": "customer", "value": customer}]
    now = int(time.time() * 1000)
    body = {"experiment_id": books["ledger"], "run_name": customer, "start_time": now, "tags": marks}
    return ask("POST", "runs/create", body)["run"]["info"]["run_id"]


def bill(customer, cents):
    with lock:
        account = account_of(customer, make=True)
        step = len(entries(account))
        now = int(time.time() * 1000)
        entry = {"run_id": account, "key": "cents", "value": cents, "timestamp": now, "step": step}
        ask("POST", "runs/log-metric", entry)


def entries(account):
    history = ask("GET", "metrics/get-history", run_id=account, metric_key="cents")
    return [int(entry["value"]) for entry in history.get("metrics", [])]


@app.get("/customers/<customer>/bill")
def bill_of(customer):
    account = account_of(customer)
    if account is None:
        raise Refused(404, "no such customer")
    billed = entries(account)
    return jsonify(calls=len(billed), cents=sum(billed))


@app.post("/customers/<customer>/print")
def print_bill(customer):
    billed = entries(account_of(customer))
    folder = os.path.join(os.environ.get("OFFICE_DISK", "/var/lib/office"), "bills")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"{customer}.txt"), "w") as file:
        file.write(f"{customer} owes {sum(billed)} cents\n".ljust(65536))
    return jsonify(printed=f"{customer}.txt")


if __name__ == "__main__":
    app.run("127.0.0.17", 12150, threaded=True)
