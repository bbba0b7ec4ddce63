import asyncio
import os

import niquests
import pytest
from clients import BASE, free_port

HTTP2 = "http://" + os.environ["SERVER_HTTP2"]
BINARY = bytes(range(256))
CREDENTIAL = "Bearer never-in" + "-spool"


def parts():
    yield b"one "
    yield b"two"


def ask(is_async, method, url, **options):
    """One call; answers the status, the whole body and the version of HTTP."""
    if not is_async:
        with niquests.Session() as session:
            response = session.request(method, url, **{"timeout": 10, **options})
            return response.status_code, response.content, response.http_version

    async def run():
        async with niquests.AsyncSession() as session:
            response = await session.request(method, url, **{"timeout": 10, **options})
            return response.status_code, response.content, response.http_version

    return asyncio.run(run())


each_way = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


@each_way
def test_answers(is_async):
    assert ask(is_async, "GET", BASE + "/json?item=1", headers={"x-shop": "a"}) == (200, b'{"ok":true}', 11)
    assert ask(is_async, "POST", BASE + "/echo", data=BINARY)[1] == BINARY
    assert ask(is_async, "POST", BASE + "/count", data=parts())[1] == b'{"bytes":7}'
    assert ask(is_async, "GET", BASE + "/stream")[1].count(b"\n") == 5
    assert ask(is_async, "GET", BASE + "/gzip")[1].count(b"\n") == 300
    assert ask(is_async, "HEAD", BASE + "/json")[:2] == (200, b"")
    assert ask(is_async, "DELETE", BASE + "/204")[0] == 204


@each_way
@pytest.mark.filterwarnings("ignore:Unverified")
def test_answers_by_tls(is_async):
    assert ask(is_async, "POST", os.environ["SERVER_URL_TLS"] + "/echo", data=b"x", verify=False)[:2] == (200, b"x")


@each_way
def test_is_refused(is_async):
    assert ask(is_async, "GET", BASE + "/429", headers={"authorization": CREDENTIAL})[0] == 200


@each_way
def test_follows(is_async):
    assert ask(is_async, "GET", BASE + "/redirect?left=2")[0] == 200


@each_way
def test_finds_nobody(is_async):
    with pytest.raises(niquests.exceptions.ConnectionError):
        ask(is_async, "POST", "http://127.0.0.1:%d/" % free_port(), data=b"x")


@each_way
@pytest.mark.parametrize("path", ["/reset", "/reset-midway", "/end-midway"])
def test_breaks(is_async, path):
    with pytest.raises(Exception):
        ask(is_async, "GET", BASE + path)


@each_way
def test_gives_up(is_async):
    with pytest.raises(niquests.exceptions.ReadTimeout):
        ask(is_async, "GET", BASE + "/hang", timeout=0.4)


def test_keeps_its_connection():
    with niquests.Session() as session:
        for item in range(2):
            assert session.get(BASE + "/json?item=%d" % item).ok
        response = session.get(BASE + "/large", stream=True)
        assert sum(map(len, response.iter_content(100_000))) == 5_000_000


def test_leaves_an_answer():
    with niquests.Session() as session:
        session.get(BASE + "/large", stream=True).close()


def test_asks_at_once():
    async def run():
        async with niquests.AsyncSession() as session:
            answers = await asyncio.gather(*(session.get(BASE + "/json") for _ in range(3)))
            assert [answer.status_code for answer in answers] == [200] * 3

    asyncio.run(run())


@pytest.mark.parametrize("multiplexed", [False, True], ids=["in-turn", "at-once"])
def test_speaks_http2(multiplexed):
    with niquests.Session(disable_http1=True, multiplexed=multiplexed) as session:
        answers = [session.post(HTTP2 + "/echo", data=b"item %d" % item) for item in range(3)]
        session.gather()
        assert [answer.content for answer in answers] == [b"item 0", b"item 1", b"item 2"]
        assert {answer.http_version for answer in answers} == {20}


def test_speaks_http2_asynchronously():
    async def run():
        async with niquests.AsyncSession(disable_http1=True) as session:
            return await session.get(HTTP2 + "/json")

    answer = asyncio.run(run())
    assert (answer.content, answer.http_version) == (b'{"ok":true}', 20)
