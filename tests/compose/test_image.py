"""The Dockerfile: what it copies is there, what it installs is pinned, what it leaves is small."""

import re
import subprocess

import pytest

from tests.compose.model import CHECKOUT, Compose, copied, dockerfile, sent

FINAL = 1


def test_it_has_two_stages_on_one_pinned_base() -> None:
    bases = [each.words[0] for each in dockerfile() if each.name == "FROM"]
    assert len(bases) == FINAL + 1
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.1[1-9]\.\d+-slim-[a-z]+", bases[0])


@pytest.mark.parametrize("source", [str(source.relative_to(CHECKOUT)) for source, _ in copied()])
def test_what_is_copied_is_there_and_reaches_the_builder(source: str) -> None:
    assert (CHECKOUT / source).exists()
    assert sent(source)


@pytest.mark.parametrize(
    "path",
    [
        ".git/HEAD",
        ".env",
        ".venv/bin/python",
        "secrets/postgres",
        "var/secrets/owner",
        "tests/conftest.py",
        "ingest/__pycache__/settings.cpython-311.pyc",
        "README.md",
    ],
)
def test_nothing_else_reaches_the_builder(path: str) -> None:
    assert not sent(path)


def test_the_scripts_its_services_run_are_in_it(compose: Compose) -> None:
    inside = {str(place) for _, place in copied()}
    named = {
        word
        for service in compose.services.values()
        if service.is_ours
        for word in service.argv
        if word.startswith("compose/")
    }
    assert named == {place for place in inside if place.startswith("compose/")}


def test_its_code_needs_nothing_that_is_not_in_it() -> None:
    """Only what is copied is imported; the processes themselves are run in test_running.py."""
    inside = {place.parts[0] for _, place in copied()}
    pattern = r"^\s*(?:from|import) (dashboards|scripts|tests)\b"
    for folder in inside & {"ingest", "models", "services", "simulators"}:
        for file in (CHECKOUT / folder).rglob("*.py"):
            assert not re.search(pattern, file.read_text(), re.MULTILINE), file


def test_packages_are_installed_from_the_lock_by_their_hashes_alone() -> None:
    (install,) = (each for each in dockerfile() if each.name == "RUN" and "install" in each.words)
    assert {"--require-hashes", "--only-binary=:all:", "-r", "requirements.lock"} <= set(
        install.words
    )
    text = (CHECKOUT / "requirements.lock").read_text().replace("\\\n", " ")
    for line in filter(None, text.splitlines()):
        assert re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==\S+", line), line
        assert "--hash=sha256:" in line, line


def test_the_final_stage_installs_nothing_and_is_nobodys() -> None:
    final = [each for each in dockerfile() if each.stage == FINAL]
    (run,) = (each for each in final if each.name == "RUN")
    assert not {"install", "apt-get", "apk", "curl"} & set(run.words)
    assert {"uninstall", "pip", "useradd"} <= set(run.words)
    (user,) = (each.words[0] for each in final if each.name == "USER")
    assert user == "10001:10001"
    assert all(each.words[0] == "--from=build" for each in final if each.name == "COPY")
    assert not any(each.name in ("HEALTHCHECK", "EXPOSE", "ADD") for each in final)


def test_the_scripts_are_clean_for_the_shells_that_run_them() -> None:
    for path in (CHECKOUT / "compose").iterdir():
        if path.suffix or path.name == "access":
            continue
        shell = "bash" if path.name == "secrets" else "sh"
        checked = subprocess.run([shell, "-n", path], check=False, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
