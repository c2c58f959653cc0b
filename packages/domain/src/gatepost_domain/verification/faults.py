"""The faults that a check of recorded data finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A contradiction within the recorded data."""

    code: str
    """A stable name for the broken rule, in snake case."""
    table: str
    """The database table in which the contradiction appears."""
    subject: str
    """A readable name for the row: `DEP-42`, a user name, `shop in production`, `event 17`."""
    field: str | None
    """The column that is wrong; None if the fault does not concern a single column."""
    detail: str
    """A sentence that states what was expected and what was found."""
