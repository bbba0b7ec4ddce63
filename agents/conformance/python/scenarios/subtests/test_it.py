import unittest


def test_with_parts(subtests):
    for number in range(3):
        with subtests.test(msg="part", number=number):
            assert number != 1


class Parts(unittest.TestCase):
    def test_parts(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(number, 1)
