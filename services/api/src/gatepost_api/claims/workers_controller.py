"""Listing workers and the deployments that they execute."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from litestar import Controller, get

from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.deployments import worker as domain
from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.deployments.worker import WorkerState


class WorkerClaim(ResponseModel):
    """A deployment that a worker is executing."""

    deployment: UUID
    """The deployment's id."""
    number: str
    """The deployment's number."""
    lease_until: Instant
    """When another worker can take over the deployment, unless the lease is renewed."""

    @classmethod
    def from_domain(cls, claim: Claim) -> Self:
        """Map a domain claim to its response."""
        return cls(
            deployment=claim.deployment_id,
            number=format_number(claim.number),
            lease_until=claim.leased_until,
        )


class Worker(ResponseModel):
    """A worker that was seen within the last hour, or whose deployment has not ended."""

    name: str
    """The name of the worker."""
    version: str | None
    """The release that the worker runs. Null if it did not report one."""
    state: WorkerState
    """The state of the worker: `idle`, `working`, or `lost` if it has not been seen for longer than
    its lease and for at least 3 seconds."""
    last_seen_at: Instant
    """When the worker last claimed a task, renewed a claim or waited for a task, to within 5
    seconds."""
    claims: list[WorkerClaim]
    """The deployments in progress that the worker was the last to claim. Their leases may have
    expired."""

    @classmethod
    def from_domain(cls, overview: domain.WorkerOverview, at: datetime) -> Self:
        """Map a worker, at a given time, to its response."""
        return cls(
            name=overview.worker.name,
            version=overview.worker.version,
            state=overview.state(at),
            last_seen_at=overview.worker.last_seen_at,
            claims=[WorkerClaim.from_domain(claim) for claim in overview.claims],
        )


class Workers(ResponseModel):
    """The workers, sorted by name."""

    items: list[Worker]
    """The workers."""


class WorkerController(Controller):
    """Operations on workers."""

    path = "/workers"
    tags = ("workers",)

    @get(summary="List the workers", responses=problem_responses(401, 422, 503))
    async def list_workers(self, request: ApiRequest) -> Workers:
        """List the workers seen within the last hour, and the deployments that they are executing.

        A worker that stopped or was lost remains in the list for an hour, and until every
        deployment that it claimed has ended.
        """
        at = request.context.now()
        overviews = await request.context.reads.workers()
        return Workers(items=[Worker.from_domain(overview, at) for overview in overviews])
