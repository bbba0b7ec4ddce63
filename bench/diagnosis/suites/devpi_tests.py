"""What a team tests that hands out its packages by a devpi server: uploads, promotion, accounts, and what an installer
sees."""

import base64
import hashlib
import os
import time

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

SERVER = os.environ.get("SHELF_URL", "http://localhost:3141")
SIMPLE = {"Accept": "application/vnd.pypi.simple.v1+json"}
TIMEOUT = None if os.environ.get("CASE_NO_CLIENT_TIMEOUT") == "1" else float(os.environ.get("CASE_TIMEOUT", "5"))


class Shelf:
    """An account on the server, logged in or not."""

    def __init__(self, user=None, password=""):
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        retry = Retry(int(os.environ.get("CASE_RETRIES", "0")), backoff_factor=0.2, status_forcelist=[503], allowed_methods=None)
        self.session.mount("http://", HTTPAdapter(max_retries=retry))
        if user:
            token = self.ask("POST", "/+login", {"user": user, "password": password})["result"]["password"]
            self.session.headers["X-Devpi-Auth"] = base64.b64encode(f"{user}:{token}".encode()).decode()

    def call(self, method, path, body=None, **options):
        return self.session.request(method, SERVER + path, json=body, timeout=TIMEOUT, **options)

    def ask(self, method, path, body=None, **options):
        response = self.call(method, path, body, **options)
        response.raise_for_status()
        return response.json()

    def upload(self, index, name, version, content=b"", **fields):
        form = {":action": "file_upload", "name": name, "version": version, **fields}
        content = content or f"{name} {version}".encode()
        files = {"content": (f"{name}-{version}.tar.gz", content)}
        return self.session.post(f"{SERVER}/{index}/", data=form, files=files, timeout=TIMEOUT)

    def files(self, index, name):
        return self.ask("GET", f"/{index}/+simple/{name}/", headers=SIMPLE)["files"]


def account(name, password):
    Shelf().ask("PUT", f"/{name}", {"password": password, "email": f"{name}@shelf.test"})
    return Shelf(name, password)


@pytest.fixture
def ada():
    ada = account("ada", "lovelace")
    ada.ask("PUT", "/ada/dev", {"bases": [], "volatile": True})
    yield ada
    ada.ask("DELETE", "/ada/dev")
    ada.ask("DELETE", "/ada")


@pytest.fixture
def release(ada):
    """The index of what is given to customers: nothing in it is ever replaced."""
    ada.ask("PUT", "/ada/release", {"bases": ["ada/dev"], "volatile": False})
    yield "ada/release"
    ada.ask("PATCH", "/ada/release", ["volatile=True"])
    ada.ask("DELETE", "/ada/release")


@pytest.fixture
def bob():
    yield account("bob", "ross")
    Shelf("root").ask("DELETE", "/bob")


class TestUploads:
    def test_an_installer_sees_it(self, ada):
        assert ada.upload("ada/dev", "paint", "1.0", b"red, green, blue").status_code == 200
        (file,) = ada.files("ada/dev", "paint")
        assert file["filename"] == "paint-1.0.tar.gz"
        assert file["hashes"]["sha256"] == hashlib.sha256(b"red, green, blue").hexdigest()

    def test_what_comes_back(self, ada):
        ada.upload("ada/dev", "paint", "1.0", b"red, green, blue")
        links = ada.ask("GET", "/ada/dev/paint/1.0")["result"]["+links"]
        content = requests.get(links[0]["href"], timeout=TIMEOUT)
        assert content.status_code == 200
        assert content.content == b"red, green, blue"

    def test_what_it_needs(self, ada):
        ada.upload("ada/dev", "paint", "1.0", requires_python=">=3.9", summary="Colours")
        (file,) = ada.files("ada/dev", "paint")
        assert file["requires-python"] == ">=3.9"
        assert ada.ask("GET", "/ada/dev/paint/1.0")["result"]["summary"] == "Colours"

    def test_all_versions(self, ada):
        for version in ("1.9", "1.10", "1.2"):
            ada.upload("ada/dev", "brush", version)
        versions = ada.ask("GET", "/ada/dev/brush")["result"]
        assert sorted(versions) == ["1.10", "1.2", "1.9"]

    def test_replaced_while_in_the_making(self, ada):
        ada.upload("ada/dev", "paint", "1.0", b"red")
        assert ada.upload("ada/dev", "paint", "1.0", b"blue").status_code == 200
        (file,) = ada.files("ada/dev", "paint")
        assert file["hashes"]["sha256"] == hashlib.sha256(b"blue").hexdigest()

    def test_projects_of_an_index(self, ada):
        for name in ("paint", "brush", "easel"):
            ada.upload("ada/dev", name, "0.1")
        index = ada.ask("GET", "/ada/dev")
        assert index["type"] == "indexconfig"
        assert index["result"]["projects"] == ["brush", "easel", "paint"]


