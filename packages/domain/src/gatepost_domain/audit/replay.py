"""Recomputing the current state from the history alone, to compare it with the stored state.

The event chain and the digests of imported rows must be verified first. Both events and rows are
replayed oldest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import Event, EventKind
from gatepost_domain.tracking.current_state import Cell, LaneKey, latest_per_lane, to_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place where the stored current state does not match the history."""

    where: str
    """The place: `shop in production`, `DEP-42`, or `import 17`, where 17 is the event's `seq`."""
    reason: str


class Replay:
    """A replay in progress. Memory use grows with the number of deployments, not of events."""

    def __init__(self) -> None:
        self._requests: dict[UUID, Mapping[str, object]] = {}
        self._started_by: dict[UUID, str] = {}
        self._live: dict[UUID, Cell] = {}
        self._retired: defaultdict[LaneKey, list[datetime]] = defaultdict(list)

    def apply(self, event: Event) -> None:
        """Apply the next event; most events do not change the current state."""
        deployment_id, data = event.deployment_id, event.data
        if event.kind is EventKind.TARGET_RETIRED:
            lane = str(data["service"]), str(data["environment"])
            self._retired[lane].append(datetime.fromisoformat(str(data["retired_at"])))
        elif deployment_id is None:
            return
        elif event.kind is EventKind.REQUESTED:
            self._requests[deployment_id] = data
        elif event.kind in {EventKind.STARTED, EventKind.TAKEN_OVER}:
            self._started_by[deployment_id] = event.on_behalf_of or event.actor
        elif event.kind is EventKind.SUCCEEDED:
            request, started_by = self._requests[deployment_id], self._started_by[deployment_id]
            self._live[deployment_id] = _cell(deployment_id, request, event.at, started_by)
        elif event.kind is EventKind.RECORDED:
            deployed_by = None if data["deployed_by"] is None else str(data["deployed_by"])
            deployed_at = datetime.fromisoformat(str(data["deployed_at"]))
            self._live[deployment_id] = _cell(deployment_id, data, deployed_at, deployed_by)
        elif event.kind in {EventKind.ROLLED_BACK, EventKind.HIDDEN}:
            self._live.pop(deployment_id, None)

    def add_imported(self, imported: Iterable[Deployment]) -> None:
        """Add rows of the import whose event was the last one applied."""
        self._live.update((deployment.id, to_cell(deployment)) for deployment in imported)

    def cells(self) -> dict[LaneKey, Cell]:
        """Return the live deployment of each lane after everything applied so far."""
        retired_at = {lane: max(instants) for lane, instants in self._retired.items()}
        return latest_per_lane(
            cell
            for cell in self._live.values()
            if cell.lane_key not in retired_at or cell.deployed_at > retired_at[cell.lane_key]
        )


def find_differences(
    stored: Mapping[LaneKey, Cell], replayed: Mapping[LaneKey, Cell]
) -> Iterator[Difference]:
    """Yield the differences between the stored and the replayed current state, lane by lane."""
    for lane in sorted(stored.keys() | replayed.keys()):
        stored_cell, replayed_cell = stored.get(lane), replayed.get(lane)
        where = " in ".join(lane)
        if replayed_cell is None:
            reason = "a live deployment is stored, but according to the history, none is live"
            yield Difference(where=where, reason=reason)
        elif stored_cell is None:
            reason = f"{replayed_cell.version} is live according to the history, but not stored"
            yield Difference(where=where, reason=reason)
        elif stored_cell != replayed_cell:
            reasons = [
                f"{field.name} is stored as {getattr(stored_cell, field.name)}, "
                f"but is {getattr(replayed_cell, field.name)} according to the history"
                for field in fields(Cell)
                if getattr(stored_cell, field.name) != getattr(replayed_cell, field.name)
            ]
            yield Difference(where=where, reason="; ".join(reasons))


def _cell(
    deployment_id: UUID,
    data: Mapping[str, object],
    deployed_at: datetime,
    deployed_by: str | None,
) -> Cell:
    return Cell(
        service=str(data["service"]),
        environment=str(data["environment"]),
        tier=Tier(str(data["tier"])),
        deployment_id=deployment_id,
        number=int(str(data["number"])),
        version=str(data["version"]),
        deployed_at=deployed_at,
        deployed_by=deployed_by,
    )
