"""What the tea club relies on of its chat server, by matrix-nio and by plain HTTP."""

import io
import os
import ssl

import httpx
from conftest import TIMEOUT, leave_off, log_in, ok, plain, register, say, until
from nio import JoinError, LoginError, MessageDirection, RoomPreset, RoomPutStateError, RoomResolveAliasError

PICTURE = bytes.fromhex("89504e470d0a1a0a") + b"tea" * 700


class TestPeople:
    async def test_devices(self, ada):
        laptop = await log_in("ada", "laptop")
        try:
            names = [device.display_name for device in ok(await ada.devices()).devices]
            assert sorted(filter(None, names)) == ["laptop", "phone"]
            ok(await ada.update_device(laptop.device_id, {"display_name": "kitchen"}))
            names = [device.display_name for device in ok(await laptop.devices()).devices]
            assert sorted(filter(None, names)) == ["kitchen", "phone"]
        finally:
            await leave_off(laptop)
        left = [device.display_name for device in ok(await ada.devices()).devices]
        assert sorted(filter(None, left)) == ["phone"]

    async def test_new_password_ends_sessions(self, ada, admin):
        change = {"new_password": "darjeeling", "logout_devices": True}
        admin.post("/_synapse/admin/v1/reset_password/@ada:tea.test", json=change).raise_for_status()
        refused = await ada.whoami()
        assert refused.status_code == "M_UNKNOWN_TOKEN"
        ok(await ada.login("darjeeling"))
        assert ok(await ada.whoami()).user_id == "@ada:tea.test"

    async def test_name_is_shown_to_others(self, ada, grey, room):
        ok(await ada.set_displayname("Ada L."))

        async def name():
            members = ok(await grey.joined_members(room)).members
            return {member.user_id: member.display_name for member in members}

        await until(lambda: is_named(name, "Ada L."), seconds=4)
        assert await name() == {"@ada:tea.test": "Ada L.", "@grey:tea.test": "Earl Grey"}

    async def test_settings_are_kept(self, ada):
        async with plain(ada) as http:
            path = "/user/@ada:tea.test/account_data/test.tea.settings"
            (await http.put(path, json={"milk": True, "sugar": 2})).raise_for_status()
            (await http.put(path, json={"milk": False, "sugar": 1})).raise_for_status()
            found = (await http.get(path)).raise_for_status().json()
        assert found == {"milk": False, "sugar": 1}


async def is_named(look, name):
    return (await look()).get("@ada:tea.test") == name


class TestRooms:
    async def test_invited_joined_left(self, ada, grey):
        room = ok(await ada.room_create(name="Cups", topic="Which one?")).room_id
        ok(await ada.room_invite(room, grey.user_id))
        invited = ok(await grey.sync(timeout=0)).rooms.invite
        assert list(invited) == [room]
        ok(await grey.join(room))
        members = ok(await ada.joined_members(room)).members
        assert sorted(member.user_id for member in members) == ["@ada:tea.test", "@grey:tea.test"]
        ok(await grey.room_leave(room))
        members = ok(await ada.joined_members(room)).members
        assert [member.user_id for member in members] == ["@ada:tea.test"]

    async def test_banned(self, ada, grey, room):
        ok(await ada.room_kick(room, grey.user_id, reason="too much milk"))
        state = ok(await ada.room_get_state_event(room, "m.room.member", grey.user_id)).content
        assert (state["membership"], state["reason"]) == ("leave", "too much milk")
        ok(await ada.room_ban(room, grey.user_id))
        refused = await grey.join(room)
        assert isinstance(refused, JoinError) and refused.status_code == "M_BAD_STATE"
        ok(await ada.room_unban(room, grey.user_id))
        ok(await ada.room_invite(room, grey.user_id))
        assert ok(await grey.join(room)).room_id == room

    async def test_rights(self, ada, grey, room):
        refused = await grey.room_put_state(room, "m.room.topic", {"topic": "Coffee"})
        assert isinstance(refused, RoomPutStateError) and refused.status_code == "M_FORBIDDEN"
        levels = ok(await ada.room_get_state_event(room, "m.room.power_levels")).content
        assert levels["users_default"] == 0
        levels["users"][grey.user_id] = 50
        ok(await ada.room_put_state(room, "m.room.power_levels", levels))
        ok(await grey.room_put_state(room, "m.room.topic", {"topic": "Coffee"}))
        topic = ok(await ada.room_get_state_event(room, "m.room.topic")).content
        assert topic["topic"] == "Coffee"

    async def test_found_in_the_directory(self, ada):
        room = ok(await ada.room_create(alias="tasting", name="Tasting", preset=RoomPreset.public_chat)).room_id
        async with plain(ada) as http:
            listed = {"visibility": "public"}
            (await http.put(f"/directory/list/room/{room}", json=listed)).raise_for_status()

            async def found():
                search = {"limit": 5, "filter": {"generic_search_term": "tast"}}
                return (await http.post("/publicRooms", json=search)).raise_for_status().json()["chunk"]

            (entry,) = await until(found, seconds=4)
        assert (entry["room_id"], entry["num_joined_members"]) == (room, 1)
        assert ok(await ada.room_resolve_alias("#tasting:tea.test")).room_id == room
        ok(await ada.room_delete_alias("#tasting:tea.test"))
        gone = await ada.room_resolve_alias("#tasting:tea.test")
        assert isinstance(gone, RoomResolveAliasError) and gone.status_code == "M_NOT_FOUND"


