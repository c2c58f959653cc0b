"""The table of the terms by which deployments are found."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial


class SearchTermRow(Row):
    """A search term of a deployment. Triggers on the deployments keep this table up to date.

    The primary key matches the order in which lists read the entries of a term: by number.
    """

    __tablename__ = "deployment_search_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    field: Mapped[str] = mapped_column(primary_key=True)
    """A `TermField`."""
    term: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
