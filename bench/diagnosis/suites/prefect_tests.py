"""How the waterworks sets its nightly jobs up in Prefect, and what it relies on there."""

import unittest
from datetime import datetime, timedelta, timezone

import httpx
import pytest
from conftest import API, NIGHT, SAFE_API, TIMEOUT, Api, names, until

HOURLY = {"active": True, "schedule": {"interval": 3600}}


class TestDeployments:
    def test_run_gets_its_defaults(self, api, deploy):
        north = deploy("north", parameters={"district": "north", "unit": "m3"})
        run = api.ask("POST", f"/deployments/{north['id']}/create_flow_run", {"parameters": {"unit": "l"}})
        assert run["parameters"] == {"district": "north", "unit": "l"}
        assert (run["state"]["type"], run["tags"]) == ("SCHEDULED", ["north"])
        assert (run["work_pool_name"], run["work_queue_name"]) == ("night", "default")

    def test_same_key_same_run(self, api, deploy):
        north = deploy("north")
        path = f"/deployments/{north['id']}/create_flow_run"
        first = api.ask("POST", path, {"idempotency_key": "north-20"})
        assert api.ask("POST", path, {"idempotency_key": "north-20"})["id"] == first["id"]
        api.ask("POST", path, {"idempotency_key": "north-21"})
        assert api.ask("POST", "/flow_runs/count", {}) == 2

    def test_parameters_are_checked(self, api, deploy):
        schema = {"type": "object", "properties": {"district": {"type": "string"}, "meters": {"type": "integer"}}}
        north = deploy("north", enforce_parameter_schema=True, parameter_openapi_schema=schema)
        path = f"/deployments/{north['id']}/create_flow_run"
        refused = api.call("POST", path, {"parameters": {"meters": "many"}})
        assert refused.status_code == 409
        assert "Validation failed for field 'meters'" in refused.json()["detail"]
        assert api.ask("POST", path, {"parameters": {"meters": 3}})["parameters"]["meters"] == 3

    def test_schedule_makes_runs(self, api, deploy):
        north = deploy("north", schedules=[HOURLY])
        due = until(lambda: api.runs(sort="EXPECTED_START_TIME_ASC", deployment_id={"any_": [north["id"]]}))
        assert all(run["auto_scheduled"] for run in due)
        starts = [datetime.fromisoformat(run["expected_start_time"].replace("Z", "+00:00")) for run in due[:3]]
        assert [later - earlier for earlier, later in zip(starts, starts[1:])] == [timedelta(hours=1)] * 2

    def test_schedule_switched_off(self, api, deploy):
        north = deploy("north", schedules=[HOURLY])
        mine = {"flow_runs": {"deployment_id": {"any_": [north["id"]]}}}
        until(lambda: api.ask("POST", "/flow_runs/count", mine))
        (schedule,) = api.ask("GET", f"/deployments/{north['id']}/schedules")
        api.ask("PATCH", f"/deployments/{north['id']}/schedules/{schedule['id']}", {"active": False})
        until(lambda: api.ask("POST", "/flow_runs/count", mine) == 0)
        assert api.ask("GET", "/deployments/name/readings/north")["schedules"][0]["active"] is False


