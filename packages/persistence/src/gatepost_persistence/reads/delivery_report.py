"""Reads for the delivery report: the counts and durations in each bucket.

The database evaluates the conditions, computes the durations, and returns one row with the numbers
and durations of all deployments in a bucket. It finds the deployments with indexes on time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, FromClause, select, text

from gatepost_domain.event import to_rfc3339
from gatepost_domain.reports.measurements import (
    COUNTED,
    MEASURED,
    ContributingDeployments,
    Durations,
    PendingAfterReview,
    ReportFilter,
    ReportMeasurements,
    SpanMeasurements,
    combine,
    merge,
)
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Span
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.reads.delivery_report_lane_values import SELECT_WITH_LANE_FACTS
from gatepost_persistence.statements.handwritten_sql import prepare_text
from gatepost_persistence.tables.catalog import ServiceRow
from gatepost_persistence.tables.deployments import AFTER_REVIEW_OWED, FAILED_RECORD, DeploymentRow

_deployments = DeploymentRow.table()
_services = ServiceRow.table()

_CHANGED: Final = "d.kind <> 'rollback' AND NOT d.goes_back AND d.recorded_rollback IS NULL"
_LIVE: Final = "d.deployed_at IS NOT NULL"
_STARTED: Final = "d.started_at IS NOT NULL"
_FINISHED: Final = (
    f"{_CHANGED} AND ({_STARTED} AND d.status IN ('succeeded', 'failed', 'rolled_back') "
    "OR d.kind = 'record')"
)
_UNSUCCESSFUL: Final = (
    f"{_FINISHED} AND (d.status IN ('failed', 'rolled_back') OR d.reverted "
    "OR d.incident_since IS NOT NULL)"
)
_FAILED_AT: Final = (
    "CASE WHEN d.deployed_at IS NULL AND (d.started_at IS NOT NULL OR d.kind = 'record') "
    "THEN d.finished_at "
    "WHEN d.reverted THEN coalesce(d.rolled_back_at, d.deployed_at) ELSE d.rolled_back_at END"
)
"""When a rollout failed or, if it had succeeded, was rolled back or reverted."""
_RECOVERED_AT: Final = (
    "(SELECT l.deployed_at FROM deployments AS l WHERE l.service = d.service "
    f"AND l.environment = d.environment AND l.happened_at > ({_FAILED_AT}) "
    "AND l.deployed_at IS NOT NULL AND l.hidden_at IS NULL ORDER BY l.happened_at LIMIT 1)"
)
"""When the next deployment in the lane went live: one lookup in `history_of_lane`."""

_COUNTED_IF: Final[Mapping[Figure, str]] = {
    Figure.DEPLOYMENTS: f"{_LIVE} AND {_CHANGED}",
    Figure.ROLLBACKS: f"{_LIVE} AND NOT ({_CHANGED})",
    Figure.CHANGE_FAILURE_RATE: _UNSUCCESSFUL,
    Figure.OVERRIDE_RATE: f"{_STARTED} AND d.overrides <> '[]'",
    Figure.BREAK_GLASS_RATE: f"{_STARTED} AND d.break_glass IS NOT NULL",
    Figure.UNREVIEWED_CHANGES: f"{_STARTED} AND (d.tier = 'production' OR d.started_in_production) "
    "AND d.kind <> 'record' AND d.reviewed_by IS NULL AND d.break_glass IS NULL",
    Figure.DEPENDENT_APPROVALS: "d.independence IS NOT NULL",
    Figure.REJECTED: "d.status = 'rejected'",
    Figure.SUPERSEDED: "d.cancel_reason = 'superseded'",
    Figure.EXPIRED: "d.cancel_reason = 'expired'",
}
"""The conditions under which a deployment counts towards each figure."""


class _Interval(NamedTuple):
    """The interval measured for a metric; not counted if it has no start or end, or is negative."""

    condition: str
    since: str
    until: str


_MEASURED_IF: Final[Mapping[Figure, _Interval]] = {
    Figure.LEAD_TIME: _Interval(
        f"{_LIVE} AND {_CHANGED} AND d.kind <> 'record'", "d.created_at", "d.deployed_at"
    ),
    Figure.LEAD_TIME_FROM_COMMIT: _Interval(
        f"{_LIVE} AND {_CHANGED} AND v.committed_at IS NOT NULL", "v.committed_at", "d.deployed_at"
    ),
    Figure.LEAD_TIME_FROM_PROMOTION: _Interval(
        f"{_LIVE} AND {_CHANGED} AND d.live_below_at IS NOT NULL",
        "d.live_below_at",
        "d.deployed_at",
    ),
    Figure.RECOVERY_TIME: _Interval(
        _UNSUCCESSFUL,
        f"coalesce(d.incident_since, {_FAILED_AT})",
        f"CASE WHEN d.incident_since IS NULL THEN {_RECOVERED_AT} ELSE d.incident_until END",
    ),
    Figure.APPROVAL_LATENCY: _Interval(
        "d.reviewed_at IS NOT NULL AND d.break_glass IS NULL AND d.approved_at IS NOT NULL",
        "d.created_at",
        "d.approved_at",
    ),
    Figure.WAITING_TIME: _Interval(
        f"{_STARTED} AND d.approved_at IS NOT NULL", "d.approved_at", "d.started_at"
    ),
}

_IS_FINISHED: Final = "finished"
_IS_STARTED: Final = "started"
_CONDITIONS: Final = (
    *_COUNTED_IF.values(),
    *(interval.condition for interval in _MEASURED_IF.values()),
    _FINISHED,
    _STARTED,
)
_FLAGS: Final[Mapping[str, int]] = {
    name: 1 << bit
    for bit, name in enumerate((*_COUNTED_IF, *_MEASURED_IF, _IS_FINISHED, _IS_STARTED))
}
"""The bit for each condition. The bits of a deployment show which conditions it meets."""

_MICROSECONDS: Final[Mapping[str, str]] = {
    "sqlite": "(unixepoch(substr({0}, 1, 19)) * 1000000 + substr({0}, 21, 6))",
    "postgresql": "(extract(epoch FROM ({0})::timestamptz) * 1000000)::bigint",
}
"""Converts a stored instant to microseconds since 1970, by dialect."""
_ARRAY: Final[Mapping[str, str]] = {"sqlite": "json_group_array", "postgresql": "array_agg"}

_FILTERS: Final[Mapping[str, str]] = {
    "service": "d.service || '' IN ({})",
    "environment": "d.environment || '' IN ({})",
    "tier": "d.tier IN ({})",
    "team": "d.service || '' IN (SELECT name FROM services WHERE team IN ({}))",
}
"""The conditions of the filters. The concatenations make SQLite use the index on time. With the
index on the lane, SQLite would read the whole history of the lane even for one day."""

_PERIODS: Final = (
    "d.deployed_at >= :since AND d.deployed_at < :until",
    (
        "coalesce(d.deployed_at, '') = '' AND d.created_at >= :since AND d.created_at < :until "
        "AND d.kind <> 'record'"
    ),
    (
        f"{' AND '.join(f'd.{part}' for part in FAILED_RECORD.split(' AND '))} "
        "AND d.happened_at >= :since AND d.happened_at < :until"
    ),
)
"""The conditions for the deployments in a bucket: those that went live in the period; those that
were requested in it but never went live; and records of deployments that failed in it. The second
begins with an expression for which SQLite cannot use the index on `deployed_at`: with the index, it
would read all deployments in the history that never went live."""

REVIEWS_OWED = select(_deployments.c.number, _deployments.c.after_review_due_at).where(
    text(AFTER_REVIEW_OWED), _deployments.c.environment >= ""
)
"""Reads pending after-reviews, in any order. The condition on the environment is always true, but
without it, SQLite does not use the index, which begins with the environment."""

_decode: Final = msgspec.json.Decoder(list[int | None]).decode


class SqlDeliveryReportReads(SqlReader):
    """Reads for the delivery report in SQL."""

    async def delivery_measurements(
        self, criteria: ReportFilter, buckets: Sequence[Span]
    ) -> ReportMeasurements:
        """Return the measurements for each bucket of a delivery report."""
        return await self._reader.run_long(partial(_measure, criteria=criteria, buckets=buckets))


def measurement_statements(dialect: str, criteria: ReportFilter) -> tuple[str, ...]:
    """Return the statements that measure the deployments in a bucket, one per period condition."""
    array, microseconds = _ARRAY[dialect], _MICROSECONDS[dialect].format
    flags = " + ".join(
        f"CASE WHEN {condition} THEN {flag} ELSE 0 END"
        for flag, condition in zip(_FLAGS.values(), _CONDITIONS, strict=True)
    )
    columns = [f"{array}(d.number) AS numbers", f"{array}({flags}) AS flags"]
    for figure, (condition, since, until) in _MEASURED_IF.items():
        duration = f"{microseconds(until)} - {microseconds(since)}"
        columns.append(f"{array}({duration}) FILTER (WHERE {condition}) AS {figure}")
    lanes = "".join(f" AND {condition}" for condition in _lane_conditions(criteria))
    return tuple(
        f"WITH d AS MATERIALIZED ({SELECT_WITH_LANE_FACTS} AND {period}{lanes}) "
        f"SELECT {', '.join(columns)} FROM d "
        "JOIN versions AS v ON v.service = d.service AND v.version = d.version"
        for period in _PERIODS
    )


def _lane_conditions(criteria: ReportFilter) -> Iterator[str]:
    for name, values in _filter_values(criteria).items():
        if values:
            parameters = ", ".join(f":{name}_{index}" for index in range(len(values)))
            yield _FILTERS[name].format(parameters)


def _filter_values(criteria: ReportFilter) -> Mapping[str, tuple[str, ...]]:
    return {
        "service": criteria.services,
        "environment": criteria.environments,
        "tier": criteria.tiers,
        "team": criteria.teams,
    }


def _measure(
    connection: Connection, *, criteria: ReportFilter, buckets: Sequence[Span]
) -> ReportMeasurements:
    statements = list(map(prepare_text, measurement_statements(connection.dialect.name, criteria)))
    names = {
        f"{name}_{index}": str(value)
        for name, values in _filter_values(criteria).items()
        for index, value in enumerate(values)
    }
    measured: list[SpanMeasurements] = []
    with snapshot(connection):
        for bucket in buckets:
            span = {"since": to_rfc3339(bucket.since), "until": to_rfc3339(bucket.until)}
            parts = [statement.one(connection, span | names) for statement in statements]
            measured.append(merge(list(map(_measurements_from_row, parts))))
        pending_reviews = [
            PendingAfterReview(row.number, parse_instant(row.after_review_due_at))
            for row in connection.execute(REVIEWS_OWED.where(*_conditions(criteria, _deployments)))
        ]
    return ReportMeasurements(
        buckets=tuple(measured), pending_reviews=tuple(sorted(pending_reviews))
    )


def _conditions(criteria: ReportFilter, rows: FromClause) -> Iterator[ColumnElement[bool]]:
    if criteria.services:
        yield rows.c.service.concat("").in_(criteria.services)
    if criteria.environments:
        yield rows.c.environment.concat("").in_(criteria.environments)
    if criteria.tiers:
        yield rows.c.tier.in_(criteria.tiers)
    if criteria.teams:
        of_teams = select(_services.c.name).where(_services.c.team.in_(criteria.teams))
        yield rows.c.service.concat("").in_(of_teams)


def _measurements_from_row(row: Any) -> SpanMeasurements:  # noqa: ANN401  # only its columns matter
    numbers, flags = _decode_array(row.numbers), _decode_array(row.flags)
    by_flags: dict[int, list[int]] = {}
    for number, flag in zip(numbers, flags, strict=True):
        by_flags.setdefault(flag, []).append(number)
    groups = {flag: ContributingDeployments.of_numbers(group) for flag, group in by_flags.items()}
    contributors = {
        condition: combine(group for flag, group in groups.items() if flag & bit)
        for condition, bit in _FLAGS.items()
    }
    durations: dict[Figure, Durations] = {}
    for figure in MEASURED:
        measured = _decode_array(getattr(row, figure))
        complete = [duration for duration in measured if duration is not None and duration >= 0]
        durations[figure] = Durations.of_microseconds(complete)
        if len(complete) < len(measured):
            flagged = (
                number for number, flag in zip(numbers, flags, strict=True) if flag & _FLAGS[figure]
            )
            contributors[figure] = ContributingDeployments.of_numbers(
                [
                    number
                    for number, duration in zip(flagged, measured, strict=True)
                    if duration is not None and duration >= 0
                ]
            )
    return SpanMeasurements(
        contributors={figure: contributors[figure] for figure in (*COUNTED, *MEASURED)},
        durations=durations,
        finished=contributors[_IS_FINISHED].count,
        started=contributors[_IS_STARTED].count,
    )


def _decode_array(value: Any) -> Any:  # noqa: ANN401  # the driver has no types
    """Decode an array: SQLite returns JSON, and PostgreSQL None for an empty array."""
    return _decode(value) if isinstance(value, str) else value or []
