"""Another test of the same run, which does something to the shared server while its neighbour is in the middle."""

import os
import time

from influxdb import InfluxDBClient


def test_neighbour():
    signal, statement = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"]
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    headers = {"Accept": "application/json"}
    client = InfluxDBClient("localhost", 8086, "root", "", "stations", headers=headers)
    if statement.startswith("weather,"):
        client.write_points([statement], protocol="line")
    else:
        client.query(statement, method="POST")
