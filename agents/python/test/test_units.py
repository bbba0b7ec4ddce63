"""The parts that can be looked at by themselves: one table for each. Everything else is held to `agents/conformance`."""

import base64
import functools
import hashlib
import hmac
import io
import json
import os
import socket
import ssl
import sys
import tempfile
import types
import unittest
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "path"))

from _flakescope import compare, config, frames, programs, pseudonym, urllib3_future_client  # noqa: E402
from _flakescope.body import Body, Chunks  # noqa: E402
from _flakescope.context import Trace  # noqa: E402
from _flakescope.credentials import facts, mask_header  # noqa: E402
from _flakescope.failure import code_of, describe, is_timeout  # noqa: E402
from _flakescope.headers import Head, pairs_of, parse_lines  # noqa: E402
from _flakescope.http_call import Call  # noqa: E402
from _flakescope.natives import n  # noqa: E402
from _flakescope.propagation import may_propagate  # noqa: E402
from _flakescope.recorder import Recorder  # noqa: E402
from _flakescope.span import KIND_INTERNAL, Span  # noqa: E402
from _flakescope.unittest_case import _name_of  # noqa: E402

KEY = bytes(range(32))
KEY_ID = hashlib.sha256(b"flakescope-key-id" + KEY).hexdigest()[:4]


def hashed(value):
    return hmac.new(KEY, value.encode(), "sha256").hexdigest()[:12]


def masked(value):
    return "[masked:{}:{}]".format(KEY_ID, hashed(value))


def spool_folder(**changes):
    """A spool as the recorder makes it."""
    folder = tempfile.mkdtemp()
    run = {"protocol": 1, "key_id": KEY_ID, "declared_hosts": ["Api.Example:8080"], **changes}
    with open(folder + "/run.json", "w") as file:
        json.dump(run, file)
    with open(folder + "/key", "w") as file:
        file.write(KEY.hex() + "\n")
    return folder


def records(folder):
    """All lines of all segments, in the order in which they were opened."""
    found = []
    names = [name for name in os.listdir(folder) if name.endswith(".seg")]
    for name in sorted(names, key=lambda name: int(name.split("-")[2][:-4])):
        with open(folder + "/" + name, encoding="utf-8") as file:
            found += [json.loads(line) for line in file]
    return found


class Masking(unittest.TestCase):
    def setUp(self):
        pseudonym.configure(config.load(spool_folder()))

    def test_headers(self):
        for name, value, expected in [
            ("authorization", "Bearer abc", "Bearer " + masked("abc")),
            ("authorization", "abc", masked("abc")),
            ("authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101/x, Signature=1", "AWS4-HMAC-SHA256 " + masked("AKID")),
            ("cookie", "a=b; c=d", "a={}; c={}".format(masked("b"), masked("d")).replace("; c", "; c")),
            ("set-cookie", "a=b; Path=/", "a={}; Path=/".format(masked("b"))),
            ("x-api-key", "k", masked("k")),
            ("x-api-key", masked("k"), masked("k")),
            ("accept", "text/html", "text/html"),
        ]:
            with self.subTest(name=name, value=value):
                self.assertEqual(mask_header(name, value), expected)

    def test_facts(self):
        claims = base64.urlsafe_b64encode(b'{"exp":3,"iat":2,"nbf":1.5}').decode().rstrip("=")
        token = "e30.{}.sig".format(claims)
        for headers, expected in [
            ([("host", "h")], None),
            ([("authorization", "Bearer x")], ("Bearer", "x")),
            ([("x-token", "x"), ("cookie", "a=b")], ("ApiKey", "x")),
            ([("cookie", "a=b"), ("cookie", "c=d")], ("Cookie", "a=b; c=d")),
        ]:
            with self.subTest(headers=headers):
                found = facts(headers)
                got = found and (found["flakescope.credential.scheme"], found["flakescope.credential.pseudonym"])
                self.assertEqual(got or None, expected and (expected[0], hashed(expected[1])))
        found = facts([("authorization", "Bearer " + token)])
        times = [found.get("flakescope.credential.jwt." + name) for name in ("exp", "nbf", "iat")]
        self.assertEqual(times, [3, 1, 2])

    def test_a_signature_is_told_by_who_made_it(self):
        for value, expected in [
            ("AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=abc", "AKIA"),
            ("AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature=def", "AKIA"),
            ("AWS4-ECDSA-P256-SHA256 SignedHeaders=host, Credential=AKIA/20261122/s3/aws4_request, Signature=abc", "AKIA"),
            ("GOOG4-RSA-SHA256 Credential=ci@p.example/20261122/auto/storage/goog4_request, SignedHeaders=host, Signature=abc", "ci@p.example"),
            ("AWS4-HMAC-SHA256 Signature=abc", "Signature=abc"),
            ("AWS AKIA:c2ln/bmF0+dXJl=", "AKIA"),
            ("AWS c2ln", "c2ln"),
            ("SharedKey account:c2ln", "account"),
            ('Digest username="ada", realm="r", nonce="n1", uri="/", response="0a"', "ada"),
            ('Digest realm="username=x", username="a, \\"b\\"", nonce="n2"', 'a, \\"b\\"'),
            ('Digest nonce="n"', 'nonce="n"'),
            ('Hawk id="dh37", ts="1353832234", nonce="j4h3g2", mac="6R4r"', "dh37"),
            ('OAuth oauth_consumer_key="app", oauth_token="user", oauth_nonce="1", oauth_signature="s"', "user"),
            ('OAuth oauth_consumer_key="app", oauth_token="", oauth_nonce="2", oauth_signature="s"', "app"),
            ("OAuth opaque", "opaque"),
            ('Signature keyId="k1",algorithm="hs2019",signature="YWJj"', "k1"),
            ("Bearer Credential=AKIA/x", "Credential=AKIA/x"),
            ("Bearer a:b", "a:b"),
        ]:
            with self.subTest(value=value):
                self.assertEqual(mask_header("authorization", value), "{} {}".format(value.partition(" ")[0], masked(expected)))
                self.assertEqual(facts([("authorization", value)])["flakescope.credential.pseudonym"], hashed(expected))

    def test_hash_of_a_body(self):
        for parts in ([b"abc"], [b"a", b"bc"], [b"", b"abc"]):
            for limit in (1, 2, 3, 100):
                body = Body(limit)
                for part in parts:
                    body.add(part)
                self.assertEqual(body.seal(), hmac.new(KEY, b"abc", "sha256").hexdigest()[:32])
                self.assertEqual((body.size, bytes(body.kept), body.truncated), (3, b"abc"[:limit], limit < 3))


