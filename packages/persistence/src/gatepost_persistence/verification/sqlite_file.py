"""Verification of a SQLite file itself: its pages, its constraints and its foreign keys.

PostgreSQL has its own programs for this, such as pg_amcheck.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.statements.sqlite_file_errors import is_damage

QUICK_CHECK: Final = text("PRAGMA quick_check(100)")
"""Checks the structure of every page, NOT NULL and CHECK constraints, and types. Unlike
`integrity_check`, it does not look up every row in every index, which would take several times
as long."""
FOREIGN_KEY_CHECK: Final = text("PRAGMA foreign_key_check")
TABLE_OF_ROOT_PAGE: Final = text("SELECT tbl_name FROM sqlite_schema WHERE rootpage = :page")

_SCHEMA_TABLE: Final = "sqlite_schema"
_TREE: Final = re.compile(r"Tree (\d+) ")


def find_damage(connection: Connection) -> Iterator[Fault]:
    """Yield the damage that SQLite finds in its file."""
    if connection.dialect.name == "sqlite":
        for (message,) in connection.execute(QUICK_CHECK):
            if message != "ok":
                yield _damage_fault(connection, message.removeprefix("*** in database main ***\n"))


def find_foreign_key_faults(connection: Connection) -> Iterator[Fault]:
    """Yield the rows of a SQLite file that refer to a row that does not exist."""
    if connection.dialect.name == "sqlite":
        for table, rowid, parent, _ in connection.execute(FOREIGN_KEY_CHECK):
            subject = table if rowid is None else f"row {rowid}"
            detail = f"It refers to a row of {parent} that does not exist."
            yield Fault("file_damaged", table, subject, None, detail)


def stop_at_damage(connection: Connection, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield faults until SQLite can no longer read its file; yield that failure as the last one."""
    try:
        yield from faults
    except DBAPIError as error:
        if not is_damage(error):
            raise
        detail = f"SQLite cannot read the file, so verification stopped here: {error.orig}."
        yield Fault("file_damaged", _SCHEMA_TABLE, _file_name(connection), None, detail)


def _damage_fault(connection: Connection, message: str) -> Fault:
    message = message.replace("\n", "; ")
    tree = _TREE.search(message)
    found = tree and connection.execute(TABLE_OF_ROOT_PAGE, {"page": int(tree[1])}).scalar()
    return Fault(
        "file_damaged", found or _SCHEMA_TABLE, _file_name(connection), None, f"SQLite: {message}."
    )


def _file_name(connection: Connection) -> str:
    return Path(connection.engine.url.database or "").name
