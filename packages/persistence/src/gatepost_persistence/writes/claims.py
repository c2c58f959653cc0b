"""Repository of claims and steps, inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.step import Step
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.errors import NotFound
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.claims import (
    claim_from_row,
    claim_to_row,
    step_from_row,
    step_to_row,
    worker_from_row,
)
from gatepost_persistence.mapping.recorded_tables import CLAIMS
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.claims import ClaimRow, StepRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.workers import WORKER_BY_NAME, store_worker_and_prune

_claims = ClaimRow.table()
_steps = StepRow.table()
_deployments = DeploymentRow.table()

NEXT_FENCING_TOKEN = PreparedStatement(
    select(func.coalesce(func.max(_claims.c.fencing_token), 0) + 1)
)
CLAIM_BY_ID = PreparedStatement(select(_claims).where(_claims.c.id == bindparam("lookup_key")))
_ACTIVE_CLAIMS = (
    select(_claims)
    .join(
        _deployments,
        (_claims.c.deployment_id == _deployments.c.id)
        & (_claims.c.attempt == _deployments.c.attempt),
    )
    .where(text("deployments.status = 'started'"))
)
"""Reads the claims on the current attempts of started deployments. An index finds the started ones
quickly, even in a large history."""
ACTIVE_CLAIMS = PreparedStatement(_ACTIVE_CLAIMS.order_by(_claims.c.fencing_token))
LAPSED_CLAIMS = PreparedStatement(
    _ACTIVE_CLAIMS.where(_claims.c.leased_until <= bindparam("at"))
    .where(_claims.c.deadline_at > bindparam("at"))
    .order_by(_claims.c.leased_until, _claims.c.fencing_token)
)
CLAIMS_PAST_DEADLINE = PreparedStatement(
    _ACTIVE_CLAIMS.where(_claims.c.deadline_at <= bindparam("at")).order_by(
        _claims.c.deadline_at, _claims.c.fencing_token
    )
)
INSERT_CLAIM = PreparedStatement(insert(_claims))
UPDATE_LEASE = PreparedStatement(
    update(_claims)
    .where(_claims.c.fencing_token == bindparam("lookup_key"))
    .values(leased_until=bindparam("until"))
)
INSERT_STEPS = PreparedStatement(insert(_steps))
STEPS_OF_DEPLOYMENT = PreparedStatement(
    select(_steps)
    .where(_steps.c.deployment_id == bindparam("lookup_key"))
    .order_by(_steps.c.number)
)


def read_steps(connection: Connection, deployment: UUID) -> tuple[Step, ...]:
    """Return all steps of a deployment, in the order in which they were reported."""
    rows = STEPS_OF_DEPLOYMENT.all(connection, {"lookup_key": str(deployment)})
    return tuple(map(step_from_row, rows))


class SqlClaims:
    """The SQL repository for claims and steps."""

    def __init__(self, connection: Connection, events: SqlEventAppender) -> None:
        self._connection = connection
        self._events = events

    def next_fencing_token(self) -> int:
        """Return the fencing token of the next claim."""
        token: int = NEXT_FENCING_TOKEN.scalar(self._connection)
        return token

    def get(self, claim: UUID) -> Claim:
        """Return the claim with this id.

        Raises:
            NotFound: there is no such claim.
        """
        row = CLAIM_BY_ID.one_or_none(self._connection, {"lookup_key": str(claim)})
        if row is None:
            raise NotFound("claim", str(claim))
        return claim_from_row(row)

    def list_with_expired_lease(self, at: datetime) -> tuple[Claim, ...]:
        """Return the active claims with an expired lease, the earliest expiry first.

        Claims past their deadline are not included.
        """
        return self._fetch_all(LAPSED_CLAIMS, at)

    def list_past_deadline(self, at: datetime) -> tuple[Claim, ...]:
        """Return the active claims past their deadline, the earliest deadline first."""
        return self._fetch_all(CLAIMS_PAST_DEADLINE, at)

    def add(self, claim: Claim) -> None:
        """Store a new claim; the event of the start or takeover records it."""
        values = claim_to_row(claim)
        INSERT_CLAIM.run(self._connection, values)
        self._events.record(CLAIMS.item_for_new_row(values))

    def save_lease(self, claim: Claim) -> None:
        """Store the lease of a claim; its other fields never change."""
        lease = {"lookup_key": claim.fencing_token, "until": to_rfc3339(claim.leased_until)}
        UPDATE_LEASE.run(self._connection, lease)

    def save_worker(self, worker: Worker) -> None:
        """Store when a worker was last seen, without an event; delete workers not seen recently."""
        store_worker_and_prune(self._connection, worker)

    def find_recent_worker(self, name: str) -> Worker | None:
        """Return a worker, or None if it has not been seen recently."""
        row = WORKER_BY_NAME.one_or_none(self._connection, {"known": name})
        return None if row is None else worker_from_row(row)

    def add_steps(self, deployment: UUID, steps: Sequence[Step]) -> None:
        """Store steps of a deployment."""
        if steps:
            INSERT_STEPS.run_many(
                self._connection, [step_to_row(deployment, step) for step in steps]
            )

    def steps(self, deployment: UUID) -> tuple[Step, ...]:
        """Return all steps of a deployment, in the order in which they were reported."""
        return read_steps(self._connection, deployment)

    def _fetch_all(self, statement: PreparedStatement, at: datetime) -> tuple[Claim, ...]:
        return tuple(map(claim_from_row, statement.all(self._connection, {"at": to_rfc3339(at)})))
