"""Reports the ports on which this process listens: how the recorder knows that a peer is the product, and how we know
that a call goes to ourselves."""

from . import clock, frames

# Ports on which this process listens, with the number of sockets on each.
ports = {}
_INET = {2, 10}


def install(recorder, socket):
    """`socket` is the module, just imported."""
    # Listening sockets by their descriptor, as a socket object may be detached from it.
    listening = {}

    def listened(_result, listener, *args):
        if int(listener.family) not in _INET:
            return
        host, port = listener.getsockname()[:2]
        listening[id(listener)] = (host, port)
        ports[port] = ports.get(port, 0) + 1
        report(host, port, True)

    def closed(listener, *args):
        found = listening.pop(id(listener), None) if listening else None
        if found is None:
            return
        host, port = found
        ports[port] -= 1
        if not ports[port]:
            del ports[port]
        report(host, port, False)

    def report(host, port, is_open):
        recorder.write({"t": "listen", "host": host, "port": port, "time": str(clock.wall(clock.mono())), "open": is_open})

    frames.after(socket.socket, "listen", listened)
    frames.before(socket.socket, "_real_close", closed)
