"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Integer, String

Text: Final = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared and sorted by code point, as in SQLite, so that pages and cursors are the
same on every database. PostgreSQL's default collation depends on the server's locale."""
Serial: Final = BigInteger().with_variant(Integer(), "sqlite")
"""An integer key that is assigned in ascending order. Its type on SQLite is plain INTEGER, because
only such a primary key is the table's own row id."""
UNRECORDED: Final[dict[str, Any]] = {"recorded": False}
"""Marks a column that events do not record, because it changes without an event or only determines
the order of rows."""
RECORDED_AS_DIGEST: Final[dict[str, Any]] = {"as_digest": True}
"""Marks a column that events record only as a digest, because it is confidential or long."""