class TestRuns:
    def test_life_of_a_run(self, api, deploy, run_of):
        run = run_of(deploy(), "first")["id"]
        api.through(run, "PENDING", "RUNNING", "COMPLETED")
        states = api.ask("GET", "/flow_run_states/", params={"flow_run_id": run})
        assert names(states) == ["Scheduled", "Pending", "Running", "Completed"]
        done = api.ask("GET", f"/flow_runs/{run}")
        assert (done["state_name"], done["run_count"]) == ("Completed", 1)
        assert done["start_time"] < done["end_time"]

    def test_claimed_once(self, api, deploy, run_of):
        run = run_of(deploy(), "first")["id"]
        assert api.state(run, "PENDING")["status"] == "ACCEPT"
        second = api.state(run, "PENDING")
        assert second["status"] == "ABORT"
        assert "PENDING" in second["details"]["reason"]

    def test_failed_is_tried_again(self, api, deploy, run_of):
        run = run_of(deploy(), "first", empirical_policy={"retries": 1, "retry_delay": 0})["id"]
        api.through(run, "PENDING", "RUNNING")
        again = api.state(run, "FAILED", message="no meters")
        assert (again["status"], again["state"]["name"]) == ("REJECT", "AwaitingRetry")
        api.through(run, "RUNNING", "FAILED")
        assert api.ask("GET", f"/flow_runs/{run}")["run_count"] == 2

    def test_late(self, api, deploy, run_of):
        run = run_of(deploy(), "forgotten", after=-30)["id"]
        until(lambda: api.ask("GET", f"/flow_runs/{run}")["state_name"] == "Late")
        assert names(api.runs(state={"name": {"any_": ["Late"]}})) == ["forgotten"]

    def test_pages(self, api, deploy, run_of):
        north = deploy()
        for name in ("a", "b", "c", "d", "e"):
            run_of(north, name, after=3600)
        pages = [names(api.runs(limit=2, offset=offset)) for offset in (0, 2, 4)]
        assert pages == [["a", "b"], ["c", "d"], ["e"]]
        page = api.ask("POST", "/flow_runs/paginate", {"sort": "NAME_DESC", "limit": 2, "page": 2})
        assert (page["count"], page["pages"], names(page["results"])) == (5, 3, ["c", "b"])

    def test_counted_by_state(self, api, deploy, run_of):
        north = deploy()
        first, second, _ = [run_of(north, name)["id"] for name in ("a", "b", "c")]
        api.through(first, "PENDING", "RUNNING", "COMPLETED")
        api.through(second, "PENDING", "RUNNING", "CRASHED")
        counts = {}
        for kind in ("SCHEDULED", "COMPLETED", "CRASHED"):
            wanted = {"flow_runs": {"state": {"type": {"any_": [kind]}}}}
            counts[kind] = api.ask("POST", "/flow_runs/count", wanted)
        assert counts == {"SCHEDULED": 1, "COMPLETED": 1, "CRASHED": 1}

    def test_log(self, api, deploy, run_of):
        run = run_of(deploy(), "first")["id"]
        now = datetime.now(timezone.utc)
        lines = [(20, "begun"), (30, "a meter is slow"), (40, "a meter is silent")]
        stamps = [(now + timedelta(seconds=place)).isoformat() for place in range(3)]
        body = [
            {"name": "night", "level": level, "message": text, "timestamp": stamp, "flow_run_id": run}
            for (level, text), stamp in zip(lines, stamps)
        ]
        api.ask("POST", "/logs/", body)
        wanted = {"logs": {"flow_run_id": {"any_": [run]}, "level": {"ge_": 30}}, "sort": "TIMESTAMP_ASC"}
        found = api.ask("POST", "/logs/filter", wanted)
        assert [line["message"] for line in found] == ["a meter is slow", "a meter is silent"]

    def test_tasks_of_a_run(self, api, deploy, run_of):
        run = run_of(deploy(), "first")["id"]
        api.through(run, "PENDING", "RUNNING")
        tasks = {}
        for name in ("read", "bill"):
            body = {"name": name, "flow_run_id": run, "task_key": name, "dynamic_key": "0"}
            tasks[name] = api.ask("POST", "/task_runs/", body)["id"]
        for kind in ("RUNNING", "COMPLETED"):
            answer = api.ask("POST", f"/task_runs/{tasks['read']}/set_state", {"state": {"type": kind}})
            assert answer["status"] == "ACCEPT"
        mine = {"flow_runs": {"id": {"any_": [run]}}, "sort": "NAME_ASC"}
        found = api.ask("POST", "/task_runs/filter", mine)
        assert [(task["name"], task["state_type"]) for task in found] == [("bill", "PENDING"), ("read", "COMPLETED")]


