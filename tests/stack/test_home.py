"""The state folder: where it is, what it refuses, what it keeps secret."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.access import FIXED
from scripts.stack import home as home_module
from scripts.stack.home import ACCOUNTS, SYSTEM_WIDE, Home, default_folder, read_ports
from scripts.stack.person import Person
from scripts.stack.refusals import BadSetting, DiskFull, StateUnusable

from .conftest import mode


def test_the_ports_have_usual_values() -> None:
    assert read_ports({}) == {
        "postgres": 5440,
        "mosquitto": 1883,
        "mqtts": 8883,
        "mqtts-certificates": 8884,
        "api": 8000,
        "console": 8010,
        "grafana": 3000,
        "metrics": 9464,
    }


def test_every_account_of_the_platforms_own_has_a_secret() -> None:
    assert set(ACCOUNTS) == FIXED.keys()


def test_a_variable_moves_its_port() -> None:
    assert read_ports({"CITYOPS_MQTT_PORT": "2883"})["mosquitto"] == 2883


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "\uff11\uff18\uff18\uff13", "1883 "])
def test_what_is_no_port_is_refused_by_the_variables_name(value: str) -> None:
    with pytest.raises(BadSetting, match="CITYOPS_MQTT_PORT"):
        read_ports({"CITYOPS_MQTT_PORT": value})


def test_two_servers_cannot_share_a_port() -> None:
    with pytest.raises(BadSetting, match="CITYOPS_API_PORT and CITYOPS_PG_PORT"):
        read_ports({"CITYOPS_PG_PORT": "8000"})


def test_a_name_is_no_address_to_bind() -> None:
    with pytest.raises(BadSetting, match="CITYOPS_BIND"):
        Home.from_environment({"CITYOPS_BIND": "everywhere"})


def test_a_relative_state_folder_is_seen_from_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment({"CITYOPS_HOME": "here"}).folder == tmp_path / "here"


def test_the_state_is_the_systems_where_a_server_cannot_reach_the_checkout() -> None:
    class Shut(Person):
        def may(self, right: str, path: Path) -> bool:
            return (right, path) == ("", Path())

    nobody = Shut("nobody", 65534, 65534)
    assert default_folder(nobody, nobody) == SYSTEM_WIDE


def test_a_prepared_home_shows_strangers_nothing(home: Home) -> None:
    assert mode(home.folder / "secrets") == "0o700"
    assert mode(home.logs) == "0o700"
    assert mode(home.folder) in ("0o711", "0o700")


def test_preparing_twice_changes_nothing(home: Home) -> None:
    home.secret("owner")
    before = sorted(path.relative_to(home.folder) for path in home.folder.rglob("*"))
    home.prepare()
    assert sorted(path.relative_to(home.folder) for path in home.folder.rglob("*")) == before


def test_a_secret_is_made_once_and_read_by_nobody_else(home: Home) -> None:
    assert home.secret("owner") == home.secret("owner")
    assert len(home.secret("owner")) >= 32
    assert home.secret("owner") != home.secret("postgres")
    assert mode(home.folder / "secrets/owner") == "0o600"


def test_a_secret_of_others_is_kept(home: Home) -> None:
    assert home.kept("api_token") is None
    home.keep("api_token", "given")
    assert home.kept("api_token") == "given"


def test_a_folder_with_other_things_is_not_taken(make_home: Callable[..., Home]) -> None:
    home = make_home()
    home.folder.mkdir()
    (home.folder / "thesis.txt").write_text("years of work")
    with pytest.raises(StateUnusable, match="not empty"):
        home.prepare()
    with pytest.raises(StateUnusable, match="nothing was deleted"):
        home.empty()
    assert (home.folder / "thesis.txt").exists()


def test_emptying_forgets_data_and_passwords(home: Home) -> None:
    old = home.secret("owner")
    (home.folder / "postgres/data").mkdir(parents=True)
    (home.folder / "registry.csv").write_text("what the forgotten database had registered")
    home.empty()
    home.prepare()
    assert not (home.folder / "postgres").exists()
    assert not (home.folder / "registry.csv").exists()
    assert home.secret("owner") != old


def test_a_full_disk_is_said_before_anything_starts(
    make_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_module, "ROOM", 10**12)
    with pytest.raises(DiskFull, match="MB free"):
        make_home().prepare()


def test_a_folder_that_may_not_be_made_is_of_no_use(
    make_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home()

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(home.folder))

    monkeypatch.setattr(Path, "mkdir", forbidden)
    with pytest.raises(StateUnusable, match="may not write"):
        home.prepare()


def test_a_folder_behind_a_closed_door_is_refused(
    make_home: Callable[..., Home], place: Path
) -> None:
    home = make_home("closed/home")
    (place / "closed").mkdir(mode=0o700)
    if home.database == home.me:
        pytest.skip("the servers run as the invoking user, who may enter")
    with pytest.raises(StateUnusable, match="cannot reach"):
        home.prepare()
    assert not home.folder.exists()
