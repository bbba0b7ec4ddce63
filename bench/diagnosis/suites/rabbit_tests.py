"""How the bakery sets its broker up, and what it relies on there."""

import unittest

import requests
from conftest import BROKER, OPS, SAFE_BROKER, TIMEOUT, Api, make_account, payloads, until


class TestAccounts:
    def test_who_am_i(self, bakery):
        make_account(bakery, "till", "two-cents", tags="monitoring")
        till = Api(("till", "two-cents"))
        me = till.ask("GET", "/whoami")
        assert (me["name"], me["tags"]) == ("till", ["monitoring"])
        assert till.ask("GET", "/overview")["rabbitmq_version"].startswith("3.10")
        bakery.ask("DELETE", "/users/till")

    def test_another_password(self, bakery):
        make_account(bakery, "till", "two-cents", tags="management")
        till = Api(("till", "two-cents"))
        assert till.ask("GET", "/whoami")["name"] == "till"
        bakery.ask("PUT", "/users/till", {"password": "three-cents", "tags": "management"})
        assert till.call("GET", "/whoami").status_code == 401
        assert Api(("till", "three-cents")).ask("GET", "/whoami")["name"] == "till"
        bakery.ask("DELETE", "/users/till")

    def test_reader_does_not_write(self, bakery):
        bakery.queue("menu")
        make_account(bakery, "window", "see-through", tags="management", read="^menu$")
        window = Api(("window", "see-through"))
        assert bakery.publish("amq.default", "menu", "rye today")
        (message,) = window.take("menu", ackmode="ack_requeue_true")
        assert message["payload"] == "rye today"
        refused = window.call("PUT", "/queues/bakery/specials", {"durable": True})
        assert refused.status_code in (400, 401, 403)
        assert "refused" in refused.json()["reason"]
        assert len(bakery.ask("GET", "/queues/bakery")) == 1

    def test_permissions_are_listed(self, bakery):
        make_account(bakery, "till", "two-cents", read="^orders", write="^orders")
        granted = bakery.ask("GET", "/vhosts/bakery/permissions")
        by_user = {grant["user"]: (grant["configure"], grant["write"], grant["read"]) for grant in granted}
        assert by_user == {"ops": (".*", ".*", ".*"), "till": ("^$", "^orders", "^orders")}