class TestPools:
    def test_urgent_queue_first(self, api, deploy, run_of):
        api.ask("POST", "/work_pools/night/queues", {"name": "urgent", "priority": 1})
        north, south = deploy("north"), deploy("south", work_queue_name="urgent")
        run_of(north, "can wait", after=-20)
        run_of(south, "at once", after=-5)
        (first,) = api.given_out(limit=1)
        assert first["flow_run"]["name"] == "at once"
        assert [due["flow_run"]["name"] for due in api.given_out()] == ["at once", "can wait"]

    def test_one_at_a_time(self, api, deploy, run_of):
        api.ask("PATCH", "/work_pools/night", {"concurrency_limit": 1})
        north = deploy()
        first, second = run_of(north, "a", after=-20)["id"], run_of(north, "b", after=-10)["id"]
        assert [due["flow_run"]["id"] for due in api.given_out()] == [first]
        api.through(first, "PENDING", "RUNNING")
        assert api.given_out() == []
        api.through(first, "COMPLETED")
        assert [due["flow_run"]["id"] for due in api.given_out()] == [second]

    def test_paused_queue(self, api, deploy, run_of):
        run_of(deploy(), "a", after=-20)
        api.ask("PATCH", "/work_pools/night/queues/default", {"is_paused": True})
        assert api.given_out() == []
        api.ask("PATCH", "/work_pools/night/queues/default", {"is_paused": False})
        assert [due["flow_run"]["name"] for due in api.given_out()] == ["a"]

    def test_worker_is_online(self, api, pool):
        assert pool["status"] == "NOT_READY"
        api.ask("POST", "/work_pools/night/workers/heartbeat", {"name": "pump-house", "heartbeat_interval_seconds": 30})
        (worker,) = api.ask("POST", "/work_pools/night/workers/filter", {})
        assert (worker["name"], worker["status"]) == ("pump-house", "ONLINE")
        assert api.ask("GET", "/work_pools/night")["status"] == "READY"


class TestSlots:
    @pytest.fixture
    def meters(self, api):
        yield api.ask("POST", "/v2/concurrency_limits/", {"name": "meters", "limit": 2})
        api.ask("DELETE", "/v2/concurrency_limits/meters")

    def test_no_more_than_two(self, api, meters):
        taken = {"names": ["meters"], "slots": 2}
        assert names(api.ask("POST", "/v2/concurrency_limits/increment", taken)) == ["meters"]
        locked = api.call("POST", "/v2/concurrency_limits/increment", {"names": ["meters"], "slots": 1})
        assert locked.status_code == 423
        assert float(locked.headers["Retry-After"]) > 0
        api.ask("POST", "/v2/concurrency_limits/decrement", taken)
        assert api.ask("GET", "/v2/concurrency_limits/meters")["active_slots"] == 0

    def test_lease(self, api, meters):
        wanted = {"names": ["meters"], "slots": 1, "lease_duration": 60}
        lease = api.ask("POST", "/v2/concurrency_limits/increment-with-lease", wanted)["lease_id"]
        path = f"/v2/concurrency_limits/leases/{lease}/renew"
        assert api.call("POST", path, {"lease_duration": 120}).status_code == 204
        api.ask("POST", "/v2/concurrency_limits/decrement-with-lease", {"lease_id": lease})
        assert api.call("POST", path, {"lease_duration": 120}).status_code == 404


