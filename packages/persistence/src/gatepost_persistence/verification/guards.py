"""Verification of the triggers that protect recorded data."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.guards.comparison import compare_guards


def find_guard_faults(connection: Connection) -> Iterator[Fault]:
    """Yield the triggers on our tables that are missing, altered or unknown."""
    for difference in compare_guards(connection):
        guard = difference.guard
        yield Fault(difference.code, guard.table, guard.name, None, difference.detail)
