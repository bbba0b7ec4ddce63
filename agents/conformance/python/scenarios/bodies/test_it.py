import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


import zlib
from clients import BASE

BINARY = bytes(range(256))


@each_client
def test_sends_what_it_is_given(client):
    for body in (b"text: \xc3\xbc", BINARY, b""):
        assert call(client, "/echo", "POST", body, {"content-type": "application/x-thing"})[1] == body


@each_client
def test_reads_what_it_gets(client):
    assert call(client, "/binary")[1] == BINARY
    assert call(client, "/stream")[1].count(b"\n") == 5
    assert call(client, "/204", "DELETE") == (204, b"")
    assert call(client, "/json", "HEAD") == (200, b"")


@each_client
def test_reads_what_is_coded(client):
    body = call(client, "/gzip", headers={"accept-encoding": "gzip"})[1]
    text = zlib.decompress(body, 31) if body[:2] == b"\x1f\x8b" else body
    assert text.decode().count("\n") == 300


@each_client
def test_reads_what_is_not_coded_as_it_says(client):
    try:
        assert call(client, "/broken-gzip")[1] == b"this is not gzip"
    except Exception:
        # Who would have undone the coding.
        assert client in ("requests", "httpx", "httpx-async", "aiohttp")


def parts():
    yield b"one "
    yield b"two"


def test_sends_parts_and_files(tmp_path):
    import http.client
    import requests

    file = tmp_path / "file"
    file.write_bytes(BINARY * 100)
    assert requests.post(BASE + "/count", data=parts()).json() == {"bytes": 7}
    with file.open("rb") as opened:
        assert requests.post(BASE + "/count", data=opened).json() == {"bytes": 25600}
    connection = http.client.HTTPConnection(BASE.partition("//")[2])
    with file.open("rb") as opened:
        connection.request("POST", "/count", opened, {"content-length": "25600"})
        assert connection.getresponse().read() == b'{"bytes":25600}'
    with file.open("r", encoding="latin-1", newline="") as opened:
        connection.request("POST", "/count", opened, {"content-length": "25600"})
        assert connection.getresponse().read() == b'{"bytes":25600}'
    connection.request("POST", "/count", parts(), encode_chunked=True, headers={"transfer-encoding": "chunked"})
    assert connection.getresponse().read() == b'{"bytes":7}'
    connection.close()


def test_sends_parts_asynchronously():
    import asyncio
    import aiohttp
    import httpx

    async def slowly():
        yield b"one "
        yield b"two"

    async def run():
        async with aiohttp.ClientSession() as session:
            async with session.post(BASE + "/count", data=slowly()) as response:
                assert await response.json() == {"bytes": 7}
        async with httpx.AsyncClient() as client:
            assert (await client.post(BASE + "/count", content=slowly())).json() == {"bytes": 7}

    asyncio.run(run())
