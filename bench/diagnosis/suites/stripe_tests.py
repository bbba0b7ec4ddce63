"""What a team tests that sells a subscription with Stripe: customers, payments, invoices, coupons, what has happened."""

import time

import pytest
import stripe
from conftest import CARD_THAT_ASKS, CARD_WITHOUT_MONEY, new_card, until


def pay(customer, amount, **more):
    intent = {"payment_method": customer.invoice_settings.default_payment_method, "confirm": True, **more}
    return stripe.PaymentIntent.create(amount=amount, currency="eur", customer=customer.id, **intent)


class TestCustomers:
    def test_found_by_email(self, customer):
        other = stripe.Customer.create(email="grey@tea.test")
        found = stripe.Customer.list(email="earl@tea.test")
        assert [one.id for one in found.data] == [customer.id]
        stripe.Customer.delete(other.id)

    def test_notes_are_merged(self, customer):
        stripe.Customer.modify(customer.id, metadata={"cup": "large", "milk": "no"})
        stripe.Customer.modify(customer.id, metadata={"milk": "oat"})
        assert stripe.Customer.retrieve(customer.id).metadata.to_dict() == {"cup": "large", "milk": "oat"}

    def test_all_pages(self):
        for number in range(1, 8):
            stripe.Customer.create(email=f"guest{number}@tea.test", name=f"Guest {number}")
        emails = [one.email for one in stripe.Customer.list(limit=3).auto_paging_iter()]
        assert emails == [f"guest{number}@tea.test" for number in range(1, 8)]

    def test_gone_when_deleted(self):
        guest = stripe.Customer.create(email="guest@tea.test")
        assert stripe.Customer.delete(guest.id).deleted
        with pytest.raises(stripe.InvalidRequestError) as gone:
            stripe.Customer.retrieve(guest.id)
        assert gone.value.http_status == 404

    def test_new_card_becomes_the_default(self, customer):
        card = new_card("5555555555554444")
        stripe.PaymentMethod.attach(card.id, customer=customer.id)
        stripe.Customer.modify(customer.id, invoice_settings={"default_payment_method": card.id})
        again = stripe.Customer.retrieve(customer.id, expand=["invoice_settings.default_payment_method"])
        assert again.invoice_settings.default_payment_method.card.last4 == "4444"


class TestPayments:
    def test_paid_by_card(self, customer):
        intent = pay(customer, 1250, metadata={"basket": "b-17"})
        assert intent.status == "succeeded"
        charge = stripe.Charge.retrieve(intent.latest_charge.id)
        assert (charge.amount, charge.currency, charge.paid) == (1250, "eur", True)

    def test_declined(self, customer):
        card = new_card(CARD_WITHOUT_MONEY)
        stripe.PaymentMethod.attach(card.id, customer=customer.id)
        with pytest.raises(stripe.CardError) as declined:
            pay(customer, 1250, payment_method=card.id)
        assert declined.value.code == "card_declined"
        assert not any(charge.paid for charge in stripe.Charge.list(customer=customer.id).data)

    def test_taken_when_sent(self, customer):
        intent = pay(customer, 3000, capture_method="manual")
        assert intent.status == "requires_capture"
        stripe.PaymentIntent.capture(intent.id, amount_to_capture=2600)
        charge = stripe.PaymentIntent.retrieve(intent.id, expand=["latest_charge"]).latest_charge
        assert charge.captured
        assert charge.amount - charge.amount_refunded == 2600

    def test_refunded_in_two_parts(self, customer):
        charge = pay(customer, 2000).latest_charge
        stripe.Refund.create(charge=charge.id, amount=500)
        assert not stripe.Charge.retrieve(charge.id).refunded
        stripe.Refund.create(charge=charge.id, amount=1500)
        assert stripe.Charge.retrieve(charge.id).refunded
        assert sorted(refund.amount for refund in stripe.Refund.list(charge=charge.id).data) == [500, 1500]

    def test_direct_debit_is_settled_later(self, customer):
        debit = stripe.PaymentMethod.create(
            type="sepa_debit",
            sepa_debit={"iban": "DE89370400440532013000"},
            billing_details={"name": "Earl Grey", "email": "earl@tea.test"},
        )
        stripe.PaymentMethod.attach(debit.id, customer=customer.id)
        intent = pay(customer, 900, payment_method=debit.id, payment_method_types=["sepa_debit"])
        settled = until(lambda: stripe.Charge.retrieve(intent.latest_charge.id).balance_transaction, seconds=4)
        assert stripe.BalanceTransaction.retrieve(settled).amount == 900

    def test_bank_asks_back(self, customer):
        card = new_card(CARD_THAT_ASKS)
        stripe.PaymentMethod.attach(card.id, customer=customer.id)
        intent = pay(customer, 4200, payment_method=card.id)
        assert intent.status == "requires_action"
        assert stripe.PaymentIntent.cancel(intent.id).status == "canceled"


