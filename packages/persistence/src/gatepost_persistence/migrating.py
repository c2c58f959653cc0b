"""Bringing a database to the tables of this release."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

HEAD: Final = "0001"
"""The revision that this release works with."""


def is_current(connection: Connection) -> bool:
    """Whether the database has this release's tables already."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def migrate(connection: Connection) -> None:
    """Apply every migration that is missing, all of them or none.

    The connection's transactions must be begun by statement; this begins and ends one.
    """
    from alembic import command  # noqa: PLC0415  # heavy, and a start seldom needs it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        command.upgrade(config, "head")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")
