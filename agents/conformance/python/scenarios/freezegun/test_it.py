import datetime

import time_machine
from clients import call
from freezegun import freeze_time


@freeze_time("2001-01-01")
def test_frozen():
    assert call("requests", "/json")[0] == 200
    assert datetime.date.today().year == 2001


@time_machine.travel("2002-02-02", tick=False)
def test_travelled():
    assert call("requests", "/json")[0] == 200
    assert datetime.date.today().year == 2002