class TestThings:
    def test_variable(self, api):
        api.ask("POST", "/variables/", {"name": "price", "value": 240, "tags": ["bills"]})
        again = api.call("POST", "/variables/", {"name": "price", "value": 250})
        assert again.status_code == 409
        assert "already exists" in again.json()["detail"]
        api.ask("PATCH", "/variables/name/price", {"value": 255})
        assert api.ask("GET", "/variables/name/price")["value"] == 255
        api.ask("DELETE", "/variables/name/price")

    def test_secret_is_kept(self, api):
        secret = api.ask("GET", "/block_types/slug/secret")["id"]
        (schema,) = api.ask("POST", "/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [secret]}}})
        body = {"block_type_id": secret, "block_schema_id": schema["id"], "name": "key", "data": {"value": "blue-valve"}}
        block = api.ask("POST", "/block_documents/", body)
        path = "/block_types/slug/secret/block_documents/name/key"
        assert api.ask("GET", path)["data"] == {"value": "********"}
        assert api.ask("GET", path, params={"include_secrets": "true"})["data"] == {"value": "blue-valve"}
        api.ask("DELETE", f"/block_documents/{block['id']}")

    def test_artifact_of_today(self, api):
        for text in ("nothing yet", "245 m3"):
            api.ask("POST", "/artifacts/", {"key": "report", "type": "markdown", "data": text})
        assert api.ask("GET", "/artifacts/report/latest")["data"] == "245 m3"
        assert api.ask("POST", "/artifacts/count", {}) == 2
        (newest,) = api.ask("POST", "/artifacts/latest/filter", {})
        assert (newest["key"], newest["data"]) == ("report", "245 m3")

    def test_event_arrives(self, api):
        now = datetime.now(timezone.utc)
        event = {
            "occurred": now.isoformat(),
            "event": "water.valve.closed",
            "resource": {"prefect.resource.id": "water.valve.7"},
            "payload": {"by": "ada"},
            "id": "6f1c1de2-6f0a-4a4e-9d43-0c1b70d5a001",
        }
        api.ask("POST", "/events", [event])
        since = {"since": (now - timedelta(minutes=5)).isoformat(), "until": (now + timedelta(minutes=5)).isoformat()}
        wanted = {"filter": {"event": {"prefix": ["water."]}, "occurred": since}}
        found = until(lambda: api.ask("POST", "/events/filter", wanted)["events"])
        assert [(one["event"], one["payload"]) for one in found] == [("water.valve.closed", {"by": "ada"})]


class FlowTest(unittest.TestCase):
    """As those of the waterworks write them who came from another framework."""

    def setUp(self):
        self.client = httpx.Client(base_url=API, auth=NIGHT, timeout=TIMEOUT)
        self.addCleanup(self.client.close)
        made = self.client.post("/flows/", json={"name": "billing", "tags": ["money"]})
        self.assertEqual(made.status_code, 201, made.text)
        self.flow = made.json()["id"]
        self.addCleanup(lambda: self.client.delete(f"/flows/{self.flow}").raise_for_status())

    def test_found_by_its_name(self):
        found = self.client.get("/flows/name/billing")
        self.assertEqual(found.status_code, 200, found.text)
        self.assertEqual((found.json()["id"], found.json()["tags"]), (self.flow, ["money"]))
        self.assertEqual(self.client.get("/flows/name/bailing").status_code, 404)

    def test_found_by_its_tags(self):
        self.client.post("/flows/", json={"name": "cleaning"}).raise_for_status()
        self.client.patch(f"/flows/{self.flow}", json={"tags": ["money", "night"]}).raise_for_status()
        wanted = {"flows": {"tags": {"all_": ["money", "night"]}}}
        found = self.client.post("/flows/filter", json=wanted)
        self.assertEqual([flow["name"] for flow in found.json()], ["billing"])
        self.assertEqual(self.client.post("/flows/count", json={}).json(), 2)


class TestOverTls:
    def test_server_is_well(self):
        api = Api(url=SAFE_API)
        assert api.ask("GET", "/health") is True
        assert api.ask("GET", "/admin/version").startswith("3.4")
        made = api.ask("POST", "/flows/", {"name": "over tls"})
        assert api.ask("GET", f"/flows/{made['id']}")["name"] == "over tls"
