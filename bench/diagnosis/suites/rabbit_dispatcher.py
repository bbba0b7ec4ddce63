"""The dispatcher of the bakery: it takes orders, hands them out to couriers, and bills what was delivered."""

import json
import os
import threading
import time

import httpx
from flask import Flask, jsonify, request

PRICES = {"rye": 420, "spelt": 510, "roll": 65}
MOST_TRIES = 3
PAGE = 2
EXPRESS, STANDARD, FAILED, BILLING = "orders.express", "orders.standard", "orders.failed", "orders.billing"

app = Flask("dispatcher")
broker = httpx.Client(
    base_url=os.environ["BROKER_URL"],
    auth=(os.environ.get("DISPATCHER_USER", "dispatcher"), os.environ.get("DISPATCHER_PASSWORD", "warm-oven")),
    timeout=float(os.environ.get("DISPATCHER_TIMEOUT", "4")),
)
orders = {}
invoices = {}
lock = threading.Lock()


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.status, self.error = status, error


class BrokerTrouble(Exception):
    pass


@app.errorhandler(Refused)
def refused(problem):
    return jsonify(error=problem.error), problem.status


@app.errorhandler(BrokerTrouble)
@app.errorhandler(httpx.HTTPError)
def trouble(problem):
    return jsonify(error="broker", detail=str(problem) or type(problem).__name__), 502


@app.errorhandler(OSError)
def machine(problem):
    return jsonify(error=f"{problem.strerror}: {os.path.basename(problem.filename or '')}"), 500


def ask(method, path, body=None):
    """What the broker answers; it is asked again when it is busy."""
    for last in (False, False, True):
        response = broker.request(method, "/api" + path, json=body)
        if response.status_code not in (429, 503) or last:
            break
        time.sleep(min(float(response.headers.get("Retry-After", "0.2")), 1))
    if response.is_error:
        raise BrokerTrouble(f"{method} {path}: {response.status_code} {response.text[:200]}")
    return response.json() if response.content else None


def publish(exchange, key, payload):
    message = {
        "routing_key": key,
        "payload": json.dumps(payload),
        "payload_encoding": "string",
        "properties": {"delivery_mode": 2, "content_type": "application/json"},
    }
    if not ask("POST", f"/exchanges/bakery/{exchange}/publish", message)["routed"]:
        raise BrokerTrouble(f"{key} was routed nowhere")


def take(queue, most):
    wanted = {"count": most, "ackmode": "ack_requeue_false", "encoding": "auto"}
    return [json.loads(message["payload"]) for message in ask("POST", f"/queues/bakery/{queue}/get", wanted)]


def order_of(number):
    order = orders.get(number)
    if order is None:
        raise Refused(404, "no such order")
    return order


def order_on_the_way(number, courier):
    order = order_of(number)
    if order["courier"] != courier:
        raise Refused(403, "another courier has it")
    return order


@app.post("/day")
def open_the_day():
    """Declares what the broker is to have."""
    ask("PUT", "/exchanges/bakery/orders", {"type": "topic", "durable": True})
    for queue in (EXPRESS, STANDARD, FAILED, BILLING):
        arguments = {"x-dead-letter-exchange": "orders", "x-dead-letter-routing-key": "failed"} if queue == STANDARD else {}
        ask("PUT", f"/queues/bakery/{queue}", {"durable": True, "arguments": arguments})
    keys = {EXPRESS: "express.#", STANDARD: "standard.#", FAILED: "failed", BILLING: "delivered.*"}
    for queue, key in keys.items():
        ask("POST", f"/bindings/bakery/e/orders/q/{queue}", {"routing_key": key})
    bindings = ask("GET", "/exchanges/bakery/orders/bindings/source")
    return jsonify(bindings=sorted(binding["routing_key"] for binding in bindings))


@app.post("/orders")
def place():
    wanted = request.get_json()
    lines = wanted["lines"]
    if not lines or any(not 1 <= line["count"] <= 50 for line in lines):
        raise Refused(422, "between 1 and 50 of each")
    total = sum(PRICES[line["bread"]] * line["count"] for line in lines)
    kind = "express" if wanted.get("express") else "standard"
    with lock:
        number = len(orders) + 1
        orders[number] = {
            "number": number,
            "customer": request.headers["X-User"],
            "city": wanted["city"],
            "kind": kind,
            "total": total,
            "status": "queued",
            "courier": None,
            "tries": 0,
        }
    publish("orders", f"{kind}.{wanted['city']}", {"number": number})
    return jsonify(orders[number]), 201