class TestMessages:
    async def test_arrives_while_waiting(self, ada, grey, room):
        since = ok(await grey.sync(timeout=0)).next_batch
        event = await say(ada, room, "The kettle is on")
        news = ok(await grey.sync(timeout=2000, since=since))
        (message,) = news.rooms.join[room].timeline.events
        assert (message.event_id, message.sender, message.body) == (event, "@ada:tea.test", "The kettle is on")

    async def test_edited(self, ada, grey, room):
        first = await say(ada, room, "Fife o'clock")
        change = {"rel_type": "m.replace", "event_id": first}
        new = {"msgtype": "m.text", "body": "Five o'clock"}
        await say(ada, room, "* Five o'clock", **{"m.new_content": new, "m.relates_to": change})
        async with plain(grey) as http:
            event = (await http.get(f"/rooms/{room}/event/{first}")).raise_for_status().json()
        edit = event["unsigned"]["m.relations"]["m.replace"]
        assert edit["content"]["m.new_content"]["body"] == "Five o'clock"

    async def test_taken_back(self, ada, grey, room):
        event = await say(ada, room, "My card is 4242 4242")
        async with plain(grey) as http:
            refused = await http.put(f"/rooms/{room}/redact/{event}/one", json={})
            assert refused.status_code == 403
            ok(await ada.room_redact(room, event, reason="private"))
            seen = (await http.get(f"/rooms/{room}/event/{event}")).raise_for_status().json()
        assert seen["content"] == {}
        assert seen["unsigned"]["redacted_because"]["sender"] == "@ada:tea.test"

    async def test_history_page_by_page(self, ada, grey, room):
        for number in range(9):
            await say(ada, room, f"cup {number}")
        bodies, place = [], ""
        while place is not None and "cup 0" not in bodies:
            page = ok(await grey.room_messages(room, place, direction=MessageDirection.back, limit=4))
            bodies += [event.body for event in page.chunk if hasattr(event, "body")]
            place = page.end
        assert bodies == [f"cup {number}" for number in reversed(range(9))]

    async def test_unread(self, ada, grey, room):
        async def unread(client, since=None):
            news = ok(await client.sync(timeout=0, since=since, full_state=True))
            return news.rooms.join[room].unread_notifications.notification_count

        last = None
        for text in ("One", "Two", "Three"):
            last = await say(ada, room, text)
        await until(lambda: is_count(unread, grey, 3), seconds=4)
        ok(await grey.room_read_markers(room, last, last))
        await until(lambda: is_count(unread, grey, 0), seconds=4)

    async def test_typing(self, ada, grey, room):
        since = ok(await grey.sync(timeout=0)).next_batch
        ok(await ada.room_typing(room, typing_state=True, timeout=20000))

        async def typing():
            joined = ok(await grey.sync(timeout=500, since=since)).rooms.join
            events = joined[room].ephemeral if room in joined else []
            return [user for event in events for user in getattr(event, "users", [])]

        assert await until(typing) == ["@ada:tea.test"]

    async def test_found_by_a_word(self, ada, grey, room):
        event = await say(ada, room, "Lapsang souchong is smoky")
        await say(ada, room, "Sencha is not")
        search = {"search_categories": {"room_events": {"search_term": "souchong", "filter": {"rooms": [room]}}}}
        async with plain(grey) as http:
            found = (await http.post("/search", json=search)).raise_for_status().json()
        hits = found["search_categories"]["room_events"]
        assert hits["count"] == 1
        assert [hit["result"]["event_id"] for hit in hits["results"]] == [event]


