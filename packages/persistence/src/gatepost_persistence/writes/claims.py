"""Claims and steps, inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, insert, select, text, update

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.step import Step, StepKind, StepState
from gatepost_domain.errors import NotFound
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.values import RowValues, parse_instant
from gatepost_persistence.tables.claims import ClaimRow, StepRow
from gatepost_persistence.tables.deployments import DeploymentRow

_claims = ClaimRow.table()
_steps = StepRow.table()
_deployments = DeploymentRow.table()

NEXT_FENCING_TOKEN = select(func.coalesce(func.max(_claims.c.fencing_token), 0) + 1)
CLAIM_BY_ID = select(_claims).where(_claims.c.id == bindparam("of"))
_ACTIVE_CLAIMS = (
    select(_claims)
    .join(
        _deployments,
        (_claims.c.deployment_id == _deployments.c.id)
        & (_claims.c.attempt == _deployments.c.attempt),
    )
    .where(text("deployments.status = 'started'"))
)
"""The last claims on what is under way: of the few that are started, however many claims and
deployments there were."""
LAPSED_CLAIMS = (
    _ACTIVE_CLAIMS.where(_claims.c.leased_until <= bindparam("at"))
    .where(_claims.c.deadline_at > bindparam("at"))
    .order_by(_claims.c.leased_until, _claims.c.fencing_token)
)
CLAIMS_PAST_DEADLINE = _ACTIVE_CLAIMS.where(_claims.c.deadline_at <= bindparam("at")).order_by(
    _claims.c.deadline_at, _claims.c.fencing_token
)
INSERT_CLAIM = insert(_claims)
UPDATE_LEASE = (
    update(_claims)
    .where(_claims.c.fencing_token == bindparam("of"))
    .values(leased_until=bindparam("until"))
)
INSERT_STEPS = insert(_steps)
STEPS_OF_DEPLOYMENT = (
    select(_steps).where(_steps.c.deployment_id == bindparam("of")).order_by(_steps.c.number)
)


class SqlClaims:
    """See `claim.Claims`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_fencing_token(self) -> int:
        """See `claim.Claims`."""
        token: int = self._connection.execute(NEXT_FENCING_TOKEN).scalar_one()
        return token

    def get(self, claim: UUID) -> Claim:
        """See `claim.Claims`."""
        row = self._connection.execute(CLAIM_BY_ID, {"of": str(claim)}).one_or_none()
        if row is None:
            raise NotFound("claim", str(claim))
        return claim_from_row(row)

    def list_expired(self, at: datetime) -> tuple[Claim, ...]:
        """See `claim.Claims`."""
        return self._fetch_all(LAPSED_CLAIMS, at)

    def list_past_deadline(self, at: datetime) -> tuple[Claim, ...]:
        """See `claim.Claims`."""
        return self._fetch_all(CLAIMS_PAST_DEADLINE, at)

    def add(self, claim: Claim) -> None:
        """See `claim.Claims`."""
        self._connection.execute(INSERT_CLAIM, claim_to_row(claim))

    def save(self, claim: Claim) -> None:
        """See `claim.Claims`."""
        lease = {"of": claim.fencing_token, "until": to_rfc3339(claim.leased_until)}
        self._connection.execute(UPDATE_LEASE, lease)

    def add_steps(self, deployment: UUID, steps: Sequence[Step]) -> None:
        """See `claim.Claims`."""
        if steps:
            self._connection.execute(
                INSERT_STEPS, [step_to_row(deployment, each) for each in steps]
            )

    def steps(self, deployment: UUID) -> tuple[Step, ...]:
        """See `claim.Claims`."""
        return tuple(
            map(
                step_from_row,
                self._connection.execute(STEPS_OF_DEPLOYMENT, {"of": str(deployment)}),
            )
        )

    def _fetch_all(self, statement: Select[*tuple[Any, ...]], at: datetime) -> tuple[Claim, ...]:
        return tuple(
            map(claim_from_row, self._connection.execute(statement, {"at": to_rfc3339(at)}))
        )


def claim_to_row(claim: Claim) -> RowValues:
    """A claim as it is stored."""
    return {
        "fencing_token": claim.fencing_token,
        "id": str(claim.id),
        "deployment_id": str(claim.deployment_id),
        "number": claim.number,
        "attempt": claim.attempt,
        "worker": claim.worker,
        "claimed_at": to_rfc3339(claim.claimed_at),
        "leased_until": to_rfc3339(claim.leased_until),
        "lease_s": int(claim.lease.total_seconds()),
        "deadline_at": to_rfc3339(claim.deadline_at),
    }


def claim_from_row(row: Any) -> Claim:  # noqa: ANN401  # a row; its columns are what matters
    """A claim as it was stored."""
    return Claim(
        id=UUID(row.id),
        fencing_token=row.fencing_token,
        deployment_id=UUID(row.deployment_id),
        number=row.number,
        attempt=row.attempt,
        worker=row.worker,
        claimed_at=parse_instant(row.claimed_at),
        leased_until=parse_instant(row.leased_until),
        lease=timedelta(seconds=row.lease_s),
        deadline_at=parse_instant(row.deadline_at),
    )


def step_to_row(deployment: UUID, step: Step) -> RowValues:
    """A step of a deployment as it is stored."""
    return {
        "deployment_id": str(deployment),
        "attempt": step.attempt,
        "kind": step.kind,
        "name": step.name,
        "state": step.state,
        "tried": step.tried,
        "detail": step.detail,
        "at": to_rfc3339(step.at),
        "took_ms": step.took_ms,
    }


def step_from_row(row: Any) -> Step:  # noqa: ANN401  # a row; its columns are what matters
    """A step as it was stored."""
    return Step(
        kind=StepKind(row.kind),
        name=row.name,
        state=StepState(row.state),
        attempt=row.attempt,
        tried=row.tried,
        detail=row.detail,
        at=parse_instant(row.at),
        took_ms=row.took_ms,
    )