class TestSubscriptions:
    def test_first_invoice(self, plan, customer):
        subscription = stripe.Subscription.create(
            customer=customer.id, items=[{"plan": plan.id, "quantity": 2}], expand=["latest_invoice"]
        )
        assert subscription.status == "active"
        assert subscription.latest_invoice.total == 1800
        assert subscription.latest_invoice.status == "paid"

    def test_from_month_to_year(self, plan, yearly, customer):
        subscription = stripe.Subscription.create(customer=customer.id, items=[{"plan": plan.id}])
        item = subscription["items"].data[0]
        stripe.Subscription.modify(subscription.id, items=[{"id": item.id, "plan": yearly.id}])
        invoices = stripe.Invoice.list(customer=customer.id, subscription=subscription.id)
        assert sorted(invoice.total for invoice in invoices.data) == [900, 8100]
        now = stripe.Subscription.retrieve(subscription.id)
        assert now.plan.id == "tea-yearly"

    def test_ended(self, plan, customer):
        kept = stripe.Subscription.create(customer=customer.id, items=[{"plan": plan.id}])
        ended = stripe.Subscription.create(customer=customer.id, items=[{"plan": plan.id}])
        assert stripe.Subscription.cancel(ended.id).status == "canceled"
        assert [one.id for one in stripe.Subscription.list(customer=customer.id).data] == [kept.id]
        gone = stripe.Subscription.list(customer=customer.id, status="canceled")
        assert [one.id for one in gone.data] == [ended.id]

    def test_box_on_the_bill(self, plan, customer):
        stripe.Subscription.create(customer=customer.id, items=[{"plan": plan.id}])
        stripe.InvoiceItem.create(customer=customer.id, amount=300, currency="eur", description="Tin box")
        stripe.InvoiceItem.create(customer=customer.id, amount=450, currency="eur", description="Strainer")
        invoice = stripe.Invoice.create(customer=customer.id)
        assert (invoice.status, invoice.total) == ("draft", 1650)
        assert stripe.Invoice.pay(invoice.id).status == "paid"
        with pytest.raises(stripe.InvalidRequestError, match="already paid"):
            stripe.Invoice.pay(invoice.id)

    def test_only_what_is_sold(self, plan, yearly):
        stripe.Plan.modify(yearly.id, active=False)
        sold = stripe.Plan.list(active=True, product=plan.product)
        assert [one.id for one in sold.data] == ["tea-monthly"]


class TestCoupons:
    @pytest.fixture
    def spring(self):
        coupon = stripe.Coupon.create(id="SPRING", duration="repeating", duration_in_months=3, percent_off=25)
        yield coupon
        stripe.Coupon.delete(coupon.id)

    def test_a_code_is_given_once(self, spring):
        with pytest.raises(stripe.StripeError) as taken:
            stripe.Coupon.create(id="SPRING", duration="once", percent_off=50)
        assert taken.value.http_status == 409
        assert stripe.Coupon.retrieve("SPRING").percent_off == 25

    def test_on_the_page_of_offers(self, spring):
        offers = {one.id: one for one in stripe.Coupon.list(limit=50).data}
        assert list(offers) == ["SPRING"]
        assert offers["SPRING"].valid is True
        assert offers["SPRING"].duration_in_months == 3


class TestBooks:
    @pytest.fixture
    def books(self):
        """What the accountant's tool uses: another key, by TLS."""
        return stripe.StripeClient(
            "sk_test_books9wQz7LmT",
            base_addresses={"api": "https://api.stripe.test:12443"},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=4),
        )

    def test_what_happened_today(self, customer, books):
        begin = int(time.time()) - 600
        pay(customer, 700)
        events = books.v1.events.list({"type": "payment_intent.succeeded", "created": {"gte": begin}})
        assert [event.data.object["amount"] for event in events.data] == [700]

    def test_sum_of_the_day(self, customer, books):
        first, _second = pay(customer, 1000), pay(customer, 250)
        stripe.Refund.create(charge=first.latest_charge.id, amount=400)
        entries = books.v1.balance_transactions.list({"limit": 2})
        assert sum(entry.amount for entry in entries.auto_paging_iter()) == 850