class TestQueues:
    def test_oldest_makes_room(self, bakery):
        bakery.queue("display", **{"x-max-length": 2, "x-overflow": "drop-head"})
        for bread in ("rye", "spelt", "roll"):
            assert bakery.publish("amq.default", "display", bread)
        assert payloads(bakery.take("display")) == ["spelt", "roll"]

    def test_expired_is_kept_aside(self, bakery):
        bakery.queue("stale")
        bakery.queue("fresh", **{"x-message-ttl": 500, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "stale"})
        assert bakery.publish("amq.default", "fresh", "yesterday's roll")
        (message,) = until(lambda: bakery.take("stale"), seconds=4)
        (death,) = message["properties"]["headers"]["x-death"]
        assert (message["payload"], death["reason"], death["queue"]) == ("yesterday's roll", "expired", "fresh")

    def test_rejected_goes_to_the_birds(self, bakery):
        bakery.queue("birds")
        bakery.queue("counter", **{"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "birds"})
        for bread in ("burnt", "crooked"):
            bakery.publish("amq.default", "counter", bread)
        assert payloads(bakery.take("counter", count=1, ackmode="reject_requeue_false")) == ["burnt"]
        (again,) = bakery.take("counter", ackmode="reject_requeue_true")
        assert (again["payload"], again["redelivered"]) == ("crooked", False)
        (again,) = bakery.take("counter")
        assert (again["payload"], again["redelivered"]) == ("crooked", True)
        assert payloads(bakery.take("birds")) == ["burnt"]

    def test_declared_once_more(self, bakery):
        bakery.queue("oven", **{"x-max-length": 10})
        bakery.queue("oven", **{"x-max-length": 10})
        other = bakery.call("PUT", "/queues/bakery/oven", {"durable": True, "arguments": {"x-max-length": 12}})
        assert other.status_code == 400
        assert bakery.ask("GET", "/queues/bakery/oven")["arguments"] == {"x-max-length": 10}

    def test_no_more_than_three(self, bakery):
        bakery.ask("PUT", "/vhost-limits/bakery/max-queues", {"value": 3})
        for name in ("one", "two", "three"):
            bakery.queue(name)
        refused = bakery.call("PUT", "/queues/bakery/four", {"durable": True})
        assert refused.status_code == 400
        assert "limit" in refused.json()["reason"]


class TestExchanges:
    def test_topics(self, bakery):
        bakery.ask("PUT", "/exchanges/bakery/news", {"type": "topic", "durable": True})
        for queue, key in (("kiel", "*.kiel"), ("urgent", "urgent.#")):
            bakery.queue(queue)
            bakery.ask("POST", f"/bindings/bakery/e/news/q/{queue}", {"routing_key": key})
        assert bakery.publish("news", "urgent.husum", "out of flour")
        assert bakery.publish("news", "calm.kiel", "fair on Sunday")
        assert not bakery.publish("news", "calm.husum", "nothing")
        assert payloads(bakery.take("urgent")) == ["out of flour"]
        assert payloads(bakery.take("kiel")) == ["fair on Sunday"]

    def test_what_nobody_wants(self, bakery):
        bakery.ask("PUT", "/exchanges/bakery/lost", {"type": "fanout"})
        bakery.ask("PUT", "/exchanges/bakery/post", {"type": "direct", "arguments": {"alternate-exchange": "lost"}})
        bakery.queue("found")
        bakery.ask("POST", "/bindings/bakery/e/lost/q/found", {})
        assert bakery.publish("post", "nowhere", "a glove", headers={"seen": 2})
        (message,) = bakery.take("found")
        assert message["exchange"] == "post"
        assert message["properties"]["headers"] == {"seen": 2}

    def test_binding_is_taken_away(self, bakery):
        bakery.queue("window")
        binding = {"routing_key": "sign", "arguments": {}}
        bakery.ask("POST", "/bindings/bakery/e/amq.direct/q/window", binding)
        (made,) = bakery.ask("GET", "/bindings/bakery/e/amq.direct/q/window")
        assert bakery.publish("amq.direct", "sign", "open")
        bakery.ask("DELETE", f"/bindings/bakery/e/amq.direct/q/window/{made['properties_key']}")
        assert not bakery.publish("amq.direct", "sign", "closed")
        assert payloads(bakery.take("window")) == ["open"]


class TestPolicies:
    def test_policy_takes_hold(self, bakery):
        bakery.queue("orders.rye")
        rules = {"pattern": "^orders", "apply-to": "queues", "priority": 5, "definition": {"max-length": 2}}
        bakery.ask("PUT", "/policies/bakery/short", rules)
        queue = until(lambda: self.under_policy(bakery), seconds=6)
        assert queue["effective_policy_definition"] == {"max-length": 2}
        for bread in ("rye", "spelt", "roll"):
            bakery.publish("amq.default", "orders.rye", bread)
        assert payloads(bakery.take("orders.rye")) == ["spelt", "roll"]

    def under_policy(self, bakery):
        queue = bakery.ask("GET", "/queues/bakery/orders.rye")
        return queue if queue.get("policy") == "short" else None


class TestCounters:
    def test_waiting_messages(self, bakery):
        bakery.queue("orders")
        for number in range(4):
            bakery.publish("amq.default", "orders", f"order {number}")
        until(lambda: bakery.ask("GET", "/queues/bakery/orders").get("messages_ready") == 4)
        assert len(bakery.take("orders", count=3)) == 3
        until(lambda: bakery.ask("GET", "/queues/bakery/orders")["messages_ready"] == 1)
        bakery.ask("DELETE", "/queues/bakery/orders/contents")
        assert bakery.take("orders") == []


class TestOverTls:
    def test_broker_is_well(self, bakery):
        monitor = Api(url=SAFE_BROKER)
        for check in ("alarms", "local-alarms", "virtual-hosts"):
            assert monitor.ask("GET", f"/health/checks/{check}") == {"status": "ok"}
        assert monitor.ask("GET", "/aliveness-test/bakery") == {"status": "ok"}


def test_definitions_move_to_another_host(bakery):
    bakery.queue("orders", **{"x-max-priority": 3})
    bakery.ask("PUT", "/exchanges/bakery/orders", {"type": "topic"})
    bakery.ask("POST", "/bindings/bakery/e/orders/q/orders", {"routing_key": "order.*"})
    saved = bakery.ask("GET", "/definitions/bakery")
    assert [queue["name"] for queue in saved["queues"]] == ["orders"]
    bakery.ask("PUT", "/vhosts/branch", {})
    bakery.ask("POST", "/definitions/branch", saved)
    (queue,) = bakery.ask("GET", "/queues/branch")
    assert (queue["name"], queue["arguments"]) == ("orders", {"x-max-priority": 3})
    keys = {binding["routing_key"] for binding in bakery.ask("GET", "/bindings/branch") if binding["source"]}
    assert keys == {"order.*"}
    bakery.ask("DELETE", "/vhosts/branch")


def test_pages(bakery, session):
    for name in ("rye", "spelt", "roll", "plait", "bun"):
        bakery.queue(name)
    seen, page, pages = [], 1, 1
    while page <= pages:
        params = {"page": page, "page_size": 2, "sort": "name"}
        answer = session.get(BROKER + "/api/queues/bakery", params=params, timeout=TIMEOUT)
        answer.raise_for_status()
        listed = answer.json()
        seen += [queue["name"] for queue in listed["items"]]
        page, pages = listed["page"] + 1, listed["page_count"]
    assert seen == ["bun", "plait", "roll", "rye", "spelt"]
    assert listed["total_count"] == 5


def test_search(bakery, session):
    for name in ("orders.kiel", "orders.husum", "invoices"):
        bakery.queue(name)
    params = {"page": 1, "name": "^orders", "use_regex": "true", "columns": "name,durable", "sort_reverse": "true"}
    found = session.get(BROKER + "/api/queues/bakery", params=params, timeout=TIMEOUT).json()
    assert found["filtered_count"] == 2
    assert found["items"] == [{"name": "orders.kiel", "durable": True}, {"name": "orders.husum", "durable": True}]


class HostTest(unittest.TestCase):
    """A host for each branch of the bakery."""

    def setUp(self):
        self.session = requests.Session()
        self.session.auth = OPS
        self.addCleanup(self.session.close)
        self.call("PUT", "/vhosts/branch", json={"description": "in the harbour", "tags": "test,summer"})
        self.addCleanup(self.call, "DELETE", "/vhosts/branch")

    def call(self, method, path, **more):
        answer = self.session.request(method, BROKER + "/api" + path, timeout=TIMEOUT, **more)
        answer.raise_for_status()
        return answer

    def test_host_is_described(self):
        host = self.call("GET", "/vhosts/branch").json()
        self.assertEqual(host["description"], "in the harbour")
        self.assertEqual(host["tags"], ["test", "summer"])
        self.assertIn("branch", [host["name"] for host in self.call("GET", "/vhosts").json()])

    def test_host_has_its_exchanges(self):
        exchanges = self.call("GET", "/exchanges/branch").json()
        types = {exchange["name"]: exchange["type"] for exchange in exchanges}
        self.assertEqual(len(types), 7)
        self.assertEqual(types["amq.topic"], "topic")
