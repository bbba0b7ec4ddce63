"""What the berth office does, as captains see it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from conftest import Office, until


@pytest.fixture
def quay(office):
    for name, length in (("n1", 40), ("n2", 60), ("n3", 60), ("n4", 90)):
        office.ask("POST", "/berths", {"name": name, "quay": "north", "length": length})
    office.ask("POST", "/berths", {"name": "s1", "quay": "south", "length": 120})
    return office


@pytest.fixture
def berth(office):
    office.ask("POST", "/berths", {"name": "w1", "quay": "west", "length": 50})
    return office


class TestBerths:
    def test_made_once(self, berth):
        again = berth.call("POST", "/berths", {"name": "w1", "quay": "west", "length": 70})
        assert again.status_code == 409
        assert berth.ask("GET", "/berths/w1") == {"name": "w1", "quay": "west", "length": 50, "notes": {}, "ship": None}

    def test_pages_of_a_quay(self, quay):
        first, second = quay.ask("GET", "/berths?quay=north"), quay.ask("GET", "/berths?quay=north&page=2")
        assert [berth["name"] for berth in first["berths"] + second["berths"]] == ["n1", "n2", "n3", "n4"]
        assert (first["pages"], first["total"]) == (2, 4)

    def test_what_is_free(self, quay):
        quay.ask("POST", "/berths/n2/claims", {"ship": "Huldra", "length": 55})
        free = quay.ask("GET", "/berths?quay=north&free=yes")
        assert [berth["name"] for berth in free["berths"]] == ["n1", "n3", "n4"]

    def test_notes_are_merged(self, berth):
        berth.ask("PATCH", "/berths/w1", {"notes": {"power": "yes", "water": "no"}})
        berth.ask("PATCH", "/berths/w1", {"notes": {"water": "yes"}})
        assert berth.ask("GET", "/berths/w1")["notes"] == {"power": "yes", "water": "yes"}


class TestClaims:
    def test_claimed(self, berth):
        claim = berth.ask("POST", "/berths/w1/claims", {"ship": "Troll", "length": 45, "minutes": 30})
        assert (claim["ship"], claim["captain"]) == ("Troll", "marit")
        left = datetime.fromisoformat(claim["until"]) - datetime.now(timezone.utc)
        assert timedelta(minutes=29) < left <= timedelta(minutes=30, seconds=5)
        assert berth.ask("GET", "/berths/w1")["ship"] == "Troll"

    def test_taken_by_another(self, berth):
        olav = Office("olav").log_in("2904")
        olav.ask("POST", "/berths/w1/claims", {"ship": "Nisse", "length": 20})
        refused = berth.call("POST", "/berths/w1/claims", {"ship": "Troll", "length": 45})
        assert (refused.status_code, refused.json()) == (409, {"error": "w1 is taken"})

    def test_as_long_as_the_berth(self, berth):
        too_long = berth.call("POST", "/berths/w1/claims", {"ship": "Draugen", "length": 51})
        assert too_long.status_code == 422
        assert berth.ask("POST", "/berths/w1/claims", {"ship": "Huldra", "length": 50})["berth"] == "w1"

    def test_given_back_by_who_claimed(self, berth):
        berth.ask("POST", "/berths/w1/claims", {"ship": "Troll", "length": 45})
        olav = Office("olav").log_in("2904")
        assert olav.call("DELETE", "/berths/w1/claims").status_code == 403
        berth.ask("DELETE", "/berths/w1/claims")
        assert olav.ask("POST", "/berths/w1/claims", {"ship": "Nisse", "length": 20})["captain"] == "olav"

    def test_renewed(self, berth):
        berth.ask("POST", "/berths/w1/claims", {"ship": "Troll", "length": 45, "minutes": 10})
        assert berth.ask("POST", "/berths/w1/claims/renew")["seconds"] == 600
        berth.ask("DELETE", "/berths/w1/claims")
        assert berth.call("POST", "/berths/w1/claims/renew").status_code == 404

    def test_four_ships_at_once(self, quay):
        ships = {"n1": "Troll", "n2": "Huldra", "n3": "Nisse", "n4": "Draugen"}

        def claim(name):
            return quay.ask("POST", f"/berths/{name}/claims", {"ship": ships[name], "length": 40})["ship"]

        with ThreadPoolExecutor(4) as captains:
            assert list(captains.map(claim, ships)) == list(ships.values())
        assert quay.ask("GET", "/berths?quay=north&free=yes")["total"] == 0


class TestArrivals:
    def test_moored_by_the_pilot(self, office):
        number = office.ask("POST", "/arrivals", {"ship": "Troll"})["number"]
        moored = until(lambda: self.moored(office, number))
        assert moored == {"number": 1, "ship": "Troll", "status": "moored", "pilot": "sigrid"}

    def test_one_after_the_other(self, office):
        first, second = (office.ask("POST", "/arrivals", {"ship": ship})["number"] for ship in ("Troll", "Huldra"))
        until(lambda: self.moored(office, second), seconds=6)
        assert office.ask("GET", f"/arrivals/{first}")["status"] == "moored"

    def moored(self, office, number):
        arrival = office.ask("GET", f"/arrivals/{number}")
        return arrival if arrival["status"] == "moored" else None


class TestTide:
    def test_level(self, office, guarded):
        guarded.put("/harbour/tide", '{"cm": 310}')
        assert office.ask("GET", "/tide") == {"level_cm": 310, "warning": False}

    def test_high_water(self, office, guarded):
        guarded.put("/harbour/tide", '{"cm": 449}')
        assert not office.ask("GET", "/tide")["warning"]
        guarded.put("/harbour/tide", '{"cm": 450}')
        assert office.ask("GET", "/tide") == {"level_cm": 450, "warning": True}


class TestPapers:
    def test_day_is_printed(self, berth):
        berth.ask("POST", "/berths/w1/claims", {"ship": "Troll", "length": 45})
        assert berth.ask("POST", "/prints") == {"file": "day.txt", "lines": 1}

    def test_who_may_log_in(self, office):
        assert Office("olav").call("POST", "/login", {"captain": "olav", "pin": "0000"}).status_code == 401
        assert Office("olav").call("GET", "/berths").status_code == 401
        assert office.ask("GET", "/berths")["total"] == 0
