from pathlib import Path

import psycopg
import pytest

from services.store import migrations
from services.store.pool import Connection


def test_a_second_migration_finds_nothing_to_do(conn: Connection) -> None:
    assert migrations.migrate(conn) == []


def test_both_editions_have_the_same_migrations() -> None:
    apache = [each.name for each in migrations.known(migrations.APACHE)]
    assert apache == [each.name for each in migrations.known(migrations.COMMUNITY)]


def test_an_edited_migration_is_refused(conn: Connection, tmp_path: Path) -> None:
    for path in migrations.SCHEMA.glob("*.sql"):
        (tmp_path / path.name).write_text(path.read_text() + "-- touched\n")
    with pytest.raises(migrations.EditedMigration, match="0001_assets_and_streams was edited"):
        migrations.migrate(conn, tmp_path)


def test_a_broken_migration_leaves_nothing_behind(conn: Connection, tmp_path: Path) -> None:
    for path in migrations.SCHEMA.glob("*.sql"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "9999_broken.sql").write_text("CREATE TABLE half (a int); SELECT broken;")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        migrations.migrate(conn, tmp_path)
    assert conn.execute("SELECT to_regclass('half')").fetchone() == (None,)
    assert migrations.migrate(conn) == []
