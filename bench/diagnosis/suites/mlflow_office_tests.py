"""What the forecast office does, seen from its pages and from MLflow behind it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Visitor, until

ROUGH = {"base": 0, "slope": 9}


@pytest.fixture
def roof(office):
    """A model whose prediction costs seven cents."""
    made = office.ask("POST", "/models", {"name": "roof", "cents": 7})
    assert made == {"name": "roof", "owner": "ada", "cents": 7}
    return "roof"


class TestModels:
    def test_made_once(self, office, roof):
        again = office.call("POST", "/models", {"name": roof})
        assert (again.status_code, again.json()) == (409, {"error": "there is such a model"})
        assert office.call("GET", "/models/wind").status_code == 404

    def test_pages_of_models(self, office):
        for name in ("a", "b", "c"):
            office.ask("POST", "/models", {"name": name})
        Visitor("grete").ask("POST", "/models", {"name": "d"})
        pages = [office.ask("GET", f"/models?owner=ada&page={page}") for page in (1, 2)]
        assert [[model["name"] for model in page["models"]] for page in pages] == [["a", "b"], ["c"]]
        assert [page["more"] for page in pages] == [True, False]

    def test_notes_are_merged(self, office, roof, api):
        office.ask("PATCH", f"/models/{roof}/notes", {"tilt": 30})
        office.ask("PATCH", f"/models/{roof}/notes", {"site": "mill"})
        assert office.ask("GET", f"/models/{roof}")["notes"] == {"tilt": 30, "site": "mill"}
        kept = api.get("registered-models/get", name=roof)["registered_model"]
        assert kept["description"] == '{"tilt": 30, "site": "mill"}'


class TestCandidates:
    def test_looked_at_by_itself(self, office, roof, trained, api):
        run = trained("may")
        version = office.ask("POST", f"/models/{roof}/candidates", {"run": run})["version"]
        path = f"/models/{roof}/versions/{version}"
        until(lambda: office.ask("GET", path)["status"] == "looked at", seconds=5)
        assert office.ask("GET", path) == {"version": "1", "status": "looked at", "error": 0.0}
        kept = api.get("model-versions/get", name=roof, version="1")["model_version"]
        assert kept["run_id"] == run

    def test_without_weights(self, office, roof, trained):
        version = office.enter(roof, trained("may", weights=None))
        assert office.ask("GET", f"/models/{roof}/versions/{version}")["status"] == "without weights"
        refused = office.call("POST", f"/models/{roof}/promotions", {"version": version})
        assert (refused.status_code, refused.json()["error"]) == (409, "it is without weights")

    def test_run_is_not_done(self, office, roof, run_of):
        refused = office.call("POST", f"/models/{roof}/candidates", {"run": run_of("may")})
        assert (refused.status_code, refused.json()["error"]) == (409, "the run is RUNNING")


class TestChampions:
    def test_better_one_is_promoted(self, office, roof, trained, api):
        first = office.enter(roof, trained("may", weights=ROUGH))
        assert office.promote(roof, first) == {"champion": "1", "previous": None}
        second = office.enter(roof, trained("june"))
        assert office.promote(roof, second) == {"champion": "2", "previous": "1"}
        champion = api.get("registered-models/alias", name=roof, alias="champion")["model_version"]
        assert champion["version"] == "2"

    def test_no_better(self, office, roof, trained):
        office.promote(roof, office.enter(roof, trained("may")))
        worse = office.enter(roof, trained("june", weights=ROUGH))
        refused = office.call("POST", f"/models/{roof}/promotions", {"version": worse})
        assert (refused.status_code, refused.json()["error"]) == (409, "it is no better than the champion")
        assert office.ask("GET", f"/models/{roof}")["champion"] == "1"

    def test_only_its_owner_promotes(self, office, roof, trained):
        version = office.enter(roof, trained("may"))
        refused = Visitor("grete").call("POST", f"/models/{roof}/promotions", {"version": version})
        assert (refused.status_code, refused.json()["error"]) == (403, "somebody else owns it")
        assert office.promote(roof, version)["champion"] == version

    def test_rolled_back(self, office, roof, trained, api):
        for name, weights in (("may", ROUGH), ("june", {"base": 2, "slope": 7})):
            office.promote(roof, office.enter(roof, trained(name, weights=weights)))
        assert office.ask("POST", f"/models/{roof}/rollback") == {"champion": "1"}
        again = office.call("POST", f"/models/{roof}/rollback")
        assert (again.status_code, again.json()["error"]) == (409, "there was none before")
        kept = api.get("registered-models/get", name=roof)["registered_model"]
        assert [(alias["alias"], alias["version"]) for alias in kept["aliases"]] == [("champion", "1")]


class TestBills:
    @pytest.fixture(autouse=True)
    def champion(self, office, roof, trained):
        office.promote(roof, office.enter(roof, trained("may")))

    def test_predicted_and_billed(self, office):
        assert office.call("GET", "/customers/mill/bill").status_code == 404
        wanted = {"model": "roof", "customer": "mill", "sun": [1, 3, 8]}
        assert office.ask("POST", "/predictions", wanted) == {"kwh": [9, 23, 58], "cents": 21, "version": "1"}
        office.ask("POST", "/predictions", {**wanted, "sun": [5]})
        assert office.ask("GET", "/customers/mill/bill") == {"calls": 2, "cents": 28}

    def test_ledger_of_a_customer(self, office, api):
        office.ask("POST", "/predictions", {"model": "roof", "customer": "dairy", "sun": [2, 2]})
        ledger = api.get("experiments/get-by-name", experiment_name="ledger")["experiment"]["experiment_id"]
        (account,) = api.search(ledger, filter="tags.customer = 'dairy'")
        assert account["data"]["metrics"][0]["value"] == 14
        assert office.ask("POST", "/customers/dairy/print") == {"printed": "dairy.txt"}

    def test_three_at_once(self, office):
        def predict(sun):
            return office.ask("POST", "/predictions", {"model": "roof", "customer": "mill", "sun": [sun]})["kwh"]

        with ThreadPoolExecutor(3) as pool:
            assert sorted(pool.map(predict, (1, 2, 3))) == [[9], [16], [23]]
        assert office.ask("GET", "/customers/mill/bill") == {"calls": 3, "cents": 21}