async def is_count(look, client, count):
    return await look(client) == count


class TestFiles:
    async def test_comes_back(self, ada, grey, room):
        def data(*_tries):
            return io.BytesIO(PICTURE)

        sent, _keys = await ada.upload(data, content_type="image/png", filename="cup.png", filesize=len(PICTURE))
        uri = ok(sent).content_uri
        await say(ada, room, "cup.png", url=uri)
        got = ok(await grey.download(uri))
        assert (got.content_type, got.filename, len(got.body)) == ("image/png", "cup.png", len(PICTURE))
        assert got.body == PICTURE

    async def test_not_too_large(self, ada):
        async with plain(ada) as http:
            path = "/_matrix/media/v3/upload?filename=menu.txt"
            http.base_url = str(http.base_url).split("/_matrix")[0]
            limit = (await http.get("/_matrix/client/v1/media/config")).raise_for_status().json()["m.upload.size"]
            assert limit == 65536
            (await http.post(path, content=b"x" * limit)).raise_for_status()
            refused = await http.post(path, content=b"x" * (limit + 1))
            assert (refused.status_code, refused.json()["errcode"]) == (413, "M_TOO_LARGE")


class TestWardens:
    def test_list_of_people(self, admin):
        for name in ("assam", "bancha", "chai", "dianhong"):
            register(name)
        names, place = [], "0"
        while place is not None:
            query = {"from": place, "limit": 2, "guests": "false", "order_by": "name"}
            page = admin.get("/_synapse/admin/v2/users", params=query).raise_for_status().json()
            assert page["total"] == 5
            names += [user["name"].split(":")[0] for user in page["users"]]
            place = page.get("next_token")
        assert names == ["@assam", "@bancha", "@chai", "@dianhong", "@warden"]

    async def test_shown_the_door(self, ada, admin):
        ok(await ada.logout())
        path = "/_synapse/admin/v1/deactivate/@ada:tea.test"
        admin.post(path, json={"erase": False}).raise_for_status()
        refused = await ada.login("ada-password")
        assert isinstance(refused, LoginError) and refused.status_code == "M_FORBIDDEN"
        account = admin.get("/_synapse/admin/v2/users/@ada:tea.test").raise_for_status().json()
        assert account["deactivated"] is True

    async def test_room_is_shut(self, ada, grey, admin, room):
        wanted = {"new_room_user_id": "@warden:tea.test", "block": True, "purge": False, "message": "Closed."}
        path = f"/_synapse/admin/v2/rooms/{room}"
        task = admin.request("DELETE", path, json=wanted).raise_for_status().json()["delete_id"]

        async def done():
            status = admin.get(f"/_synapse/admin/v2/rooms/delete_status/{task}").raise_for_status().json()
            assert status["status"] != "failed", status
            return status["status"] == "complete" and status["shutdown_room"]

        shut = await until(done, seconds=8)
        assert sorted(shut["kicked_users"]) == ["@ada:tea.test", "@grey:tea.test"]
        ok(await grey.join(shut["new_room_id"]))

    async def test_complaint(self, ada, grey, admin, room):
        event = await say(ada, room, "Milk first!")
        async with plain(grey) as http:
            rude = {"reason": "rude", "score": -80}
            (await http.post(f"/rooms/{room}/report/{event}", json=rude)).raise_for_status()
        reports = admin.get("/_synapse/admin/v1/event_reports?limit=5").raise_for_status().json()
        assert reports["total"] == 1
        report = reports["event_reports"][0]
        assert (report["user_id"], report["sender"], report["reason"]) == (grey.user_id, ada.user_id, "rude")

    async def test_archive_over_tls(self, ada, grey, room):
        await say(ada, room, "For the archive")
        trusted = ssl.create_default_context(cafile=os.environ["CHAT_CA"])
        place = f"https://chat.tea.test:8448/_matrix/client/v3/rooms/{room}"
        headers = {"Authorization": f"Bearer {grey.access_token}"}
        async with httpx.AsyncClient(verify=trusted, headers=headers, timeout=TIMEOUT) as http:
            state = (await http.get(f"{place}/state")).raise_for_status().json()
            page = (await http.get(f"{place}/messages?dir=b&limit=1")).raise_for_status().json()
        assert {event["type"] for event in state} >= {"m.room.create", "m.room.name", "m.room.member"}
        assert page["chunk"][0]["content"]["body"] == "For the archive"
