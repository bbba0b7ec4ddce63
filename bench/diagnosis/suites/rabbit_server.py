"""Starts RabbitMQ as the matrix needs it: `rabbit_server.py FOLDER FRONT PROXY PORT`, all but the first ports.

Clients without TLS ask the fault proxy; those with TLS ask https://broker.test:FRONT/, which hands on to the proxy. The
broker begins with one administrator, `ops`, as its first start has left it, and counts its messages each second. The
network is its own (`serve_names` insists on that), so Erlang's port mapper and the node are nobody else's.
"""

import glob
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

import private_machine as machine

CONFIG = """
[{{rabbit, [{{tcp_listeners, [{{"127.0.0.1", 5672}}]}}, {{collect_statistics_interval, 1000}}, {{disk_free_limit, 10000000}},
   {{default_user, <<"ops">>}}, {{default_pass, <<"rye-and-spelt">>}}, {{loopback_users, []}}]}},
 {{rabbitmq_management, [{{listener, [{{ip, "127.0.0.1"}}, {{port, {port}}}]}}]}}].
"""
ERL = """#!/bin/sh
export ROOTDIR={erlang} BINDIR={runtime} EMU=beam PROGNAME=erl
exec "$BINDIR/erlexec" "$@"
"""
DATA = f"{machine.DISK}/mnesia"
TESTS = {"rabbit_tests.py": "test_broker.py", "rabbit_dispatcher_tests.py": "test_dispatcher.py"}
BESIDE = {"rabbit_fixtures.py": "conftest.py", "rabbit_dispatcher.py": "dispatcher.py"}


def programs(folder):
    """Erlang's folder, that of its runtime and RabbitMQ's script: where Debian's packages were unpacked, or installed."""
    for root in (f"{folder}/rabbitmq", ""):
        runtime = glob.glob(f"{root}/usr/lib/erlang/erts-*/bin")
        script = glob.glob(f"{root}/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server")
        if runtime and script:
            return f"{root}/usr/lib/erlang", runtime[0], script[0]
    sys.exit(
        "RabbitMQ 3.10 is missing (Debian: apt install rabbitmq-server; or, in the folder of the suite, apt-get download "
        "rabbitmq-server and the packages erlang-* that it depends on, and dpkg -x each of them into rabbitmq)"
    )


def configure(folder, port):
    """Writes what RabbitMQ reads at its start, and gives its variables and the way to its script."""
    erlang, runtime, script = programs(folder)
    home = f"{machine.DISK}/home"
    os.makedirs(home, exist_ok=True)
    with open(f"{home}/erl", "w") as file:
        file.write(ERL.format(erlang=erlang, runtime=runtime))
    os.chmod(f"{home}/erl", 0o755)
    with open(f"{home}/rabbitmq.config", "w") as file:
        file.write(CONFIG.format(port=port))
    with open(f"{home}/plugins", "w") as file:
        file.write("[rabbitmq_management].")
    return script, {
        "HOME": home,
        "PATH": f"{home}:{runtime}:{os.environ['PATH']}",
        "RABBITMQ_NODENAME": "rabbit@localhost",
        "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.config",
        "RABBITMQ_CONF_ENV_FILE": f"{home}/none",
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/plugins",
        "RABBITMQ_MNESIA_BASE": DATA,
        "RABBITMQ_FEATURE_FLAGS_FILE": f"{DATA}/feature_flags",
        "RABBITMQ_LOG_BASE": f"{machine.DISK}/log",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_DIST_PORT": "25672",
        # Its script becomes the server then, and does not stay its parent.
        "detached": "yes",
    }


def wait(port):
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/overview").close()
        except urllib.error.HTTPError:
            return
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def prepare(folder, port):
    """Lets RabbitMQ make its first account, where nobody asks it yet, and keeps it: that takes seconds."""
    script, variables = configure(folder, port)
    machine.start(folder, "epmd", ["epmd"], **variables)
    server = machine.start(folder, "server", [script], **variables)
    wait(port)
    time.sleep(2)
    server.terminate()
    server.wait()
    subprocess.run(["tar", "-cf", f"{folder}/account.tar", "-C", DATA, "."], check=True)
    shutil.rmtree(DATA)


def copy_tests(folder):
    """Puts our tests where tests are, unless a case has just changed them there."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, called in {**TESTS, **BESIDE}.items():
        source, target = f"{here}/{name}", f"{folder}/src/{called}"
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            shutil.copyfile(source, target)


def main():
    folder, front, proxy, port = sys.argv[1], *map(int, sys.argv[2:])
    machine.enter(folder, "64m")
    copy_tests(folder)
    # The package's own settings of its tests are for other tests.
    with open(f"{folder}/pytest.ini", "w") as file:
        file.write("[pytest]\n")
    # For the tests only, which a case may give another clock.
    machine.clock(folder)
    machine.serve_names(folder, "broker.test")
    machine.front(folder, "broker.test", front, proxy)
    if not os.path.exists(f"{folder}/account.tar"):
        prepare(folder, port + 1)
    script, variables = configure(folder, port)
    os.makedirs(DATA)
    subprocess.run(["tar", "-xf", f"{folder}/account.tar", "-C", DATA], check=True)
    # Where one runs already, a second one ends by itself.
    machine.start(folder, "epmd", ["epmd"], **variables)
    machine.start(folder, "server", [script], **variables)
    machine.stay()


if __name__ == "__main__":
    main()
