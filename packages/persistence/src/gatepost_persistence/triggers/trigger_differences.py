"""Comparison of the triggers in a database with those of this release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gatepost_persistence.triggers.expected_triggers import expected_triggers
from gatepost_persistence.triggers.stored_triggers import read_triggers
from gatepost_persistence.triggers.trigger import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerDifference:
    """A trigger that is missing, altered or unknown."""

    expected: Trigger | None
    """The trigger of this release; None if this release has no such trigger on the table."""
    found: Trigger | None
    """The trigger in the database; None if it is missing."""

    @property
    def trigger(self) -> Trigger:
        """The trigger that differs: the expected one or, if there is none, the stored one."""
        trigger = self.expected or self.found
        if trigger is None:
            raise AssertionError("a difference has at least one side")
        return trigger

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
        options = self.found.properties.get("options")
        found = "" if options is None else f" (stored: {options})"
        return f"It differs from the trigger of this release in its {differences}{found}."


def compare_triggers(connection: Connection) -> Sequence[TriggerDifference]:
    """Return the differences, sorted by table and name."""
    expected = {
        (trigger.table, trigger.name): trigger
        for trigger in expected_triggers(connection.dialect.name)
    }
    found = {(trigger.table, trigger.name): trigger for trigger in read_triggers(connection)}
    pairs = [(expected.get(key), found.get(key)) for key in sorted(expected.keys() | found.keys())]
    return [
        TriggerDifference(expected=ours, found=theirs)
        for ours, theirs in pairs
        if ours is None or theirs is None or ours.differences(theirs)
    ]
