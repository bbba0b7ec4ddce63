"""What the dispatcher of the bakery does, seen from its pages and from the broker behind it."""

from concurrent.futures import ThreadPoolExecutor

from conftest import Dispatcher, numbers, until


class TestOrders:
    def test_order_waits_in_its_queue(self, dispatcher, bakery):
        order = dispatcher.order(city="kiel", rye=2, roll=10)
        assert (order["total"], order["status"]) == (1490, "queued")
        (waiting,) = bakery.take("orders.standard", ackmode="ack_requeue_true")
        assert numbers([waiting]) == [order["number"]]
        assert waiting["routing_key"] == "standard.kiel"
        assert waiting["properties"]["delivery_mode"] == 2

    def test_as_many_as_the_oven_holds(self, dispatcher):
        assert dispatcher.order(roll=50)["total"] == 3250
        too_many = {"city": "kiel", "lines": [{"bread": "roll", "count": 51}]}
        refused = dispatcher.call("POST", "/orders", too_many)
        assert refused.status_code == 422
        assert dispatcher.ask("GET", "/orders")["count"] == 1

    def test_list_of_a_city(self, dispatcher):
        for city in ("kiel", "husum", "kiel", "kiel"):
            dispatcher.order(city=city)
        first = dispatcher.ask("GET", "/orders?city=kiel")
        assert (first["count"], first["pages"]) == (3, 2)
        second = dispatcher.ask("GET", "/orders?city=kiel&page=2")
        assert [order["number"] for order in first["orders"] + second["orders"]] == [1, 3, 4]

    def test_cancelled_only_by_who_ordered(self, dispatcher):
        number = dispatcher.order()["number"]
        stranger = Dispatcher("grete@bakery.test")
        assert stranger.call("POST", f"/orders/{number}/cancel").status_code == 403
        assert dispatcher.ask("POST", f"/orders/{number}/cancel")["status"] == "cancelled"
        assert dispatcher.call("POST", f"/orders/{number}/cancel").status_code == 409


class TestRuns:
    def test_express_goes_first(self, dispatcher):
        slow = dispatcher.order(city="kiel")["number"]
        fast = dispatcher.order(city="kiel", express=True)["number"]
        assert dispatcher.run("mats", most=1) == [fast]
        assert dispatcher.run("mats") == [slow]
        assert dispatcher.ask("GET", f"/orders/{slow}")["courier"] == "mats"

    def test_cancelled_stays_here(self, dispatcher):
        kept, cancelled = dispatcher.order()["number"], dispatcher.order()["number"]
        dispatcher.ask("POST", f"/orders/{cancelled}/cancel")
        assert dispatcher.run("mats") == [kept]
        on_the_way = dispatcher.ask("GET", "/orders?status=on the way")
        assert [order["number"] for order in on_the_way["orders"]] == [kept]

    def test_two_couriers_at_once(self, dispatcher):
        wanted = [dispatcher.order()["number"] for _ in range(6)]
        with ThreadPoolExecutor(2) as pool:
            mats, lene = pool.map(lambda courier: dispatcher.run(courier, most=3), ("mats", "lene"))
        assert sorted(mats + lene) == wanted

    def test_nobody_home_three_times(self, dispatcher, bakery):
        number = dispatcher.order()["number"]
        for status in ("queued", "queued", "failed"):
            assert dispatcher.run("mats") == [number]
            tried = dispatcher.ask("POST", f"/orders/{number}/nobody-home", {"courier": "mats"})
            assert tried["status"] == status
        assert numbers(bakery.take("orders.failed")) == [number]
        assert bakery.take("orders.standard") == []

    def test_backlog(self, dispatcher):
        for express in (False, True, False):
            dispatcher.order(express=express)
        until(lambda: dispatcher.ask("GET", "/backlog") == {"express": 1, "standard": 2})
        dispatcher.run("mats", most=2)
        until(lambda: dispatcher.ask("GET", "/backlog") == {"express": 0, "standard": 1})


class TestInvoices:
    def test_delivered_is_billed(self, dispatcher):
        dispatcher.ask("POST", "/billing")
        number = dispatcher.order(spelt=2)["number"]
        dispatcher.run("mats")
        dispatcher.ask("POST", f"/orders/{number}/delivered", {"courier": "mats"})
        invoice = until(lambda: dispatcher.ask("GET", "/invoices")["invoices"], seconds=5)
        assert invoice == [{"customer": "ada@bakery.test", "cents": 1020}]
        assert dispatcher.ask("POST", "/invoices/print") == {"printed": 1}

    def test_another_courier_has_it(self, dispatcher):
        number = dispatcher.order()["number"]
        dispatcher.run("mats")
        refused = dispatcher.call("POST", f"/orders/{number}/delivered", {"courier": "lene"})
        assert refused.status_code == 403
        assert refused.json() == {"error": "another courier has it"}
        assert dispatcher.ask("GET", f"/orders/{number}")["status"] == "on the way"
