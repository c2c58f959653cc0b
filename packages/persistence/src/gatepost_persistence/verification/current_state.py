"""Verification of the stored current state, which is derived from the deployments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select, text

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.tables.deployment_numbers_by_time import BLOCK_SIZE
from gatepost_persistence.tables.lanes_and_current_state import CurrentCellRow, EverDeployedLaneRow
from gatepost_persistence.verification.expected_rows import LogContents

_cells = CurrentCellRow.table()
_lanes = EverDeployedLaneRow.table()

LaneKey = tuple[str, str]

_CELL_COLUMNS: Final[Mapping[str, str]] = {
    "tier": "tier",
    "deployment_id": "id",
    "number": "number",
    "version": "version",
    "deployed_at": "deployed_at",
    "deployed_by": "deployed_by",
}
"""Maps the columns of a cell to the columns of deployments that they copy."""

WRONG_BLOCKS: Final = text(
    "SELECT expected.block FROM ("  # noqa: S608  # only a constant number is inserted
    f"SELECT number / {BLOCK_SIZE} AS block, min(deployed_at) AS earliest, "
    "max(deployed_at) AS latest FROM deployments WHERE deployed_at IS NOT NULL "
    f"GROUP BY number / {BLOCK_SIZE}) AS expected "
    "LEFT JOIN deployment_blocks AS stored ON stored.block = expected.block "
    "WHERE stored.block IS NULL OR stored.earliest > expected.earliest "
    "OR stored.latest < expected.latest ORDER BY 1"
)
"""Selects blocks of numbers whose stored period is too short, so lists would omit deployments."""


_KEPT_COLUMNS: Final = ("service", "environment", "rolled_back_by", *_CELL_COLUMNS.values())


class LiveDeployments:
    """Determines the live deployment of each lane from deployments added in any order."""

    def __init__(self, log: LogContents) -> None:
        self._log = log
        self._latest: dict[LaneKey, Mapping[str, Any]] = {}
        self._first: dict[LaneKey, tuple[int, str]] = {}
        self._replaced: list[Mapping[str, Any]] = []
        self._redeployed: set[str] = set()

    def add(self, row: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
        """Add a deployment, given by its columns, with its events."""
        if row["deployed_at"] is None:
            return
        if row["rolls_back"] is not None:
            self._redeployed.add(str(row["id"]))
        lane = _lane_key(row["service"], row["environment"])
        first = self._find_live_event(row, events)
        self._first[lane] = min(first, self._first.get(lane, first))
        if row["rolled_back_by"] is not None:
            if row["hidden_at"] is None:
                self._replaced.append({name: row[name] for name in _KEPT_COLUMNS})
        elif row["rolled_back_at"] is None and row["hidden_at"] is None:
            self._add_live_candidate(lane, row)

    def extend(self, others: LiveDeployments) -> None:
        """Add the deployments that were added to another object."""
        for lane, first in others._first.items():
            self._first[lane] = min(first, self._first.get(lane, first))
        for lane, row in others._latest.items():
            self._add_live_candidate(lane, row)
        self._replaced += others._replaced
        self._redeployed |= others._redeployed

    def _add_live_candidate(self, lane: LaneKey, row: Mapping[str, Any]) -> None:
        latest = self._latest.get(lane)
        if str(row["deployed_at"]) > self._log.retired.get(lane, "") and (
            latest is None or _recency(latest) < _recency(row)
        ):
            self._latest[lane] = row

    def find_faults(self, connection: Connection) -> Iterator[Fault]:
        """Compare the stored current state with the added deployments."""
        for row in self._replaced:  # live until the deployment that replaces it succeeds
            if str(row["rolled_back_by"]) not in self._redeployed:
                self._add_live_candidate(_lane_key(row["service"], row["environment"]), row)
        stored = {
            _lane_key(cell["service"], cell["environment"]): cell
            for cell in connection.execute(select(_cells)).mappings()
        }
        for lane in sorted(stored.keys() | self._latest.keys()):
            yield from _cell_faults(lane, stored.get(lane), self._latest.get(lane))
        known = {
            _lane_key(row.service, row.environment): row.known_since
            for row in connection.execute(select(_lanes))
        }
        for lane in sorted(known.keys() | self._first.keys()):
            _, since = self._first.get(lane, (0, None))
            if known.get(lane) != since:
                detail = f"known_since is stored as {known.get(lane)}, but should be {since}."
                yield Fault(
                    "row_differs",
                    EverDeployedLaneRow.table_name(),
                    " in ".join(lane),
                    "known_since",
                    detail,
                )
        for block in connection.execute(WRONG_BLOCKS).scalars():
            subject = f"DEP-{block * BLOCK_SIZE} to DEP-{(block + 1) * BLOCK_SIZE - 1}"
            detail = "The stored period does not cover the times of all these deployments."
            yield Fault("row_differs", "deployment_blocks", subject, None, detail)

    def _find_live_event(
        self, row: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
    ) -> tuple[int, str]:
        """Return the `seq` and time of the event that made the deployment live."""
        imported = self._log.imports.get(row["import_seq"])
        if imported is not None:
            return imported.seq, imported.at
        for event in events:
            if event["to_status"] == "succeeded":
                return event["seq"], event["at"]
        return 0, row["deployed_at"]


def _lane_key(service: object, environment: object) -> LaneKey:
    """Return the lane of a row as text, because a tampered row may contain other types."""
    return str(service), str(environment)


def _recency(row: Mapping[str, Any]) -> tuple[str, int]:
    return str(row["deployed_at"]), row["number"]


def _cell_faults(lane: LaneKey, stored: Any, live: Any) -> Iterator[Fault]:
    subject, table = " in ".join(lane), CurrentCellRow.table_name()
    if live is None:
        detail = "A live deployment is stored, but according to the deployments, none is live."
        yield Fault("row_without_event", table, subject, None, detail)
    elif stored is None:
        detail = f"{live['version']} is live according to the deployments, but is not stored."
        yield Fault("row_missing", table, subject, None, detail)
    else:
        for name, source in _CELL_COLUMNS.items():
            found, expected = stored[name], live[source]
            if found != expected:
                detail = (
                    f"{name} is stored as {found}, but is {expected} according to the deployments."
                )
                yield Fault("row_differs", table, subject, name, detail)
