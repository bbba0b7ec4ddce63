import unittest

from clients import call


def setUpModule():
    call("requests", "/json?module")


class Shop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        call("requests", "/json?class")

    @classmethod
    def tearDownClass(cls):
        call("requests", "/json?class-down")

    def setUp(self):
        call("requests", "/json?setup")

    def tearDown(self):
        call("requests", "/json?teardown")

    def test_passes(self):
        self.assertEqual(call("requests", "/json")[0], 200)

    def test_fails(self):
        self.assertEqual(call("requests", "/429")[0], 200)

    @unittest.skip("later")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail("as expected")


class Async(unittest.IsolatedAsyncioTestCase):
    async def test_waits(self):
        self.assertTrue(True)
