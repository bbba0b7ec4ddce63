"""Starts Azurite, one gateway before its three services, and TLS in front of that: `azurite_server.py FOLDER PRODUCT PROXY
PORT TLS`, the last three ports.

The network knows the proxy as `blob.lab.test`, `queue.lab.test` and `table.lab.test`, and what ends TLS before it as
`vault.lab.test`, where the blobs are, too.
"""

import os
import subprocess
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
VAULT = "vault.lab.test"
DAY = 86400
# Of the tests alone: nothing else has these.
ACCOUNTS = "fotolab:ZGFya3Jvb20tZGFya3Jvb20tZGFya3Jvb20tZGFya3Jvb20tMQ=="


def make_certificates(folder):
    """An authority that the tests trust, and certificates of it: one that is good, one that has expired, one for another name."""

    def openssl(*words, **variables):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **variables})

    def key(file):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{file}.key"]

    past = f"{folder}/past"
    with open(past, "w") as file:
        file.write(str(-40 * DAY))
    then = {**machine.clock(folder), "CLOCK_FILE": past}
    openssl("req", "-x509", *key("ca"), "-subj", "/CN=authority.test", "-days", "400", "-out", "ca.pem", **then)
    for file, name, days in (("good", VAULT, 90), ("expired", VAULT, 30), ("misnamed", "www.lab.test", 90)):
        openssl("req", "-new", *key(file), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-out", f"{file}.csr")
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-copy_extensions", "copy"]
        openssl("x509", "-req", "-in", f"{file}.csr", *by, "-days", str(days), "-out", f"{file}.crt", **then)


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    blobs, queues, tables = port + 1, port + 2, port + 3
    machine.enter(folder, "12m")
    if not os.path.exists(f"{folder}/good.crt"):
        make_certificates(folder)
    with open(f"{folder}/certificate", "w") as file:
        file.write("good")
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
