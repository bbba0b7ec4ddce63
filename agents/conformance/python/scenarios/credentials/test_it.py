import requests
from clients import BASE

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxNzk1MDAwMDAwLCJpYXQiOjE3OTQ5OTY0MDB9.never-in-spool"


def test_presents_credentials():
    for headers in (
        {"authorization": "Bearer " + JWT}, {"authorization": "Bearer never-in-spool"}, {"x-api-key": "never-in-spool"},
        {"cookie": "session=never-in-spool; theme=never-in-spool"}, {"proxy-authorization": "Token never-in-spool"},
        {"x-auth-token": "never-in-spool"},
    ):
        requests.get(BASE + "/json", headers=headers)
    requests.get(BASE + "/json", auth=("ada", "never-in-spool"))
    assert requests.get(BASE + "/login").cookies["session"] == "never-in-spool"
