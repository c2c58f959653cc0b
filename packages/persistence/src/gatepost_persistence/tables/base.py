"""The base of every table."""

from __future__ import annotations

from advanced_alchemy.base import DefaultBase
from sqlalchemy import (
    Table,
)


class Row(DefaultBase):
    """What all tables share."""

    __abstract__ = True

    @classmethod
    def table(cls) -> Table:
        """The table itself, for statements that are built once."""
        if not isinstance(cls.__table__, Table):
            raise TypeError(cls.__name__)
        return cls.__table__
