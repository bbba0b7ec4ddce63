"""Another test of the same run, which does something to the shared server while its neighbour is in the middle."""

import os
import time

import boto3
import requests

SERVER = "http://localhost:5000"


def test_neighbour():
    signal, words = os.environ["CASE_SIGNAL"], os.environ["CASE_NEIGHBOUR"].split(" ")
    end = time.monotonic() + 20
    # The proxy makes the file when its neighbour is where it can be hit.
    while not os.path.exists(signal):
        assert time.monotonic() < end, "the neighbour never came"
        time.sleep(0.02)
    if words[0] == "reset":
        requests.post(f"{SERVER}/moto-api/reset", timeout=5)
    else:
        client = boto3.client("sqs", region_name="us-east-1", endpoint_url=SERVER)
        client.delete_queue(QueueUrl=f"{SERVER}/123456789012/{words[1]}")
