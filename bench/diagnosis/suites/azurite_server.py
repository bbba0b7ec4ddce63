"""Starts Azurite, one gateway before its three services, and TLS in front of that: `azurite_server.py FOLDER PRODUCT PROXY
PORT TLS`, the last three ports.

The network knows the proxy as `blob.lab.test`, `queue.lab.test` and `table.lab.test`, and what ends TLS before it as
`vault.lab.test`, where the blobs are, too.
"""

import os
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
VAULT = "vault.lab.test"
# Of the tests alone: nothing else has these.
ACCOUNTS = "fotolab:ZGFya3Jvb20tZGFya3Jvb20tZGFya3Jvb20tZGFya3Jvb20tMQ=="


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    blobs, queues, tables = port + 1, port + 2, port + 3
    machine.enter(folder, "12m")
    machine.certify(folder, VAULT, "www.lab.test")
    machine.serve_names(folder, "blob.lab.test", "queue.lab.test", "table.lab.test", VAULT)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    words = ["--blobPort", str(blobs), "--queuePort", str(queues), "--tablePort", str(tables), "--location", f"{machine.DISK}/data"]
    words += ["--silent", "--disableTelemetry", "--disableProductStyleUrl", "--skipApiVersionCheck"]
    # A mutated copy stands elsewhere and has no packages beside it.
    ways = {"AZURITE_ACCOUNTS": ACCOUNTS, "NODE_PATH": f"{folder}/node_modules", **machine.clock(folder)}
    machine.start(folder, "server", ["node", f"{product}/azurite/dist/src/azurite.js", *words], **ways)
    machine.start(folder, "gateway", ["node", f"{HERE}/azurite_gateway.mjs", *map(str, (port, blobs, queues, tables))])
    machine.stay()


if __name__ == "__main__":
    main()