class Bodies(unittest.TestCase):
    def test_content(self):
        for raw, limit, coded, expected in [
            (b"text \xc3\xbc", 99, False, "text ü"),
            (b"text \xc3\xbc", 6, False, "text "),
            (b"text \xc3", 99, False, {"$bytes": "dGV4dCDD"}),
            (b"a\0b", 99, False, {"$bytes": "YQBi"}),
            (b"abc", 99, True, {"$bytes": "YWJj"}),
            (b"\xff\xfe", 99, False, {"$bytes": "//4="}),
        ]:
            with self.subTest(raw=raw):
                body = Body(limit)
                body.add(raw)
                self.assertEqual(body.content(coded), expected)

    def test_chunks_however_they_come(self):
        wire = b"3\r\nabc\r\n1;name=value\r\nd\r\n0\r\ntrailer: x\r\n\r\n"
        for size in range(1, len(wire) + 1):
            chunks = Chunks()
            payload = b"".join(bytes(chunks.feed(wire[at : at + size])) for at in range(0, len(wire), size))
            self.assertEqual((payload, chunks.over), (b"abcd", True), size)

    def test_lines_of_a_head(self):
        self.assertEqual(parse_lines([b"A: b: c", b"no colon", b"D:"]), [("A", "b: c"), ("D", "")])

    def test_what_a_client_was_given(self):
        for headers, expected in [
            ({"A": "b", b"C": b"d"}, [("A", "b"), ("C", "d")]),
            ([("A", ("b", b"c")), ("A", 1)], [("A", "b, c"), ("A", "1")]),
            (None, []),
        ]:
            self.assertEqual(pairs_of(headers), expected)
        for given, expected in [("t\ud800\u00fc", b"t?\xc3\xbc"), (b"ab", b"ab"), (bytearray(b"a"), b"a"), (iter([b"a"]), b""), (None, b"")]:
            body = Body(9)
            body.add_given(given)
            self.assertEqual(bytes(body.kept), expected)

    def test_retry_groups(self):
        for pairs, expected in [
            ([("amz-sdk-invocation-id", "one")], "one"),
            ([("Idempotency-Key", "stainless-python-retry-1")], "stainless-python-retry-1"),
            ([("Idempotency-Key", "mine")], None),
            ([("x-ms-client-request-id", "x" * 300)], None),
        ]:
            self.assertEqual(Head(pairs).retry_group, expected)


