"""Where a ledger is kept: what names no database is refused plainly, and tells no password."""

from __future__ import annotations

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
from gatepost_persistence.storage import EmptyStorage, Storage, UnusableStorage, create_storage
from gatepost_persistence.verification import verify_database
from tests.support.storage.postgres_cluster import PostgresCluster

SECRET = "correct-horse"


class SaidByTheServer(Exception):
    """An error of the server's, by its code."""

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
def test_what_is_no_address_is_refused(text: str, reason: str) -> None:
    """It says what is wrong with it, and not what is in it."""
    with pytest.raises(InvalidDatabaseUrl, match=reason) as refused:
        create_storage(Path("gatepost.db"), text)

    assert SECRET not in str(refused.value)


def test_an_address_is_told_without_its_password() -> None:
    """Whoever reads the terminal or the log learns where, and no more."""
    said = f"postgresql://gatepost:{SECRET}@db.example:5433/gatepost?sslmode=verify-full"

    assert redacted_url(parse_url(said)) == (
        "postgresql+asyncpg://gatepost:***@db.example:5433/gatepost?ssl=verify-full"
    )


def test_a_server_that_is_not_there_is_told_plainly(tmp_path: Path) -> None:
    """To migrate and to verify: where it was looked for, and what came of it."""
    nowhere = create_storage(tmp_path, f"postgresql://gatepost:{SECRET}@/gatepost?host={tmp_path}")

    for attempt in (nowhere.migrate, lambda: nowhere.query(verify_database)):
        with pytest.raises(
            UnusableStorage, match=r"cannot open postgresql.*\*\*\*@/gatepost"
        ) as why:
            attempt()
        assert "No such file" in str(why.value)
        assert SECRET not in str(why.value)


def test_a_database_that_is_not_there_is_told_plainly(
    cluster: PostgresCluster, tmp_path: Path
) -> None:
    """In the server's own words."""
    with pytest.raises(UnusableStorage, match='database "nowhere" does not exist'):
        create_storage(tmp_path, cluster.url("nowhere")).migrate()


async def test_what_cannot_be_opened_is_not_opened(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(Exception, match=r"unable to open|cannot open"):
        await create_storage(tmp_path, None).open()


@pytest.mark.parametrize("kept", ["sqlite", "postgres"])
def test_what_has_no_tables_yet_has_nothing_to_verify(
    cluster: PostgresCluster, tmp_path: Path, kept: str
) -> None:
    """Until it is migrated; then it has, and no event yet."""
    with cluster.temporary_database(template="template0") as fresh:
        storage: Storage = create_storage(
            tmp_path / "new.db", fresh if kept == "postgres" else None
        )
        with pytest.raises(EmptyStorage):
            storage.query(verify_database)

        storage.migrate()

        assert storage.query(verify_database).events == 0


@pytest.mark.parametrize(
    ("state", "named"),
    [
        ("53100", StorageFull),
        ("55P03", StorageBusy),
        ("57P01", StorageUnreachable),
        ("57P03", StorageUnreachable),
        ("08006", StorageUnreachable),
        ("28P01", StorageUnreachable),
        ("53300", StorageUnreachable),
        ("23505", SaidByTheServer),
    ],
)
def test_what_the_server_says_has_the_ledgers_name_for_it(state: str, named: type) -> None:
    """Full, busy and gone are three things to whoever asked; the rest is ours to mend."""
    assert type(translate_error(SaidByTheServer(state))) is named


def test_a_url_may_name_a_folder_of_sockets(database: URL) -> None:
    """As the server's own programs take it."""
    assert database.host is None
    assert str(database.query["host"]).startswith("/")
