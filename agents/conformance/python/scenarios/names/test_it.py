import pytest
from base import Base


class TestOuter:
    class TestInner:
        @pytest.mark.parametrize("value", ["a b", "ü", None, 1.5], ids=str)
        def test_with_parameters(self, value):
            pass

    def test_beside(self):
        pass


class TestInherits(Base):
    pass


@pytest.mark.parametrize(("x", "y"), [(1, 2), (3, 4)])
@pytest.mark.parametrize("z", "pq")
def test_product(x, y, z):
    assert x < y


@pytest.fixture(params=["one", "two"])
def kind(request):
    return request.param


def test_by_fixture(kind):
    pass
