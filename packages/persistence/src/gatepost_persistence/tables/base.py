"""The base of every table."""

from __future__ import annotations

from advanced_alchemy.base import DefaultBase
from sqlalchemy import (
    Table,
)


class Row(DefaultBase):
    """The base class of rows."""

    __abstract__ = True

    @classmethod
    def table(cls) -> Table:
        """Return the table, for statements that are built once."""
        if not isinstance(cls.__table__, Table):
            raise TypeError(cls.__name__)
        return cls.__table__
