"""What the support desk does, seen by its agents and by who asks for help."""

from conftest import Desk, ok, say, until
from nio import MessageDirection


async def heard_in(client, room):
    """What has been said in a room, the last first."""
    page = ok(await client.room_messages(room, "", direction=MessageDirection.back, limit=20))
    return [event.body for event in page.chunk if hasattr(event, "body")]


class TestTickets:
    async def test_opened(self, desk, ada):
        ticket = desk.open("Pot is cracked")
        assert (ticket["number"], ticket["status"], ticket["agent"]) == (1, "open", None)
        invited = ok(await ada.sync(timeout=0)).rooms.invite
        assert list(invited) == [ticket["room"]]
        ok(await ada.join(ticket["room"]))
        topic = ok(await ada.room_get_state_event(ticket["room"], "m.room.topic")).content["topic"]
        assert topic == "Ticket of @ada:tea.test"

    async def test_not_for_nobody(self, desk, ada):
        refused = desk.call("POST", "/tickets", {"customer": "@nobody:tea.test", "subject": "Where am I?"})
        assert (refused.status_code, refused.json()["error"]) == (422, "no such customer")
        desk.open()
        assert desk.ask("GET", "/tickets")["total"] == 1

    async def test_agent_may_change_the_room(self, desk, ada, grey):
        ticket = desk.open()
        desk.ask("POST", "/tickets/1/assign", {"agent": grey.user_id})
        ok(await grey.join(ticket["room"]))
        ok(await grey.room_put_state(ticket["room"], "m.room.topic", {"topic": "Pots"}))
        levels = ok(await grey.room_get_state_event(ticket["room"], "m.room.power_levels")).content["users"]
        assert levels == {"@grey:tea.test": 50}

    async def test_answer_arrives(self, desk, ada, grey):
        ticket = desk.open()
        ok(await ada.join(ticket["room"]))
        desk.ask("POST", "/tickets/1/assign", {"agent": grey.user_id})
        since = ok(await ada.sync(timeout=0)).next_batch
        event = desk.ask("POST", "/tickets/1/reply", {"text": "Send us a picture"})["event"]
        news = ok(await ada.sync(timeout=2000, since=since))
        last = news.rooms.join[ticket["room"]].timeline.events[-1]
        assert (last.event_id, last.body) == (event, "Earl Grey: Send us a picture")

    async def test_closed_by_the_agent(self, desk, ada, grey):
        ticket = desk.open()
        ok(await ada.join(ticket["room"]))
        desk.ask("POST", "/tickets/1/assign", {"agent": grey.user_id})
        stranger = Desk("@ada:tea.test").call("POST", "/tickets/1/close")
        assert stranger.status_code == 403
        assert desk.ask("POST", "/tickets/1/close")["status"] == "closed"
        again = desk.call("POST", "/tickets/1/close")
        assert (again.status_code, again.json()["error"]) == (409, "closed before")
        name = ok(await ada.room_get_state_event(ticket["room"], "m.room.name")).content["name"]
        assert name == "[closed] Pot is cracked"

    async def test_closed_by_a_command(self, desk, ada):
        ticket = desk.open()
        ok(await ada.join(ticket["room"]))
        await say(ada, ticket["room"], "Thank you, it was the lid")
        await say(ada, ticket["room"], "!close")

        async def closed():
            found = desk.ask("GET", "/tickets/1")
            return found["status"] == "closed" and found

        assert (await until(closed, seconds=6))["heard"] == 2
        assert (await heard_in(ada, ticket["room"]))[0] == "This ticket is closed."

    async def test_transcript(self, desk, ada):
        ticket = desk.open()
        ok(await ada.join(ticket["room"]))
        said = [f"line {number}" for number in range(6)]
        for text in said:
            await say(ada, ticket["room"], text)
        written = desk.ask("GET", "/tickets/1/transcript")
        assert written["count"] == 7
        assert [line["text"] for line in written["lines"] if line["who"] == "@ada:tea.test"] == said

    async def test_list(self, desk, ada, grey):
        for subject in ("Pot", "Cup", "Lid"):
            desk.open(subject)
        desk.ask("POST", "/tickets/2/assign", {"agent": grey.user_id})
        desk.ask("POST", "/tickets/2/close")
        first = desk.ask("GET", "/tickets", limit=2)
        assert [ticket["subject"] for ticket in first["tickets"]] == ["Pot", "Cup"]
        second = desk.ask("GET", "/tickets", **{"limit": 2, "from": first["next"]})
        assert [ticket["subject"] for ticket in second["tickets"]] == ["Lid"]
        assert "next" not in second
        still_open = desk.ask("GET", "/tickets", status="open")
        assert [ticket["number"] for ticket in still_open["tickets"]] == [1, 3]
