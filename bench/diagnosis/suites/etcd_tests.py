"""What the ferry line tests of its etcd: settings and their history, the registry of services, accounts, the cluster."""

import json
import os

import pytest
from conftest import OVER_TLS, Gateway, Refused, coded, end_of, let_in, plain, until
from etcd3gw import exceptions
from etcd3gw.client import Etcd3Client

FARES = {"adult": "1250", "bicycle": "400", "car": "5900", "child": "600", "dog": "300"}


class TestSettings:
    def test_set_and_read(self, etcd):
        etcd.put("/ferry/settings/fare/adult", "1250")
        [(value, about)] = etcd.get("/ferry/settings/fare/adult", metadata=True)
        assert (value, about["version"]) == (b"1250", "1")

    def test_versions_count_up(self, gateway):
        for fare in ("1200", "1250", "1300"):
            answer = gateway.put("/ferry/settings/fare/adult", fare, prev_kv=True)
        assert plain(answer["prev_kv"]["value"]) == "1250"
        assert gateway.range("/ferry/settings/fare/adult")["kvs"][0]["version"] == "3"

    def test_all_fares(self, etcd):
        for name, fare in FARES.items():
            etcd.put(f"/ferry/fares/{name}", fare)
        found = {about["key"].decode(): value.decode() for value, about in etcd.get_prefix("/ferry/fares/")}
        assert found == {f"/ferry/fares/{name}": fare for name, fare in FARES.items()}

    def test_page_by_page(self, gateway):
        for number in range(1, 8):
            gateway.put(f"/ferry/sailings/{number}", f"0{number}:30")
        start, pages = "/ferry/sailings/", []
        while True:
            answer = gateway.range(start, end_of("/ferry/sailings/"), limit=3)
            pages.append([plain(one["value"]) for one in answer["kvs"]])
            if not answer.get("more"):
                break
            start = plain(answer["kvs"][-1]["key"]) + "\0"
        assert [len(page) for page in pages] == [3, 3, 1]
        assert [sailing for page in pages for sailing in page] == [f"0{number}:30" for number in range(1, 8)]

    def test_how_many(self, gateway):
        for name in ("troll", "huldra", "nisse"):
            gateway.put(f"/ferry/ships/{name}", "in service")
        assert gateway.range("/ferry/ships/", end_of("/ferry/ships/"), count_only=True)["count"] == "3"
        gateway.delete("/ferry/ships/nisse")
        assert gateway.range("/ferry/ships/", end_of("/ferry/ships/"), count_only=True)["count"] == "2"

    def test_route_is_given_up(self, gateway):
        for name in ("stops", "fares", "season"):
            gateway.put(f"/ferry/routes/7/{name}", "some")
        gateway.put("/ferry/routes/8/stops", "others")
        answer = gateway.delete("/ferry/routes/7/", end_of("/ferry/routes/7/"), prev_kv=True)
        assert (answer["deleted"], len(answer["prev_kvs"])) == ("3", 3)
        assert gateway.under("/ferry/routes/") == {"/ferry/routes/8/stops": "others"}

    def test_as_it_was(self, gateway):
        before = gateway.put("/ferry/season", "winter")["header"]["revision"]
        gateway.put("/ferry/season", "summer")
        assert plain(gateway.range("/ferry/season", revision=before)["kvs"][0]["value"]) == "winter"
        now = gateway.put("/ferry/season", "autumn")["header"]["revision"]
        gateway.ask("/kv/compaction", revision=now, physical=True)
        with pytest.raises(Refused, match="has been compacted"):
            gateway.range("/ferry/season", revision=before)
        assert plain(gateway.range("/ferry/season")["kvs"][0]["value"]) == "autumn"

    def test_the_second_of_two_writers_is_told(self, gateway):
        gateway.put("/ferry/captain", "none")
        seen = gateway.range("/ferry/captain")["kvs"][0]["mod_revision"]

        def take(name):
            compared = {"key": coded("/ferry/captain"), "target": "MOD", "mod_revision": seen}
            put = {"request_put": {"key": coded("/ferry/captain"), "value": coded(name)}}
            look = {"request_range": {"key": coded("/ferry/captain")}}
            return gateway.ask("/kv/txn", compare=[compared], success=[put], failure=[look])

        assert take("marit")["succeeded"]
        late = take("olav")
        assert not late.get("succeeded")
        assert plain(late["responses"][0]["response_range"]["kvs"][0]["value"]) == "marit"

    def test_flag_as_json(self, etcd):
        flag = {"name": "new-tickets", "on": True, "share": 0.25, "routes": [3, 7]}
        etcd.put("/ferry/flags/new-tickets", json.dumps(flag))
        [value] = etcd.get("/ferry/flags/new-tickets")
        assert json.loads(value) == flag

    def test_answer_in_full(self, gateway):
        gateway.put("/ferry/greeting", "ahoy")
        [stored] = gateway.range("/ferry/greeting")["kvs"]
        revision = stored["mod_revision"]
        expected = {"key": coded("/ferry/greeting"), "value": coded("ahoy"), "version": "1"}
        assert stored == {**expected, "create_revision": revision, "mod_revision": revision}

    def test_sorted_by_value(self, gateway):
        for name, fare in (("adult", "1250"), ("car", "5900"), ("child", "0600")):
            gateway.put(f"/ferry/fares/{name}", fare)
        answer = gateway.range(
            "/ferry/fares/", end_of("/ferry/fares/"), sort_target="VALUE", sort_order="DESCEND", keys_only=True
        )
        assert [plain(one["key"]).split("/")[-1] for one in answer["kvs"]] == ["car", "adult", "child"]


