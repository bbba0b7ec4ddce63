"""The berth office of the harbour: who lies where, and for how long. It keeps all it knows in etcd."""

import base64
import json
import os
import threading
import time
from datetime import datetime, timedelta, timezone
from functools import lru_cache

import jwt
import requests
from flask import Flask, g, jsonify, request
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

SECRET = "a-harbour-master-keeps-this-to-himself"
PINS = {"marit": "1881", "olav": "2904"}
PAGE = 3
PRINTS = os.path.join(os.environ.get("HARBOUR_DISK", "/var/lib/harbour"), "prints")
PILOT_PAUSE = float(os.environ.get("HARBOUR_PILOT_PAUSE", "0.4"))

app = Flask("harbour")


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.status, self.error = status, error


class Store:
    """etcd, as its gateway offers it."""

    def __init__(self):
        self.session = requests.Session()
        again = Retry(
            total=int(os.environ.get("HARBOUR_RETRIES", "1")),
            status_forcelist=(429, 503),
            allowed_methods=None,
            backoff_factor=0.1,
            raise_on_status=False,
        )
        self.session.mount("http://", HTTPAdapter(max_retries=again))
        self.timeout = float(os.environ.get("HARBOUR_TIMEOUT", "3"))
        self.token = None

    def ask(self, path, body):
        answer = self.post(path, body)
        if answer.status_code == 401:
            # The token has ended: a new one is to be had.
            self.token = None
            answer = self.post(path, body)
        if answer.status_code != 200:
            raise requests.HTTPError(f"etcd: {answer.status_code} {answer.text}")
        return answer.json()

    def post(self, path, body):
        url = os.environ["ETCD_URL"] + "/v3"
        if self.token is None:
            account = {"name": "harbour", "password": os.environ.get("HARBOUR_PASSWORD", "bollard-9")}
            answer = self.session.post(url + "/auth/authenticate", json=account, timeout=self.timeout)
            if answer.status_code != 200:
                raise requests.HTTPError(f"etcd: {answer.status_code} {answer.text}")
            self.token = answer.json()["token"]
        headers = {"Authorization": self.token}
        return self.session.post(url + path, json=body, headers=headers, timeout=self.timeout)

    def get(self, key):
        """What stands there, and its revision; nothing and 0 where nothing does."""
        found = self.ask("/kv/range", {"key": coded(key)}).get("kvs")
        if not found:
            return None, 0
        return json.loads(base64.b64decode(found[0]["value"])), int(found[0]["mod_revision"])

    def under(self, prefix):
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        found = self.ask("/kv/range", {"key": coded(prefix), "range_end": coded(end), "sort_target": "KEY"})
        return [json.loads(base64.b64decode(one["value"])) for one in found.get("kvs", [])]

    def put(self, key, value):
        self.ask("/kv/put", {"key": coded(key), "value": coded(json.dumps(value))})

    def put_if(self, key, value, revision, lease=None):
        """Only if what stands there is of that revision; of 0: if nothing does."""
        put = {"key": coded(key), "value": coded(json.dumps(value))}
        if lease:
            put["lease"] = lease
        compared = {"key": coded(key), "target": "MOD", "result": "EQUAL", "mod_revision": str(revision)}
        done = self.ask("/kv/txn", {"compare": [compared], "success": [{"request_put": put}]})
        return done.get("succeeded", False)


def coded(text):
    return base64.b64encode(text.encode()).decode()


store = Store()


@app.errorhandler(Refused)
def refused(problem):
    return jsonify(error=problem.error), problem.status


@app.errorhandler(requests.RequestException)
def no_answer(problem):
    return jsonify(error="the books cannot be read", detail=str(problem)), 502


@app.errorhandler(OSError)
def machine(problem):
    return jsonify(error=f"{problem.strerror}: {os.path.basename(problem.filename or '')}"), 500


@app.before_request
def know_captain():
    if request.path in ("/login", "/tide"):
        return
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        g.captain = jwt.decode(token, SECRET, algorithms=["HS256"])["sub"]
    except jwt.ExpiredSignatureError:
        raise Refused(401, "token has expired")
    except jwt.InvalidTokenError:
        raise Refused(401, "no token of ours")


@app.post("/login")
def log_in():
    wanted = request.get_json()
    if PINS.get(wanted["captain"]) != wanted["pin"]:
        raise Refused(401, "no such captain or pin")
    end = datetime.now(timezone.utc) + timedelta(minutes=30)
    token = jwt.encode({"sub": wanted["captain"], "exp": end}, SECRET, algorithm="HS256")
    return jsonify(token=token, expires=end.isoformat())


def berth_of(name):
    berth, revision = store.get(f"/harbour/berths/{name}")
    if berth is None:
        raise Refused(404, f"no berth {name}")
    return berth, revision


def claims():
    return {claim["berth"]: claim for claim in store.under("/harbour/claims/")}


