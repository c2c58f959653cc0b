"""Verification of the steps that workers reported, against the digest in the final event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from types import NoneType
from typing import Any, Final

from gatepost_domain.deployments.step import steps_digest
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.mapping.claims import step_from_row
from gatepost_persistence.mapping.recorded_tables import encode_canonical
from gatepost_persistence.tables.claims import StepRow

_STEP_COLUMNS: Final = ("kind", "name", "state", "attempt", "tried", "detail", "at", "took_ms")
_STEP_TYPES: Final = frozenset({str, int, NoneType})


def find_step_faults(
    number: int, rows: Sequence[Any], recorded: Mapping[str, Any]
) -> Iterator[Fault]:
    """Yield the faults in a deployment's stored steps; `recorded` has their number and digest."""
    if len(rows) == recorded["steps"] and _plain_digest(rows) == recorded["steps_digest"]:
        return
    subject, table = f"DEP-{number}", StepRow.table_name()
    try:
        steps = tuple(map(step_from_row, rows))
        digest = steps_digest(steps)
    except (TypeError, ValueError):
        yield Fault("row_differs", table, subject, None, "The stored steps cannot be read.")
        return
    if len(steps) != recorded["steps"]:
        detail = f"Steps that workers reported: {recorded['steps']}; stored: {len(steps)}."
        yield Fault("row_missing", table, subject, None, detail)
    elif digest != recorded["steps_digest"]:
        detail = "The steps differ from those that workers reported."
        yield Fault("row_differs", table, subject, None, detail)


def _plain_digest(rows: Sequence[Any]) -> str | None:
    """Return the digest of steps as they are stored; None if a value has an unexpected type."""
    digest = sha256()
    for row in rows:
        values = {name: getattr(row, name) for name in _STEP_COLUMNS}
        if not _STEP_TYPES.issuperset(map(type, values.values())):
            return None
        digest.update(encode_canonical(values) + b"\n")
    return digest.hexdigest()
