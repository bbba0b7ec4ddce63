"""Starts a server that speaks CouchDB, and TLS in front: `couch_server.py FOLDER PRODUCT PROXY PORT TLS`, the last three
ports.

The network knows the proxy as `couch.bikes.test`, and what ends TLS before it as `archive.bikes.test`.
"""

import os
import subprocess
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
ARCHIVE = "archive.bikes.test"
DAY = 86400


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
    for file, name, days in (("good", ARCHIVE, 90), ("expired", ARCHIVE, 30), ("misnamed", "www.bikes.test", 90)):
        openssl("req", "-new", *key(file), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-out", f"{file}.csr")
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-copy_extensions", "copy"]
        openssl("x509", "-req", "-in", f"{file}.csr", *by, "-days", str(days), "-out", f"{file}.crt", **then)


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    machine.enter(folder, "24m")
    if not os.path.exists(f"{folder}/good.crt"):
        make_certificates(folder)
    with open(f"{folder}/certificate", "w") as file:
        file.write("good")
    machine.serve_names(folder, "couch.bikes.test", ARCHIVE)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    words = ["node", f"{HERE}/couch_server.mjs", folder, product, f"{machine.DISK}/data", str(port)]
    machine.start(folder, "server", words, **machine.clock(folder))
    machine.stay()


if __name__ == "__main__":
    main()
