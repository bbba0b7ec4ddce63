"""Starts a server that speaks CouchDB, and TLS in front: `couch_server.py FOLDER PRODUCT PROXY PORT TLS`, the last three
ports.

The network knows the proxy as `couch.bikes.test`, and what ends TLS before it as `archive.bikes.test`.
"""

import os
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
ARCHIVE = "archive.bikes.test"


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    machine.enter(folder, "24m")
    machine.certify(folder, ARCHIVE, "www.bikes.test")
    machine.serve_names(folder, "couch.bikes.test", ARCHIVE)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    words = ["node", f"{HERE}/couch_server.mjs", folder, product, f"{machine.DISK}/data", str(port)]
    machine.start(folder, "server", words, **machine.clock(folder))
    machine.stay()


if __name__ == "__main__":
    main()
