"""The same with MLflow's own client, as the scripts of the forecasters use it."""

import time

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from mlflow.exceptions import MlflowException


@pytest.fixture(scope="module")
def client():
    return MlflowClient()


@pytest.fixture
def source(trained, experiment):
    """Runs with weights, by name: their number and where the weights are."""

    def make(name, **more):
        run = trained(name, **more)
        return {"run_id": run, "source": f"mlflow-artifacts:/{experiment}/{run}/artifacts/model"}

    return make


@pytest.fixture
def model(client):
    made = client.create_registered_model("yield", tags={"owner": "ada"}, description="kWh of a day")
    yield made.name
    client.delete_registered_model("yield")


def test_versions_count_up(client, model, source):
    for name in ("may", "june"):
        client.create_model_version(model, **source(name), tags={"month": name})
    found = client.search_model_versions("name = 'yield'", order_by=["version_number ASC"])
    assert [(int(version.version), version.tags["month"]) for version in found] == [(1, "may"), (2, "june")]
    assert client.get_registered_model(model).tags == {"owner": "ada"}


def test_champion_moves(client, model, source):
    first = client.create_model_version(model, **source("may")).version
    second = client.create_model_version(model, **source("june")).version
    client.set_registered_model_alias(model, "champion", first)
    client.set_registered_model_alias(model, "champion", second)
    assert str(client.get_model_version_by_alias(model, "champion").version) == str(second)
    assert client.get_model_version(model, first).aliases == []


def test_no_such_model(client):
    with pytest.raises(MlflowException) as refused:
        client.get_registered_model("wind")
    assert refused.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_version_is_deleted(client, model, source):
    first = client.create_model_version(model, **source("may"))
    client.create_model_version(model, **source("june"))
    client.delete_model_version(model, first.version)
    assert [int(version.version) for version in client.search_model_versions("name = 'yield'")] == [2]
    with pytest.raises(MlflowException):
        client.get_model_version(model, first.version)


def test_description_of_a_version(client, model, source):
    version = client.create_model_version(model, **source("may")).version
    client.update_model_version(model, version, description="trained in the rain")
    client.set_model_version_tag(model, version, "reviewer", "grete")
    found = client.get_model_version(model, version)
    assert (found.description, found.tags) == ("trained in the rain", {"reviewer": "grete"})
    assert found.status == "READY"


def test_made_just_now(client, model):
    found = client.get_registered_model(model)
    assert abs(found.creation_timestamp / 1000 - time.time()) < 600
    assert found.description == "kWh of a day"


def test_batch_and_search(client, experiment):
    for name, rmse in (("may", 0.4), ("june", 0.3)):
        run = client.create_run(experiment, run_name=name)
        client.log_batch(run.info.run_id, [Metric("rmse", rmse, 1, 0)], [Param("month", name)])
        client.set_terminated(run.info.run_id)
    best = client.search_runs([experiment], "attributes.status = 'FINISHED'", order_by=["metrics.rmse ASC"])
    assert [(run.data.params["month"], run.data.metrics["rmse"]) for run in best] == [("june", 0.3), ("may", 0.4)]


def test_report_is_fetched(client, experiment, tmp_path):
    run = client.create_run(experiment).info.run_id
    client.log_dict(run, {"kwh": [9, 16, 30]}, "report/days.json")
    assert [file.path for file in client.list_artifacts(run, "report")] == ["report/days.json"]
    fetched = client.download_artifacts(run, "report/days.json", str(tmp_path))
    with open(fetched) as file:
        assert '"kwh"' in file.read()
