// A WebSocket server. The path says what it does wrong.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

/** More messages than an agent keeps of a connection. */
const MANY = 40;

const ROUTES = {
  "/echo": (socket) => socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
  "/many": (socket) => {
    for (let number = 1; number <= MANY; number += 1) socket.send(JSON.stringify({ number }));
    socket.close(1000, "that is all");
  },
  "/policy": (socket) => socket.close(1008, "token expired"),
  "/cut": (socket) => socket.on("message", () => socket._socket.resetAndDestroy()),
};

/** Starts on a free port; any other path is refused with 403. Resolves to its port. */
export async function start() {
  const http = createServer((request, response) => response.writeHead(426, { "content-length": 0 }).end());
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: { threshold: 0 } });
  http.on("upgrade", (request, socket, head) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const route = ROUTES[pathname];
    if (route) return server.handleUpgrade(request, socket, head, route);
    const body = '{"error":"forbidden"}';
    socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return http.address().port;
}
