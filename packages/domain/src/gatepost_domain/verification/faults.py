"""What a check of the record finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One contradiction within the record."""

    code: str
    """A stable name of the rule that the record breaks, in snake case."""
    table: str
    """The database table in which the contradiction shows."""
    subject: str
    """What a person calls the row: `DEP-42`, a user name, `shop in production`, `event 17`."""
    field: str | None
    """The column that is wrong; None if no single column is meant."""
    detail: str
    """A sentence that names what was expected and what was found."""
