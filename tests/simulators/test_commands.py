"""The commands as a person runs them: what they print and how they end."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulators.address import address_from
from simulators.commands.city import beginning
from simulators.fleet import BadCity
from tests.simulators.listener import Listener

CHECKOUT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "simulators"]


def simulators(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "speed_9.csv"
    rows = ["2020-01-01 00:00:00,1", "2020-01-01 00:00:00,2", "bad,3", "2020-01-01 00:05:00,4"]
    file.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    return file


def test_the_registry_has_the_columns_the_import_takes() -> None:
    done = simulators("registry", "--assets", "90", "--seed", "2", LC_ALL="C", LANG="C")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 90
    assert ",".join(rows[0]) == "name,kind,title,area,latitude,longitude,metrics"
    kinds = {row["kind"] for row in rows}
    assert kinds == {
        *("air", "river", "rain", "traffic", "light", "energy", "waste", "noise", "parking"),
        "service",
    }
    by_name = {row["name"]: row for row in rows}
    assert by_name["onestop-lang-giang"]["title"] == "Bộ phận một cửa huyện Lạng Giang"
    assert by_name["onestop-lang-giang"]["area"] == "217"
    assert by_name["air-yen-the-1"]["title"] == "Trạm khí Yên Thế 1"
    assert "latency_ms=ms" in by_name["portal-dvc"]["metrics"].split(";")
    for row in rows:
        assert 21.0 < float(row["latitude"]) < 21.7
        assert 105.8 < float(row["longitude"]) < 107.1
        assert all(len(pair.split("=")) == 2 for pair in row["metrics"].split(";"))


@pytest.mark.usefixtures("broker")
def test_a_replay_ends_with_its_account_and_moves_to_now(file: Path) -> None:
    before = datetime.now(UTC).timestamp()
    with Listener(address_from(), "city/road/telemetry") as listener:
        done = simulators(
            "replay", file, "--asset", "road", "--metric", "kmh", "--as-fast-as-possible",
            "--shift-to-now", "--json",
        )  # fmt: skip
        heard = [json.loads(payload) for _, payload in listener.wait_for(3)]
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert {name: account[name] for name in ("rows", "published", "acknowledged", "skipped")} == {
        "rows": 4,
        "published": 3,
        "acknowledged": 3,
        "skipped": 1,
    }
    assert account["repeated"] == 1
    assert f"skipped {file}: line 4: 'bad' is not a time" in done.stderr
    assert [told["values"] for told in heard] == [{"kmh": 1.0}, {"kmh": 2.0}, {"kmh": 4.0}]
    assert heard[2]["ts"] - heard[0]["ts"] == 300_000
    assert before <= heard[2]["ts"] / 1000 <= datetime.now(UTC).timestamp()


@pytest.mark.usefixtures("broker")
def test_a_replay_without_rows_that_can_be_read_is_a_bad_file(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("timestamp,value\nx,1\n")
    done = simulators("replay", file)
    assert done.returncode == 2
    assert f"{file}: line 2: 'x' is not a time" in done.stderr


@pytest.mark.usefixtures("broker")
def test_an_account_that_may_not_publish_is_told_so(
    file: Path, broker: "object", monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = broker.connection("ingest")  # type: ignore[attr-defined]
    for name, value in reader.items():
        monkeypatch.setenv(name, value)
    done = simulators("replay", file, "--as-fast-as-possible")
    assert done.returncode == 3
    assert "refuses what we publish: Not authorized" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "sentence"),
    [
        (["replay", "no.csv"], {}, 2, "no.csv: cannot be read"),
        (["load", "--rate", "1e9"], {}, 2, "their times would repeat"),
        (["load", "--processes", "5"], {}, 2, "at least one connection for each"),
        (["load"], {"MQTT_PORT": "x"}, 2, "MQTT_PORT is 'x'"),
        (["load"], {"MQTT_HOST": "127.0.0.1", "MQTT_PORT": "1"}, 3, "cannot be reached"),
        (["city", "--assets", "0"], {}, 2, "a city has 1 to 100000 assets"),
        (["city", "--fault", "flood"], {}, 2, "there is no fault 'flood'"),
        (["city", "--fault", "down", "--asset", "x"], {}, 2, "the city has no asset 'x'"),
        (["city", "--speed", "5"], {}, 2, "--speed needs a --start in the past"),
        (["city", "--start", "soon"], {}, 2, "--start: 'soon' is not a time"),
        (["city", "--wait", "0"], {"MQTT_HOST": "127.0.0.1", "MQTT_PORT": "1"}, 3, "no broker"),
        (["nonsense"], {}, 2, "No such command"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_a_code(
    arguments: list[str], environment: dict[str, str], code: int, sentence: str
) -> None:
    done = simulators(*arguments, **environment)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert sentence in done.stderr


@pytest.mark.usefixtures("broker")
def test_a_running_city_is_stopped_by_a_signal_and_says_goodbye() -> None:
    with Listener(address_from(), "city/dap-cau/#") as listener:
        city = subprocess.Popen(
            [*COMMAND, "city", "--assets", "6", "--rate", "60", "--calm", "--json"],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
        )
        listener.wait_for(3)
        city.send_signal(signal.SIGTERM)
        printed, _ = city.communicate(timeout=30)
        heard = listener.heard
    assert city.returncode == 0
    account = json.loads(printed)
    assert account["published"] == account["acknowledged"] > 0
    assert heard[0] == ("city/dap-cau/status", b"online")
    assert json.loads(heard[1][1])["values"]["level_m"] > 0


@pytest.mark.usefixtures("broker")
def test_a_load_prints_one_line_of_json() -> None:
    done = simulators("load", "--rate", "500", "--seconds", "0.2", "--assets", "9", "--json")
    outcome = json.loads(done.stdout)
    assert done.returncode == 0
    counts = {"sent", "acknowledged", "births", "seconds", "cpu_seconds"}
    assert set(outcome) == {*counts, "connections", "processes", "broken", "stopped"}
    assert [set(each) for each in outcome["processes"]] == [counts]
    assert outcome["sent"] == outcome["acknowledged"] > 0


def test_help_names_every_command() -> None:
    printed = simulators("--help").stdout
    assert all(
        name in printed for name in ("replay", "city", "registry", "load", "light", "Exit codes")
    )


def test_a_start_is_a_time_or_so_long_ago() -> None:
    assert beginning("-90s", 1000.0) == 910
    assert beginning("-1.5h", 10_000.0) == 4600
    assert beginning("1970-01-01T07:00:00+07:00", 0) == 0
    with pytest.raises(BadCity, match="give an ISO 8601 time"):
        beginning("-5 weeks", 0)
