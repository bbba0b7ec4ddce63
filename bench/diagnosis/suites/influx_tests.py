"""What a team that keeps the measurements of its weather stations in InfluxDB tests beside what its client's own tests
look at: accounts, roll-ups, retention, pages, long answers, tokens."""

import datetime
import os
import time

import jwt
import pytest
from influxdb import InfluxDBClient
from influxdb.exceptions import InfluxDBClientError

SECRET = os.environ.get("STATIONS_SECRET", "a secret of the measuring stations")
START = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
JSON = {"Accept": "application/json"}


def connect(user="root", password="", database="stations", **options):
    options.setdefault("headers", dict(JSON))
    return InfluxDBClient("localhost", 8086, user, password, database, **options)


def reading(minute, station="north", **fields):
    return {
        "measurement": "weather",
        "tags": {"station": station},
        "time": (START + datetime.timedelta(minutes=minute)).isoformat(),
        "fields": fields,
    }


def wait_for(look, seconds=10):
    """What `look` sees, once it sees something."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, f"nothing to be seen after {seconds} s"
        time.sleep(0.25)
    return seen


@pytest.fixture
def stations():
    client = connect()
    client.create_database("stations")
    yield client
    client.drop_database("stations")
    client.close()


@pytest.fixture
def reader(stations):
    """An account that may read, and no more."""
    stations.create_user("reader", "lookingglass")
    stations.grant_privilege("read", "stations", "reader")
    yield connect("reader", "lookingglass")
    stations.drop_user("reader")


class TestIngest:
    def test_all_readings_of_a_day(self, stations):
        readings = [reading(minute, temperature=minute / 10) for minute in range(1440)]
        assert stations.write_points(readings, batch_size=400)
        (counted,) = stations.query("SELECT count(temperature) FROM weather").get_points()
        assert counted["count"] == 1440

    def test_the_last_word_counts(self, stations):
        stations.write_points([reading(0, temperature=11.5)])
        stations.write_points([reading(0, temperature=12.25)])
        seen = list(stations.query("SELECT temperature FROM weather").get_points())
        assert [each["temperature"] for each in seen] == [12.25]

    def test_a_field_keeps_its_type(self, stations):
        stations.write_points([reading(0, temperature=11.5)])
        with pytest.raises(InfluxDBClientError) as refused:
            stations.write_points([reading(1, temperature="warm")])
        assert refused.value.code == 400
        assert "field type conflict" in str(refused.value.content)
        assert len(list(stations.query("SELECT * FROM weather").get_points())) == 1

    def test_milliseconds(self, stations):
        stations.write_points(["weather,station=north temperature=3 1772323200123"], protocol="line", time_precision="ms")
        (seen,) = stations.query("SELECT temperature FROM weather", epoch="ms").get_points()
        assert seen == {"time": 1772323200123, "temperature": 3}

    def test_packed_readings(self, stations):
        packed = connect(gzip=True)
        packed.write_points([reading(minute, humidity=40 + minute) for minute in range(50)])
        (seen,) = packed.query("SELECT max(humidity) FROM weather").get_points()
        assert seen["max"] == 89


class TestQueries:
    @pytest.fixture(autouse=True)
    def readings(self, stations):
        for station, offset in (("north", 0), ("south", 10)):
            points = [reading(minute, station, temperature=float(offset + minute % 7)) for minute in range(120)]
            stations.write_points(points)

    def test_pages(self, stations):
        seen, offset = [], 0
        while True:
            page = stations.query(f"SELECT temperature FROM weather WHERE station = 'north' LIMIT 50 OFFSET {offset}")
            page = list(page.get_points())
            seen += [point["time"] for point in page]
            if len(page) < 50:
                break
            offset += len(page)
        assert len(seen) == 120
        assert len(set(seen)) == 120

    def test_long_answer_in_chunks(self, stations):
        chunks = stations.query("SELECT * FROM weather", chunked=True, chunk_size=25)
        assert sum(len(list(chunk.get_points())) for chunk in chunks) == 240

    def test_mean_of_each_station(self, stations):
        answer = stations.query("SELECT mean(temperature) FROM weather GROUP BY station")
        means = {tags["station"]: next(points)["mean"] for (_, tags), points in answer.items()}
        assert means["south"] - means["north"] == 10

    def test_hours(self, stations):
        answer = stations.query(
            "SELECT count(temperature) FROM weather WHERE time >= $from AND time < $to GROUP BY time(1h)",
            bind_params={"from": "2026-03-01T00:00:00Z", "to": "2026-03-01T02:00:00Z"},
        )
        assert [point["count"] for point in answer.get_points()] == [120, 120]

    def test_names_of_stations(self, stations):
        answer = stations.query('SHOW TAG VALUES FROM weather WITH KEY = "station"')
        assert [point["value"] for point in answer.get_points()] == ["north", "south"]

    def test_a_station_is_taken_down(self, stations):
        stations.delete_series(measurement="weather", tags={"station": "south"})
        assert stations.get_list_series() == ["weather,station=north"]
        assert list(stations.query("SELECT * FROM weather WHERE station = 'south'").get_points()) == []

    def test_last_reading(self, stations):
        (last,) = stations.query("SELECT last(temperature) FROM weather WHERE station = 'south'").get_points()
        assert last == {"time": "2026-03-01T01:59:00Z", "last": 10.0}


class TestAccounts:
    def test_reader_reads(self, stations, reader):
        stations.write_points([reading(0, temperature=4.5)])
        (seen,) = reader.query("SELECT temperature FROM weather").get_points()
        assert seen["temperature"] == 4.5

    def test_reader_does_not_write(self, stations, reader):
        with pytest.raises(InfluxDBClientError) as refused:
            reader.write_points([reading(0, temperature=4.5)])
        assert refused.value.code == 403
        assert stations.get_list_measurements() == []

    def test_privileges(self, stations, reader):
        assert stations.get_list_privileges("reader") == [{"database": "stations", "privilege": "READ"}]
        stations.grant_privilege("all", "stations", "reader")
        assert stations.get_list_privileges("reader") == [{"database": "stations", "privilege": "ALL PRIVILEGES"}]
        assert reader.write_points([reading(0, temperature=4.5)])

    def test_another_password(self, stations, reader):
        stations.set_user_password("reader", "magnifier")
        with pytest.raises(InfluxDBClientError) as refused:
            reader.query("SELECT * FROM weather")
        assert refused.value.code == 401
        reader.switch_user("reader", "magnifier")
        assert list(reader.query("SELECT * FROM weather").get_points()) == []

    def test_a_token(self, stations, reader):
        """A job on the side has a token in place of a password."""
        ends = time.time() + float(os.environ.get("TOKEN_SECONDS", "3600"))
        token = jwt.encode({"username": "reader", "exp": int(ends)}, SECRET, algorithm="HS256")
        job = connect(None, None, headers={**JSON, "Authorization": f"Bearer {token}"})
        stations.write_points([reading(0, temperature=4.5)])
        assert len(list(job.query("SELECT * FROM weather").get_points())) == 1
        stations.write_points([reading(1, temperature=5.5)])
        assert len(list(job.query("SELECT * FROM weather").get_points())) == 2


class TestRollups:
    def test_hourly_means(self, stations):
        """The roll-up that the server makes by itself, each second here."""
        stations.create_retention_policy("years", "520w", 1)
        select = (
            'SELECT mean(temperature) AS temperature INTO "stations"."years"."weather_mean" FROM weather '
            "GROUP BY time(10s), station"
        )
        stations.create_continuous_query("means", select, "stations", "EVERY 1s FOR 1m")
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=15)
        points = [{**reading(0, temperature=value), "time": now.isoformat()} for value in (8.0,)]
        stations.write_points(points)
        look = 'SELECT temperature FROM "years"."weather_mean"'
        (mean,) = wait_for(lambda: list(stations.query(look).get_points()), 12)
        assert mean["temperature"] == 8

    def test_a_rollup_goes(self, stations):
        select = 'SELECT max(temperature) INTO "weather_max" FROM weather GROUP BY time(1h)'
        stations.create_continuous_query("highest", select, "stations")
        stations.drop_continuous_query("highest", "stations")
        queries = {name: each for database in stations.get_list_continuous_queries() for name, each in database.items()}
        assert queries["stations"] == []

    def test_recent_readings(self, stations):
        """What the board in the hall shows: the last quarter of an hour."""
        now = datetime.datetime.now(datetime.timezone.utc)
        for seconds in (5, 60, 120):
            at = (now - datetime.timedelta(seconds=seconds)).isoformat()
            stations.write_points([{**reading(0, temperature=7.0), "time": at}])
        seen = list(stations.query("SELECT temperature FROM weather WHERE time > now() - 15m").get_points())
        assert len(seen) == 3


class TestRetention:
    def test_too_old_for_its_policy(self, stations):
        stations.create_retention_policy("week", "1w", 1, default=True)
        with pytest.raises(InfluxDBClientError) as refused:
            stations.write_points([reading(0, temperature=1.0)])
        assert "points beyond retention policy" in str(refused.value.content)

    def test_another_default(self, stations):
        stations.create_retention_policy("month", "30d", 1, shard_duration="1d")
        stations.alter_retention_policy("month", "stations", default=True)
        (default,) = [each for each in stations.get_list_retention_policies() if each["default"]]
        assert default["name"] == "month"
        assert default["shardGroupDuration"] == "24h0m0s"


class TestSecureLine:
    """Over TLS, as from outside."""

    @pytest.fixture
    def outside(self):
        client = InfluxDBClient("influx.test", 8443, "root", "", "stations", ssl=True, verify_ssl=True)
        client.create_database("stations")
        yield client
        client.drop_database("stations")

    def test_readings_from_outside(self, outside):
        assert outside.write_points([reading(minute, temperature=2.5) for minute in range(3)])
        assert len(list(outside.query("SELECT * FROM weather").get_points())) == 3

    def test_summary_from_outside(self, outside):
        outside.write_points([reading(minute, temperature=float(minute)) for minute in range(10)])
        (seen,) = outside.query("SELECT max(temperature), min(temperature) FROM weather").get_points()
        assert (seen["max"], seen["min"]) == (9, 0)
