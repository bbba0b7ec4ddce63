"""Starts the log-in of a library, its office, one gateway before both, and TLS in front of that for the office:
`oidc_server.py FOLDER PRODUCT PROXY PORT TLS`, the last three ports.

The network knows the proxy as `login.lib.test`, and what ends TLS before it as `office.lib.test`.
"""

import os
import sys

import private_machine as machine

HERE = os.path.dirname(os.path.abspath(__file__))
OFFICE = "office.lib.test"


def main():
    folder, product = sys.argv[1:3]
    proxy, port, tls = map(int, sys.argv[3:])
    login, office = port + 1, port + 2
    machine.enter(folder, "8m")
    machine.certify(folder, OFFICE, "www.lib.test")
    machine.serve_names(folder, "login.lib.test", OFFICE)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    clock = machine.clock(folder)
    machine.start(folder, "login", ["node", f"{product}/login/server.js", str(login)], **clock)
    machine.start(folder, "office", ["node", f"{folder}/src/office/server.js", str(office), str(login), f"{machine.DISK}/mail"], **clock)
    machine.start(folder, "gateway", ["node", f"{HERE}/oidc_gateway.mjs", str(port), str(login), str(office)])
    machine.stay()


if __name__ == "__main__":
    main()
