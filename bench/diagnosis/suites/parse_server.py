"""Starts Parse Server with PostgreSQL and the rates service behind it, and TLS in front: `parse_server.py FOLDER PRODUCT
PROXY PORT DATABASE RATES TLS`, all but the first two ports.

The database begins as it was after Parse Server had made the classes of the shop, which is done once and kept as an
archive in the folder. There cases also find `sql`, a script of the shell that runs a statement, and `rates.json`, what
the rates service has today. The network knows the proxy as `api.shop.test`, what ends TLS before it as
`partner.shop.test`, and the rates service as `rates.shop.test`.
"""

import os
import shutil
import sys
import time
import urllib.request

import private_machine as machine
import private_postgres as postgres

HERE = os.path.dirname(os.path.abspath(__file__))
PARTNER = "partner.shop.test"


def start_server(folder, product, port, database, rates):
    words = ["node", f"{HERE}/parse_server.mjs", folder, product, str(port), str(database), str(rates)]
    return machine.start(folder, "server", words, **machine.clock(folder))


def prepare(folder, product, port, database, rates):
    """Lets Parse Server make the classes of the shop, and keeps them."""
    postgres.make(folder, database, "parse")
    server = start_server(folder, product, port, database, rates)
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/parse/health")
            break
        except OSError:
            time.sleep(0.05)
    server.kill()
    server.wait()
    postgres.keep(folder)


def main():
    folder, product = sys.argv[1:3]
    proxy, port, database, rates, tls = map(int, sys.argv[3:])
    machine.enter(folder, "200m")
    os.makedirs(f"{machine.DISK}/files")
    with open(f"{folder}/sql", "w") as file:
        file.write(f'exec psql -h 127.0.0.1 -p {database} -U parse -qc "$1" parse\n')
    if not postgres.take_out(folder):
        # Not where it is waited for: it is not there for tests yet.
        prepare(folder, product, port + 100, database, rates)
    machine.certify(folder, PARTNER, "www.shop.test")
    shutil.copyfile(f"{HERE}/parse_rates.json", f"{folder}/rates.json")
    machine.serve_names(folder, "api.shop.test", PARTNER, "rates.shop.test")
    machine.start(folder, "tls", ["node", f"{HERE}/unleash_edge.mjs", folder, str(tls), str(proxy)])
    machine.start(folder, "rates", ["node", f"{HERE}/parse_rates.mjs", f"{folder}/rates.json", str(rates)])
    postgres.start(folder, database, "parse")
    start_server(folder, product, port, database, rates)
    machine.stay()


if __name__ == "__main__":
    main()
