"""The rules compose.yaml keeps: pinned, hardened, watched, nothing open that need not be."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scripts.stack.home import PORTS
from tests.compose import model
from tests.compose.model import CHECKOUT, Compose, Service, dockerfile

SERVICES = model.read().services
WAITED_FOR = "service_completed_successfully"
DOORS = {"mosquitto", "api", "console", "grafana"}
KEEPERS = {"mosquitto": "/mosquitto/data", "grafana": "/var/lib/grafana"} | {
    "database": "/var/lib/postgresql/data"
}
# The key that signs is where nobody listens; the broker only reads.
SHARED = {
    "mosquitto": {"/accounts"},
    "accounts": {"/accounts"},
    "certificates": {"/accounts", "/authority"},
}

each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def test_the_file_is_of_the_form_we_use(compose: Compose) -> None:
    schema = json.loads(Path(__file__).with_name("schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(compose.said)


@each_service
def test_an_image_is_pinned(service: Service) -> None:
    image, _, tag = service.said["image"].rpartition(":")
    assert image
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[a-z0-9]+)?", tag)


def test_our_own_image_is_this_release_and_built_once() -> None:
    release = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    ours = [service for service in SERVICES.values() if service.is_ours]
    assert {service.said["image"] for service in ours} == {f"cityops:{release}"}
    # Nobody else's image of that name is ever fetched.
    assert {service.said["pull_policy"] for service in ours} == {"never"}
    assert [service.name for service in ours if "build" in service.said] == ["migrate"]


@each_service
def test_a_service_has_no_rights_it_does_not_need(service: Service) -> None:
    assert service.said["read_only"] is True
    assert service.said["cap_drop"] == ["ALL"]
    assert service.said["security_opt"] == ["no-new-privileges:true"]
    assert service.said["pids_limit"] <= 500
    user = service.said.get("user") or image_user(service)
    assert user.split(":")[0] not in ("", "0", "root")


def image_user(service: Service) -> str:
    """Who a container of our image runs as."""
    assert service.is_ours
    return [each for each in dockerfile() if each.name == "USER"][-1].words[0]


@each_service
def test_a_log_has_an_end(service: Service) -> None:
    options = service.said["logging"]["options"]
    assert options == {"max-size": "10m", "max-file": "5"}


@each_service
def test_a_service_is_kept_running_and_watched_or_is_waited_for(service: Service) -> None:
    waiting = [
        other.name
        for other in SERVICES.values()
        if other.said.get("depends_on", {}).get(service.name) == {"condition": WAITED_FOR}
    ]
    if service.is_errand:
        assert waiting  # or `up --wait` would take its end for a failure
        assert not service.check
        return
    assert not waiting
    assert service.said["restart"] == "unless-stopped"
    assert service.check or len(service.said["x-no-healthcheck"]) > 20


@each_service
def test_a_service_waits_for_what_there_is(service: Service) -> None:
    for name, how in service.said.get("depends_on", {}).items():
        other = SERVICES[name]
        assert how["condition"] == (WAITED_FOR if other.is_errand else "service_healthy")
        # Nothing in the everyday stack waits for what starts under a profile only.
        assert not other.said.get("profiles") or service.said.get("profiles")


def test_the_simulated_city_is_there_when_asked_for_only() -> None:
    profiles = {
        name: each.said["profiles"] for name, each in SERVICES.items() if "profiles" in each.said
    }
    assert profiles == {"registry": ["simulators"], "simulators": ["simulators"]}
    registry, city = SERVICES["registry"].argv, SERVICES["simulators"].argv
    assert city[city.index("city") + 1 :][:4] == registry[-4:]


@each_service
def test_memory_is_bounded_but_for_what_keeps_data(service: Service) -> None:
    keeps = service.name in ("mosquitto", "database", "provision")
    assert ("mem_limit" in service.said) is not keeps


@each_service
def test_what_is_written_is_a_named_volume_or_in_memory(compose: Compose, service: Service) -> None:
    volumes = {each["target"]: each["source"] for each in service.mounts("volume")}
    own = {KEEPERS[service.name]} if service.name in KEEPERS else set()
    assert volumes.keys() == own | SHARED.get(service.name, set())
    assert set(volumes.values()) <= compose.said["volumes"].keys()
    for mount in service.mounts("bind"):
        assert mount["read_only"] is True
        assert mount["bind"] == {"create_host_path": False}
        assert (CHECKOUT / mount["source"]).exists()


INSIDE = {"postgres", "metrics"}  # asked from within the containers' networks


def test_only_the_doors_of_four_are_open_and_where_the_user_says() -> None:
    assert {name for name, each in SERVICES.items() if "ports" in each.said} == DOORS
    changed = {"CITYOPS_BIND": "10.1.2.3"}
    changed |= {variable: str(usual + 1) for variable, usual in PORTS.values()}
    usual = {str(port) for name, (_, port) in PORTS.items() if name not in INSIDE}
    for given, host, moved in (({}, "127.0.0.1", 0), (changed, "10.1.2.3", 1)):
        doors = [each for name in DOORS for each in model.read(given)[name].said["ports"]]
        assert {door["published"] for door in doors} == {str(int(port) + moved) for port in usual}
        assert {door["host_ip"] for door in doors} == {host}
        assert all(int(door["published"]) == door["target"] + moved for door in doors)


def test_the_broker_reads_the_accounts_and_writes_none() -> None:
    (mount,) = (
        each for each in SERVICES["mosquitto"].mounts("volume") if each["source"] == "accounts"
    )
    assert mount["read_only"] is True


def test_the_database_is_in_a_network_without_a_way_out(compose: Compose) -> None:
    assert compose.said["networks"]["store"] == {"internal": True}
    assert compose["database"].said["networks"] == ["store"]
    for name in DOORS:  # a port is published from a network with a way out
        networks = compose[name].said["networks"]
        assert any(not compose.said["networks"][network] for network in networks)


@each_service
def test_a_service_is_where_what_it_calls_is(service: Service) -> None:
    for variable in ("PGHOST", "MQTT_HOST", "CITYOPS_PG_HOST"):
        host = service.environment.get(variable)
        if host is not None:
            other = SERVICES[host]
            assert set(other.said["networks"]) & set(service.said["networks"])


def test_ingest_cannot_be_scaled_since_sessions_need_names_that_stay() -> None:
    assert SERVICES["ingest"].said["container_name"] == "cityops-ingest"
    second = model.read({"COMPOSE_PROJECT_NAME": "second"})
    assert second["ingest"].said["container_name"] == "second-ingest"


@each_service
def test_a_service_has_the_secrets_it_reads_and_no_other(
    compose: Compose, service: Service
) -> None:
    told = json.dumps(service.said)
    read = set(re.findall(r"/run/secrets/(\w+)", told)) | set(service.secrets_in_variables.values())
    assert read <= set(service.secrets) <= compose.said["secrets"].keys()
    if service.name not in ("mosquitto", "migrate"):  # which read the folder
        assert read == set(service.secrets)
    if service.is_ours and "PGUSER" in service.environment:
        in_variables = {"PGPASSWORD": service.environment["PGUSER"]}
        if service.name == "ingest":
            in_variables |= {"INGEST_CLIENT_ID": "mqtt_client_id"}
        if service.name == "commands":
            in_variables |= {"COMMANDS_CLIENT_ID": "mqtt_commands_client_id"}
        assert service.secrets_in_variables == in_variables


def test_every_secret_is_used_and_comes_from_the_folder(compose: Compose) -> None:
    used = {name for service in SERVICES.values() for name in service.secrets}
    assert used == compose.said["secrets"].keys()
    for folder, given in (("./secrets", {}), ("/etc/x", {"CITYOPS_SECRETS": "/etc/x"})):
        for name, secret in model.read(given).said["secrets"].items():
            assert secret == {"file": f"{folder}/{name}"}


def test_no_password_stands_in_the_files() -> None:
    for path in (CHECKOUT / "compose.yaml", CHECKOUT / "Dockerfile"):
        for line in path.read_text().splitlines():
            name, _, value = line.strip().partition(": ")
            if re.search(r"PASS|SECRET|TOKEN|_KEY", name) and not name.startswith("#"):
                assert name.endswith("_FILE") or "secrets" in value or "with-secrets" in name, line
    for service in SERVICES.values():
        for name, given in service.environment.items():
            if re.search(r"PASS|TOKEN|_KEY|SECRET", name) and given is not None:
                assert name.endswith("_FILE")
                assert given.startswith("/run/secrets/")


def test_what_can_be_set_is_in_the_example(compose: Compose) -> None:
    text = (CHECKOUT / "compose.yaml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    asked |= {name for name in compose["housekeeping"].environment if name.startswith("CITYOPS_")}
    example = (CHECKOUT / "compose/example.env").read_text()
    assert set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)) == asked


def test_the_example_shows_what_holds_without_it() -> None:
    example = (CHECKOUT / "compose/example.env").read_text()
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", example, re.MULTILINE))
    del shown["CITYOPS_KEEP_READINGS_DAYS"]
    assert model.read(shown) == model.read()


def test_the_file_is_plain_yaml_without_a_key_twice() -> None:
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: Strict, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), node.start_mark
        return loader.construct_mapping(node, deep=True)

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    text = (CHECKOUT / "compose.yaml").read_text()
    assert yaml.load(text, Strict)["name"] == "cityops"  # noqa: S506 (it is the safe loader)
