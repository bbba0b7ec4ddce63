import pytest


@pytest.mark.skip(reason="not yet")
def test_skip():
    pass


@pytest.mark.skipif(True, reason="a condition")
def test_skipif():
    pass


def test_skips_itself():
    pytest.skip("on second thoughts")


@pytest.fixture
def absent():
    pytest.skip("nothing to set up")


def test_skipped_by_its_fixture(absent):
    pass


@pytest.mark.xfail(reason="known bug")
def test_xfail():
    assert 1 == 2


@pytest.mark.xfail
def test_xpass():
    pass


@pytest.mark.xfail(strict=True, reason="must not pass")
def test_strict():
    pass


@pytest.mark.xfail(run=False)
def test_not_run():
    pass


def test_needs():
    pytest.importorskip("no_such_module")
