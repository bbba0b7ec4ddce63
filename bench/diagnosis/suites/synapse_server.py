"""Starts Synapse as the matrix needs it: `synapse_server.py FOLDER FRONT PROXY PORT`, all but the first ports.

Clients ask http://chat.tea.test:PROXY, which is the fault proxy; those with TLS https://chat.tea.test:FRONT, which hands on
to it. The database begins as it was after Synapse had made its tables, which is kept in the folder. `CASE_SYNAPSE` has
settings of a case, as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

import private_machine as machine

TESTS = {"synapse_tests.py": "test_chat.py", "synapse_desk_tests.py": "test_desk.py"}
BESIDE = {"synapse_fixtures.py": "conftest.py", "synapse_desk.py": "desk.py"}
PYTEST = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
# One that slows no test down: a case has its own.
PLENTY = {"per_second": 1000, "burst_count": 1000}


def copy_tests(folder):
    """Puts our tests where tests are, unless a case has just changed them there."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, called in {**TESTS, **BESIDE}.items():
        source, target = f"{here}/{name}", f"{folder}/src/{called}"
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            shutil.copyfile(source, target)


def settings(folder, proxy, port):
    """What Synapse reads, as JSON, which is YAML too."""
    return {
        "server_name": "tea.test",
        "public_baseurl": f"http://chat.tea.test:{proxy}/",
        "listeners": [
            {
                "port": port,
                "bind_addresses": ["127.0.0.1"],
                "type": "http",
                "resources": [{"names": ["client", "media"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": f"{machine.DISK}/homeserver.db"}},
        "log_config": f"{folder}/log.yaml",
        "media_store_path": f"{machine.DISK}/media",
        "max_upload_size": "64K",
        "signing_key_path": f"{folder}/signing.key",
        "registration_shared_secret": "oolong-and-milk",
        "macaroon_secret_key": "assam-and-honey",
        "form_secret": "sencha-and-rice",
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "report_stats": False,
        "bcrypt_rounds": 4,
        "room_list_publication_rules": [{"action": "allow"}],
        "app_service_config_files": [f"{folder}/desk.yaml"],
        "rc_message": PLENTY,
        "rc_login": {"address": PLENTY, "account": PLENTY, "failed_attempts": PLENTY},
        "rc_joins": {"local": PLENTY},
        "rc_invites": {"per_room": PLENTY, "per_user": PLENTY, "per_issuer": PLENTY},
        "rc_admin_redaction": PLENTY,
        "rc_room_creation": PLENTY,
        "rc_media_create": PLENTY,
        "rc_reports": PLENTY,
    }


DESK = {
    "id": "desk",
    "url": "http://127.0.0.15:12150",
    "as_token": "as_desk_6tQm2xWbR9",
    "hs_token": "hs_desk_Zk41vNpL8c",
    "sender_localpart": "desk",
    "rate_limited": False,
    "namespaces": {"users": [{"exclusive": True, "regex": "@desk.*:tea\\.test"}], "aliases": [], "rooms": []},
}

LOG = {
    "version": 1,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
}


def start(folder, files):
    """Synapse, as a process that ends with us."""
    words = [sys.executable, "-m", "synapse.app.homeserver"]
    for file in files:
        words += ["-c", f"{folder}/{file}"]
    return machine.start(folder, "server", words, **machine.clock(folder))


def prepare(folder, proxy, port):
    """Has Synapse make its tables once, at a port where nobody takes it for the one to come, and keeps them."""
    with open(f"{folder}/first.yaml", "w") as file:
        json.dump(settings(folder, proxy, port), file)
    process = start(folder, ["first.yaml"])
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    process.terminate()
    process.wait()
    shutil.copytree(machine.DISK, f"{folder}/fresh")


def main():
    folder, front, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "32m")
    copy_tests(folder)
    files = {"homeserver.yaml": settings(folder, proxy, port), "desk.yaml": DESK, "log.yaml": LOG}
    files["case.yaml"] = json.loads(os.environ.get("CASE_SYNAPSE", "{}"))
    for name, content in files.items():
        with open(f"{folder}/{name}", "w") as file:
            json.dump(content, file)
    with open(f"{folder}/pytest.ini", "w") as file:
        file.write(PYTEST)
    if not os.path.exists(f"{folder}/signing.key"):
        keys = [sys.executable, "-m", "synapse._scripts.generate_signing_key", "-o", f"{folder}/signing.key"]
        subprocess.run(keys, check=True)
    machine.serve_names(folder, "chat.tea.test")
    machine.front(folder, "chat.tea.test", front, proxy)
    if os.path.exists(f"{folder}/fresh"):
        shutil.copytree(f"{folder}/fresh", machine.DISK, dirs_exist_ok=True)
    else:
        prepare(folder, proxy, port + 1)
    start(folder, ["homeserver.yaml", "case.yaml"])
    machine.stay()


if __name__ == "__main__":
    main()
