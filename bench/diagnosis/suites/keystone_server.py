"""Starts Keystone with PostgreSQL behind it: `keystone_server.py FOLDER PROXY PORT DATABASE`, all but the first ports.

The database begins as it was after Keystone's own set-up, which is done once and kept as an archive in the folder. There
cases also find `sql`, a script of the shell that runs a statement.
"""

import os
import shutil
import subprocess
import sys

import private_machine as machine
import private_postgres as postgres

CONFIG = """
[DEFAULT]
log_file = {folder}/keystone.log
# Its errors say what went wrong, as is usual where one develops.
debug = true
insecure_debug = true
[database]
connection = postgresql+psycopg2://keystone@127.0.0.1:{database}/keystone
[fernet_tokens]
key_repository = {folder}/fernet
[credential]
key_repository = {folder}/credential
[identity]
# As few as there can be: the machine has other work.
password_hash_rounds = 4
"""

CLOUDS = """
clouds:
  functional_admin:
    auth:
      auth_url: http://127.0.0.1:{proxy}/v3
      username: admin
      password: pencil
      project_name: admin
      user_domain_id: default
      project_domain_id: default
    region_name: RegionOne
    identity_api_version: "3"
"""


def prepare(folder, proxy, database):
    """Does what whoever installs Keystone does, and keeps the database."""
    postgres.make(folder, database, "keystone")
    manage = [os.path.join(os.path.dirname(sys.executable), "keystone-manage"), "--config-file", f"{folder}/keystone.conf"]
    owner = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
    url = f"http://127.0.0.1:{proxy}/v3"
    address = ["--bootstrap-public-url", url, "--bootstrap-admin-url", url, "--bootstrap-region-id", "RegionOne"]
    for task in (
        ["db_sync"],
        ["fernet_setup", *owner],
        ["credential_setup", *owner],
        ["bootstrap", "--bootstrap-password", "pencil", *address],
    ):
        subprocess.run([*manage, *task], check=True)
    postgres.keep(folder)


def main():
    folder, proxy, port, database = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "200m")
    for name, text in (("keystone.conf", CONFIG), ("clouds.yaml", CLOUDS)):
        with open(f"{folder}/{name}", "w") as file:
            file.write(text.format(folder=folder, proxy=proxy, database=database))
    shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "keystone_tests.py"), f"{folder}/src/test_expiry.py")
    with open(f"{folder}/sql", "w") as file:
        file.write(f'exec psql -h 127.0.0.1 -p {database} -U keystone -qc "$1" keystone\n')
    if not postgres.take_out(folder):
        prepare(folder, proxy, database)
    postgres.start(folder, database, "keystone")
    words = [sys.executable, os.path.abspath(__file__), "serve", str(port)]
    variables = {"OS_KEYSTONE_CONFIG_FILES": f"{folder}/keystone.conf", **machine.clock(folder)}
    machine.start(folder, "server", words, **variables)
    machine.stay()


def serve(port):
    # Keystone reads the words of its process.
    del sys.argv[1:]
    import waitress
    from keystone.wsgi.api import application

    waitress.serve(application, host="127.0.0.1", port=port, threads=4)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]))
    else:
        main()
