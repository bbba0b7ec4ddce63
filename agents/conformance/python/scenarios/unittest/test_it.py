import functools
import sys
import unittest
import unittest.mock

from clients import call


def setUpModule():
    call("http.client", "/json?module")


def tearDownModule():
    call("http.client", "/json?module-down")


class Shop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        call("http.client", "/json?class")

    @classmethod
    def tearDownClass(cls):
        call("http.client", "/json?class-down")

    def setUp(self):
        call("http.client", "/json?setup")

    def tearDown(self):
        call("http.client", "/json?teardown")

    def test_a_passes(self):
        self.assertEqual(call("http.client", "/json")[0], 200)

    def test_b_fails(self):
        self.assertEqual(call("http.client", "/429")[0], 200)

    def test_c_errs(self):
        raise RuntimeError("broken")

    @unittest.skip("later")
    def test_d_skipped(self):
        pass

    def test_e_skips_itself(self):
        self.skipTest("on second thoughts")

    @unittest.expectedFailure
    def test_f_expected(self):
        self.fail("as expected")

    def test_g_parts(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(number, 1)


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("no class")

    def test_never(self):
        pass


class Cleaned(unittest.TestCase):
    def setUp(self):
        patched = unittest.mock.patch("os.sep", "/")
        patched.start()
        self.addCleanup(patched.stop)
        self.addCleanup(self.leave)

    def leave(self):
        call("http.client", "/json?cleanup")

    def test_leaves(self):
        self.addCleanup(functools.partial(call, "http.client"), "/json?own")

    def test_fails_to_leave(self):
        self.addCleanup(self.fail, "left behind")

    def test_fails_and_fails_to_leave(self):
        self.addCleanup(self.fail, "left behind")
        self.assertEqual(call("http.client", "/429")[0], 200)


class Unmade(unittest.TestCase):
    def setUp(self):
        call("http.client", "/json?unmade")
        self.fail("not set up")

    def test_never(self):
        pass