class TestRelease:
    def test_promoted(self, ada, release):
        ada.upload("ada/dev", "easel", "2.0")
        pushed = ada.ask("POST", "/ada/dev", {"name": "easel", "version": "2.0", "targetindex": release})
        assert [step[:2] for step in pushed["result"]] == [[200, "register"], [200, "store_releasefile"]]
        own = ada.ask("GET", f"/{release}/easel?ignore_bases=1")["result"]
        assert list(own) == ["2.0"]

    def test_seen_through_its_base(self, ada, release):
        ada.upload("ada/dev", "easel", "2.0")
        assert list(ada.ask("GET", f"/{release}/easel")["result"]) == ["2.0"]
        assert ada.ask("GET", f"/{release}/easel?ignore_bases=1")["result"] == {}

    def test_never_replaced(self, ada, release):
        ada.upload(release, "easel", "2.0", b"oak")
        refused = ada.upload(release, "easel", "2.0", b"pine")
        assert refused.status_code == 409
        (file,) = ada.files(release, "easel")
        assert file["hashes"]["sha256"] == hashlib.sha256(b"oak").hexdigest()

    def test_never_deleted(self, ada, release):
        ada.upload(release, "easel", "2.0")
        assert ada.call("DELETE", f"/{release}/easel/2.0").status_code == 403
        assert ada.call("DELETE", f"/{release}").status_code == 403
        assert list(ada.ask("GET", f"/{release}/easel")["result"]) == ["2.0"]

    def test_withdrawn(self, ada):
        for version in ("0.1", "0.2"):
            ada.upload("ada/dev", "easel", version)
        ada.ask("DELETE", "/ada/dev/easel/0.1")
        assert list(ada.ask("GET", "/ada/dev/easel")["result"]) == ["0.2"]
        assert [file["filename"] for file in ada.files("ada/dev", "easel")] == ["easel-0.2.tar.gz"]


class TestAccounts:
    def test_a_stranger_uploads_nothing(self, ada, bob):
        assert bob.upload("ada/dev", "forgery", "1.0").status_code == 403
        assert bob.ask("GET", "/ada/dev")["result"]["projects"] == []

    def test_let_in(self, ada, bob):
        changed = ada.ask("PATCH", "/ada/dev", ["acl_upload+=bob"])
        assert changed["result"]["acl_upload"] == ["ada", "bob"]
        assert bob.upload("ada/dev", "palette", "1.0").status_code == 200
        assert [file["filename"] for file in ada.files("ada/dev", "palette")] == ["palette-1.0.tar.gz"]

    def test_another_password(self, bob):
        bob.ask("PATCH", "/bob", {"password": "marley"})
        with pytest.raises(requests.HTTPError) as refused:
            Shelf("bob", "ross")
        assert refused.value.response.status_code == 401
        assert Shelf("bob", "marley").ask("GET", "/bob")["result"]["username"] == "bob"

    def test_the_name_is_taken(self, bob):
        refused = Shelf().call("PUT", "/bob", {"password": "again"})
        assert refused.status_code == 409
        assert refused.json()["message"] == "user already exists"

    def test_two_change_the_same(self, ada):
        ada.ask("PATCH", "/ada/dev", ["title=Work in progress"])
        Shelf("ada", "lovelace").ask("PATCH", "/ada/dev", ["mirror_whitelist+=paint"])
        index = ada.ask("GET", "/ada/dev?no_projects=")["result"]
        assert index["title"] == "Work in progress"
        assert index["mirror_whitelist"] == ["paint"]

    def test_who_is_there(self, ada, bob):
        users = ada.ask("GET", "/")["result"]
        assert sorted(users) == ["ada", "bob", "root"]
        assert users["bob"]["email"] == "bob@shelf.test"
        assert "pwhash" not in users["bob"]


class TestEvents:
    def test_all_is_worked_off(self, ada):
        """What follows an upload (search, mirrors) is done in the background."""
        ada.upload("ada/dev", "canvas", "3.1")
        serial = ada.ask("GET", "/+status")["result"]["serial"]
        end = time.monotonic() + 6
        while (status := ada.ask("GET", "/+status")["result"])["event-serial"] < serial:
            assert time.monotonic() < end, f"event {status['event-serial']} of {serial} after 6 s"
            time.sleep(0.2)
        assert status["serial"] == serial
