"""The private cluster: made whole or not at all, opened by passwords alone."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from scripts.stack.cluster import Cluster, memory_settings, newest_version, throwaway_cluster
from scripts.stack.ports import free_port
from scripts.stack.refusals import StateUnusable


def ask(
    cluster: Cluster, environment: dict[str, str], sql: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [cluster.program("psql"), "-XAtc", sql],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def test_it_is_made_for_every_language_with_checksums_in_utc(cluster: Cluster) -> None:
    for setting, value in {
        "server_encoding": "UTF8",
        "lc_collate": "C.UTF-8",
        "data_checksums": "on",
        "timezone": "UTC",
        "password_encryption": "scram-sha-256",
        "timescaledb.telemetry_level": "off",
    }.items():
        assert ask(cluster, cluster.superuser(), f"SHOW {setting}").stdout.strip() == value


def test_nobody_enters_without_the_password(cluster: Cluster) -> None:
    refused = ask(cluster, {**cluster.superuser(), "PGPASSWORD": "guess"}, "SELECT 1")
    assert "password authentication failed" in refused.stderr


def test_no_process_shows_a_password(cluster: Cluster) -> None:
    assert cluster.password not in " ".join(cluster.command)
    assert cluster.password not in str(cluster.environment)


def test_provisioning_again_changes_the_password_alone(cluster: Cluster) -> None:
    for password in ("first", "second"):
        cluster.provision("provisioned", "owner_of_it", password)
    owner = cluster.connection("owner_of_it", "second", "provisioned")
    assert ask(cluster, owner, "SELECT extname FROM pg_extension WHERE extname ~ 't.*db'").stdout
    rights = "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert ask(cluster, owner, rights).stdout.strip() == "f|t"
    wrong = cluster.connection("owner_of_it", "first", "provisioned")
    assert ask(cluster, wrong, "SELECT 1").returncode
    assert "second" not in cluster.log.read_text()


def test_a_first_start_complains_of_nothing() -> None:
    jobs = (
        "SELECT count(*) FROM _timescaledb_config.bgw_job WHERE scheduled AND proc_name = "
        "'policy_job_stat_history_retention' AND current_setting('timescaledb.license') = 'apache'"
    )
    with throwaway_cluster() as cluster:
        for _ in range(2):
            cluster.provision("provisioned", "owner_of_it", "secret")
        told = ask(cluster, cluster.superuser("provisioned"), jobs)
        assert told.stdout == "0\n", told.stderr
        assert "ERROR" not in cluster.log.read_text()


def test_a_half_made_cluster_is_made_anew(place: Path) -> None:
    folder = place / "postgres"
    (folder / "data.17/base").mkdir(parents=True)
    (folder / "data").mkdir()
    with Cluster(folder, port=free_port(), password="secret", durable=False) as cluster:
        assert ask(cluster, cluster.superuser(), "SELECT 1").stdout == "1\n"
    assert [path.name for path in folder.glob("data*")] == ["data"]


def test_the_data_stay_and_an_operators_settings_with_them(place: Path) -> None:
    cluster = Cluster(place / "postgres", port=free_port(), password="secret", durable=False)
    with cluster:
        ask(cluster, cluster.superuser(), "CREATE TABLE kept AS SELECT 7 AS number")
    (cluster.data / "local.conf").write_text("work_mem = '7MB'\n")
    with cluster:
        assert ask(cluster, cluster.superuser(), "SELECT number FROM kept").stdout == "7\n"
        assert ask(cluster, cluster.superuser(), "SHOW work_mem").stdout == "7MB\n"


def test_it_comes_back_after_a_crash() -> None:
    with throwaway_cluster() as cluster:
        cluster.kill()
        assert not cluster.ready
        cluster.start()
        assert ask(cluster, cluster.superuser(), "SELECT 1").stdout == "1\n"


def test_killed_it_takes_its_sessions_along() -> None:
    with throwaway_cluster() as cluster:
        pid = cluster.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert children
        cluster.kill()
        for child in children:
            status = Path(f"/proc/{child}/stat")
            until = time.monotonic() + 10
            while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
                assert time.monotonic() < until
        cluster.start()


def test_data_of_another_version_are_left_alone(place: Path) -> None:
    cluster = Cluster(place / "postgres", port=free_port(), password="secret")
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(StateUnusable, match="PostgreSQL 9"):
        cluster.create()


def test_the_newest_version_with_timescaledb_is_taken() -> None:
    assert newest_version() >= 14


def test_a_path_too_long_for_a_socket_is_served_over_tcp(place: Path) -> None:
    folder = place / ("long-" * 20)
    with Cluster(folder, port=free_port(), password="secret", durable=False) as cluster:
        assert ask(cluster, cluster.superuser(), "SHOW unix_socket_directories").stdout == "\n"


@pytest.mark.parametrize(
    ("megabytes", "buffers"), [(256, "64MB"), (4096, "512MB"), (1_000_000, "2048MB")]
)
def test_the_memory_taken_is_modest(megabytes: int, buffers: str) -> None:
    assert memory_settings(megabytes)["shared_buffers"] == buffers
