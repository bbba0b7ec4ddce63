"""A machine of its own for a server: a small disk, a clock that can be set, names and certificates that can be changed.

A launcher calls `enter` first. What it starts then ends with it, and what was mounted goes away with it. A case acts on
the machine while calls are on their way (the faults `run` and `run-after` of the proxy), by what lies in the folder:

- `NAME.pid`: the process of that name.
- `disk`: the disk.
- `clock`: by how many seconds the clock is off (`clock.c`).
- `names`: the names that the name server knows, one a line, with an address other than ours behind it; `broken` there
  makes the name server answer that it failed itself.
- `certificate`: which certificate new connections get: `good`, `expired`, `untrusted` or `misnamed`.
"""

import ctypes
import datetime
import os
import signal
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import threading

DISK = "/mnt"
_PR_SET_PDEATHSIG = 1


def enter(folder, size):
    """Goes on in a name space of mounts of its own, with a disk of this size, which the folder has a way to."""
    if os.environ.get("PRIVATE_MACHINE") != "yes":
        os.environ["PRIVATE_MACHINE"] = "yes"
        os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", DISK], check=True)
    way = os.path.join(folder, "disk")
    if os.path.islink(way):
        os.unlink(way)
    # Others do not see what is mounted here, but they see us.
    os.symlink(f"/proc/{os.getpid()}/root" + DISK, way)


def clock(folder):
    """Sets the clock right and gives the variables of a process that has it."""
    library, file = os.path.join(folder, "clock.so"), os.path.join(folder, "clock")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clock.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
    with open(file, "w") as opened:
        opened.write("0")
    return {"LD_PRELOAD": library, "CLOCK_FILE": file}


def start(folder, name, words, user=None, **variables):
    """Starts a process that ends when we do."""

    def die_with_parent():
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    process = subprocess.Popen(
        words,
        env={**os.environ, **variables},
        user=user,
        group="nogroup" if user else None,
        extra_groups=[] if user else None,
        preexec_fn=die_with_parent,
    )
    with open(os.path.join(folder, name + ".pid"), "w") as file:
        file.write(str(process.pid))
    return process


def stay():
    """Waits until somebody ends us."""
    while True:
        signal.pause()


def serve_names(folder, *names):
    """Answers the queries of this network's programs for names."""
    links = subprocess.run(["ip", "-o", "link"], check=True, capture_output=True, text=True).stdout
    if len(links.splitlines()) != 1:
        sys.exit("this is not a network of its own: its names are not ours")
    path = os.path.join(folder, "names")
    with open(path, "w") as file:
        file.write("\n".join(names))
    with open("/etc/resolv.conf") as file:
        words = [line.split() for line in file]
    address = next(line[1] for line in words if line[:1] == ["nameserver"])
    subprocess.run(["ip", "addr", "replace", address + "/32", "dev", "lo"], check=True)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    threading.Thread(target=_answer_names, args=(server, path), daemon=True).start()


def _answer_names(server, path):
    while True:
        query, client = server.recvfrom(512)
        with open(path) as file:
            known = dict((line.split() + [""])[:2] for line in file if line.strip())
        labels, place = [], 12
        while query[place]:
            labels.append(query[place + 1 : place + 1 + query[place]].decode())
            place += 1 + query[place]
        question = query[12 : place + 5]
        name, kind = ".".join(labels), query[place + 2]
        code = 0 if name in known else 3
        if known.get(name) == "broken":
            code = 2
        answer = b""
        # An address, for who asks for one of IPv4.
        if code == 0 and kind == 1:
            address = socket.inet_aton(known[name] or "127.0.0.1")
            answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + address
        head = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, 1 if answer else 0, 0, 0)
        server.sendto(head + question + answer, client)


def swallow_connections(address, port):
    """Nobody ever answers who connects there: the queue of a listener that accepts nobody is full."""
    listener = socket.socket()
    listener.bind((address, port))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(3)]
    for client in waiting:
        client.setblocking(False)
        client.connect_ex((address, port))
    return listener, waiting


