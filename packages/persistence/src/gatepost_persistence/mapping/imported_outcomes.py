"""The outcomes of imported deployments: the values that are stored and those that events record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gatepost_domain.event import to_rfc3339
from gatepost_domain.tracking.import_result import SUCCESS, ImportedOutcome

OUTCOME_COLUMNS: Final = ImportedOutcome._fields
"""The columns for how a deployment ended. Usually, all rows of an import have the same values."""
_USUAL: Final = tuple(str(value) if isinstance(value, str) else value for value in SUCCESS)


def outcome_values(
    outcome: ImportedOutcome, boolean_type: Callable[[bool], object]
) -> tuple[object, ...]:
    """Return an outcome as the values of `OUTCOME_COLUMNS`, in the same order."""
    status, finished_at, rolled_back_at, is_rollback = outcome
    return (
        str(status),
        None if finished_at is None else to_rfc3339(finished_at),
        None if rolled_back_at is None else to_rfc3339(rolled_back_at),
        None if is_rollback is None else boolean_type(is_rollback),
    )


def outcome_deviations(values: Sequence[object]) -> Mapping[str, object]:
    """Return the values that differ from those of a plain success, by column."""
    return {
        name: int(value) if isinstance(value, bool) else value
        for name, value, usual in zip(OUTCOME_COLUMNS, values, _USUAL, strict=True)
        if value != usual
    }
