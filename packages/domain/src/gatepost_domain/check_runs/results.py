"""The results of a check run: what its worker reported, and the checks that did not run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.catalog.target import Check
from gatepost_domain.check_runs.check_run import CheckResult, CheckState
from gatepost_domain.errors import FieldError, ValidationFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedResult:
    """The result of one check, as the worker reports it."""

    name: str
    state: CheckState
    attempts: int
    detail: str
    at: datetime
    took_ms: int


def complete_results(
    checks: Sequence[Check], reported: Sequence[ReportedResult]
) -> tuple[CheckResult, ...]:
    """Return one result for each check; those that were not reported were skipped.

    Raises:
        ValidationFailed: a result is reported twice, or for a check that does not exist.
    """
    names = [check.name for check in checks]
    by_name: dict[str, ReportedResult] = {}
    errors: list[FieldError] = []
    for index, result in enumerate(reported):
        if result.name not in names or result.name in by_name:
            errors.append(_name_error(index, result.name, is_known=result.name in names))
        by_name[result.name] = result
    if errors:
        raise ValidationFailed(*errors)
    return tuple(_build_result(check, by_name.get(check.name)) for check in checks)


def _name_error(index: int, name: str, *, is_known: bool) -> FieldError:
    field = f"results/{index}/name"
    if is_known:
        detail = f"There are two results of the check {name}; report only the final one."
        return FieldError(field=field, code="duplicate_check", detail=detail)
    detail = f"The settings with which this run was requested have no check {name}."
    return FieldError(field=field, code="unknown_check", detail=detail)


def _build_result(check: Check, reported: ReportedResult | None) -> CheckResult:
    if reported is None or reported.state is CheckState.SKIPPED:
        return CheckResult(
            name=check.name,
            state=CheckState.SKIPPED,
            required=check.required,
            attempts=0,
            detail="",
            at=None,
            took_ms=None,
        )
    return CheckResult(
        name=check.name,
        state=reported.state,
        required=check.required,
        attempts=reported.attempts,
        detail=reported.detail,
        at=reported.at,
        took_ms=reported.took_ms,
    )
