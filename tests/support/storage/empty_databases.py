"""Databases with the tables of any revision, but without the rows that actions store."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from gatepost_persistence.migrations import runner
from gatepost_persistence.migrations.runner import REVISIONS
from gatepost_persistence.sqlite.engine import create_write_engine


def create_tables(connection: Connection, revision: str) -> None:
    """Migrate a database to a revision in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(runner.__file__).parent))
    config.attributes["connection"] = connection
    connection.exec_driver_sql("BEGIN")
    command.upgrade(config, revision)
    connection.exec_driver_sql("COMMIT")


def create_empty_file(file: Path, revision: str) -> None:
    """Create a SQLite file of a revision."""
    file.write_bytes(_empty_file(revision))


@cache
def _empty_file(revision: str) -> bytes:
    """Return the content of a file of a revision, which is migrated from the one before."""
    with TemporaryDirectory() as folder:
        file, number = Path(folder, "gatepost.db"), REVISIONS.index(revision)
        if number > 0:
            create_empty_file(file, REVISIONS[number - 1])
        engine = create_write_engine(file)
        with engine.connect() as connection:
            create_tables(connection, revision)
        engine.dispose()
        return file.read_bytes()
