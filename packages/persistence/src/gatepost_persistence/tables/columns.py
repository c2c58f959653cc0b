"""The types of columns, the same for SQLite and PostgreSQL to whoever reads and writes rows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Integer, String

Text: Final = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared and ordered by code point, as SQLite does, so that pages and cursors are
the same everywhere; a server's own collation would follow its locale."""
Serial: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A key that counts. In SQLite only a plain INTEGER key is the table's own order."""
