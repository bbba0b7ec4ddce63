import unittest

import testtools
from fixtures import Fixture
from testtools.matchers import Contains, Equals, MatchesDict

from clients import call


def ask(path):
    return call("http.client", path)[0]


class Account(Fixture):
    def _setUp(self):
        ask("/json?fixture")
        self.addCleanup(ask, "/json?fixture-down")


class Broken(Fixture):
    def _setUp(self):
        ask("/json?broken")
        raise RuntimeError("no account")


class Base(testtools.TestCase):
    def setUp(self):
        super().setUp()
        ask("/json?setup")
        self.useFixture(Account())
        self.addCleanup(self.leave)

    def leave(self):
        ask("/json?cleanup")

    def tearDown(self):
        ask("/json?teardown")
        super().tearDown()


class Shop(Base):
    def test_a_passes(self):
        self.assertEqual(200, ask("/json"))

    def test_b_fails(self):
        self.assertEqual(200, ask("/429"), "of the shop")

    def test_c_matches(self):
        self.assertThat(["here"], Contains("there"))

    def test_d_errs(self):
        raise RuntimeError("broken")

    def test_e_uses_more(self):
        self.useFixture(Account())
        self.assertThat({"status": ask("/json")}, MatchesDict({"status": Equals(200)}))

    def test_f_skips(self):
        self.skipTest("on second thoughts")

    def test_g_fails_twice(self):
        self.addCleanup(self.fail, "left behind")
        self.assertIs(None, ask("/429"))

    @unittest.expectedFailure
    def test_h_expected(self):
        self.fail("as expected")

    def test_i_goes_on(self):
        self.expectThat(ask("/429"), Equals(200))
        ask("/json?after")


class Unmade(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(Broken())

    def test_never(self):
        ask("/json?never")


class Left(testtools.TestCase):
    def test_leaves(self):
        self.addCleanup(ask, "/json?left")

    def tearDown(self):
        ask("/json?teardown")
        super().tearDown()
        raise RuntimeError("cannot leave")
