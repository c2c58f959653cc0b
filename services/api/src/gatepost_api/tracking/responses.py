"""Responses for imports, the current state and statistics."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from gatepost_api.deployments.responses import Deployment
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking import current_state, external_ids, state_comparison
from gatepost_domain.tracking import import_result as history_import
from gatepost_domain.tracking.current_state import Age
from gatepost_domain.tracking.state_comparison import Difference


class ImportConflict(ResponseModel):
    """A row that was skipped because a record with different values has the same `external_id`."""

    row: int
    """The number of the row in the file."""
    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    external_id: str
    """The id of the record in another system."""
    number: str
    """The number of the stored record, such as `DEP-42`."""
    differs: list[str]
    """The names of the fields that differ."""

    @classmethod
    def from_domain(cls, conflict: external_ids.ConflictingRow) -> Self:
        """Map a conflicting row of a domain import to its response."""
        return cls(
            row=conflict.row,
            service=conflict.key.service,
            environment=conflict.key.environment,
            external_id=conflict.key.external_id,
            number=format_number(conflict.number),
            differs=list(conflict.differs),
        )


class ImportResult(ResponseModel):
    """How many rows were imported, repeated or skipped, and what else the import created."""

    imported: int
    """The number of records created."""
    repeated: int
    """The number of rows that were not stored, because a record or an earlier row has the same
    `external_id` or, without one, the same values."""
    repeated_in_file: int
    """The number of repeated rows that have no `external_id` and equal an earlier row of the
    file."""
    repeated_records: int
    """The number of repeated rows that have no `external_id` and equal a record that existed before
    the import."""
    differing: int
    """The number of repeated rows that differ from the stored record, which is unchanged. Always 0
    unless `on_conflict=skip`."""
    conflicts: list[ImportConflict]
    """The repeated rows that differ from the stored record; at most the first 1,000."""
    skipped: int
    """The number of rows from an export that were not imported because their deployment never went
    live, or has since been rolled back, hidden or retired."""
    services_created: int
    """The number of services that the import created."""
    environments_created: int
    """The number of environments that the import created."""
    versions_created: int
    """The number of versions that the import created."""

    @classmethod
    def from_domain(cls, result: history_import.ImportResult) -> Self:
        """Map the result of a domain import to its response."""
        return cls(
            imported=result.imported,
            repeated=result.repeated,
            repeated_in_file=result.repeated_in_file,
            repeated_records=result.repeated_records,
            differing=result.differing,
            conflicts=[ImportConflict.from_domain(conflict) for conflict in result.conflicts],
            skipped=result.skipped,
            services_created=result.services_created,
            environments_created=result.environments_created,
            versions_created=result.versions_created,
        )


class InProgress(ResponseModel):
    """The rollout in progress or, if there is none, the next one in the queue."""

    deployment_id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, as in `DEP-42`."""
    version: str
    """The version that is being deployed, or will be next."""
    status: Status


class RollbackTarget(ResponseModel):
    """The deployment that will replace a deployment that was rolled back but is still live."""

    deployment_id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, as in `DEP-42`."""
    version: str
    """The version that will be deployed again."""


class Cell(ResponseModel):
    """The live deployment of one service in one environment."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    tier: Tier
    deployment_id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, as in `DEP-42`."""
    version: str
    """The version that is live."""
    deployed_at: Instant
    """When this version went live."""
    deployed_by: str | None
    """Who carried out the deployment. Null if unknown."""
    age: Age
    """`fresh` if the version has been live for less than 30 days, `aging` for 30 to 90 days,
    `stale` for longer."""
    in_progress: InProgress | None
    """The deployment in progress or next in the queue. Null if there is none, and for past
    states."""
    rolling_back_to: RollbackTarget | None
    """The deployment that will replace this one, if this one was rolled back but is still live.
    Null if there is none, and for past states."""

    @classmethod
    def from_domain(cls, cell: current_state.Cell, at: datetime) -> Self:
        """Map a domain cell, at a given time, to its response."""
        in_progress, rollback = cell.in_progress, cell.rolling_back_to
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
            if in_progress is None
            else InProgress(
                deployment_id=in_progress.deployment_id,
                number=format_number(in_progress.number),
                version=in_progress.version,
                status=in_progress.status,
            ),
            rolling_back_to=None
            if rollback is None
            else RollbackTarget(
                deployment_id=rollback.deployment_id,
                number=format_number(rollback.number),
                version=rollback.version,
            ),
        )


class CurrentState(ResponseModel):
    """The live deployments of all matching services and environments."""

    at: Instant
    """The time that the state describes."""
    seq: int
    """The `seq` of the latest event included. Later events have a greater `seq`."""
    cells: list[Cell]
    """The live deployments, ordered by service, then by environment. A service that is not deployed
    in an environment has no cell for it."""


class ComparedState(ResponseModel):
    """The time and the environment of one of the two compared states."""

    at: Instant
    """The time that the state describes."""
    environment: str | None
    """The environment that the state is limited to. Null means all environments."""

    @classmethod
    def from_domain(cls, reference: state_comparison.StateReference, now: datetime) -> Self:
        """Map a domain state reference, read at a given time, to its response."""
        return cls(at=reference.at or now, environment=reference.environment)


class CellDifference(ResponseModel, rename={"before": "from", "after": "to"}):
    """A service whose live versions differ between two states."""

    service: str
    """The service's name."""
    environment: str | None
    """The environment in which the versions differ. Null if two environments are compared."""
    difference: Difference
    """`added` if nothing is live in the first state, `removed` if nothing is live in the second,
    `changed` otherwise."""
    before: Cell | None
    """The live deployment in the first state. Null if there is none."""
    after: Cell | None
    """The live deployment in the second state. Null if there is none."""


class StateDifferences(ResponseModel, rename={"before": "from", "after": "to"}):
    """The differences between two states."""

    before: ComparedState
    """The first state."""
    after: ComparedState
    """The second state."""
    cells: list[CellDifference]
    """The services that differ, ordered by service, then by environment."""

    @classmethod
    def from_domain(
        cls,
        states: state_comparison.StateComparison,
        differences: Iterable[state_comparison.CellDifference],
        now: datetime,
    ) -> Self:
        """Map domain differences, read at a given time, to their response."""
        before = ComparedState.from_domain(states.before, now)
        after = ComparedState.from_domain(states.after, now)

        def to_cell(cell: current_state.Cell | None, at: datetime) -> Cell | None:
            return None if cell is None else Cell.from_domain(cell, at)

        return cls(
            before=before,
            after=after,
            cells=[
                CellDifference(
                    service=entry.service,
                    environment=entry.environment,
                    difference=entry.difference,
                    before=to_cell(entry.before, before.at),
                    after=to_cell(entry.after, after.at),
                )
                for entry in differences
            ],
        )


class Stats(ResponseModel):
    """The numbers of services and of the last week's deployments, and the latest deployments."""

    services: int
    """The number of registered services."""
    deployments_this_week: int
    """The number of deployments in the last seven days, including those rolled back later."""
    recent: list[Deployment]
    """The ten most recent deployments, newest first."""


class RetiredTarget(ResponseModel):
    """A target that was retired."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    retired_at: Instant
    """When the target was retired. Deployments made up to this time are no longer live."""

    @classmethod
    def from_domain(cls, retirement: current_state.TargetRetirement) -> Self:
        """Map a domain retirement to its response."""
        return cls(
            service=retirement.service,
            environment=retirement.environment,
            retired_at=retirement.retired_at,
        )
