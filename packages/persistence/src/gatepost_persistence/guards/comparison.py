"""Comparison of the triggers in a database with those of this release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gatepost_persistence.guards.expected_guards import expected_guards
from gatepost_persistence.guards.guard import Guard
from gatepost_persistence.guards.stored_guards import read_guards


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardDifference:
    """A trigger that is missing, altered or unknown."""

    expected: Guard | None
    """The trigger of this release; None if this release has no such trigger on the table."""
    found: Guard | None
    """The trigger in the database; None if it is missing."""

    @property
    def guard(self) -> Guard:
        """The trigger that differs: the expected one or, if there is none, the stored one."""
        guard = self.expected or self.found
        if guard is None:
            raise AssertionError("a difference has at least one side")
        return guard

    @property
    def code(self) -> str:
        """The code of the fault, such as `guard_missing`."""
        if self.found is None:
            return "guard_missing"
        return "guard_unknown" if self.expected is None else "guard_altered"

    @property
    def detail(self) -> str:
        """A sentence that describes the difference."""
        if self.found is None:
            return "This release has the trigger, but the database does not."
        if self.expected is None:
            return "The database has the trigger, but this release does not."
        differences = " and its ".join(self.expected.differences(self.found))
        options = self.found.facts.get("options")
        found = "" if options is None else f" (stored: {options})"
        return f"It differs from the trigger of this release in its {differences}{found}."


def compare_guards(connection: Connection) -> Sequence[GuardDifference]:
    """Return the differences, sorted by table and name."""
    expected = {
        (guard.table, guard.name): guard for guard in expected_guards(connection.dialect.name)
    }
    found = {(guard.table, guard.name): guard for guard in read_guards(connection)}
    pairs = [(expected.get(key), found.get(key)) for key in sorted(expected.keys() | found.keys())]
    return [
        GuardDifference(expected=ours, found=theirs)
        for ours, theirs in pairs
        if ours is None or theirs is None or ours.differences(theirs)
    ]
