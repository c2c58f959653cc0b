"""Reading what became of the deployments of a span: its columns alone, each by an index on time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
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
    DeliveryFacts,
    DeliveryFilter,
    DeploymentFacts,
    PendingAfterReview,
)
from gatepost_domain.status import CancelReason, Status
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.reads.connection import ReadConnection, snapshot
from gatepost_persistence.tables.catalog import VersionRow
from gatepost_persistence.tables.deployments import AFTER_REVIEW_OWED, DeploymentRow

_deployments = DeploymentRow.table()
_versions = VersionRow.table()
_later_deployments = _deployments.alias("later")

_FAILED_AT: Final = case(
    (
        and_(_deployments.c.deployed_at.is_(None), _deployments.c.started_at.is_not(None)),
        _deployments.c.finished_at,
    ),
    else_=_deployments.c.rolled_back_at,
)
"""As `delivery.failed_or_rolled_back_at`."""
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
"""When the next one stood: one look into the lane's index."""
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
"""It is asked roundabout whether it stood, or SQLite would go through all that never did."""
REVIEWS_OWED = select(_deployments.c.number, _deployments.c.after_review_due_at).where(
    text(AFTER_REVIEW_OWED), _deployments.c.environment >= ""
)
"""Of every environment: their index begins with it, and SQLite uses none without. In any order."""


class SqlDeliveryReads:
    """See `delivery.SqlDeliveryReads`."""

    def __init__(self, reader: ReadConnection) -> None:
        self._reader = reader

    async def delivery_facts(self, criteria: DeliveryFilter) -> DeliveryFacts:
        """See `delivery.SqlDeliveryReads`."""
        return await self._reader.run(partial(_read_facts, wanted=criteria))


def apply_filter(
    statement: Select[*tuple[Any, ...]], wanted: DeliveryFilter
) -> Select[*tuple[Any, ...]]:
    """To the services and environments that are wanted."""
    return statement.where(*_conditions(wanted, _deployments))


def _read_facts(connection: Connection, *, wanted: DeliveryFilter) -> DeliveryFacts:
    span = {"since": to_rfc3339(wanted.span.since), "until": to_rfc3339(wanted.span.until)}
    with snapshot(connection):
        courses = [
            _facts_from_row(row)
            for statement in (DEPLOYED_WITHIN, REQUESTED_WITHIN)
            for row in connection.execute(apply_filter(statement, wanted), span)
        ]
        owed = [
            PendingAfterReview(row.number, parse_instant(row.after_review_due_at))
            for row in connection.execute(apply_filter(REVIEWS_OWED, wanted))
        ]
    return DeliveryFacts(deployments=courses, pending_reviews=tuple(sorted(owed)))


def _conditions(wanted: DeliveryFilter, rows: FromClause) -> Iterator[ColumnElement[bool]]:
    for column, values in (
        (rows.c.service, wanted.services),
        (rows.c.environment, wanted.environments),
    ):
        if values:
            # Something of the column, not the column: or SQLite would go by its index instead of
            # that on time, and read a lane's whole history for a day of it.
            yield column.concat("").in_(values)


_KINDS: Final = {each.value: each for each in DeploymentKind}
_STATUSES: Final = {each.value: each for each in Status}
_REASONS: Final = {None: None} | {each.value: each for each in CancelReason}


def _facts_from_row(row: Any) -> DeploymentFacts:  # noqa: ANN401  # its columns are what matters
    """By position, written out: there are so many of them."""
    (
        number,
        kind,
        status,
        reason,
        created_at,
        approved_at,
        started_at,
        deployed_at,
        fell_at,
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
        fell_at and parse_instant(fell_at),
        recovered_at and parse_instant(recovered_at),
        committed_at and parse_instant(committed_at),
        reviewed_at is not None,
        overrides != "[]",
        break_glass is not None,
    )
