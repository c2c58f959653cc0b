"""Records, imports and the current state in responses."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from gatepost_api.deployments.responses import Deployment
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.status import Status
from gatepost_domain.tracking import current_state, history_import
from gatepost_domain.tracking.current_state import Age


class ImportResult(ResponseModel):
    """What became of the rows of a file."""

    imported: int
    """How many records were made."""
    repeated: int
    """How many rows were known already by their `external_id`."""
    differing: int
    """How many of those told something else than what is kept; what is kept stays."""
    services_created: int
    environments_created: int
    versions_created: int

    @classmethod
    def from_domain(cls, result: history_import.ImportResult) -> Self:
        """As the domain has it."""
        return cls(
            imported=result.imported,
            repeated=result.repeated,
            differing=result.differing,
            services_created=result.services_created,
            environments_created=result.environments_created,
            versions_created=result.versions_created,
        )


class InProgress(ResponseModel):
    """What is on its way: the rollout under way, else the next one in the queue."""

    deployment_id: UUID
    number: str
    version: str
    status: Status


class Cell(ResponseModel):
    """What stands in one service and environment."""

    service: str
    environment: str
    tier: Tier
    deployment_id: UUID
    number: str
    version: str
    deployed_at: Instant
    deployed_by: str | None
    """Who carried it out, as far as that was told."""
    age: Age
    """`fresh` for less than 30 days, `aging` for up to 90, then `stale`."""
    in_progress: InProgress | None
    """None where nothing is, and of the past."""

    @classmethod
    def from_domain(cls, cell: current_state.Cell, at: datetime) -> Self:
        """As the domain has it, at this instant."""
        coming = cell.in_progress
        return cls(
            service=cell.service,
            environment=cell.environment,
            tier=cell.tier,
            deployment_id=cell.deployment_id,
            number=format_number(cell.number),
            version=cell.version,
            deployed_at=cell.deployed_at,
            deployed_by=cell.deployed_by,
            age=cell.age(at),
            in_progress=None
            if coming is None
            else InProgress(
                deployment_id=coming.deployment_id,
                number=format_number(coming.number),
                version=coming.version,
                status=coming.status,
            ),
        )


class CurrentState(ResponseModel):
    """What stands where."""

    at: Instant
    """The instant this is of."""
    seq: int
    """Of the last event there was; what happens later has a greater one."""
    cells: list[Cell]
    """By service, then by environment; where nothing stands there is no cell."""


class Stats(ResponseModel):
    """A few figures to begin a day with."""

    services: int
    deployments_this_week: int
    """Deployed within the last seven days, whatever became of it."""
    recent: list[Deployment]
    """The ten that were deployed last, the latest first."""


class RetiredTarget(ResponseModel):
    """That nothing which was deployed there until then stands any more."""

    service: str
    environment: str
    retired_at: Instant

    @classmethod
    def from_domain(cls, retirement: current_state.TargetRetirement) -> Self:
        """As the domain has it."""
        return cls(
            service=retirement.service,
            environment=retirement.environment,
            retired_at=retirement.retired_at,
        )
