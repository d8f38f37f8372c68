"""Every variable that compose.yaml gives is one its program reads."""

import re
from typing import Any

import pytest
from psycopg.pq import Conninfo
from pydantic_settings import BaseSettings

from ingest.commands.settings import CommandSettings
from ingest.settings import BrokerSettings, IngestSettings
from services.accounts.settings import AccountsSettings
from services.api.settings import ApiSettings
from services.connectivity.settings import ConnectivitySettings
from services.console.settings import ConsoleSettings
from services.derivation.settings import DerivationSettings
from services.detection.settings import DetectionSettings
from services.egov.settings import EgovSettings
from services.incidents.settings import IncidentSettings
from simulators.address import address_from
from tests.compose.model import CHECKOUT, Compose

SETTINGS: dict[str, list[type[BaseSettings]]] = {
    "ingest": [IngestSettings, BrokerSettings],
    "detection": [DetectionSettings],
    "incidents": [IncidentSettings],
    "api": [ApiSettings],
    "console": [ConsoleSettings],
    "accounts": [AccountsSettings],
    "connectivity": [ConnectivitySettings],
    "derivation": [DerivationSettings],
    "egov": [EgovSettings],
    "commands": [CommandSettings, BrokerSettings],
}
# What the images' own start scripts read.
IMAGES = {
    "database": {"POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS", "TIMESCALEDB_TELEMETRY"},
    "mosquitto": {"TZ", "XDG_CONFIG_HOME"},
}


def names(kind: type[BaseSettings]) -> set[str]:
    """The variables of a settings class."""
    return {f"{kind.model_config['env_prefix']}{field}".upper() for field in kind.model_fields}


def of_libpq() -> set[str]:
    """The variables libpq itself reads."""
    options = Conninfo.get_defaults()
    return {option.envvar.decode() for option in options if option.envvar is not None}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_process_can_be_given_all_its_settings_and_nothing_else(
    compose: Compose, name: str
) -> None:
    known = {variable for kind in SETTINGS[name] for variable in names(kind)}
    given = compose[name].environment.keys()
    from_secrets = {"MQTT_PASSWORD", "INGEST_CLIENT_ID", "COMMANDS_CLIENT_ID"}
    # Between the containers there is a network of their own, without TLS.
    from_secrets |= {"MQTT_CA_FILE", "MQTT_CERT_FILE", "MQTT_KEY_FILE"}
    assert given - of_libpq() - {"READY_FILE"} == known - from_secrets


@pytest.mark.parametrize("name", SETTINGS)
def test_what_is_not_set_is_what_the_process_would_take_by_itself(
    compose: Compose, name: str
) -> None:
    """A setting is fixed in compose.yaml where the container decides it, and nowhere else."""
    fixed = {
        variable
        for variable, value in compose[name].environment.items()
        if value is not None and variable not in of_libpq()
    }
    own = {
        "ingest": {"INGEST_WORKER", "INGEST_CANARY_SECONDS"},
        "api": {"API_HOST", "API_PORT"},
        "console": {"CONSOLE_HOST", "CONSOLE_PORT", "CONSOLE_PUBLIC_URL", "CONSOLE_GRAFANA_URL"},
        "accounts": {"ACCOUNTS_FOLDER"},
    }.get(name, set())
    connection = names(BrokerSettings) if name in ("ingest", "commands") else set()
    assert fixed <= own | connection | {"READY_FILE"}


@pytest.mark.parametrize("name", ["migrate", "registry", "housekeeping", "provision"])
def test_the_others_are_told_where_the_database_is(compose: Compose, name: str) -> None:
    given = compose[name].environment
    read = variables_read("compose/housekeeping", "scripts/stack/provision.sql")
    assert given.keys() - of_libpq() - {"READY_FILE"} <= read
    assert {"PGHOST", "PGPORT", "PGDATABASE", "PGUSER"} <= given.keys()


def variables_read(*files: str) -> set[str]:
    """The variables of ours that these files name."""
    text = "".join((CHECKOUT / file).read_text() for file in files)
    return set(re.findall(r"CITYOPS_[A-Z_]+", text))


def test_all_that_sign_in_name_the_same_database(compose: Compose) -> None:
    signing_in = [each.environment for each in compose.services.values() if each.is_ours]
    found = {given["PGDATABASE"] for given in signing_in if "PGDATABASE" in given}
    assert found == {compose["provision"].environment["CITYOPS_DATABASE"]}
    assert compose["grafana"].environment["CITYOPS_PG_DATABASE"] in found
    assert (
        compose["migrate"].environment["PGUSER"]
        == (compose["provision"].environment["CITYOPS_OWNER"])
    )


def test_the_simulators_read_their_variables(compose: Compose, secrets: Any) -> None:
    given = {name: str(value) for name, value in compose["simulators"].environment.items()}
    here = {name: value.replace("/run/secrets", str(secrets)) for name, value in given.items()}
    address = address_from(here)
    assert (address.host, address.port, address.username) == ("mosquitto", 1883, "simulator")
    assert address.password == (secrets / "mqtt_simulator").read_text()
    source = (CHECKOUT / "simulators/address.py").read_text()
    assert all(f'"{name}"' in source for name in given)


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_is_given_what_its_start_script_reads(compose: Compose, name: str) -> None:
    assert compose[name].environment.keys() == IMAGES[name]


def test_grafana_gets_what_its_provisioning_reads(compose: Compose) -> None:
    grafana = compose["grafana"]
    folder = CHECKOUT / "dashboards/provisioning"
    files = [*folder.rglob("*.yaml"), *folder.glob("alerting/*.json")]
    read = {name for file in files for name in re.findall(r"\$\{(\w+)\}", file.read_text())}
    given = grafana.environment.keys() | grafana.secrets_in_variables.keys()
    assert read == {name for name in given if name.startswith("CITYOPS_")}
    (mount,) = (each for each in grafana.mounts("bind") if each["target"] == "/provisioning")
    assert mount["source"] == "./dashboards/provisioning"
    assert grafana.environment["GF_PATHS_PROVISIONING"] == "/provisioning"
    boards = str(grafana.environment["CITYOPS_BOARDS"]).removeprefix("/provisioning/")
    assert list((CHECKOUT / "dashboards/provisioning" / boards).glob("*/*.json"))


def test_grafana_is_as_quiet_and_closed_as_on_one_machine(compose: Compose) -> None:
    source = (CHECKOUT / "scripts/stack/grafana.py").read_text()
    theirs = dict(re.findall(r'"(GF_[A-Z_]+)": "([\w/: ]+)"', source))
    assert len(theirs) >= 12
    ours = compose["grafana"].environment
    assert {name: ours[name] for name in theirs} == theirs
    for name in re.findall(r'"(GF_SECURITY_[A-Z_]+)": home.secret', source):
        assert str(ours[f"{name}__FILE"]).startswith("/run/secrets/")
