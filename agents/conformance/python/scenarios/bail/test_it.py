def test_one():
    pass


def test_two():
    assert False


def test_three():
    pass
