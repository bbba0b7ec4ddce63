import requests
import urllib3
from clients import BASE


def test_retries_of_urllib3():
    with urllib3.PoolManager(retries=urllib3.Retry(3, status_forcelist=[500], backoff_factor=0)) as pool:
        assert pool.request("GET", BASE + "/flaky?key=urllib3").json() == {"tries": 2}


def test_retries_of_requests():
    with requests.Session() as session:
        retry = urllib3.Retry(3, status_forcelist=[500], backoff_factor=0)
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
        assert session.get(BASE + "/flaky?key=requests").json() == {"tries": 2}
