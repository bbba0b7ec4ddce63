import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest
from clients import BASE, call

pool = ThreadPoolExecutor(2)


@pytest.mark.parametrize("round", [1, 2])
def test_hands_work_to_a_shared_pool(round):
    for done in [pool.submit(call, "requests", "/json?pool=%d" % round) for _ in range(2)]:
        assert done.result()[0] == 200


def test_starts_threads():
    threads = [threading.Thread(target=call, args=("http.client", "/json?thread")) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_gathers():
    async def run():
        async with httpx.AsyncClient(trust_env=False) as one, aiohttp.ClientSession() as other:
            calls = [one.get(BASE + "/json?httpx") for _ in range(2)] + [_get(other) for _ in range(2)]
            await asyncio.gather(*calls, asyncio.to_thread(call, "requests", "/json?to_thread"))

    asyncio.run(run())


async def _get(session):
    async with session.get(BASE + "/json?aiohttp") as response:
        await response.read()
