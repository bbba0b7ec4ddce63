import functools
import unittest
import unittest.mock

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


class Cleaned(unittest.TestCase):
    def setUp(self):
        patched = unittest.mock.patch("os.sep", "/")
        patched.start()
        self.addCleanup(patched.stop)
        self.addCleanup(self.leave)

    def leave(self):
        call("requests", "/json?cleanup")

    def test_leaves(self):
        self.addCleanup(functools.partial(call, "requests"), "/json?own")

    def test_fails_to_leave(self):
        self.addCleanup(self.fail, "left behind")

    def test_fails_and_fails_to_leave(self):
        self.addCleanup(self.fail, "left behind")
        self.assertEqual(call("http.client", "/429")[0], 200)


class Unmade(unittest.TestCase):
    def setUp(self):
        call("requests", "/json?unmade")
        self.fail("not set up")

    def test_never(self):
        pass