def front(folder, name, port, behind):
    """Ends TLS at `port` for the host `name` and hands on to the port `behind`, connection by connection.

    Begins with the certificate that `CASE_CERTIFICATE` names; with `none` nobody listens.
    """
    _make_certificates(folder, name)
    first = os.environ.get("CASE_CERTIFICATE", "good")
    if first == "none":
        return
    with open(os.path.join(folder, "certificate"), "w") as file:
        file.write(first)

    class Connection(socketserver.BaseRequestHandler):
        def handle(self):
            with open(os.path.join(folder, "certificate")) as file:
                chosen = file.read().strip()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.path.join(folder, chosen + ".pem"))
            try:
                client = context.wrap_socket(self.request, server_side=True)
                server = socket.create_connection(("127.0.0.1", behind))
            except OSError:
                # Who does not trust us has hung up; whom nobody listens to is let go.
                return
            _join(client, server)

    class Front(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def shutdown_request(self, request):
            self.close_request(request)

    server = Front(("127.0.0.1", port), Connection)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _join(client, server):
    """Copies both ways until one side ends, and ends the other in the same way: in good order, or with a reset."""

    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except ConnectionResetError:
            for side in (source, target):
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        for side in (source, target):
            try:
                side.shutdown(socket.SHUT_RD)
            except OSError:
                pass

    back = threading.Thread(target=copy, args=(client, server), daemon=True)
    back.start()
    copy(server, client)
    client.close()
    back.join(5)
    server.close()


def _make_certificates(folder, name):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.timezone.utc)

    def make(subject, begin, end, issuer=None, authority=False):
        key = ec.generate_private_key(ec.SECP256R1())
        called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
        by, by_key = issuer or (called, key)
        builder = (
            x509.CertificateBuilder(by, called, key.public_key(), x509.random_serial_number(), now + begin, now + end)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), False)
            .add_extension(x509.BasicConstraints(authority, None), True)
        )
        return called, key, builder.sign(by_key, hashes.SHA256())

    def write(file, key, certificate):
        with open(os.path.join(folder, file), "wb") as opened:
            opened.write(certificate.public_bytes(serialization.Encoding.PEM))
            if key:
                plain = serialization.NoEncryption()
                form = serialization.PrivateFormat.PKCS8
                opened.write(key.private_bytes(serialization.Encoding.PEM, form, plain))

    root, root_key, root_certificate = make("authority.test", -400 * day, 400 * day, authority=True)
    write("ca.pem", None, root_certificate)
    for file, subject, end, issuer in (
        ("good", name, 90 * day, (root, root_key)),
        ("expired", name, -2 * day, (root, root_key)),
        ("misnamed", "files.test", 90 * day, (root, root_key)),
        ("untrusted", name, 90 * day, None),
    ):
        write(file + ".pem", *make(subject, -90 * day, end, issuer)[1:])


def certify(folder, name, other):
    """Makes an authority that the tests trust, once, and certificates of it: one that is good, which is chosen, one that has
    expired, one for another name.

    With openssl, for suites of Node, whose Python has no library for that; `unleash_edge.mjs` ends TLS with them.
    """
    with open(f"{folder}/certificate", "w") as file:
        file.write("good")
    if os.path.exists(f"{folder}/good.crt"):
        return

    def openssl(*words, **variables):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **variables})

    def key(file):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{file}.key"]

    past = f"{folder}/past"
    with open(past, "w") as file:
        file.write(str(-40 * 86400))
    then = {**clock(folder), "CLOCK_FILE": past}
    openssl("req", "-x509", *key("ca"), "-subj", "/CN=authority.test", "-days", "400", "-out", "ca.pem", **then)
    for file, subject, days in (("good", name, 90), ("expired", name, 30), ("misnamed", other, 90)):
        named = ["-subj", f"/CN={subject}", "-addext", f"subjectAltName=DNS:{subject}"]
        openssl("req", "-new", *key(file), *named, "-out", f"{file}.csr")
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-copy_extensions", "copy"]
        openssl("x509", "-req", "-in", f"{file}.csr", *by, "-days", str(days), "-out", f"{file}.crt", **then)
