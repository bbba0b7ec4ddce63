"""How the forecasters keep their runs in MLflow, and what they rely on there."""

import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import requests
from conftest import ADMIN, GUEST, MLFLOW, SAFE_MLFLOW, TIMEOUT, TRAINER, Api, metric, names, until


def as_dict(pairs):
    return {pair["key"]: pair["value"] for pair in pairs}


class TestRuns:
    def test_life_of_a_run(self, api, run_of):
        run = run_of("north", park="north")
        params = [{"key": "slope", "value": "7"}, {"key": "base", "value": "2"}]
        api.post("runs/log-batch", run_id=run, metrics=[metric("rmse", 0.25)], params=params, tags=[])
        api.post("runs/update", run_id=run, status="FINISHED", end_time=1_790_000_060_000)
        done = api.run(run)
        assert (done["info"]["status"], done["info"]["end_time"]) == ("FINISHED", 1_790_000_060_000)
        assert as_dict(done["data"]["params"]) == {"slope": "7", "base": "2"}
        assert as_dict(done["data"]["metrics"]) == {"rmse": 0.25}
        assert as_dict(done["data"]["tags"])["park"] == "north"

    def test_params_are_never_changed(self, api, run_of):
        run = run_of("north")
        api.post("runs/log-parameter", run_id=run, key="slope", value="7")
        refused = api.call("POST", "runs/log-parameter", {"run_id": run, "key": "slope", "value": "8"})
        assert refused.status_code == 400
        assert "Changing param values is not allowed" in refused.json()["message"]
        assert as_dict(api.run(run)["data"]["params"]) == {"slope": "7"}

    def test_history_of_a_metric(self, api, run_of):
        run = run_of("north")
        for step, value in enumerate((0.9, 0.5, 0.3)):
            api.post("runs/log-metric", run_id=run, **metric("rmse", value, step))
        history = api.get("metrics/get-history", run_id=run, metric_key="rmse")["metrics"]
        assert [(entry["step"], entry["value"]) for entry in history] == [(0, 0.9), (1, 0.5), (2, 0.3)]
        assert as_dict(api.run(run)["data"]["metrics"]) == {"rmse": 0.3}

    def test_best_run(self, api, experiment, run_of):
        for name, rmse in (("north", 0.4), ("south", 0.2), ("mill", 0.9)):
            api.post("runs/log-metric", run_id=run_of(name), **metric("rmse", rmse))
        best = api.search(experiment, filter="metrics.rmse < 0.5", order_by=["metrics.rmse ASC"])
        assert names(best) == ["south", "north"]
        assert best[0]["data"]["metrics"][0]["value"] == 0.2

    def test_page_by_page(self, api, experiment, run_of):
        for name in "abcde":
            run_of(name)
        wanted = {"experiment_ids": [experiment], "max_results": 2, "order_by": ["attributes.run_name ASC"]}
        pages, token = [], None
        while token is not None or not pages:
            page = api.post("runs/search", **wanted, **({"page_token": token} if token else {}))
            pages.append(names(page["runs"]))
            token = page.get("next_page_token")
        assert pages == [["a", "b"], ["c", "d"], ["e"]]

    def test_deleted_and_restored(self, api, experiment, run_of):
        run, _ = run_of("north"), run_of("south")
        api.post("runs/delete", run_id=run)
        assert names(api.search(experiment)) == ["south"]
        assert names(api.search(experiment, run_view_type="DELETED_ONLY")) == ["north"]
        api.post("runs/restore", run_id=run)
        assert sorted(names(api.search(experiment))) == ["north", "south"]

    def test_tags_are_replaced(self, api, run_of):
        run = run_of("north", stage="draft", reviewer="ada")
        api.post("runs/set-tag", run_id=run, key="stage", value="reviewed")
        api.post("runs/delete-tag", run_id=run, key="reviewer")
        tags = as_dict(api.run(run)["data"]["tags"])
        assert (tags["stage"], "reviewer" in tags) == ("reviewed", False)

    def test_children_of_a_run(self, api, experiment, run_of):
        parent = run_of("sweep")
        for name in ("slope 6", "slope 7"):
            run_of(name, **{"mlflow.parentRunId": parent})
        wanted = f"tags.`mlflow.parentRunId` = '{parent}'"
        children = api.search(experiment, filter=wanted, order_by=["attributes.run_name DESC"])
        assert names(children) == ["slope 7", "slope 6"]

    def test_metric_in_full(self, api, run_of):
        run = run_of("north")
        api.post("runs/log-metric", run_id=run, **metric("rmse", 0.5, 3))
        (latest,) = api.run(run)["data"]["metrics"]
        assert latest == {"key": "rmse", "value": 0.5, "timestamp": 1_790_000_000_003, "step": 3}

    def test_metric_is_a_number(self, api, run_of):
        run = run_of("north")
        refused = api.call("POST", "runs/log-metric", {"run_id": run, **metric("rmse", "much")})
        assert (refused.status_code, refused.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
        assert "metrics" not in api.run(run)["data"]

    def test_four_write_at_once(self, api, run_of):
        run = run_of("north")
        with ThreadPoolExecutor(4) as pool:
            done = [pool.submit(api.post, "runs/log-metric", run_id=run, **metric(f"m{n}", n)) for n in range(4)]
            for one in done:
                one.result()
        assert as_dict(api.run(run)["data"]["metrics"]) == {"m0": 0, "m1": 1, "m2": 2, "m3": 3}


class ParksTest(unittest.TestCase):
    """Experiments, whose names the team has agreed upon."""

    def setUp(self):
        self.api = Api()
        self.park = self.api.post("experiments/create", name="park north")["experiment_id"]

    def tearDown(self):
        self.api.call("POST", "experiments/delete", {"experiment_id": self.park})
        self.api.client.close()

    def test_found_by_its_name(self):
        found = self.api.get("experiments/get-by-name", experiment_name="park north")["experiment"]
        self.assertEqual(found["experiment_id"], self.park)
        self.assertEqual(found["lifecycle_stage"], "active")
        missing = self.api.call("GET", "experiments/get-by-name", query={"experiment_name": "park south"})
        self.assertEqual(missing.status_code, 404)

    def test_renamed(self):
        self.api.post("experiments/update", experiment_id=self.park, new_name="park northwest")
        found = self.api.get("experiments/get", experiment_id=self.park)
        self.assertEqual(found["experiment"]["name"], "park northwest")
        gone = self.api.call("GET", "experiments/get-by-name", query={"experiment_name": "park north"})
        self.assertEqual(gone.json()["error_code"], "RESOURCE_DOES_NOT_EXIST")

    def test_name_is_taken(self):
        again = self.api.call("POST", "experiments/create", {"name": "park north"})
        self.assertEqual(again.json()["error_code"], "RESOURCE_ALREADY_EXISTS")
        self.api.post("experiments/set-experiment-tag", experiment_id=self.park, key="kwp", value="750")
        found = self.api.get("experiments/get", experiment_id=self.park)["experiment"]
        self.assertEqual(as_dict(found["tags"]), {"kwp": "750"})

    def test_listed_until_deleted(self):
        def listed():
            found = self.api.post("experiments/search", max_results=50, order_by=["name ASC"])
            return [experiment["name"] for experiment in found["experiments"]]

        other = self.api.post("experiments/create", name="park south")["experiment_id"]
        self.assertEqual(listed(), ["Default", "park north", "park south"])
        self.api.post("experiments/delete", experiment_id=other)
        self.assertEqual(listed(), ["Default", "park north"])


class TestArtifacts:
    def test_written_and_read(self, run_of, shelf):
        run = run_of("north")
        shelf.put(run, "model/weights.json", '{"base": 2, "slope": 7}')
        fetched = shelf.fetch(run, "model/weights.json")
        assert (fetched.status_code, fetched.json()) == (200, {"base": 2, "slope": 7})

    def test_written_again(self, run_of, shelf):
        run = run_of("north")
        shelf.put(run, "notes.txt", "cloudy")
        shelf.put(run, "notes.txt", "clear sky")
        assert shelf.fetch(run, "notes.txt").text == "clear sky"

    def test_listed_with_sizes(self, api, run_of, shelf):
        run = run_of("north")
        shelf.put(run, "plots/may.csv", "1;2;3")
        shelf.put(run, "plots/june.csv", "4;5;6;7")
        files = api.get("artifacts/list", run_id=run, path="plots")["files"]
        found = sorted((file["path"], file["file_size"]) for file in files)
        assert found == [("plots/june.csv", 7), ("plots/may.csv", 5)]

    def test_large_one(self, run_of, shelf):
        run, data = run_of("north"), "0123456789" * 30_000
        shelf.put(run, "weather.csv", data)
        assert shelf.fetch(run, "weather.csv").text == data


class TestAccounts:
    def test_guest_writes_when_allowed(self, api, experiment, run_of):
        run, guest = run_of("north"), Api(GUEST)
        assert guest.call("POST", "runs/log-metric", {"run_id": run, **metric("rmse", 1)}).status_code == 403
        grant = {"username": "guest", "resource_type": "experiment", "resource_id": experiment, "permission": "EDIT"}
        api.ask("POST", "/api/3.0/mlflow/users/permissions/grant", grant)
        guest.post("runs/log-metric", run_id=run, **metric("rmse", 0.7))
        assert as_dict(guest.run(run)["data"]["metrics"]) == {"rmse": 0.7}

    def test_another_password(self):
        admin = Api(ADMIN)
        admin.post("users/create", username="summer-help", password="first-of-june-1")
        help_ = Api(("summer-help", "first-of-june-1"))
        assert help_.get("users/current")["user"]["username"] == "summer-help"
        admin.ask("PATCH", "users/update-password", {"username": "summer-help", "password": "first-of-july-1"})
        assert help_.call("GET", "users/current").status_code == 401
        again = Api(("summer-help", "first-of-july-1"))
        assert again.get("users/current")["user"]["is_admin"] is False

    def test_nobody_without_a_name(self):
        refused = httpx.get(MLFLOW + "/api/2.0/mlflow/users/current", timeout=TIMEOUT)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic")
        requests.get(MLFLOW + "/version", auth=TRAINER, timeout=TIMEOUT).raise_for_status()


class TestOverTls:
    def test_read_over_tls(self, api, run_of):
        run, safe = run_of("roof"), Api(url=SAFE_MLFLOW)
        assert safe.run(run)["info"]["run_name"] == "roof"

    def test_written_over_tls(self, api, run_of):
        run, safe = run_of("roof"), Api(url=SAFE_MLFLOW)
        safe.post("runs/log-metric", run_id=run, **metric("rmse", 0.4))
        safe.post("runs/update", run_id=run, status="FAILED")
        assert api.run(run)["info"]["status"] == "FAILED"

    def test_refused_over_tls(self):
        with pytest.raises(httpx.HTTPStatusError):
            Api(("trainer", "north-facing-roof"), SAFE_MLFLOW).call("GET", "users/current").raise_for_status()


class TestTraining:
    def test_progress_is_watched(self, api, run_of):
        run = run_of("north")

        def train():
            for step, value in enumerate((0.9, 0.6, 0.2)):
                time.sleep(0.4)
                api.post("runs/log-metric", run_id=run, **metric("rmse", value, step))

        with ThreadPoolExecutor(1) as pool:
            training = pool.submit(train)
            watcher = Api()
            until(lambda: as_dict(watcher.run(run)["data"].get("metrics", [])).get("rmse") == 0.2, seconds=6)
            training.result()
        assert len(api.get("metrics/get-history", run_id=run, metric_key="rmse")["metrics"]) == 3
