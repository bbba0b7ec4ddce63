"""What the shop of the tea club does, seen from its pages."""

import requests
import stripe
from conftest import CARD_WITHOUT_MONEY, SHOP, Shop, new_card, until


class TestCheckOut:
    def test_order_is_placed(self, shop):
        order = shop.check_out(seats=3)
        assert order["status"] == "active"
        assert order["total"] == 2700
        subscription = stripe.Subscription.retrieve(order["subscription"])
        assert (subscription.quantity, subscription.customer) == (3, order["customer"])

    def test_card_without_money(self, shop):
        card = new_card(CARD_WITHOUT_MONEY)
        refused = shop.call("POST", "/orders", {"plan": "tea-monthly", "card": card.id})
        assert refused.status_code == 402
        assert refused.json() == {"error": "card_declined"}
        assert shop.ask("GET", "/orders")["count"] == 0

    def test_too_many_seats(self, shop):
        card = new_card()
        most = shop.ask("POST", "/orders", {"plan": "tea-monthly", "card": card.id, "seats": 20})
        assert most["seats"] == 20
        refused = shop.call("POST", "/orders", {"plan": "tea-monthly", "card": card.id, "seats": 21})
        assert refused.status_code == 422

    def test_delivered_once_paid(self, shop):
        hook = {"url": SHOP + "/hooks/stripe", "secret": "whsec_tea", "events": ["invoice.payment_succeeded"]}
        requests.post(stripe.api_base + "/_config/webhooks/shop", json=hook, timeout=4).raise_for_status()
        order = shop.check_out()
        assert not order["delivered"]
        until(lambda: shop.ask("GET", f"/orders/{order['number']}")["delivered"], seconds=6)


class TestOrders:
    def test_seats_are_added(self, shop):
        number = shop.check_out()["number"]
        shop.ask("POST", f"/orders/{number}/seats", {"more": 2})
        shop.ask("POST", f"/orders/{number}/seats", {"more": 1})
        order = shop.ask("GET", f"/orders/{number}")
        assert order["seats"] == 4
        assert stripe.Subscription.retrieve(order["subscription"]).quantity == 4

    def test_not_of_a_stranger(self, shop):
        number = shop.check_out()["number"]
        stranger = Shop("grey@tea.test")
        assert stranger.call("GET", f"/orders/{number}").status_code == 403
        assert stranger.call("POST", f"/orders/{number}/cancel").status_code == 403
        assert shop.ask("GET", f"/orders/{number}")["status"] == "active"

    def test_list_of_the_ended(self, shop):
        first, second = shop.check_out()["number"], shop.check_out()["number"]
        assert shop.ask("POST", f"/orders/{first}/cancel")["status"] == "canceled"
        ended = shop.ask("GET", "/orders?status=canceled")
        assert [order["number"] for order in ended["orders"]] == [first]
        going_on = shop.ask("GET", "/orders?status=active")
        assert [order["number"] for order in going_on["orders"]] == [second]

    def test_money_back(self, shop):
        number = shop.check_out()["number"]
        assert shop.ask("POST", f"/orders/{number}/refund", {"amount": 300})["refunded"] == 300
        assert shop.ask("POST", f"/orders/{number}/refund", {"amount": 600})["refunded"] == 900
        refused = shop.call("POST", f"/orders/{number}/refund", {"amount": 1})
        assert refused.status_code == 422
        assert refused.json()["error"] == "more than was paid"

    def test_receipt(self, shop):
        number = shop.check_out()["number"]
        made = shop.ask("POST", f"/orders/{number}/receipt")
        assert made == {"file": f"{number}.txt", "lines": 1}


class TestRevenue:
    def test_sum(self, shop):
        for seats in (1, 2, 3):
            shop.check_out(seats=seats)
        shop.ask("POST", "/orders/2/refund", {"amount": 800})
        assert shop.ask("GET", "/revenue") == {"charges": 3, "eur": 46.0}
