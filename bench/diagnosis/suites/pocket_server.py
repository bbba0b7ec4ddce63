"""Starts PocketBase with the hooks and collections of the huts, and TLS before the proxy that stands before it:
`pocket_server.py FOLDER PRODUCT PROXY PORT TLS`, the last three ports.

The network knows the proxy as `base.huts.test`, and what ends TLS before it as `files.huts.test`, where photos are read.
"""

import os
import subprocess
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = "files.huts.test"
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
    for file, name, days in (("good", FILES, 90), ("expired", FILES, 30), ("misnamed", "www.huts.test", 90)):
        openssl("req", "-new", *key(file), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-out", f"{file}.csr")
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-copy_extensions", "copy"]
        openssl("x509", "-req", "-in", f"{file}.csr", *by, "-days", str(days), "-out", f"{file}.crt", **then)


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    machine.enter(folder, "16m")
    # PocketBase takes its time from the kernel itself; this clock is for the machine of the tests.
    machine.clock(folder)
    if not os.path.exists(f"{folder}/good.crt"):
        make_certificates(folder)
    with open(f"{folder}/certificate", "w") as file:
        file.write("good")
    machine.serve_names(folder, "base.huts.test", FILES)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    ways = {"HOOKS": f"{product}/server/hooks", "MIGRATIONS": f"{product}/server/migrations"}
    data = f"{machine.DISK}/data"
    machine.start(folder, "server", [f"{folder}/bin/huts", "serve", "--http", f"127.0.0.1:{port}", "--dir", data], **ways)
    machine.stay()


if __name__ == "__main__":
    main()
