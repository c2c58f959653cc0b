"""Comparing two states: at two instants, of two environments, or both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gatepost_domain.tracking.current_state import Cell, CurrentFilter


class Difference(StrEnum):
    """How the second state differs from the first."""

    ADDED = "added"
    """Nothing is live in the first state."""
    REMOVED = "removed"
    """Nothing is live in the second state."""
    CHANGED = "changed"
    """Another version is live in the second state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateReference:
    """One of the two states to compare."""

    at: datetime | None = None
    """The instant of the state; None for the current state."""
    environment: str | None = None
    """The environment; None for all environments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDifference:
    """A service that differs between two states. At least one of the two cells is present."""

    service: str
    environment: str | None
    """The environment; None if two environments are compared."""
    before: Cell | None
    after: Cell | None

    @property
    def difference(self) -> Difference:
        """How the second state differs from the first."""
        if self.before is None:
            return Difference.ADDED
        return Difference.REMOVED if self.after is None else Difference.CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class StateComparison:
    """Two states to compare, which can differ in their instant, their environment, or both."""

    before: StateReference
    after: StateReference

    @property
    def compares_environments(self) -> bool:
        """Whether the states are those of two different environments."""
        return self.before.environment != self.after.environment

    @classmethod
    def of(cls, before: StateReference, after: StateReference) -> StateComparison:
        """Return a comparison; a state without an environment uses that of the other."""
        return cls(
            before=replace(before, environment=before.environment or after.environment),
            after=replace(after, environment=after.environment or before.environment),
        )

    def narrow(self, criteria: CurrentFilter, side: StateReference) -> CurrentFilter:
        """Return the filter, limited to the environment of `side` if that state names one."""
        if side.environment is None:
            return criteria
        return replace(criteria, environments=(side.environment,))


def find_differences(
    before: Iterable[Cell], after: Iterable[Cell], *, compares_environments: bool
) -> tuple[CellDifference, ...]:
    """Return the services that differ in their version, ordered by service, then by environment.

    A redeployment of the same version is not a difference.
    """

    def key_of(cell: Cell) -> tuple[str, str]:
        return cell.service, "" if compares_environments else cell.environment

    first = {key_of(cell): cell for cell in before}
    second = {key_of(cell): cell for cell in after}
    pairs = ((key, first.get(key), second.get(key)) for key in sorted(first.keys() | second.keys()))
    return tuple(
        CellDifference(
            service=service, environment=environment or None, before=before_cell, after=after_cell
        )
        for (service, environment), before_cell, after_cell in pairs
        if before_cell is None or after_cell is None or before_cell.version != after_cell.version
    )
