import pytest
from clients import CLIENTS, call

each_client = pytest.mark.parametrize("client", CLIENTS)


from clients import free_port


@each_client
def test_is_reset_before_the_answer(client):
    with pytest.raises(Exception):
        call(client, "/reset", "POST", b"x")


@each_client
def test_is_reset_amid_the_answer(client):
    with pytest.raises(Exception):
        call(client, "/reset-midway")


@each_client
def test_ends_amid_the_answer(client):
    with pytest.raises(Exception):
        call(client, "/end-midway")


# By TLS a client connects before it writes the head of a request, otherwise with it.
@pytest.mark.parametrize("scheme", ["http", "https"])
@each_client
def test_is_refused(client, scheme):
    with pytest.raises(Exception):
        call(client, "/", "POST", b"x", {"authorization": "Bearer never-in-spool"}, base="%s://127.0.0.1:%d" % (scheme, free_port()))


@each_client
def test_has_no_such_host(client):
    with pytest.raises(Exception):
        call(client, "/", base="http://no-such-host.invalid")
