"""Verification of the triggers that protect recorded data."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.triggers.trigger_differences import compare_triggers


def find_trigger_faults(connection: Connection) -> Iterator[Fault]:
    """Yield the triggers on our tables that are missing, altered or unknown."""
    for difference in compare_triggers(connection):
        trigger = difference.trigger
        yield Fault(difference.code, trigger.table, trigger.name, None, difference.detail)