class TestRegistry:
    def test_service_registers(self, etcd):
        lease = etcd.lease(ttl=30)
        etcd.put("/ferry/services/booking/1", "10.7.0.4:8080", lease=lease)
        assert lease.keys() == [b"/ferry/services/booking/1"]
        assert 0 < lease.ttl() <= 30
        assert [value for value, _ in etcd.get_prefix("/ferry/services/booking/")] == [b"10.7.0.4:8080"]

    def test_gone_when_it_signs_off(self, etcd):
        first, second = etcd.lease(ttl=30), etcd.lease(ttl=30)
        etcd.put("/ferry/services/tickets/1", "10.7.0.5:8080", lease=first)
        etcd.put("/ferry/services/tickets/2", "10.7.0.6:8080", lease=second)
        first.revoke()
        assert [value for value, _ in etcd.get_prefix("/ferry/services/tickets/")] == [b"10.7.0.6:8080"]
        assert first.ttl() == -1

    def test_gone_when_it_is_silent(self, etcd):
        lease = etcd.lease(ttl=2)
        etcd.put("/ferry/services/radar/1", "10.7.0.9:9000", lease=lease)
        assert etcd.get("/ferry/services/radar/1") == [b"10.7.0.9:9000"]
        until(lambda: not etcd.get("/ferry/services/radar/1"), seconds=7, pause=0.5)

    def test_leases_are_listed(self, gateway):
        granted = {gateway.ask("/lease/grant", TTL=60, ID=number)["ID"] for number in (7001, 7002, 7003)}
        gateway.ask("/kv/lease/revoke", ID="7002")
        left = {one["ID"] for one in gateway.ask("/lease/leases")["leases"]}
        assert left == granted - {"7002"}

    def test_leader_is_elected(self, gateway):
        lease = gateway.ask("/lease/grant", TTL=30, ID=0)["ID"]
        won = gateway.ask("/election/campaign", name=coded("/ferry/leader"), lease=lease, value=coded("bridge-1"))
        leader = gateway.ask("/election/leader", name=coded("/ferry/leader"))["kv"]
        assert (plain(leader["value"]), leader["lease"]) == ("bridge-1", lease)
        gateway.ask("/election/resign", leader=won["leader"])
        with pytest.raises(Refused, match="no leader"):
            gateway.ask("/election/leader", name=coded("/ferry/leader"))

    def test_lock_and_unlock(self, gateway):
        lease = gateway.ask("/lease/grant", TTL=30, ID=0)["ID"]
        held = gateway.ask("/lock/lock", name=coded("gangway"), lease=lease)["key"]
        assert plain(held).startswith("gangway/")
        assert gateway.range(plain(held))["kvs"][0]["lease"] == lease
        gateway.ask("/lock/unlock", key=held)
        assert "kvs" not in gateway.range(plain(held))

    def test_one_takes_the_watch_over(self, etcd):
        first, second = etcd.lock("night-watch", ttl=20), etcd.lock("night-watch", ttl=20)
        assert first.acquire()
        assert not second.acquire()
        assert first.release()
        assert second.acquire()
        assert second.is_acquired() and not first.is_acquired()
        second.release()


