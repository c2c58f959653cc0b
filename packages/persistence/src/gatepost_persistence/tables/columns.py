"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Integer, String

Text: Final = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared and ordered by code point, as in SQLite, so that pages and cursors are the
same on every database; the default collation of a PostgreSQL server follows its locale."""
Serial: Final = BigInteger().with_variant(Integer(), "sqlite")
"""An integer key that is assigned in ascending order. In SQLite, only a plain INTEGER primary key
is the table's own row id."""
UNRECORDED: Final[dict[str, Any]] = {"recorded": False}
"""Marks a column that events do not record, because it changes without an event or only gives the
order of rows."""
RECORDED_AS_DIGEST: Final[dict[str, Any]] = {"as_digest": True}
"""Marks a column that events record only as a digest, because it is confidential or long."""