class Words(unittest.TestCase):
    def test_programs(self):
        for line, expected in [
            ("python -m pip install x", True),
            ("python -mpip list", True),
            ("python /usr/bin/pip3.11 install", True),
            ("python -I -W error -X dev /venv/bin/poetry run pytest", True),
            ("python -m pytest -k pip", False),
            ("python -c pip", False),
            ("python pipeline.py", False),
            ("python", False),
            ("python -m unittest tox", False),
        ]:
            words = programs._program(line.split()[1:])
            self.assertEqual(any(programs._base(word) in programs._NAMES for word in words), expected, line)

    def test_neighbours(self):
        settings = config.load(spool_folder())
        for host, port, expected in [
            ("localhost", 1, True), ("api.localhost", 1, True), ("127.9.9.9", 1, True), ("10.0.0.1", 1, True),
            ("172.16.0.1", 1, True), ("172.32.0.1", 1, False), ("192.168.1.1", 1, True), ("::1", 1, True),
            ("[fd00::1]", 1, True), ("::ffff:10.0.0.1", 1, True), ("example.com", 443, False),
            ("API.example", 8080, True), ("api.example", 80, False), ("", 1, False), ("8.8.8.8", 1, False),
        ]:
            self.assertEqual(may_propagate(settings, host, port), expected, host)

    def test_only_a_socket_leads_out(self):
        with socket.socket() as real:
            for sock, expected in [(None, True), (real, True), (io.BytesIO(), False)]:
                call = types.SimpleNamespace(connection=types.SimpleNamespace(sock=sock))
                self.assertEqual(Call._leads_out(call), expected, sock)

    def test_errors(self):
        def caused(error, cause):
            error.__cause__ = cause
            return error

        expired = ssl.SSLCertVerificationError(1, "certificate has expired")
        expired.verify_code = 10
        # As urllib3 and requests hold what they do not raise from.
        wrapper = type("SSLError", (Exception,), {})
        retries = type("MaxRetryError", (Exception,), {})("Max retries exceeded")
        retries.reason = wrapper(expired)

        for error, code, timeout in [
            (wrapper(expired), "CERT_HAS_EXPIRED", False),
            (wrapper(retries), "CERT_HAS_EXPIRED", False),
            (wrapper("bad record"), "EPROTO", False),
            (ConnectionRefusedError(111, "refused"), "ECONNREFUSED", False),
            (caused(RuntimeError("x"), ConnectionResetError("y")), "ECONNRESET", False),
            (OSError(113, "no route"), "EHOSTUNREACH", False),
            (ValueError("x"), "ValueError", False),
            (TimeoutError("timed out"), "TimeoutError", True),
            (TimeoutError(110, "by the kernel"), "ETIMEDOUT", False),
        ]:
            self.assertEqual((code_of(error), is_timeout(error)), (code, timeout), repr(error))

    def test_a_message_that_cannot_be_had(self):
        class Broken(Exception):
            def __str__(self):
                raise RuntimeError("no words")

        self.assertIn("Broken", describe(Broken())["exception.type"])

    def test_compared_values(self):
        class Rude:
            def __repr__(self):
                raise RuntimeError("no words")

        cycle = []
        cycle.append(cycle)
        for value in ({"a": [1, None, True]}, ("x", b"y"), Rude(), cycle, "x" * 100_000, list(range(100_000)), 1e999):
            text, _ = compare.both(value, None)
            self.assertLessEqual(len(text), compare.CHARACTERS)
        self.assertEqual(compare.both({"a": [1, None]}, "ü"), ('{"a":[1,null]}', '"ü"'))

    def test_compared_by_a_matcher(self):
        def failed(word, original=None):
            error = AssertionError()
            error.mismatch = types.SimpleNamespace(_mismatch_string=word, _reference=1, _actual="a", original=original)
            return error

        endless = types.SimpleNamespace()
        endless.original = endless
        for error, expected in [
            (failed("!="), ("1", '"a"')), (failed("is not"), ("1", '"a"')), (failed("is not <"), None),
            (failed("", failed("!=").mismatch), ("1", '"a"')), (failed("!=", endless), None), (AssertionError(), None),
        ]:
            self.assertEqual(compare.of(error, None), expected)

    def test_names_of_cleanups(self):
        class Server:
            def stop(self):
                pass

            @classmethod
            def stop_all(cls):
                pass

        def leave():
            pass

        for function, expected in [
            (leave, "leave"), (functools.partial(functools.partial(leave)), "leave"), (lambda: None, "<lambda>"),
            (Server().stop, "Server.stop"), (Server.stop_all, "Server.stop_all"), (self.tearDown, "tearDown"),
            (unittest.mock.patch("os.sep").stop, None), (unittest.mock.Mock(), None), (os.remove, None), (None, None),
        ]:
            self.assertEqual(_name_of(function, self), expected, function)


