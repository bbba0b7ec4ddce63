"""Starts PocketBase with the hooks and collections of the huts, and TLS before the proxy that stands before it:
`pocket_server.py FOLDER PRODUCT PROXY PORT TLS`, the last three ports.

The network knows the proxy as `base.huts.test`, and what ends TLS before it as `files.huts.test`, where photos are read.
"""

import os
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = "files.huts.test"


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    machine.enter(folder, "16m")
    # PocketBase takes its time from the kernel itself; this clock is for the machine of the tests.
    machine.clock(folder)
    machine.certify(folder, FILES, "www.huts.test")
    machine.serve_names(folder, "base.huts.test", FILES)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    ways = {"HOOKS": f"{product}/server/hooks", "MIGRATIONS": f"{product}/server/migrations"}
    data = f"{machine.DISK}/data"
    machine.start(folder, "server", [f"{folder}/bin/huts", "serve", "--http", f"127.0.0.1:{port}", "--dir", data], **ways)
    machine.stay()


if __name__ == "__main__":
    main()