@app.post("/berths")
def make_berth():
    wanted = request.get_json()
    berth = {"name": wanted["name"], "quay": wanted["quay"], "length": wanted["length"], "notes": {}}
    if not store.put_if(f"/harbour/berths/{berth['name']}", berth, 0):
        raise Refused(409, f"there is a berth {berth['name']}")
    return jsonify(berth), 201


@app.get("/berths")
def list_berths():
    quay, free, page = request.args.get("quay"), request.args.get("free"), int(request.args.get("page", "1"))
    found = [berth for berth in store.under("/harbour/berths/") if quay is None or berth["quay"] == quay]
    if free:
        taken = claims()
        found = [berth for berth in found if berth["name"] not in taken]
    shown = found[(page - 1) * PAGE : page * PAGE]
    return jsonify(berths=shown, page=page, pages=-(-len(found) // PAGE), total=len(found))


@app.get("/berths/<name>")
def show_berth(name):
    berth, _ = berth_of(name)
    claim, _ = store.get(f"/harbour/claims/{name}")
    return jsonify(**berth, ship=claim["ship"] if claim else None)


@app.patch("/berths/<name>")
def note(name):
    berth, revision = berth_of(name)
    berth["notes"] = {**berth["notes"], **request.get_json()["notes"]}
    if not store.put_if(f"/harbour/berths/{name}", berth, revision):
        raise Refused(409, "somebody else was quicker")
    return jsonify(berth)


@app.post("/berths/<name>/claims")
def claim_berth(name):
    wanted = request.get_json()
    berth, _ = berth_of(name)
    if wanted["length"] > berth["length"]:
        raise Refused(422, f"{wanted['ship']} is too long for {name}")
    minutes = wanted.get("minutes", 60)
    lease = store.ask("/lease/grant", {"TTL": minutes * 60, "ID": 0})["ID"]
    end = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    claim = {"berth": name, "ship": wanted["ship"], "captain": g.captain, "lease": lease, "until": end.isoformat()}
    if not store.put_if(f"/harbour/claims/{name}", claim, 0, lease):
        raise Refused(409, f"{name} is taken")
    return jsonify(claim), 201


def own_claim(name):
    claim, _ = store.get(f"/harbour/claims/{name}")
    if claim is None:
        raise Refused(404, f"nobody has claimed {name}")
    if claim["captain"] != g.captain:
        raise Refused(403, "another captain has claimed it")
    return claim


@app.post("/berths/<name>/claims/renew")
def renew(name):
    claim = own_claim(name)
    kept = store.ask("/lease/keepalive", {"ID": claim["lease"]})["result"]
    return jsonify(berth=name, seconds=int(kept["TTL"]))


@app.delete("/berths/<name>/claims")
def give_back(name):
    claim = own_claim(name)
    store.ask("/kv/lease/revoke", {"ID": claim["lease"]})
    return jsonify(berth=name, free=True)


@app.post("/arrivals")
def announce():
    wanted = request.get_json()
    number = len(store.under("/harbour/arrivals/")) + 1
    arrival = {"number": number, "ship": wanted["ship"], "status": "expected", "pilot": None}
    if not store.put_if(f"/harbour/arrivals/{number:04}", arrival, 0):
        raise Refused(409, "somebody else was quicker")
    call_pilot()
    return jsonify(arrival), 202


@app.get("/arrivals/<int:number>")
def show_arrival(number):
    arrival, _ = store.get(f"/harbour/arrivals/{number:04}")
    if arrival is None:
        raise Refused(404, "nobody of that number is expected")
    return jsonify(arrival)


@app.get("/tide")
def tide():
    level, _ = store.get("/harbour/tide")
    if level is None:
        raise Refused(503, "nobody has measured the tide")
    return jsonify(level_cm=level["cm"], warning=level["cm"] >= 450)


@app.post("/prints")
def print_day():
    lines = [f"{claim['berth']} {claim['ship']} {claim['captain']}" for claim in store.under("/harbour/claims/")]
    path = os.path.join(PRINTS, "day.txt")
    with open(path, "w") as file:
        file.write("\n".join(lines).ljust(16384))
    return jsonify(file="day.txt", lines=len(lines))


@lru_cache
def call_pilot():
    """There is one, who comes with the first ship."""
    threading.Thread(target=pilot, daemon=True).start()


def pilot():
    """Brings the ships in that are expected, one after the other."""
    while True:
        time.sleep(PILOT_PAUSE)
        try:
            for arrival in store.under("/harbour/arrivals/"):
                if arrival["status"] == "expected":
                    arrival.update(status="moored", pilot="sigrid")
                    store.put(f"/harbour/arrivals/{arrival['number']:04}", arrival)
                    break
        except (requests.RequestException, OSError):
            # Next time.
            pass


if __name__ == "__main__":
    app.run("127.0.0.16", 12140, threaded=True)
