"""The statements that read and write deployments inside a transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from gatepost_domain.status_transitions import WAITING_STATUSES
from gatepost_persistence.statements.index_hinted_table import IndexHintedTable
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import (
    AFTER_REVIEW_OWED,
    EVER_DEPLOYED,
    LANE_ORDER_CONDITION,
    WAITING_WITH_APPROVALS,
    WAITING_WITH_AUTO_START,
    DeploymentRow,
)

_deployments = DeploymentRow.table()
_history = IndexHintedTable(_deployments, "history_of_lane")
_ahead = IndexHintedTable(_deployments, "deployments_that_went_ahead")
_approved = IndexHintedTable(_deployments, "waiting_with_approvals")
_automatic = IndexHintedTable(_deployments, "waiting_with_auto_start")
_in_progress = IndexHintedTable(_deployments, "one_started_per_lane")

LAST_NUMBER = PreparedStatement(select(func.coalesce(func.max(_deployments.c.number), 0)))
DEPLOYMENT_BY_ID = PreparedStatement(
    select(_deployments).where(_deployments.c.id == bindparam("reference")),
    named=False,
)
DEPLOYMENT_BY_NUMBER = PreparedStatement(
    select(_deployments).where(_deployments.c.number == bindparam("reference")),
    named=False,
)
_REVISION = select(_deployments.c.number, _deployments.c.revision)
REVISION_BY_ID = PreparedStatement(
    _REVISION.where(_deployments.c.id == bindparam("reference")), named=False
)
REVISION_BY_NUMBER = PreparedStatement(
    _REVISION.where(_deployments.c.number == bindparam("reference")), named=False
)
INSERT_DEPLOYMENT = PreparedStatement(insert(_deployments))
UPDATE_DEPLOYMENT = PreparedStatement(
    update(_deployments)
    .where(_deployments.c.number == bindparam("lookup_key"))
    .where(_deployments.c.status == bindparam("from_status"))
    .where(_deployments.c.revision == bindparam("expected_revision"))
)
_ever_deployed = IndexHintedTable(_deployments, "versions_ever_deployed")


def _in_lane(table: FromClause) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.service == bindparam("in_service"),
        table.c.environment == bindparam("in_environment"),
    )


def _select_deployments_in_lane(table: FromClause) -> Select[*tuple[Any, ...]]:
    since = func.coalesce(table.c.started_at, table.c.created_at).label("since")
    return select(table.c.number, table.c.version, since).where(*_in_lane(table))


WAITING_IN_LANE = PreparedStatement(
    select(_deployments)
    .where(*_in_lane(_deployments))
    .where(_deployments.c.status.in_(sorted(WAITING_STATUSES)))
    .order_by(_deployments.c.number),
    named=False,
)
WAITING_APPROVED_BY = PreparedStatement(
    select(*_approved.columns)
    .where(text(WAITING_WITH_APPROVALS))
    .where(
        func.replace(_approved.c.approvals, bindparam("approval_by"), "") != _approved.c.approvals
    )
    .order_by(_approved.c.number),
    named=False,
)
"""Reads waiting deployments with approvals, using their own index. `:approval_by` is a part of an
approval's JSON."""
WAITING_APPROVED_OF_UNMAPPED = PreparedStatement(
    select(*_approved.columns)
    .where(text(WAITING_WITH_APPROVALS))
    .where(_approved.c.unmapped_issuer == bindparam("from_issuer"))
    .order_by(_approved.c.number),
    named=False,
)
WAITING_FOR_AUTO_START_OF = PreparedStatement(
    select(*_automatic.columns)
    .where(text(WAITING_WITH_AUTO_START))
    .where(
        or_(
            _automatic.c.requester == bindparam("by_requester"),
            _automatic.c.on_behalf_of.is_not(None),
        )
    )
    .order_by(_automatic.c.number),
    named=False,
)
STARTED_IN_LANE = PreparedStatement(
    _select_deployments_in_lane(_in_progress).where(text("status = 'started'"))
)
NEWEST_SUCCEEDED_IN_LANE = PreparedStatement(
    _select_deployments_in_lane(_ahead)
    .where(text(LANE_ORDER_CONDITION))
    .order_by(_ahead.c.number.desc())
    .limit(1)
)
"""The conditions repeat those of the partial indexes literally, as SQLite requires. Only records
have no start time."""
DEPLOYMENTS_OF_VERSION = PreparedStatement(
    select(*_ever_deployed.columns)
    .where(*_in_lane(_ever_deployed))
    .where(_ever_deployed.c.version == bindparam("of_version"))
    .where(text(EVER_DEPLOYED))
    .order_by(_ever_deployed.c.happened_at, _ever_deployed.c.number),
    named=False,
)
_DEPLOYED_IN_LANE = (
    select(*_history.columns)
    .where(*_in_lane(_history))
    .where(_history.c.deployed_at.is_not(None))
    .where(_history.c.hidden_at.is_(None))
)
DEPLOYED_SINCE = PreparedStatement(
    _DEPLOYED_IN_LANE.where(_history.c.happened_at >= bindparam("since")).order_by(
        _history.c.happened_at, _history.c.number
    ),
    named=False,
)
DEPLOYED_BEFORE = PreparedStatement(
    select(_history.c.number)
    .where(*_in_lane(_history))
    .where(_history.c.deployed_at.is_not(None))
    .where(_history.c.hidden_at.is_(None))
    .where(_history.c.happened_at < bindparam("before"))
    .limit(1),
    named=False,
)
LAST_GOOD_DEPLOYMENT = (
    _DEPLOYED_IN_LANE.where(_history.c.rolled_back_at.is_(None))
    .where(_history.c.version.not_in(bindparam("excluded_versions", expanding=True)))
    .order_by(_history.c.happened_at.desc(), _history.c.number.desc())
    .limit(1)
)
"""Uses the index `history_of_lane`; if a deployment went live, `happened_at` is when it did."""
LIVE_BEFORE = PreparedStatement(
    _DEPLOYED_IN_LANE.where(_history.c.rolled_back_at.is_(None))
    .where(_history.c.happened_at < bindparam("before"))
    .order_by(_history.c.happened_at.desc(), _history.c.number.desc())
    .limit(1),
    named=False,
)
PROMOTION_OF_DEPLOYMENT = PreparedStatement(
    select(_deployments)
    .where(_deployments.c.promoted_from == bindparam("source"))
    .where(_deployments.c.environment == bindparam("in_environment")),
    named=False,
)
EXPIRED_DEPLOYMENTS = PreparedStatement(
    select(_deployments)
    .where(_deployments.c.expires_at <= bindparam("at"))
    .order_by(_deployments.c.expires_at, _deployments.c.number)
    .limit(bindparam("limit")),
    named=False,
)
OLDEST_OVERDUE_REVIEW = PreparedStatement(
    select(_deployments)
    .where(_deployments.c.environment == bindparam("in_environment"))
    .where(text(AFTER_REVIEW_OWED))
    .where(_deployments.c.after_review_due_at <= bindparam("at"))
    .order_by(_deployments.c.after_review_due_at, _deployments.c.number)
    .limit(1),
    named=False,
)
REVIEWS_BECOMING_OVERDUE = PreparedStatement(
    select(_deployments)
    .where(text("after_review_state = 'open'"))
    .where(_deployments.c.after_review_due_at <= bindparam("at"))
    .order_by(_deployments.c.after_review_due_at, _deployments.c.number)
    .limit(bindparam("limit")),
    named=False,
)
