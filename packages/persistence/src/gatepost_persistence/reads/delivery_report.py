"""Reads for the delivery report, which fetch only the needed columns and use indexes on time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
    text,
)

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.event import to_rfc3339
from gatepost_domain.reports.deployment_facts import (
    DeliveryFilter,
    DeploymentFacts,
    PendingAfterReview,
    ReportFacts,
)
from gatepost_domain.status import CancelReason, Status
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.statements.garbage_collection import garbage_collection_suspended
from gatepost_persistence.tables.catalog import VersionRow
from gatepost_persistence.tables.deployments import AFTER_REVIEW_OWED, DeploymentRow

_deployments = DeploymentRow.table()
_versions = VersionRow.table()
_later_deployments = _deployments.alias("later")

ROWS_AT_A_TIME: Final = 1000

_FAILED_AT: Final = case(
    (
        and_(_deployments.c.deployed_at.is_(None), _deployments.c.started_at.is_not(None)),
        _deployments.c.finished_at,
    ),
    else_=_deployments.c.rolled_back_at,
)
"""The same rule as `deployment_facts.failed_or_rolled_back_at` in the domain, as SQL."""
_RECOVERED_AT: Final = (
    select(_later_deployments.c.deployed_at)
    .where(_later_deployments.c.service == _deployments.c.service)
    .where(_later_deployments.c.environment == _deployments.c.environment)
    .where(_later_deployments.c.happened_at > _FAILED_AT)
    .where(_later_deployments.c.deployed_at.is_not(None))
    .where(_later_deployments.c.hidden_at.is_(None))
    .order_by(_later_deployments.c.happened_at)
    .limit(1)
    .correlate(_deployments)
    .scalar_subquery()
)
"""When the next deployment of the lane went live: one lookup in `history_of_lane`."""
_DEPLOYMENT_FACTS: Final = (
    select(
        _deployments.c.number,
        _deployments.c.kind,
        _deployments.c.status,
        _deployments.c.cancel_reason,
        _deployments.c.created_at,
        _deployments.c.approved_at,
        _deployments.c.started_at,
        _deployments.c.deployed_at,
        _FAILED_AT.label("fell_at"),
        case((_FAILED_AT.is_not(None), _RECOVERED_AT)).label("recovered_at"),
        _versions.c.committed_at,
        _deployments.c.reviewed_at,
        _deployments.c.overrides,
        _deployments.c.break_glass,
    )
    .select_from(
        _deployments.join(
            _versions,
            and_(
                _versions.c.service == _deployments.c.service,
                _versions.c.version == _deployments.c.version,
            ),
        )
    )
    .where(_deployments.c.hidden_at.is_(None))
)
DEPLOYED_WITHIN = _DEPLOYMENT_FACTS.where(
    _deployments.c.deployed_at >= bindparam("since"),
    _deployments.c.deployed_at < bindparam("until"),
)
REQUESTED_WITHIN = _DEPLOYMENT_FACTS.where(
    func.coalesce(_deployments.c.deployed_at, "") == "",
    _deployments.c.created_at >= bindparam("since"),
    _deployments.c.created_at < bindparam("until"),
)
"""Deployments that were never live. The first condition is written so that SQLite cannot use the
index on `deployed_at`, which would find every such deployment of the whole history."""
REVIEWS_OWED = select(_deployments.c.number, _deployments.c.after_review_due_at).where(
    text(AFTER_REVIEW_OWED), _deployments.c.environment >= ""
)
"""Pending after-reviews, in any order. The condition on the environment is always true, but without
it SQLite does not use the index, which begins with the environment."""


class SqlDeliveryReads(SqlReader):
    """Reads for the delivery report in SQL."""

    async def delivery_facts(self, criteria: DeliveryFilter) -> ReportFacts:
        """Return the facts of a delivery report."""
        return await self._reader.run_long(partial(_read_facts, criteria=criteria))


def restrict_to_services_and_environments(
    statement: Select[*tuple[Any, ...]], criteria: DeliveryFilter
) -> Select[*tuple[Any, ...]]:
    """Restrict a statement to the services and environments of the criteria."""
    return statement.where(*_service_and_environment_conditions(criteria, _deployments))


def _read_facts(connection: Connection, *, criteria: DeliveryFilter) -> ReportFacts:
    span = {"since": to_rfc3339(criteria.span.since), "until": to_rfc3339(criteria.span.until)}
    with snapshot(connection), garbage_collection_suspended():
        deployments = [
            _facts_from_row(row)
            for statement in (DEPLOYED_WITHIN, REQUESTED_WITHIN)
            for row in _driver_rows(
                connection.execute(restrict_to_services_and_environments(statement, criteria), span)
            )
        ]
        pending_reviews = [
            PendingAfterReview(row.number, parse_instant(row.after_review_due_at))
            for row in connection.execute(
                restrict_to_services_and_environments(REVIEWS_OWED, criteria)
            )
        ]
    return ReportFacts(deployments=deployments, pending_reviews=tuple(sorted(pending_reviews)))


def _driver_rows(result: CursorResult[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Yield the rows of the driver, which cost half as much as those of SQLAlchemy."""
    cursor: Any = result.cursor
    while rows := cursor.fetchmany(ROWS_AT_A_TIME):
        yield from rows
    result.close()


def _service_and_environment_conditions(
    criteria: DeliveryFilter, rows: FromClause
) -> Iterator[ColumnElement[bool]]:
    for column, values in (
        (rows.c.service, criteria.services),
        (rows.c.environment, criteria.environments),
    ):
        if values:
            # The expression keeps SQLite from using the index on the lane instead of the index on
            # time. It would read the whole history of the lane even for a single day.
            yield column.concat("").in_(values)


_KINDS: Final = {kind.value: kind for kind in DeploymentKind}
_STATUSES: Final = {status.value: status for status in Status}
_REASONS: Final = {None: None} | {reason.value: reason for reason in CancelReason}


def _facts_from_row(row: Any) -> DeploymentFacts:  # noqa: ANN401  # only its columns matter
    """Return the facts in a row. Columns are read by position, which is faster for many rows."""
    (
        number,
        kind,
        status,
        reason,
        created_at,
        approved_at,
        started_at,
        deployed_at,
        failed_at,
        recovered_at,
        committed_at,
        reviewed_at,
        overrides,
        break_glass,
    ) = row
    return DeploymentFacts(
        number,
        _KINDS[kind],
        _STATUSES[status],
        _REASONS[reason],
        parse_instant(created_at),
        approved_at and parse_instant(approved_at),
        started_at and parse_instant(started_at),
        deployed_at and parse_instant(deployed_at),
        failed_at and parse_instant(failed_at),
        recovered_at and parse_instant(recovered_at),
        committed_at and parse_instant(committed_at),
        reviewed_at is not None,
        overrides != "[]",
        break_glass is not None,
    )
