"""A plugin of pytest: gives the clients of the suites limits of seconds and, where a case asks for it, retries.

The suites leave that to their clients' defaults, which wait for a minute or for ever. Read from the environment, so that
passing recordings and cases differ in nothing else. It can also lose a name: after so many look-ups a host is known no
more, which no proxy can bring about.
"""

import os
import socket

TIMEOUT = float(os.environ.get("CASE_TIMEOUT", "5"))
LOST_NAME = os.environ.get("CASE_LOST_NAME")
LOST_AFTER = int(os.environ.get("CASE_LOST_NAME_AFTER", "0"))
RETRIES = int(os.environ.get("CASE_RETRIES", "0"))
WHOLE_TEST = os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1"


def limit_kinto():
    from kinto_http.session import Session

    plain = Session.__init__

    def limited(self, *arguments, **options):
        # The client hands its own defaults on by name.
        if not WHOLE_TEST and not options.get("timeout"):
            options["timeout"] = TIMEOUT
        options["retry"] = options.get("retry") or RETRIES
        plain(self, *arguments, **options)

    Session.__init__ = limited


def limit_botocore():
    # Its retries have variables of their own.
    from botocore.config import Config

    if not WHOLE_TEST:
        Config.OPTION_DEFAULTS["read_timeout"] = TIMEOUT
        Config.OPTION_DEFAULTS["connect_timeout"] = TIMEOUT


def limit_caldav():
    from caldav.davclient import DAVClient

    plain = DAVClient.__init__

    def limited(self, *arguments, **options):
        if not WHOLE_TEST and not options.get("timeout"):
            options["timeout"] = TIMEOUT
        plain(self, *arguments, **options)

    DAVClient.__init__ = limited


def limit_keystone():
    from keystoneauth1.session import Session

    plain = Session.request

    def limited(self, *arguments, **options):
        if not WHOLE_TEST:
            options.setdefault("timeout", TIMEOUT)
        # Its users ask for that by name; it is for 503.
        options["status_code_retries"] = options.get("status_code_retries") or RETRIES
        return plain(self, *arguments, **options)

    Session.request = limited


def lose_name():
    plain = socket.getaddrinfo
    looked_up = 0

    def losing(host, *arguments, **options):
        nonlocal looked_up
        if host == LOST_NAME:
            looked_up += 1
            if looked_up > LOST_AFTER:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return plain(host, *arguments, **options)

    socket.getaddrinfo = losing


if LOST_NAME:
    lose_name()

for limit in (limit_kinto, limit_botocore, limit_caldav, limit_keystone):
    try:
        limit()
    except ImportError:
        # Another suite.
        pass
