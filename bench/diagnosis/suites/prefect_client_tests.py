"""The same with Prefect's own client, as the waterworks' scripts use it."""

from datetime import datetime, timezone
from uuid import UUID

import httpx
import pytest
from conftest import names
from prefect import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed, Pending, Running


@pytest.fixture
async def client():
    async with get_client() as client:
        yield client


async def test_run_through_the_client(client, deploy):
    north = UUID(deploy("north")["id"])
    run = await client.create_flow_run_from_deployment(north, name="of a script", idempotency_key="once")
    for state in (Pending(), Running(), Completed(message="245 m3")):
        assert (await client.set_flow_run_state(run.id, state)).status.value == "ACCEPT"
    done = await client.read_flow_run(run.id)
    assert (done.name, done.state.name, done.state.message) == ("of a script", "Completed", "245 m3")


async def test_runs_are_sorted(client, deploy):
    north = UUID(deploy("north")["id"])
    for name in ("c", "a", "b"):
        await client.create_flow_run_from_deployment(north, name=name)
    mine = FlowRunFilter(tags={"all_": ["north"]})
    runs = await client.read_flow_runs(flow_run_filter=mine, sort=FlowRunSort.NAME_DESC, limit=2)
    assert [run.name for run in runs] == ["c", "b"]


async def test_deployment_by_name(client, api, deploy):
    deploy("north")
    found = await client.read_deployment_by_name("readings/north")
    assert (found.parameters, found.tags) == ({"district": "north"}, ["north"])
    with pytest.raises(ObjectNotFound):
        await client.read_deployment_by_name("readings/south")
    await client.pause_deployment(found.id)
    assert api.ask("GET", f"/deployments/{found.id}")["paused"] is True


async def test_queues_of_a_pool(client, pool):
    await client.create_work_queue("urgent", work_pool_name="night", priority=1)
    queues = await client.read_work_queues(work_pool_name="night")
    assert sorted(queue.name for queue in queues) == ["default", "urgent"]
    with pytest.raises(httpx.HTTPStatusError) as refused:
        await client.read_work_pools(limit=-1)
    assert refused.value.response.status_code == 422


async def test_what_waits(client, deploy, run_of, api):
    north = deploy("north")
    run_of(north, "a", after=-20)
    run_of(north, "b", after=7200)
    due = await client.get_scheduled_flow_runs_for_work_pool("night", scheduled_before=datetime.now(timezone.utc))
    assert [response.flow_run.name for response in due] == ["a"]
    assert names(api.runs()) == ["a", "b"]
