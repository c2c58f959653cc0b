"""Reads for audit exports: batches of deployments in order of number, and of events with proofs.

Each batch is a separate short read, so an export holds no snapshot while its client reads slowly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.audit import (
    DeploymentBatch,
    ExportContext,
    ExportFilter,
    ProvenEvent,
)
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.reads.deployments import EVENTS_AFTER
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.tables.lanes_and_current_state import RetirementRow
from gatepost_persistence.writes.event_tree import inclusion_proofs_of

_deployments = DeploymentRow.table()
_events = EventRow.table()
_retirements = RetirementRow.table()

DEPLOYMENTS_PER_BATCH: Final = 200
NUMBERS_PER_BATCH: Final = 10_000
"""The maximum number of deployment numbers per batch, so that reads are short for any filter."""
EVENTS_PER_BATCH: Final = 100

LAST_NUMBER: Final = select(func.coalesce(func.max(_deployments.c.number), 0))
ALL_RETIREMENTS: Final = select(
    _retirements.c.service, _retirements.c.environment, _retirements.c.retired_at
)
DEPLOYED_ROLLBACKS: Final = (
    select(_deployments.c.id, _deployments.c.deployed_at)
    .where(_deployments.c.kind == DeploymentKind.ROLLBACK)
    .where(_deployments.c.deployed_at.is_not(None))
)
EXPORTED_DEPLOYMENTS: Final = (
    select(_deployments)
    .where(_deployments.c.number > bindparam("after"), _deployments.c.number <= bindparam("stop"))
    .order_by(_deployments.c.number)
    .limit(DEPLOYMENTS_PER_BATCH)
)
EVENTS_OF_NUMBERS: Final = (
    select(_events)
    .join(_deployments, _deployments.c.id == _events.c.deployment_id)
    .where(_deployments.c.number.in_(bindparam("numbers", expanding=True)))
    .where(_events.c.seq <= bindparam("size"))
    .order_by(_deployments.c.number, _events.c.seq)
)
EVENTS_BY_SEQ: Final = (
    select(_events)
    .where(_events.c.seq.in_(bindparam("seqs", expanding=True)))
    .order_by(_events.c.seq)
)


class SqlExportReads(SqlReader):
    """Reads for audit exports in SQL."""

    async def export_context(self) -> ExportContext:
        """Return the bounds for an export that begins now."""
        return await self._reader.run(_read_context)

    async def export_deployments(
        self, criteria: ExportFilter, *, after: int, last: int
    ) -> DeploymentBatch:
        """Return the next matching deployments with numbers above `after`, up to `last`."""
        return await self._reader.run_long(
            partial(_read_deployments, criteria=criteria, after=after, last=last)
        )

    async def export_events(self, *, after: int, tree_size: int) -> Sequence[ProvenEvent]:
        """Return the next events after `after` up to `tree_size`, with proofs; empty at the end."""
        return await self._reader.run_long(partial(_read_events, after=after, size=tree_size))

    async def export_events_of(
        self, numbers: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        """Return the events of these deployments up to `tree_size`, by deployment and `seq`."""
        query = partial(
            _read_selected, statement=EVENTS_OF_NUMBERS, size=tree_size, numbers=list(numbers)
        )
        return await self._reader.run_long(query)

    async def export_events_by_seq(
        self, seqs: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        """Return the events with these `seqs` and their proofs, in order of `seq`."""
        query = partial(_read_selected, statement=EVENTS_BY_SEQ, size=tree_size, seqs=list(seqs))
        return await self._reader.run_long(query)


def export_statement(criteria: ExportFilter) -> Select[*tuple[Any, ...]]:
    """Return the statement for a batch of the deployments that match a filter."""
    return EXPORTED_DEPLOYMENTS.where(*_conditions(criteria))


def _conditions(criteria: ExportFilter) -> Iterator[ColumnElement[bool]]:
    """Yield the SQL conditions for a filter.

    The concatenations keep the database from using an index on the filtered columns instead of the
    one on the numbers, so reading a batch takes little time no matter how many deployments match.
    """
    for column, values in (
        (_deployments.c.service, criteria.services),
        (_deployments.c.environment, criteria.environments),
    ):
        if values:
            yield column.concat("").in_(values)
    happened_at = _deployments.c.happened_at.concat("")
    if criteria.since is not None:
        yield happened_at >= to_rfc3339(criteria.since)
    if criteria.until is not None:
        yield happened_at < to_rfc3339(criteria.until)


def _read_context(connection: Connection) -> ExportContext:
    retirements: defaultdict[LaneKey, list[datetime]] = defaultdict(list)
    with snapshot(connection):
        last_number: int = connection.execute(LAST_NUMBER).scalar_one()
        for service, environment, retired_at in connection.execute(ALL_RETIREMENTS):
            retirements[service, environment].append(parse_instant(retired_at))
        redeployed_at = {
            UUID(rollback): parse_instant(deployed_at)
            for rollback, deployed_at in connection.execute(DEPLOYED_ROLLBACKS)
        }
    return ExportContext(
        last_number=last_number,
        retirements={lane: tuple(times) for lane, times in retirements.items()},
        redeployed_at=redeployed_at,
    )


def _read_deployments(
    connection: Connection, *, criteria: ExportFilter, after: int, last: int
) -> DeploymentBatch:
    stop = min(after + NUMBERS_PER_BATCH, last)
    rows = connection.execute(export_statement(criteria), {"after": after, "stop": stop}).all()
    is_full = len(rows) == DEPLOYMENTS_PER_BATCH
    deployments = [deployment_from_row(row) for row in rows]
    return DeploymentBatch(deployments, deployments[-1].number if is_full else stop)


def _read_events(connection: Connection, *, after: int, size: int) -> Sequence[ProvenEvent]:
    limit = min(EVENTS_PER_BATCH, size - after)
    if limit <= 0:
        return ()
    with snapshot(connection):
        rows = EVENTS_AFTER.all(connection, {"after": after, "row_limit": limit})
        return _with_proofs(connection, rows, size)


def _read_selected(
    connection: Connection,
    *,
    statement: Select[*tuple[Any, ...]],
    size: int,
    **parameters: list[int],
) -> Sequence[ProvenEvent]:
    with snapshot(connection):
        values: dict[str, object] = {**parameters}
        if statement is EVENTS_OF_NUMBERS:
            values["size"] = size
        return _with_proofs(connection, connection.execute(statement, values).all(), size)


def _with_proofs(connection: Connection, rows: Sequence[Any], size: int) -> Sequence[ProvenEvent]:
    """Return events as stored, even if they have been tampered with, together with their proofs."""
    proofs = inclusion_proofs_of(connection, [row.seq for row in rows], size)
    return [
        ProvenEvent({**row._asdict(), "data": _parse_json_or_text(row.data)}, proof)
        for row, proof in zip(rows, proofs, strict=True)
    ]


def _parse_json_or_text(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, TypeError):
        return text
