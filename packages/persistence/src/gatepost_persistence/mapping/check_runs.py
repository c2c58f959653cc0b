"""Mapping between rows and check runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from gatepost_domain.check_runs.check_run import CheckResult, CheckRun, CheckRunState
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.values import (
    RowValues,
    encode_json,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)

_decode_results: Final = msgspec.json.Decoder(tuple[CheckResult, ...]).decode


def check_run_to_row(run: CheckRun) -> RowValues:
    return {
        "id": str(run.id),
        "service": run.service,
        "environment": run.environment,
        "requested_by": run.requested_by,
        "requested_at": to_rfc3339(run.requested_at),
        "target_version": run.target_version,
        "target_set_at": to_rfc3339(run.target_set_at),
        **check_run_progress_values(run),
    }


def check_run_progress_values(run: CheckRun) -> RowValues:
    """Return the columns that change when a run is claimed or ends."""
    return {
        "state": run.state,
        "deadline_at": to_rfc3339(run.deadline_at),
        "attempt": run.attempt,
        "version": run.version,
        "worker": run.worker,
        "claimed_at": format_optional_instant(run.claimed_at),
        "leased_until": format_optional_instant(run.leased_until),
        "lease_s": None if run.lease is None else int(run.lease.total_seconds()),
        "ended_at": format_optional_instant(run.ended_at),
        "results": encode_json(run.results) if run.results else None,
        "note": run.note,
    }


def check_run_from_row(row: Any) -> CheckRun:
    return CheckRun(
        id=UUID(row.id),
        service=row.service,
        environment=row.environment,
        state=CheckRunState(row.state),
        requested_by=row.requested_by,
        requested_at=parse_instant(row.requested_at),
        target_version=row.target_version,
        target_set_at=parse_instant(row.target_set_at),
        deadline_at=parse_instant(row.deadline_at),
        attempt=row.attempt,
        version=row.version,
        worker=row.worker,
        claimed_at=parse_optional_instant(row.claimed_at),
        leased_until=parse_optional_instant(row.leased_until),
        lease=None if row.lease_s is None else timedelta(seconds=row.lease_s),
        ended_at=parse_optional_instant(row.ended_at),
        results=() if row.results is None else _decode_results(row.results),
        note=row.note,
    )
