"""Starts the log-in of a library, its office, one gateway before both, and TLS in front of that for the office:
`oidc_server.py FOLDER PRODUCT PROXY PORT TLS`, the last three ports.

The network knows the proxy as `login.lib.test`, and what ends TLS before it as `office.lib.test`.
"""

import os
import subprocess
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
OFFICE = "office.lib.test"
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
    for file, name, days in (("good", OFFICE, 90), ("expired", OFFICE, 30), ("misnamed", "www.lib.test", 90)):
        openssl("req", "-new", *key(file), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-out", f"{file}.csr")
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-copy_extensions", "copy"]
        openssl("x509", "-req", "-in", f"{file}.csr", *by, "-days", str(days), "-out", f"{file}.crt", **then)


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    login, office = port + 1, port + 2
    machine.enter(folder, "8m")
    if not os.path.exists(f"{folder}/good.crt"):
        make_certificates(folder)
    with open(f"{folder}/certificate", "w") as file:
        file.write("good")
    machine.serve_names(folder, "login.lib.test", OFFICE)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    clock = machine.clock(folder)
    machine.start(folder, "login", ["node", f"{product}/login/server.js", str(login)], **clock)
    machine.start(folder, "office", ["node", f"{folder}/src/office/server.js", str(office), str(login), f"{machine.DISK}/mail"], **clock)
    machine.start(folder, "gateway", ["node", f"{HERE}/oidc_gateway.mjs", str(port), str(login), str(office)])
    machine.stay()


if __name__ == "__main__":
    main()
