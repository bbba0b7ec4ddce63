import http.client

import httpx
import requests
from clients import BASE


def test_leaves_the_rest():
    with requests.get(BASE + "/large", stream=True) as response:
        assert next(response.iter_content(10)) == b"0123456789"
    with httpx.stream("GET", BASE + "/large", trust_env=False) as response:
        assert next(response.iter_raw())


def test_reads_in_every_way():
    connection = http.client.HTTPConnection(BASE.partition("//")[2])
    for path in ("/stream", "/binary"):
        connection.request("GET", path)
        response = connection.getresponse()
        buffer = bytearray(7)
        got = [response.read(3), response.read1(4), response.readline(), response.peek(1) and b""]
        got.append(bytes(buffer[: response.readinto(buffer)]))
        got.append(response.read())
        assert len(b"".join(got)) == (40 if path == "/stream" else 256)
    connection.close()


def test_reads_lines():
    assert len(list(requests.get(BASE + "/stream", stream=True).iter_lines())) == 5
