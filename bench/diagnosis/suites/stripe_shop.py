"""The shop of the tea club: it sells subscriptions, and Stripe collects the money."""

import json
import os
import threading

import stripe
from flask import Flask, jsonify, request

SECRET = os.environ.get("HOOK_SECRET", "whsec_tea")
RECEIPTS = os.path.join(os.environ.get("SHOP_DISK", "/var/lib/shop"), "receipts")

app = Flask("shop")
client = stripe.StripeClient(
    os.environ.get("SHOP_STRIPE_KEY", "sk_test_shop7Jk2vB9qLr5T"),
    base_addresses={"api": os.environ["STRIPE_URL"]},
    max_network_retries=int(os.environ.get("SHOP_RETRIES", "1")),
    http_client=stripe.RequestsClient(timeout=float(os.environ.get("SHOP_TIMEOUT", "4"))),
)
orders = {}
lock = threading.Lock()


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.status, self.error = status, error


@app.errorhandler(Refused)
def refused(problem):
    return jsonify(error=problem.error), problem.status


@app.errorhandler(stripe.CardError)
def declined(problem):
    return jsonify(error=problem.code), 402


@app.errorhandler(stripe.StripeError)
def payment_provider(problem):
    return jsonify(error="payment provider", detail=str(problem)), 502


@app.errorhandler(OSError)
def machine(problem):
    return jsonify(error=f"{problem.strerror}: {os.path.basename(problem.filename or '')}"), 500


def order_of(number):
    """The order, for who has placed it."""
    order = orders.get(number)
    if order is None:
        raise Refused(404, "no such order")
    if order["user"] != request.headers.get("X-User"):
        raise Refused(403, "not your order")
    return order


@app.post("/orders")
def place():
    wanted = request.get_json()
    user = request.headers["X-User"]
    seats = wanted.get("seats", 1)
    if not 1 <= seats <= 20:
        raise Refused(422, "between 1 and 20 seats")
    customer = client.v1.customers.create(
        {
            "email": user,
            "payment_method": wanted["card"],
            "invoice_settings": {"default_payment_method": wanted["card"]},
        }
    )
    subscription = client.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"plan": wanted["plan"], "quantity": seats}],
            "expand": ["latest_invoice"],
        }
    )
    if subscription.status != "active":
        client.v1.subscriptions.cancel(subscription.id)
        raise Refused(402, "card_declined")
    invoice = subscription.latest_invoice
    with lock:
        number = len(orders) + 1
        orders[number] = {
            "number": number,
            "user": user,
            "customer": customer.id,
            "subscription": subscription.id,
            "seats": seats,
            "total": invoice.total,
            "status": subscription.status,
            "delivered": False,
        }
    return jsonify(orders[number]), 201


@app.get("/orders")
def all_orders():
    status = request.args.get("status")
    found = [order for order in orders.values() if status is None or order["status"] == status]
    return jsonify(orders=found, count=len(found))


@app.get("/orders/<int:number>")
def one_order(number):
    return jsonify(order_of(number))


@app.post("/orders/<int:number>/seats")
def change_seats(number):
    order = order_of(number)
    seats = order["seats"] + request.get_json()["more"]
    subscription = client.v1.subscriptions.retrieve(order["subscription"])
    item = subscription["items"].data[0]
    client.v1.subscriptions.update(order["subscription"], {"items": [{"id": item.id, "quantity": seats}]})
    order["seats"] = seats
    return jsonify(order)


@app.post("/orders/<int:number>/cancel")
def cancel(number):
    order = order_of(number)
    order["status"] = client.v1.subscriptions.cancel(order["subscription"]).status
    return jsonify(order)


@app.post("/orders/<int:number>/refund")
def refund(number):
    order = order_of(number)
    amount = request.get_json()["amount"]
    charge = next(iter(client.v1.charges.list({"customer": order["customer"]}).data))
    if amount > charge.amount - charge.amount_refunded:
        raise Refused(422, "more than was paid")
    made = client.v1.refunds.create({"charge": charge.id, "amount": amount, "metadata": {"order": str(number)}})
    return jsonify(refund=made.id, refunded=charge.amount_refunded + made.amount)


@app.post("/orders/<int:number>/receipt")
def receipt(number):
    order = order_of(number)
    invoices = client.v1.invoices.list({"customer": order["customer"]})
    lines = [f"{invoice.id} {invoice.total / 100:.2f} {invoice.currency}" for invoice in invoices.auto_paging_iter()]
    path = os.path.join(RECEIPTS, f"{number}.txt")
    with open(path, "w") as file:
        file.write("\n".join(lines).ljust(4096))
    return jsonify(file=os.path.basename(path), lines=len(lines))


@app.get("/revenue")
def revenue():
    charges = list(client.v1.charges.list({"limit": 2}).auto_paging_iter())
    total = sum(charge.amount - charge.amount_refunded for charge in charges if charge.paid)
    return jsonify(charges=len(charges), eur=total / 100)


@app.post("/hooks/stripe")
def hook():
    try:
        stripe.Webhook.construct_event(request.get_data(), request.headers["Stripe-Signature"], SECRET)
    except stripe.SignatureVerificationError:
        raise Refused(400, "this is not from Stripe")
    event = json.loads(request.get_data())
    invoice = event["data"]["object"]
    for order in orders.values():
        if event["type"] == "invoice.payment_succeeded" and order["subscription"] == invoice["subscription"]:
            order["delivered"] = True
    return jsonify(received=True)


if __name__ == "__main__":
    app.run("127.0.0.14", 12120, threaded=True)
