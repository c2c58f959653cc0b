"""Faults: the places where the record does not agree with itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One place where the record contradicts itself or the rules."""

    code: str
    """A stable name of what is wrong, in snake case."""
    table: str
    """The table of the database in which it is wrong."""
    subject: str
    """What a person calls it: `DEP-42`, a user's name, `shop in production` or `event 17`."""
    field: str | None
    """The column that is wrong; None if no single column is."""
    detail: str
    """A sentence that says what was expected and what was found."""
