"""Recording which environments in an existing database have or ever had the tier `production`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from gatepost_domain.catalog.tier import Tier
from gatepost_persistence.mapping.recorded_tables import ENVIRONMENTS
from gatepost_persistence.migrations.row_changes import RowChange, iter_rows, record_changes
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow

NOTE: Final = (
    "Environments from here on keep that they were of tier production. Those that existed got this "
    "from their tier, their events and the tiers of their deployments."
)

_events = EventRow.table()
_deployments = DeploymentRow.table()


def record_former_tiers(connection: Connection) -> None:
    """Set `was_production` of every environment that has or had the tier, with one event."""
    former = frozenset(_find_former_production_environments(connection))
    changes = [
        RowChange(table=ENVIRONMENTS, row=row, values={"was_production": True})
        for row in iter_rows(connection, ENVIRONMENTS)
        if row["tier"] == Tier.PRODUCTION or row["name"] in former
    ]
    names = [change.row["name"] for change in changes]
    record_changes(
        connection, changes, revision="0023", note=NOTE, report={"production_environments": names}
    )


def _find_former_production_environments(connection: Connection) -> Iterator[str]:
    kinds = ("environment_created", "environment_changed")
    for data in connection.execute(select(_events.c.data).where(_events.c.kind.in_(kinds))):
        recorded = msgspec.json.decode(data[0])
        if recorded.get("tier") == Tier.PRODUCTION:
            yield recorded["environment"]
    of_deployments = select(_deployments.c.environment).where(
        _deployments.c.tier == str(Tier.PRODUCTION)
    )
    for row in connection.execute(of_deployments.distinct()):
        yield row[0]
