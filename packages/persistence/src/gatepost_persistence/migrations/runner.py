"""Migrating a database to the schema of this release."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from gatepost_persistence.ledger.advisory_locks import WRITE_LOCK

REVISIONS: Final = tuple(
    sorted(file.name[:4] for file in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
)
"""All schema revisions, oldest first. This release requires the newest one."""
HEAD: Final = REVISIONS[-1]

_BEGIN: Final[Mapping[str, Sequence[str]]] = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": (
        "BEGIN",
        "SET LOCAL lock_timeout = '60s'",
        f"SELECT pg_advisory_xact_lock({WRITE_LOCK})",
    ),
}
"""The statements that begin a transaction and lock out other migrations and writes, by dialect."""


class UnknownRevision(Exception):
    """The database is at a revision that this release does not know; it was not changed."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at revision {revision}, which this release does not know "
            f"(its own is {HEAD}). A newer release has written it: use that release, or restore a "
            "backup."
        )
        self.revision = revision


class OutdatedRevision(Exception):
    """An older release has written the database, and this operation does not migrate it."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at revision {revision}, and this release requires {HEAD}. Use the "
            "release that wrote it, or first start a server of this release, which migrates the "
            "database."
        )


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database, or None if it has no tables yet.

    Raises:
        UnknownRevision: a newer release has written the database.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and revision not in REVISIONS:
        raise UnknownRevision(revision)
    return revision


def is_up_to_date(connection: Connection) -> bool:
    """Return whether the database is at the revision of this release.

    Raises:
        UnknownRevision: a newer release has written the database.
    """
    return current_revision(connection) == HEAD


def migrate_if_needed(connection: Connection) -> None:
    """Apply all missing migrations, if there are any.

    Raises:
        UnknownRevision: a newer release has written the database.
    """
    if not is_up_to_date(connection):
        migrate(connection)


def migrate(connection: Connection) -> None:
    """Apply all missing migrations in one transaction.

    The connection must be in autocommit mode.
    """
    from alembic import command  # noqa: PLC0415  # slow to import, and rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    with exclusive_transaction(connection):
        if not is_up_to_date(connection):  # another process may have just migrated it
            command.upgrade(config, "head")


@contextmanager
def exclusive_transaction(connection: Connection) -> Generator[None]:
    """Run the block in a transaction that locks out other migrations and writes.

    The connection must be in autocommit mode. An exception rolls the transaction back.
    """
    for statement in _BEGIN[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")
