import asyncio

import aiohttp
import pytest
import pytest_asyncio
from clients import BASE


@pytest_asyncio.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session
        async with session.get(BASE + "/json?down") as response:
            assert response.status == 200


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared():
    async with aiohttp.ClientSession() as session:
        yield session
        async with session.get(BASE + "/json?shared-down") as response:
            assert response.status == 200


@pytest.mark.asyncio
async def test_with_a_session(session):
    async with session.get(BASE + "/json?one") as response:
        assert response.status == 200


@pytest.mark.asyncio(loop_scope="module")
async def test_with_a_shared_loop(shared):
    async with shared.get(BASE + "/json?two") as response:
        assert response.status == 200


@pytest.mark.asyncio(loop_scope="module")
async def test_gives_up():
    async with aiohttp.ClientSession() as session:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(session.get(BASE + "/hang"), 0.3)
