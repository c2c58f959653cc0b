"""What stands, told again from the history alone, to hold against what is kept for reading.

It goes through events whose chain holds and the rows that imports vouch for, oldest first.
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
    """Where what is kept is not what the history tells."""

    where: str
    """`shop in production`, `DEP-42`, or `import 17` by the `seq` of its event."""
    reason: str


class Replay:
    """A recount under way. Memory grows with the number of deployments, not of events."""

    def __init__(self) -> None:
        self._requests: dict[UUID, Mapping[str, object]] = {}
        self._started_by: dict[UUID, str] = {}
        self._live: dict[UUID, Cell] = {}
        self._retired: defaultdict[LaneKey, list[datetime]] = defaultdict(list)

    def apply(self, event: Event) -> None:
        """Take in the next event; most change nothing that stands."""
        of, data = event.deployment_id, event.data
        if event.kind is EventKind.TARGET_RETIRED:
            lane = str(data["service"]), str(data["environment"])
            self._retired[lane].append(datetime.fromisoformat(str(data["retired_at"])))
        elif of is None:
            return
        elif event.kind is EventKind.REQUESTED:
            self._requests[of] = data
        elif event.kind in {EventKind.STARTED, EventKind.TAKEN_OVER}:
            self._started_by[of] = event.on_behalf_of or event.actor
        elif event.kind is EventKind.SUCCEEDED:
            self._live[of] = _cell(of, self._requests[of], event.at, self._started_by[of])
        elif event.kind is EventKind.RECORDED:
            by = None if data["deployed_by"] is None else str(data["deployed_by"])
            at = datetime.fromisoformat(str(data["deployed_at"]))
            self._live[of] = _cell(of, data, at, by)
        elif event.kind in {EventKind.ROLLED_BACK, EventKind.HIDDEN}:
            self._live.pop(of, None)

    def add_imported(self, imported: Iterable[Deployment]) -> None:
        """Take in rows of the import whose event was heard last."""
        self._live.update((each.id, to_cell(each)) for each in imported)

    def cells(self) -> dict[LaneKey, Cell]:
        """What stands in each lane after all that was taken in."""
        gone = {lane: max(retired) for lane, retired in self._retired.items()}
        return latest_per_lane(
            cell
            for cell in self._live.values()
            if cell.lane_key not in gone or cell.deployed_at > gone[cell.lane_key]
        )


def find_differences(
    stored: Mapping[LaneKey, Cell], replayed: Mapping[LaneKey, Cell]
) -> Iterator[Difference]:
    """Where what is kept is not what was counted again, lane by lane."""
    for lane in sorted(stored.keys() | replayed.keys()):
        is_kept, is_true = stored.get(lane), replayed.get(lane)
        where = " in ".join(lane)
        if is_true is None:
            yield Difference(where=where, reason="something is kept, but nothing stands there")
        elif is_kept is None:
            reason = f"nothing is kept, but {is_true.version} stands there"
            yield Difference(where=where, reason=reason)
        elif is_kept != is_true:
            told = [
                f"{field.name} is kept as {getattr(is_kept, field.name)}, "
                f"but is {getattr(is_true, field.name)}"
                for field in fields(Cell)
                if getattr(is_kept, field.name) != getattr(is_true, field.name)
            ]
            yield Difference(where=where, reason="; ".join(told))


def _cell(of: UUID, data: Mapping[str, object], at: datetime, by: str | None) -> Cell:
    return Cell(
        service=str(data["service"]),
        environment=str(data["environment"]),
        tier=Tier(str(data["tier"])),
        deployment_id=of,
        number=int(str(data["number"])),
        version=str(data["version"]),
        deployed_at=at,
        deployed_by=by,
    )
