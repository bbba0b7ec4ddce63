import json
import os

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

config = Config(retries={"max_attempts": 2, "mode": "standard"}, region_name="eu-west-1")
client = boto3.client("lambda", endpoint_url=os.environ["SERVER_URL"], config=config)


def test_invokes():
    answer = client.invoke(FunctionName="hello", Payload=json.dumps({"name": "ada"}))
    assert json.load(answer["Payload"]) == {"greeting": "hello"}


def test_is_throttled():
    with pytest.raises(ClientError, match="Rate Exceeded"):
        client.invoke(FunctionName="throttled", Payload=b"{}")
