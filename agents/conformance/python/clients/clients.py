"""The same call through each client, for the scenarios. `CLIENTS` are their names."""

import asyncio
import http.client
import os
import socket
import urllib.parse
import urllib.request

BASE = os.environ["SERVER_URL"]
CLIENTS = ["http.client", "urllib", "requests", "httpx", "httpx-async", "aiohttp"]


def call(client, path, method="GET", body=None, headers=None, timeout=10, base=BASE):
    """One call; answers the status and the whole body. Redirects are followed by clients that do."""
    return _BY_NAME[client](base + path, method, body, headers or {}, timeout)


def free_port():
    """A port of 127.0.0.1 where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def _http_client(url, method, body, headers, timeout):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    try:
        connection.request(method, urllib.parse.urlunsplit(("", "", parts.path, parts.query, "")), body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _urllib(url, method, body, headers, timeout):
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def _requests(url, method, body, headers, timeout):
    import requests

    response = requests.request(method, url, data=body, headers=headers, timeout=timeout)
    return response.status_code, response.content


def _httpx(url, method, body, headers, timeout):
    import httpx

    with httpx.Client(follow_redirects=True, timeout=timeout, trust_env=False) as client:
        response = client.request(method, url, content=body, headers=headers)
        return response.status_code, response.content


def _httpx_async(url, method, body, headers, timeout):
    import httpx

    async def run():
        async with httpx.AsyncClient(follow_redirects=True, timeout=timeout, trust_env=False) as client:
            response = await client.request(method, url, content=body, headers=headers)
            return response.status_code, response.content

    return asyncio.run(run())


def _aiohttp(url, method, body, headers, timeout):
    import aiohttp

    async def run():
        limit = aiohttp.ClientTimeout(total=timeout)
        async with aiohttp.ClientSession(timeout=limit) as session:
            async with session.request(method, url, data=body, headers=headers) as response:
                return response.status, await response.read()

    return asyncio.run(run())


_BY_NAME = {
    "http.client": _http_client, "urllib": _urllib, "requests": _requests, "httpx": _httpx,
    "httpx-async": _httpx_async, "aiohttp": _aiohttp,
}
