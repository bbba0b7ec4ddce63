"""Starts Unleash with PostgreSQL behind it, and TLS in front: `unleash_server.py FOLDER PACKAGES PROXY PORT DATABASE EDGE`,
all but the first two ports.

The database begins as it was after Unleash's own migrations, which are run once and kept as an archive in the folder.
There cases also find `sql`, a script of the shell that runs a statement. The network knows the proxy as `flags.test`, and
what ends TLS before it as `edge.flags.test`.
"""

import os
import sys
import time
import urllib.request

import private_machine as machine
import private_postgres as postgres

HERE = os.path.dirname(os.path.abspath(__file__))
EDGE = "edge.flags.test"


def start_server(folder, packages, port, database):
    words = ["node", f"{HERE}/unleash_server.mjs", packages, str(port), str(database)]
    return machine.start(folder, "server", words, **machine.clock(folder))


def prepare(folder, packages, port, database):
    """Lets Unleash set its database up, and keeps it."""
    postgres.make(folder, database, "unleash")
    server = start_server(folder, packages, port, database)
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
            break
        except OSError:
            time.sleep(0.05)
    server.kill()
    server.wait()
    postgres.keep(folder)


def main():
    folder, packages = sys.argv[1:3]
    proxy, port, database, edge = map(int, sys.argv[3:])
    machine.enter(folder, "200m")
    with open(f"{folder}/sql", "w") as file:
        file.write(f'exec psql -h 127.0.0.1 -p {database} -U unleash -qc "$1" unleash\n')
    if not postgres.take_out(folder):
        # Not where it is waited for: it is not there for tests yet.
        prepare(folder, packages, port + 1, database)
    machine.certify(folder, EDGE, "files.test")
    machine.serve_names(folder, "flags.test", EDGE)
    machine.start(folder, "edge", ["node", f"{HERE}/unleash_edge.mjs", folder, str(edge), str(proxy)])
    postgres.start(folder, database, "unleash")
    start_server(folder, packages, port, database)
    machine.stay()


if __name__ == "__main__":
    main()