@app.get("/orders")
def list_orders():
    page = int(request.args.get("page", "1"))
    found = [
        order
        for order in orders.values()
        if order["city"] == request.args.get("city", order["city"])
        and order["status"] == request.args.get("status", order["status"])
    ]
    return jsonify(orders=found[(page - 1) * PAGE : page * PAGE], pages=-(-len(found) // PAGE), count=len(found))


@app.get("/orders/<int:number>")
def one_order(number):
    return jsonify(order_of(number))


@app.post("/orders/<int:number>/cancel")
def cancel(number):
    order = order_of(number)
    if order["customer"] != request.headers["X-User"]:
        raise Refused(403, "not your order")
    if order["status"] != "queued":
        raise Refused(409, f"it is {order['status']}")
    order["status"] = "cancelled"
    return jsonify(order)


@app.post("/runs")
def start_run():
    """Hands out what waits longest, express before all else."""
    wanted = request.get_json()
    handed_out = []
    for queue in (EXPRESS, STANDARD):
        while len(handed_out) < wanted["most"]:
            taken = take(queue, wanted["most"] - len(handed_out))
            if not taken:
                break
            for message in taken:
                order = order_of(message["number"])
                if order["status"] == "cancelled":
                    continue
                order.update(status="on the way", courier=wanted["courier"])
                handed_out.append(order["number"])
    return jsonify(courier=wanted["courier"], orders=handed_out)


@app.post("/orders/<int:number>/delivered")
def delivered(number):
    courier = request.get_json()["courier"]
    order = order_on_the_way(number, courier)
    publish("orders", f"delivered.{courier}", {"number": number, "customer": order["customer"], "total": order["total"]})
    order["status"] = "delivered"
    return jsonify(order)


@app.post("/orders/<int:number>/nobody-home")
def nobody_home(number):
    order = order_on_the_way(number, request.get_json()["courier"])
    order["tries"] += 1
    order["courier"] = None
    if order["tries"] < MOST_TRIES:
        publish("orders", f"{order['kind']}.{order['city']}", {"number": number})
        order["status"] = "queued"
    else:
        publish("orders", "failed", {"number": number, "tries": order["tries"]})
        order["status"] = "failed"
    return jsonify(order)


@app.get("/backlog")
def backlog():
    """How many orders wait, as the broker counts them, which is seconds late."""
    return jsonify({kind: ask("GET", f"/queues/bakery/orders.{kind}").get("messages") for kind in ("express", "standard")})


@app.post("/billing")
def start_billing():
    """Writes invoices from now on, as deliveries come in."""
    threading.Thread(target=bill, daemon=True).start()
    return jsonify(started=True)


@app.get("/invoices")
def list_invoices():
    mine = [invoice for invoice in invoices.values() if invoice["customer"] == request.headers["X-User"]]
    return jsonify(invoices=mine, cents=sum(invoice["cents"] for invoice in mine))


@app.post("/invoices/print")
def print_invoices():
    folder = os.path.join(os.environ.get("DISPATCHER_DISK", "/var/lib/dispatcher"), "invoices")
    os.makedirs(folder, exist_ok=True)
    for number, invoice in invoices.items():
        with open(os.path.join(folder, f"{number}.txt"), "w") as file:
            file.write(f"{invoice['customer']} {invoice['cents'] / 100:.2f} EUR\n".ljust(4096))
    return jsonify(printed=len(invoices))


def bill():
    while True:
        try:
            for message in take(BILLING, 10):
                invoices[message["number"]] = {"customer": message["customer"], "cents": message["total"]}
        except (BrokerTrouble, httpx.HTTPError) as problem:
            app.logger.warning("no billing: %s", problem)
        time.sleep(0.3)


if __name__ == "__main__":
    app.run("127.0.0.15", 12130, threaded=True)
