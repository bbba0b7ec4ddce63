"""A plugin of pytest: gives the client of InfluxDB a limit of seconds, and the retries that a case asks for.

The client itself waits for ever and tries three times. Read from the environment, so that passing recordings and cases
differ in nothing else.
"""

import os

from influxdb import InfluxDBClient

_plain = InfluxDBClient.__init__


def _limited(self, *arguments, **options):
    if os.environ.get("CASE_NO_CLIENT_TIMEOUT") != "1":
        options.setdefault("timeout", float(os.environ.get("CASE_TIMEOUT", "5")))
    if "CASE_RETRIES" in os.environ:
        options.setdefault("retries", 1 + int(os.environ["CASE_RETRIES"]))
    _plain(self, *arguments, **options)


InfluxDBClient.__init__ = _limited
