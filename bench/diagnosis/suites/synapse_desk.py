"""The support desk of the tea club: each ticket is a room of its chat server, which calls the desk back as an application
service."""

import itertools
import os
import threading
from urllib.parse import quote

import requests
from flask import Flask, jsonify, request
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

CHAT = os.environ["CHAT_URL"] + "/_matrix/client/v3"
TOKEN = os.environ.get("DESK_TOKEN", "as_desk_6tQm2xWbR9")
SERVER_TOKEN = os.environ.get("DESK_SERVER_TOKEN", "hs_desk_Zk41vNpL8c")
TIMEOUT = float(os.environ.get("DESK_TIMEOUT", "4"))
BOT = "@desk:tea.test"
PAGE = 5

app = Flask("desk")
session = requests.Session()
session.headers["Authorization"] = f"Bearer {TOKEN}"
retries = Retry(
    total=int(os.environ.get("DESK_RETRIES", "1")),
    status_forcelist=[502, 503, 504],
    allowed_methods=None,
    raise_on_status=False,
    respect_retry_after_header=False,
    backoff_factor=0.1,
)
session.mount("http://", HTTPAdapter(max_retries=retries))
tickets = {}
seen = set()
names = itertools.count(1)
lock = threading.Lock()


class Refused(Exception):
    def __init__(self, status, error, detail=None):
        super().__init__(error)
        self.status, self.error, self.detail = status, error, detail


@app.errorhandler(Refused)
def refused(problem):
    return jsonify(error=problem.error, detail=problem.detail), problem.status


@app.errorhandler(requests.RequestException)
def no_chat(problem):
    return jsonify(error="chat server", detail=str(problem)), 502


def chat(method, path, body=None, **query):
    """What the chat server answers; what it refuses is refused."""
    response = session.request(method, CHAT + path, json=body, params=query, timeout=TIMEOUT)
    if not response.ok:
        detail = response.text if response.status_code < 500 else f"HTTP {response.status_code}"
        raise Refused(502, "chat server", detail)
    return response.json()


def say(room, text):
    content = {"msgtype": "m.notice", "body": text}
    path = f"/rooms/{quote(room)}/send/m.room.message/desk{next(names)}"
    return chat("PUT", path, content)["event_id"]


def ticket_of(number):
    if number not in tickets:
        raise Refused(404, "no such ticket")
    return tickets[number]


def agent():
    return request.headers["X-Agent"]


@app.post("/tickets")
def open_ticket():
    wanted = request.get_json()
    customer = session.get(f"{CHAT}/profile/{quote(wanted['customer'])}", timeout=TIMEOUT)
    if customer.status_code == 404:
        raise Refused(422, "no such customer")
    session.post(
        f"{CHAT}/register", json={"type": "m.login.application_service", "username": "desk"}, timeout=TIMEOUT
    )
    room = chat(
        "POST",
        "/createRoom",
        {
            "preset": "private_chat",
            "name": wanted["subject"],
            "topic": f"Ticket of {wanted['customer']}",
            "invite": [wanted["customer"]],
        },
    )["room_id"]
    say(room, "Welcome! Somebody will be with you soon.")
    with lock:
        number = len(tickets) + 1
        tickets[number] = {
            "number": number,
            "room": room,
            "customer": wanted["customer"],
            "subject": wanted["subject"],
            "status": "open",
            "agent": None,
            "heard": 0,
        }
    return jsonify(tickets[number]), 201


@app.get("/tickets")
def list_tickets():
    status = request.args.get("status")
    first, limit = int(request.args.get("from", 1)), int(request.args.get("limit", 10))
    found = [ticket for ticket in tickets.values() if status in (None, ticket["status"])]
    page = found[first - 1 : first - 1 + limit]
    answer = {"tickets": page, "total": len(found)}
    if first - 1 + limit < len(found):
        answer["next"] = first + limit
    return jsonify(answer)


@app.get("/tickets/<int:number>")
def one_ticket(number):
    return jsonify(ticket_of(number))


@app.post("/tickets/<int:number>/assign")
def assign(number):
    ticket, chosen = ticket_of(number), request.get_json()["agent"]
    room = quote(ticket["room"])
    chat("POST", f"/rooms/{room}/invite", {"user_id": chosen})
    levels = chat("GET", f"/rooms/{room}/state/m.room.power_levels")
    levels["users"][chosen] = 50
    chat("PUT", f"/rooms/{room}/state/m.room.power_levels", levels)
    ticket["agent"] = chosen
    return jsonify(ticket)


@app.post("/tickets/<int:number>/reply")
def reply(number):
    ticket = ticket_of(number)
    name = chat("GET", f"/profile/{quote(agent())}").get("displayname", agent())
    event = say(ticket["room"], f"{name}: {request.get_json()['text']}")
    return jsonify(event=event)


@app.post("/tickets/<int:number>/close")
def close(number):
    ticket = ticket_of(number)
    if ticket["agent"] != agent():
        raise Refused(403, "not your ticket")
    if ticket["status"] == "closed":
        raise Refused(409, "closed before")
    shut(ticket)
    return jsonify(ticket)


def shut(ticket):
    say(ticket["room"], "This ticket is closed.")
    name = {"name": f"[closed] {ticket['subject']}"}
    chat("PUT", f"/rooms/{quote(ticket['room'])}/state/m.room.name", name)
    ticket["status"] = "closed"


@app.get("/tickets/<int:number>/transcript")
def transcript(number):
    ticket, lines, place = ticket_of(number), [], {}
    while True:
        page = chat("GET", f"/rooms/{quote(ticket['room'])}/messages", dir="b", limit=PAGE, **place)
        for event in page["chunk"]:
            if event["type"] == "m.room.message" and "body" in event["content"]:
                lines.append({"who": event["sender"], "text": event["content"]["body"]})
        if "end" not in page:
            break
        place = {"from": page["end"]}
    lines.reverse()
    return jsonify(lines=lines, count=len(lines))


@app.put("/_matrix/app/v1/transactions/<name>")
def transaction(name):
    if request.headers.get("Authorization") != f"Bearer {SERVER_TOKEN}":
        return jsonify(errcode="M_FORBIDDEN", error="this is not the chat server"), 403
    if name not in seen:
        seen.add(name)
        for event in request.get_json()["events"]:
            if event["type"] == "m.room.message":
                heard(event)
    return jsonify({})


def heard(event):
    """Somebody has said something in a room of ours."""
    for ticket in list(tickets.values()):
        if ticket["room"] == event["room_id"] and ticket["customer"] == event["sender"]:
            ticket["heard"] += 1
            if event["content"].get("body") == "!close" and ticket["status"] == "open":
                shut(ticket)


if __name__ == "__main__":
    app.run("127.0.0.15", 12150, threaded=True)
