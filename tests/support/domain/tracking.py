"""Records of external deployments, imports and the current state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from gatepost_domain.access.actor import Actor
from gatepost_domain.actions.tracking.import_catalog_lookup import NO_TIERS
from gatepost_domain.actions.tracking.import_history import import_history
from gatepost_domain.actions.tracking.record import (
    ExternalDeployment,
    hide_record,
    record_deployment,
)
from gatepost_domain.actions.tracking.retire_target import retire_target
from gatepost_domain.catalog.policy import DEFAULT_POLICIES, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.tracking.current_state import (
    Cell,
    CurrentFilter,
    CurrentSnapshot,
    TargetRetirement,
)
from gatepost_domain.tracking.external_ids import OnConflict
from gatepost_domain.tracking.history_files.rows import HistoryRow, RowOrError
from gatepost_domain.tracking.import_result import ImportResult
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_command, an_id
from tests.support.storage.ledgers import AnyLedger

NO_FILTER: Final = CurrentFilter()
ENVIRONMENTS: Final[dict[str, tuple[Tier, Policy]]] = {
    "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
    "development": (Tier.DEVELOPMENT, DEFAULT_POLICIES[Tier.DEVELOPMENT]),
    "test": (Tier.TEST, DEFAULT_POLICIES[Tier.TEST]),
}


def minutes_after_noon(count: int) -> datetime:
    """Return the instant that is this many minutes after noon."""
    return NOON + timedelta(minutes=count)


def external_deployment(**changes: Any) -> ExternalDeployment:
    """Build an external deployment of shop 1.0.0 to production at noon."""
    fields: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "deployed_at": NOON,
    }
    return ExternalDeployment(**(fields | changes))


async def create_record(
    ledger: Ledger, *, by: Actor | str = "ada", at: datetime = NOON, **changes: Any
) -> Deployment:
    """Record an external deployment. `changes` are fields of the deployment."""
    external, command = external_deployment(**changes), a_command(by, at=at)
    return await ledger.perform(lambda uow: record_deployment(uow, external, command, id=an_id()))


async def hide_deployment(
    ledger: Ledger,
    reference: DeploymentReference,
    *,
    by: Actor | str = "root",
    at: datetime = NOON,
    reason: str | None = "A typo.",
    revision: int | None = None,
) -> Deployment:
    """Hide a recorded deployment."""
    command = a_command(by, at=at, note=reason)
    return await ledger.perform(lambda uow: hide_record(uow, reference, command, revision=revision))


async def retire_lane(
    ledger: Ledger,
    service: str = "shop",
    environment: str = "production",
    *,
    by: Actor | str = "root",
    now: datetime = NOON,
    at: datetime | None = None,
) -> TargetRetirement:
    """Retire a target."""
    command = a_command(by, at=now)
    return await ledger.perform(
        lambda uow: retire_target(uow, service, environment, command, at=at)
    )


def history_row(number: int = 2, **changes: Any) -> HistoryRow:
    """Build an import row with the facts of `external_deployment`."""
    fields: dict[str, Any] = {
        "number": number,
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "deployed_at": NOON,
    }
    return HistoryRow(**(fields | changes))


async def import_rows(
    ledger: Ledger,
    rows: Iterable[RowOrError],
    *,
    by: Actor | str = "root",
    at: datetime = NOON,
    create_missing: bool = False,
    on_conflict: OnConflict = OnConflict.REFUSE,
    tiers: Mapping[str, Tier] = NO_TIERS,
) -> ImportResult:
    """Import rows, by default as an actor with the required role."""
    return await ledger.perform_long(
        partial(
            import_history,
            rows=rows,
            command=a_command(by, at=at),
            create_missing=create_missing,
            on_conflict=on_conflict,
            tiers=tiers,
            new_id=an_id,
        )
    )


async def now(ledger: AnyLedger, criteria: CurrentFilter = NO_FILTER) -> CurrentSnapshot:
    """Return the current state."""
    return await ledger.reads.current_state(criteria)


async def current_versions(
    ledger: AnyLedger, at: datetime | None = None
) -> dict[tuple[str, str], tuple[str, int]]:
    """Return the live version and the deployment number of each lane, now or at an instant."""
    current = await ledger.reads.current_state(NO_FILTER, at=at)
    return {cell.lane_key: (cell.version, cell.number) for cell in current.cells}


async def only_cell(ledger: AnyLedger) -> Cell:
    """Return the cell of a current state that must have exactly one."""
    (cell,) = (await now(ledger)).cells
    return cell
