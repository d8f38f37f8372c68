"""compose/secrets makes what compose.yaml asks for; nothing starts without it."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.compose.conftest import make_secrets
from tests.compose.model import CHECKOUT, Compose
from tests.compose.rehearsal import Rehearsal


def test_every_secret_of_the_compose_file_is_made_and_no_other(
    compose: Compose, secrets: Path
) -> None:
    made = {path.name for path in secrets.iterdir()} - {".gitignore"}
    assert made == set(compose.said["secrets"])


def test_passwords_are_long_and_all_different(secrets: Path) -> None:
    found = [path.read_text() for path in secrets.iterdir() if path.name[0] != "."]
    assert len(set(found)) == len(found)
    assert all(len(password) == 48 and password.isalnum() for password in found)


def test_the_folder_is_its_owners_and_a_container_can_read_each_file(secrets: Path) -> None:
    assert secrets.stat().st_mode & 0o777 == 0o700
    modes = {path.stat().st_mode & 0o777 for path in secrets.iterdir() if path.name[0] != "."}
    assert modes == {0o444}
    assert (secrets / ".gitignore").read_text() == "*\n"


def test_a_second_run_changes_nothing_and_mends_what_is_missing(tmp_path: Path) -> None:
    assert make_secrets(tmp_path).returncode == 0
    before = contents(tmp_path)
    (tmp_path / "cityops_api").unlink()
    (tmp_path / "grafana_key").unlink()
    (tmp_path / "grafana_key").touch()
    assert make_secrets(tmp_path).stderr == f"secrets: 2 new in {tmp_path}, 23 in all\n"
    after = contents(tmp_path)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {
        "cityops_api",
        "grafana_key",
    }


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("arguments", [("device", "pump-7"), ("--help",), ("",)])
def test_it_takes_no_argument(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    refused = make_secrets(tmp_path, *arguments)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "account create" in refused.stderr
    assert not list(tmp_path.iterdir())


def with_secrets_in(folder: Path, compose: Compose) -> Rehearsal:
    """An installation with these secrets, where no server listens."""
    ports = {"database": 1, "mosquitto": 1, "api": 1, "console": 1}
    return Rehearsal(compose, CHECKOUT, folder, folder, programs="", ports=ports)


@pytest.mark.parametrize("broken", ["absent", "empty"])
def test_a_process_without_its_secret_ends_with_a_sentence(
    compose: Compose, tmp_path: Path, broken: str
) -> None:
    services = [service for service in compose.services.values() if service.secrets_in_variables]
    assert len(services) >= 8
    rehearsal = with_secrets_in(tmp_path, compose)
    for service in services:
        secret = next(iter(service.secrets_in_variables.values()))
        if broken == "empty":
            (tmp_path / secret).touch()
        done = rehearsal.run(service.name)
        assert done.returncode == 2
        assert f"the secret {secret} is missing, empty" in done.stderr


def test_the_broker_without_a_secret_ends_with_a_sentence(compose: Compose, tmp_path: Path) -> None:
    done = with_secrets_in(tmp_path, compose).run("mosquitto")
    assert done.returncode == 2
    assert "the secret mqtt_health is missing, empty" in done.stderr


def test_a_secret_becomes_a_variable_whatever_is_in_it(compose: Compose, tmp_path: Path) -> None:
    secret = 'it\'s "$HOME" `id` \\ *'
    (tmp_path / "cityops_viewer").write_text(f"{secret}\n")
    show = ["sh", "-c", 'printf "%s" "$CITYOPS_VIEWER_PASSWORD"']
    done = with_secrets_in(tmp_path, compose).run("grafana", show)
    assert done.stdout == secret


@pytest.mark.parametrize("words", [[], ["--"]])
def test_with_secrets_wants_a_command(words: list[str]) -> None:
    script = CHECKOUT / "compose/with-secrets"
    done = subprocess.run([script, *words], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "with-secrets: no command after --\n")


def test_the_scripts_can_be_run_and_are_for_the_containers_shells() -> None:
    for path in (CHECKOUT / "compose").iterdir():
        if path.suffix or path.name == "access":
            continue
        assert os.access(path, os.X_OK)
        bash = path.name == "secrets"  # the one that is run on the host
        first = path.read_text().splitlines()[0]
        assert first == ("#!/usr/bin/env bash" if bash else "#!/bin/sh")
