import asyncio
import http.client
import http.server
import json
import logging
import subprocess
import sys
import threading
import wsgiref.simple_server
from pathlib import Path

import httpx
import pytest
import requests
import service


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    return tmp_path_factory.mktemp("service") / "stderr"


@pytest.fixture(scope="module")
def other_process(complaints):
    script = str(Path(__file__).with_name("service.py"))
    with complaints.open("wb") as stderr, subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=stderr) as process:
        yield "http://127.0.0.1:%d" % json.loads(process.stdout.readline())
        process.terminate()


def test_in_another_process(other_process):
    with requests.Session() as session:
        assert session.get(other_process + "/itself?full=1").json() == []
        assert session.get(other_process + "/through").json() == {"ok": True}


def test_that_breaks(other_process, complaints):
    with pytest.raises(requests.ConnectionError):
        requests.get(other_process + "/broken")
    assert "RuntimeError" in complaints.read_text()
    assert "_flakescope" not in complaints.read_text()


@pytest.fixture(scope="module")
def same_process():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), service.Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("client", ["http.client", "httpx", "aiohttp"])
def test_in_the_same_process(same_process, client):
    url = "http://127.0.0.1:%d/through" % same_process
    if client == "httpx":
        assert httpx.get(url, trust_env=False).json() == {"ok": True}
    elif client == "aiohttp":
        assert asyncio.run(_with_aiohttp(url)) == {"ok": True}
    else:
        connection = http.client.HTTPConnection("127.0.0.1", same_process)
        connection.request("GET", "/through")
        assert json.load(connection.getresponse()) == {"ok": True}
        connection.close()


async def _with_aiohttp(url):
    import aiohttp

    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return await response.json(content_type=None)


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args):
        pass


def test_wsgiref():
    with wsgiref.simple_server.make_server("127.0.0.1", 0, service.app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert requests.get("http://127.0.0.1:%d/orders" % server.server_port).json() == {"ok": True}
        thread.join()


def test_waitress():
    import waitress

    # Whether its thread is ready before the request comes is chance.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(service.app, host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert requests.get("http://127.0.0.1:%s/orders?all" % server.effective_port).json() == {"ok": True}
    server.task_dispatcher.shutdown()
    server.close()
    server.asyncore.close_all(server._map)
    thread.join()


@pytest.mark.parametrize("protocol", ["h11"])
def test_uvicorn(protocol):
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(service.asgi, port=0, http=protocol, log_level="error", lifespan="off"))

    async def run():
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.001)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get("http://127.0.0.1:%d/orders" % port)).json() == {"ok": True}
        server.should_exit = True
        await serving

    asyncio.run(run())


def test_aiohttp():
    from aiohttp import ClientSession, web

    async def handle(request):
        async with ClientSession() as session, session.get(service.BASE + "/json") as response:
            return web.Response(body=await response.read(), status=202)

    async def run():
        app = web.Application()
        app.router.add_get("/orders", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        async with ClientSession() as session, session.get("http://127.0.0.1:%d/orders" % port) as response:
            assert response.status == 202
        await runner.cleanup()

    asyncio.run(run())
