"""What the night desk of the waterworks does, seen from its pages and from Prefect behind it."""

from concurrent.futures import ThreadPoolExecutor

from conftest import Desk, names, until


class TestJobs:
    def test_done_and_billed(self, desk, api):
        job = desk.order("north")
        assert job["status"] == "Scheduled"
        assert desk.turn() == [{"name": "north 2026-11-20", "status": "Completed"}]
        assert desk.ask("GET", f"/jobs/{job['id']}")["status"] == "Completed"
        assert desk.ask("GET", "/bills/north") == {"m3": 245, "cents": 58800}
        (artifact,) = api.ask("POST", "/artifacts/filter", {})
        assert (artifact["key"], artifact["flow_run_id"]) == ("bill-north", job["id"])

    def test_ordered_twice_is_done_once(self, desk):
        first, second = desk.order("south"), desk.order("south")
        assert first["id"] == second["id"]
        assert desk.order("south", day="2026-11-21")["id"] != first["id"]
        assert names(desk.turn()) == ["south 2026-11-20", "south 2026-11-21"]

    def test_list_of_a_district(self, desk):
        for district, day in (("north", 20), ("south", 20), ("north", 21), ("north", 22)):
            desk.order(district, day=f"2026-11-{day}")
        first = desk.ask("GET", "/jobs?district=north")
        assert (first["count"], first["pages"]) == (3, 2)
        second = desk.ask("GET", "/jobs?district=north&page=2")
        wanted = ["north 2026-11-20", "north 2026-11-21", "north 2026-11-22"]
        assert names(first["jobs"] + second["jobs"]) == wanted

    def test_cancelled_only_by_who_ordered(self, desk):
        job = desk.order("mill")["id"]
        stranger = Desk("grete@water.test")
        assert stranger.call("POST", f"/jobs/{job}/cancel").status_code == 403
        assert desk.ask("POST", f"/jobs/{job}/cancel")["status"] == "Cancelled"
        again = desk.call("POST", f"/jobs/{job}/cancel")
        assert (again.status_code, again.json()) == (409, {"error": "it is Cancelled"})
        assert desk.turn() == []

    def test_no_such_day(self, desk):
        refused = desk.call("POST", "/jobs", {"district": "north", "day": "yesterday"})
        assert refused.status_code == 422
        assert desk.ask("GET", "/jobs")["count"] == 0


class TestTurns:
    def test_urgent_goes_first(self, desk):
        desk.order("north")
        desk.order("south", urgent=True)
        assert names(desk.turn(most=1)) == ["south 2026-11-20"]
        assert names(desk.turn(most=1)) == ["north 2026-11-20"]

    def test_silent_meters_three_times(self, desk):
        job = desk.order("west")["id"]
        for status in ("AwaitingRetry", "AwaitingRetry", "Failed"):
            assert desk.turn() == [{"name": "west 2026-11-20", "status": status}]
        assert desk.turn() == []
        assert desk.ask("GET", f"/jobs/{job}")["tries"] == 3
        complaints = desk.ask("GET", f"/jobs/{job}/complaints")["complaints"]
        assert complaints == ["the meters of west are silent"] * 3

    def test_by_itself(self, desk):
        job = desk.order("north")["id"]
        desk.ask("POST", "/watch")
        until(lambda: desk.ask("GET", f"/jobs/{job}")["status"] == "Completed", seconds=6)
        assert desk.ask("GET", "/bills/north")["m3"] == 245


class TestBills:
    def test_sum_of_a_day(self, desk):
        for district in ("north", "south"):
            desk.order(district)
        desk.order("mill", day="2026-11-21")
        assert len(desk.turn()) == 3
        assert desk.ask("GET", "/days/2026-11-20") == {"bills": 2, "m3": 325, "cents": 78000}
        assert desk.ask("POST", "/days/2026-11-20/print") == {"printed": "2026-11-20.txt"}

    def test_latest_bill(self, desk):
        assert desk.call("GET", "/bills/south").status_code == 404
        for day in ("2026-11-20", "2026-11-21"):
            desk.order("south", day=day)
            desk.turn()
        assert desk.ask("GET", "/bills/south") == {"m3": 80, "cents": 19200}
        assert desk.ask("GET", "/jobs?status=Completed")["count"] == 2

    def test_new_price(self, desk, api):
        desk.order("north")
        desk.turn()
        api.ask("PATCH", "/variables/name/cents_per_m3", {"value": 300})
        desk.order("north", day="2026-11-21")
        desk.turn()
        assert desk.ask("GET", "/bills/north") == {"m3": 245, "cents": 73500}

    def test_totals_of_many(self, desk):
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda used: desk.ask("POST", "/totals", {"m3": used}), (245, 80, 900)))
        assert desk.ask("GET", "/totals") == {"m3": 1225}