class Frames(unittest.TestCase):
    def test_what_a_hook_does_stays_in_it(self):
        class Owner:
            def call(self, value, *, key=None):
                """What it does."""
                if value < 0:
                    raise ValueError("negative")
                return value, key

        def broken(*args, **kwargs):
            raise RuntimeError("ours")

        told = []
        frames.around(Owner, "call", lambda *a, **k: True, lambda *a, **k: told.append(a[1:3]))
        original = Owner.call
        frames.before(Owner, "call", broken)
        self.assertIs(Owner.call, original, "twice is once")
        self.assertEqual(Owner().call(1, key=2), (1, 2))
        self.assertEqual((Owner.call.__name__, Owner.call.__doc__), ("call", "What it does."))
        try:
            Owner().call(-1)
            self.fail("nothing was raised")
        except ValueError as error:
            before = {code.co_filename for code in frames.codes(error)}
            frames.strip(error)
            after = {code.co_filename for code in frames.codes(error)}
        self.assertEqual((before, after), ({__file__, frames.__file__}, {__file__}))
        self.assertEqual(len(told), 2)


class Clients(unittest.TestCase):
    def test_a_version_that_is_made_otherwise_is_told_of(self):
        class HfaceBackend:
            scheme, host, port, sock = "http", "127.0.0.1", 80, None

            def endheaders(self):
                return "sent"

            send = getresponse = close = _post_conn = endheaders

        class LowLevelResponse:
            def read(self):
                return b""

            close = read

        folder = spool_folder()
        recorder = Recorder(config.load(folder))
        backend = types.SimpleNamespace(HfaceBackend=HfaceBackend, LowLevelResponse=LowLevelResponse)
        urllib3_future_client.install_backend(recorder, backend)
        self.assertEqual(HfaceBackend().endheaders(), "sent")
        recorder.close()
        gaps = [(record["kind"], record["detail"]) for record in records(folder) if record["t"] == "gap"]
        self.assertEqual(gaps, [("client-unseen", "urllib3.future: a version of another kind")])


class Spools(unittest.TestCase):
    def recorder(self, **changes):
        folder = spool_folder(**changes)
        return Recorder(config.load(folder)), folder

    def test_lines(self):
        recorder, folder = self.recorder()
        trace = Trace(is_test=True)
        span = Span(recorder, trace, "na\ud800me", KIND_INTERNAL, attributes={"a": 1, "ü": ["é"]})
        span.end()
        span.write()
        recorder.gap("log-cut")
        recorder.close()
        head, begun, ended, gap, end = records(folder)
        self.assertEqual((head["t"], head["agent"], head["pid"], head["seq"]), ("head", "python", os.getpid(), 0))
        self.assertNotIn("end", begun)
        self.assertEqual(ended["attrs"], {"a": 1, "ü": ["é"]})
        self.assertEqual((gap, end), ({"t": "gap", "kind": "log-cut", "count": 1}, {"t": "end", "reason": "exit"}))

    def test_rotation_and_a_full_spool(self):
        recorder, folder = self.recorder(segment_bytes=600, spool_cap_bytes=1200)
        for _ in range(50):
            recorder.tag("key", "x" * 50)
        before = recorder.spool.dropped["spool-full"]["tag"]
        self.assertGreater(before, 0)
        for name in os.listdir(folder):
            if name.endswith(".seg"):
                os.unlink(folder + "/" + name)
        recorder.spool.full_since -= 2_000_000_000
        recorder.tag("key", "y")
        gaps = [record for record in records(folder) if record["t"] == "gap"]
        self.assertEqual([(gap["kind"], gap["count"]) for gap in gaps], [("spool-full", before)])

    def test_writes_that_fail_are_tried_again(self):
        recorder, folder = self.recorder()
        recorder.tag("key", "first")
        write, lost = n.write, []

        def refuse(file, data):
            lost.append(data)
            raise OSError(28, "no space")

        n.write = refuse
        try:
            recorder.tag("key", "second")
        finally:
            n.write = write
        self.assertTrue(lost)
        recorder.tag("key", "third")
        values = [record["value"] for record in records(folder) if record["t"] == "tag"]
        self.assertEqual(values, ["first", "second", "third"])

    def test_a_folder_that_is_gone(self):
        recorder, folder = self.recorder()
        os.rename(folder, folder + ".gone")
        recorder.tag("key", "value")
        self.assertTrue(recorder.spool.gone)
        self.assertIsNone(config.load(folder))

    def test_a_fork_writes_for_itself(self):
        recorder, folder = self.recorder()
        recorder.tag("by", "parent")
        child = os.fork()
        if child == 0:
            recorder.forked()
            recorder.tag("by", "child")
            os._exit(0)
        os.waitpid(child, 0)
        recorder.tag("by", "parent")
        recorder.close()
        by = {}
        for name in os.listdir(folder):
            if name.endswith(".seg"):
                with open(folder + "/" + name) as file:
                    by[int(name.split("-")[0])] = [json.loads(line).get("value") for line in file]
        self.assertEqual(by, {os.getpid(): [None, "parent", "parent", None], child: [None, "child"]})


if __name__ == "__main__":
    unittest.main()
