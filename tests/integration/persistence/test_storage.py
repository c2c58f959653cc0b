"""Invalid database URLs and unusable databases cause errors that never show a password."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL

from gatepost_domain.storage_errors import StorageBusy, StorageFull, StorageUnreachable
from gatepost_persistence.postgres.engine import (
    InvalidDatabaseUrl,
    parse_url,
    redacted_url,
    translate_error,
)
from gatepost_persistence.storage import EmptyStorage, Storage, UnusableStorage, select_storage
from gatepost_persistence.verification.database import verify_database
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql, run_in_thread

# isort: split
import sqlite3  # the library that gatepost_persistence chose: a second one would break its locks

SECRET = "correct-horse"
OLDER_REVISION = "UPDATE alembic_version SET version_num = '0001'"


class ServerError(Exception):
    """An error from the PostgreSQL server with an SQLSTATE."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not of the form"),
        ("gatepost.db", "not of the form"),
        (f"mysql://gatepost:{SECRET}@db.example/gatepost", "begins with mysql://"),
        (f"postgresql+psycopg://gatepost:{SECRET}@db.example/gatepost", "begins with"),
        (f"postgresql+asyncpg://gatepost:{SECRET}@db.example", "names no database"),
        (f"postgresql+asyncpg://gatepost:{SECRET}@db.example:port/gatepost", "not of the form"),
        (f"postgresql://db.example/gatepost?password={SECRET}", "unknown options: password"),
    ],
)
def test_invalid_database_url_is_refused(text: str, reason: str) -> None:
    """The error names the fault but not the password."""
    with pytest.raises(InvalidDatabaseUrl, match=reason) as refused:
        select_storage(Path("gatepost.db"), text)

    assert SECRET not in str(refused.value)


def test_redacted_url_hides_the_password() -> None:
    """The password is replaced by asterisks, and the rest of the URL is kept."""
    url = f"postgresql://gatepost:{SECRET}@db.example:5433/gatepost?sslmode=verify-full"

    assert redacted_url(parse_url(url)) == (
        "postgresql+asyncpg://gatepost:***@db.example:5433/gatepost?ssl=verify-full"
    )


def test_unreachable_server_is_reported_with_its_address(tmp_path: Path) -> None:
    """Migration and verification name the address and the reason, but not the password."""
    unreachable = select_storage(
        tmp_path, f"postgresql://gatepost:{SECRET}@/gatepost?host={tmp_path}"
    )

    for attempt in (unreachable.migrate, lambda: unreachable.query(verify_database)):
        with pytest.raises(
            UnusableStorage, match=r"cannot open postgresql.*\*\*\*@/gatepost"
        ) as refused:
            attempt()
        assert "No such file" in str(refused.value)
        assert SECRET not in str(refused.value)


def test_missing_database_is_reported(cluster: PostgresCluster, tmp_path: Path) -> None:
    """The error contains the message of the database server."""
    with pytest.raises(UnusableStorage, match='database "nowhere" does not exist'):
        select_storage(tmp_path, cluster.url("nowhere")).migrate()


async def test_folder_is_not_a_database(tmp_path: Path) -> None:
    """Opening a folder as a database file fails."""
    with pytest.raises(Exception, match=r"unable to open|cannot open"):
        await select_storage(tmp_path, None).open()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_verification_needs_a_migrated_database(
    cluster: PostgresCluster, tmp_path: Path, database: str
) -> None:
    """An empty database is refused; after the migration, it has no events."""
    with cluster.temporary_database(template="template0") as database_url:
        storage: Storage = select_storage(
            tmp_path / "new.db", database_url if database == "postgres" else None
        )
        with pytest.raises(EmptyStorage):
            storage.query(verify_database)

        storage.migrate()

        assert storage.query(verify_database).events == 0


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_database_of_an_older_release_is_not_read(
    cluster: PostgresCluster, tmp_path: Path, database: str
) -> None:
    """Its tables lack columns; the error says how to proceed, and nothing is migrated."""
    with cluster.temporary_database(template="template0") as database_url:
        storage: Storage = select_storage(
            tmp_path / "old.db", database_url if database == "postgres" else None
        )
        storage.migrate()
        if database == "postgres":
            run_in_thread(execute_sql(database_url, OLDER_REVISION))
        else:
            with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as connection:
                connection.execute(OLDER_REVISION)

        for attempt in (
            storage.verify,
            storage.rebuild_search_terms,
            lambda: storage.back_up(tmp_path / "copy.db"),
        ):
            with pytest.raises(UnusableStorage, match=r"revision 0001, .* migrates the database"):
                attempt()


@pytest.mark.parametrize(
    ("sqlstate", "error"),
    [
        ("53100", StorageFull),
        ("55P03", StorageBusy),
        ("57P01", StorageUnreachable),
        ("57P03", StorageUnreachable),
        ("08006", StorageUnreachable),
        ("28P01", StorageUnreachable),
        ("53300", StorageUnreachable),
        ("23505", ServerError),
    ],
)
def test_sqlstate_is_translated_to_a_storage_error(sqlstate: str, error: type) -> None:
    """Full, busy and unreachable databases are distinguished; other errors are unchanged."""
    assert type(translate_error(ServerError(sqlstate))) is error


def test_database_url_may_name_a_socket_folder(database: URL) -> None:
    """The URL may give the folder of a socket as the `host` in its query, as in libpq."""
    assert database.host is None
    assert str(database.query["host"]).startswith("/")
