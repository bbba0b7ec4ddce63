"""Starts PostGraphile with PostgreSQL behind it, and TLS in front: `graph_server.py FOLDER PRODUCT PROXY PORT DATABASE TLS`,
all but the first two ports.

The database is empty at first, which is kept as an archive in the folder, and gets the schema of the conference anew for
each recording. There cases also find `sql`, a script of the shell that runs a statement. The network knows the proxy as
`api.conf.test`, and what ends TLS before it as `feed.conf.test`.
"""

import glob
import os
import subprocess
import sys

import private_machine as machine
import private_postgres as postgres

HERE = os.path.dirname(os.path.abspath(__file__))
FEED = "feed.conf.test"


def main():
    folder, product = sys.argv[1:3]
    proxy, port, database, tls = map(int, sys.argv[3:])
    machine.enter(folder, "120m")
    with open(f"{folder}/sql", "w") as file:
        file.write(f'exec psql -h 127.0.0.1 -p {database} -U graph -qc "$1" graph\n')
    if not postgres.take_out(folder):
        postgres.make(folder, database, "graph")
        postgres.keep(folder)
    machine.certify(folder, FEED, "www.conf.test")
    machine.serve_names(folder, "api.conf.test", FEED)
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    postgres.start(folder, database, "graph")
    connection = ["-h", "127.0.0.1", "-p", str(database), "-U", "graph", "-d", "graph"]
    for script in sorted(glob.glob(f"{folder}/src/schema/*.sql")):
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", *connection, "-f", script], check=True, stdout=subprocess.DEVNULL)
    words = ["node", f"{product}/api/server.js", str(port)]
    variables = {"PGHOST": "127.0.0.1", "PGPORT": str(database), "PGUSER": "graph", "PGDATABASE": "graph"}
    machine.start(folder, "server", words, **variables, **machine.clock(folder))
    machine.stay()


if __name__ == "__main__":
    main()
