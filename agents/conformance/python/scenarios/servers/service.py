"""The project's own service: answers by itself or by asking the test server."""

import http.server
import json
import os
import sys
import urllib.request

BASE = os.environ["SERVER_URL"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/broken":
            raise RuntimeError("broken")
        body = urllib.request.urlopen(BASE + "/json").read() if self.path.startswith("/through") else b"[]"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def app(environ, start_response):
    """The same as a WSGI application."""
    body = urllib.request.urlopen(BASE + "/json").read()
    start_response("200 OK", [("content-length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    """The same as an ASGI application."""
    import httpx

    if scope["type"] != "http":
        return
    async with httpx.AsyncClient(trust_env=False) as client:
        body = (await client.get(BASE + "/json")).content
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(json.dumps(server.server_port), flush=True)
    server.serve_forever()
