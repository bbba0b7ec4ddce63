"""The night desk of the waterworks: it takes orders for readings of a district, has them done in turns, and bills them."""

import os
import threading
import time

import httpx
from flask import Flask, jsonify, request

READINGS = {"north": [120, 80, 45], "south": [60, 20], "mill": [900]}
PAGE = 2
TRIES = 2

app = Flask("desk")
flows = httpx.Client(
    base_url=os.environ["FLOWS_API"],
    auth=("night", os.environ.get("DESK_PASSWORD", "slow-sand-filter")),
    timeout=float(os.environ.get("DESK_TIMEOUT", "4")),
)
lock = threading.Lock()
night = {}


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.status, self.error = status, error


class FlowTrouble(Exception):
    pass


@app.errorhandler(Refused)
def refused(problem):
    return jsonify(error=problem.error), problem.status


@app.errorhandler(FlowTrouble)
@app.errorhandler(httpx.HTTPError)
def trouble(problem):
    return jsonify(error="flows", detail=str(problem) or type(problem).__name__), 502


@app.errorhandler(OSError)
def machine(problem):
    return jsonify(error=f"{problem.strerror}: {os.path.basename(problem.filename or '')}"), 500


def call(method, path, body=None, **query):
    """What Prefect answers; it is asked again when it is busy."""
    for last in (False, False, True):
        response = flows.request(method, path, json=body, params=query)
        if response.status_code not in (429, 503) or last:
            return response
        time.sleep(min(float(response.headers.get("Retry-After", "0.2")), 1))


def ask(method, path, body=None, **query):
    response = call(method, path, body, **query)
    if response.is_error:
        raise FlowTrouble(f"{method} {path}: {response.status_code} {response.text[:200]}")
    return response.json() if response.content else None


def propose(run, kind, message=None):
    return ask("POST", f"/flow_runs/{run}/set_state", {"state": {"type": kind, "message": message}})


def job_of(run):
    return {
        "id": run["id"],
        "name": run["name"],
        "district": run["parameters"]["district"],
        "status": run["state"]["name"],
        "tries": run["run_count"],
    }


def run_of(job):
    response = call("GET", f"/flow_runs/{job}")
    if response.status_code == 404:
        raise Refused(404, "no such job")
    if response.is_error:
        raise FlowTrouble(f"{job}: {response.status_code} {response.text[:200]}")
    return response.json()