class TestAccounts:
    def test_reader_does_not_write(self, guarded):
        let_in(guarded, ("deck", "rope-4"), "reader", "/ferry/", kind="READ")
        guarded.put("/ferry/depth", "31")
        deck = Gateway()
        deck.log_in("deck", "rope-4")
        assert deck.under("/ferry/") == {"/ferry/depth": "31"}
        with pytest.raises(Refused, match="permission denied"):
            deck.put("/ferry/depth", "30")

    def test_only_its_own_keys(self, guarded):
        let_in(guarded, ("galley", "soup-2"), "cook", "/ferry/galley/")
        galley = Gateway()
        galley.log_in("galley", "soup-2")
        for day in ("monday", "tuesday"):
            galley.put(f"/ferry/galley/{day}", "fish")
        assert len(galley.under("/ferry/galley/")) == 2
        with pytest.raises(Refused, match="permission denied"):
            galley.range("/ferry/engine")

    def test_nobody_without_a_name(self, guarded):
        with pytest.raises(Refused, match="user name is empty"):
            Gateway().range("/ferry/depth")
        with pytest.raises(Refused, match="invalid user ID or password"):
            Gateway().log_in("root", "low-water")

    def test_another_password(self, guarded):
        let_in(guarded, ("purser", "coin-1"), "till", "/ferry/till/")
        Gateway().log_in("purser", "coin-1")
        guarded.ask("/auth/user/changepw", name="purser", password="coin-2")
        purser = Gateway()
        purser.log_in("purser", "coin-2")
        purser.put("/ferry/till/open", "yes")
        assert purser.under("/ferry/till/") == {"/ferry/till/open": "yes"}

    def test_what_a_role_may(self, guarded):
        let_in(guarded, ("engine", "oil-3"), "engineer", "/ferry/engine/")
        [permission] = guarded.ask("/auth/role/get", role="engineer")["perm"]
        assert (permission["permType"], plain(permission["key"])) == ("READWRITE", "/ferry/engine/")
        assert guarded.ask("/auth/user/get", name="engine")["roles"] == ["engineer"]
        assert set(guarded.ask("/auth/user/list")["users"]) == {"engine", "root"}


class TestCluster:
    def test_members(self, etcd):
        [member] = etcd.members()
        assert member["name"] == "pier"
        assert member["clientURLs"] == ["http://127.0.0.1:2381"]

    def test_status(self, etcd):
        status = etcd.status()
        assert status["version"].startswith("3.4.")
        assert status["leader"] == status["header"]["member_id"]
        assert int(status["dbSize"]) > 0

    def test_is_well(self, gateway):
        assert gateway.client.get("/health").json() == {"health": "true"}
        assert gateway.client.get("/version").json()["etcdcluster"] == "3.4.0"
        assert "alarms" not in gateway.ask("/maintenance/alarm", action="GET", memberID=0, alarm="NONE")


class TestOverTls:
    @pytest.fixture
    def ashore(self):
        return Etcd3Client(host=OVER_TLS, port=2443, protocol="https", ca_cert=os.environ["FERRY_CA"])

    def test_written_at_sea_read_ashore(self, etcd, ashore):
        for number in range(3):
            etcd.put(f"/ferry/positions/{number}", f"59.{number}")
        assert [value for value, _ in ashore.get_prefix("/ferry/positions/")] == [b"59.0", b"59.1", b"59.2"]

    def test_replaced_ashore(self, etcd, ashore):
        ashore.put("/ferry/master", "marit")
        assert ashore.replace("/ferry/master", "marit", "olav")
        assert not ashore.replace("/ferry/master", "marit", "sigrid")
        assert etcd.get("/ferry/master") == [b"olav"]

    def test_older_gateway_is_found(self):
        found = Etcd3Client(host=OVER_TLS, port=2443, protocol="https", ca_cert=os.environ["FERRY_CA"], api_path=None)
        assert found.api_path == "/v3/"
        found.put("/ferry/here", "yes")
        assert found.get("/ferry/here") == [b"yes"]
        with pytest.raises(exceptions.Etcd3Exception):
            found.post(found.get_url("/kv/put"), json={"key": "", "value": coded("nothing")})
