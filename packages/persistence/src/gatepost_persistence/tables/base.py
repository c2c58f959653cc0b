"""The base class of all tables."""

from __future__ import annotations

from typing import Any

from advanced_alchemy.base import DefaultBase
from sqlalchemy import (
    Table,
)
from sqlalchemy.orm import Mapped


class Row(DefaultBase):
    """The base class of rows."""

    __abstract__ = True

    @classmethod
    def table(cls) -> Table:
        """Return the table, for building statements."""
        if not isinstance(cls.__table__, Table):
            raise TypeError(cls.__name__)
        return cls.__table__

    @classmethod
    def table_name(cls) -> str:
        """Return the name of the table."""
        return str.__str__(cls.table().name)


def optimistic_lock_on(revision: Mapped[int]) -> dict[str, Any]:
    """Return mapper settings that let a repository update only the revision that it loaded.

    The domain assigns the revisions.
    """
    return {"version_id_col": revision, "version_id_generator": False}