@app.post("/night")
def open_the_night():
    """Declares what Prefect is to have."""
    flow = ask("GET", "/flows/name/readings")
    ask("POST", "/work_pools/night/queues", {"name": "urgent", "priority": 1})
    deployment = {"name": "districts", "flow_id": flow["id"], "work_pool_name": "night", "work_queue_name": "default"}
    deployment["enforce_parameter_schema"] = False
    night["deployment"] = ask("POST", "/deployments/", deployment)["id"]
    ask("POST", "/variables/", {"name": "cents_per_m3", "value": 240})
    ask("POST", "/v2/concurrency_limits/", {"name": "meters", "limit": 2})
    secret = ask("GET", "/block_types/slug/secret")["id"]
    (schema,) = ask("POST", "/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [secret]}}})
    document = {"block_type_id": secret, "block_schema_id": schema["id"], "name": "meter-key"}
    ask("POST", "/block_documents/", {**document, "data": {"value": "blue-valve"}})
    queues = ask("POST", "/work_pools/night/queues/filter", {})
    return jsonify(pool="night", queues=sorted(queue["name"] for queue in queues))


@app.post("/jobs")
def order():
    wanted = request.get_json()
    district, day = wanted["district"], wanted["day"]
    if not day.startswith("20"):
        raise Refused(422, "no such day")
    body = {
        "name": f"{district} {day}",
        "parameters": {"district": district, "day": day},
        "idempotency_key": f"{district}-{day}",
        "tags": [district, day, f"by:{request.headers['X-User']}"],
        "work_queue_name": "urgent" if wanted.get("urgent") else "default",
        "empirical_policy": {"retries": TRIES, "retry_delay": 0},
    }
    return jsonify(job_of(ask("POST", f"/deployments/{night['deployment']}/create_flow_run", body))), 201


@app.get("/jobs")
def list_jobs():
    page, district = int(request.args.get("page", "1")), request.args.get("district")
    wanted = {"deployment_id": {"any_": [night["deployment"]]}}
    if district:
        wanted["tags"] = {"all_": [district]}
    if "status" in request.args:
        wanted["state"] = {"name": {"any_": [request.args["status"]]}}
    count = ask("POST", "/flow_runs/count", {"flow_runs": wanted})
    filters = {"flow_runs": wanted, "sort": "NAME_ASC", "limit": PAGE, "offset": (page - 1) * PAGE}
    runs = ask("POST", "/flow_runs/filter", filters)
    return jsonify(jobs=[job_of(run) for run in runs], count=count, pages=-(-count // PAGE))


@app.get("/jobs/<job>")
def one_job(job):
    return jsonify(job_of(run_of(job)))


@app.post("/jobs/<job>/cancel")
def cancel(job):
    run = run_of(job)
    if f"by:{request.headers['X-User']}" not in run["tags"]:
        raise Refused(403, "somebody else has ordered it")
    if run["state"]["type"] != "SCHEDULED":
        raise Refused(409, f"it is {run['state']['name']}")
    return jsonify(id=job, status=propose(job, "CANCELLED")["state"]["name"])


@app.post("/turns")
def take_turn():
    """Does what is due, the urgent first."""
    return jsonify(jobs=turn(request.get_json()["most"]))


def turn(most):
    key = ask("GET", "/block_types/slug/secret/block_documents/name/meter-key", include_secrets="true")["data"]["value"]
    done = []
    for run in claim(most):
        propose(run["id"], "RUNNING")
        status = work(run, key)
        if status == "AwaitingRetry":
            with lock:
                night.setdefault("again", []).append(run)
        done.append({"name": run["name"], "status": status})
    return done


def claim(most):
    """What is to be tried again, which Prefect leaves to who has tried it, and what is due."""
    with lock:
        again = night.pop("again", [])
    yield from again
    for due in ask("POST", "/work_pools/night/get_scheduled_flow_runs", {"limit": most}):
        run = due["flow_run"]
        # Another turn may have been quicker.
        if propose(run["id"], "PENDING")["status"] == "ACCEPT":
            yield run


def work(run, key):
    """Reads the meters of a district and bills what they say; what became of it."""
    district = run["parameters"]["district"]
    try:
        used = read_meters(district, key)
    except KeyError:
        log(run, 40, f"the meters of {district} are silent")
        return propose(run["id"], "FAILED", f"no meters in {district}")["state"]["name"]
    price = ask("GET", "/variables/name/cents_per_m3")["value"]
    bill = {"m3": used, "cents": used * price}
    artifact = {"key": f"bill-{district}", "type": "bill", "data": bill, "flow_run_id": run["id"]}
    ask("POST", "/artifacts/", artifact)
    log(run, 20, f"{used} m3 in {district}")
    return propose(run["id"], "COMPLETED")["state"]["name"]


def read_meters(district, key):
    """No more than two districts are read at a time."""
    if key != "blue-valve":
        raise Refused(502, "the meters refuse the key")
    slots = {"names": ["meters"], "slots": 1}
    ask("POST", "/v2/concurrency_limits/increment", slots)
    try:
        return sum(READINGS[district])
    finally:
        ask("POST", "/v2/concurrency_limits/decrement", slots)


def log(run, level, message):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = {"name": "desk", "level": level, "message": message, "timestamp": now, "flow_run_id": run["id"]}
    ask("POST", "/logs/", [line])


@app.get("/jobs/<job>/complaints")
def complaints(job):
    wanted = {"logs": {"flow_run_id": {"any_": [job]}, "level": {"ge_": 40}}, "sort": "TIMESTAMP_ASC"}
    return jsonify(complaints=[line["message"] for line in ask("POST", "/logs/filter", wanted)])


@app.get("/bills/<district>")
def latest_bill(district):
    response = call("GET", f"/artifacts/bill-{district}/latest")
    if response.status_code == 404:
        raise Refused(404, "nothing billed yet")
    if response.is_error:
        raise FlowTrouble(f"bill of {district}: {response.status_code} {response.text[:200]}")
    return jsonify(response.json()["data"])


@app.get("/days/<day>")
def sum_of_a_day(day):
    done = {"tags": {"all_": [day]}, "state": {"type": {"any_": ["COMPLETED"]}}}
    runs = [run["id"] for run in ask("POST", "/flow_runs/filter", {"flow_runs": done})]
    wanted = {"artifacts": {"flow_run_id": {"any_": runs}}, "limit": 200}
    bills = [artifact["data"] for artifact in ask("POST", "/artifacts/filter", wanted)] if runs else []
    return jsonify(bills=len(bills), m3=sum(bill["m3"] for bill in bills), cents=sum(bill["cents"] for bill in bills))


@app.post("/days/<day>/print")
def print_day(day):
    folder = os.path.join(os.environ.get("DESK_DISK", "/var/lib/desk"), "bills")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"{day}.txt"), "w") as file:
        file.write(f"bills of {day}\n".ljust(65536))
    return jsonify(printed=f"{day}.txt")


@app.post("/watch")
def watch():
    """Takes turns by itself from now on."""
    threading.Thread(target=stay_awake, daemon=True).start()
    return jsonify(watching=True)


def stay_awake():
    while True:
        try:
            turn(3)
        except (Refused, FlowTrouble, httpx.HTTPError) as problem:
            app.logger.warning("no turn: %s", problem)
        time.sleep(0.3)


@app.get("/totals")
def totals():
    """How much has been billed in all, which the desk counts itself."""
    with lock:
        return jsonify(night.get("totals", {"m3": 0}))


@app.post("/totals")
def add_to_totals():
    with lock:
        known = night.get("totals", {"m3": 0})["m3"]
        night["totals"] = {"m3": known + request.get_json()["m3"]}
        return jsonify(night["totals"])


if __name__ == "__main__":
    app.run("127.0.0.16", 12140, threaded=True)
