"""Mapping between rows and claims, their steps, and workers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.step import Step, StepKind, StepState
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.values import RowValues, parse_instant


def claim_to_row(claim: Claim) -> RowValues:
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


def claim_from_row(row: Any) -> Claim:
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


def worker_to_row(worker: Worker) -> RowValues:
    return {
        "name": worker.name,
        "version": worker.version,
        "last_seen_at": to_rfc3339(worker.last_seen_at),
        "lease_s": int(worker.lease.total_seconds()),
    }


def worker_from_row(row: Any) -> Worker:
    return Worker(
        name=row.name,
        version=row.version,
        last_seen_at=parse_instant(row.last_seen_at),
        lease=timedelta(seconds=row.lease_s),
    )


def step_to_row(deployment: UUID, step: Step) -> RowValues:
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


def step_from_row(row: Any) -> Step:
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
