"""Statements that read the queues of lanes: each queue's head, part of it, or its length."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, text

from gatepost_domain.deployments.lane_state import WaitingFor
from gatepost_persistence.statements.handwritten_sql import index_hint
from gatepost_persistence.statements.index_hinted_table import IndexHintedTable
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import (
    EXEMPT_FROM_LANE_GATES,
    QUEUED,
    WAITING_FOR_AUTO_START,
    DeploymentRow,
)

MAX_COUNTED: Final = 10_000
"""The limit up to which the waiting deployments in a lane are counted."""

_CONDITIONS: Final = {
    WaitingFor.WORKER: QUEUED,
    WaitingFor.GATES: WAITING_FOR_AUTO_START,
}
_INDEXES: Final = {
    (WaitingFor.WORKER, False): "queue_of_lane",
    (WaitingFor.WORKER, True): "exempt_in_queue",
    (WaitingFor.GATES, False): "auto_starts_of_lane",
    (WaitingFor.GATES, True): "exempt_auto_starts",
}
_ORDERS: Final = {
    WaitingFor.WORKER: ("queued_at", "number"),
    WaitingFor.GATES: ("number",),
}
_SINCE: Final = {WaitingFor.WORKER: "queued_at", WaitingFor.GATES: "created_at"}


@cache
def waiting_lanes(waiting_for: WaitingFor, dialect: str) -> PreparedStatement:
    """Return a statement for the lanes that are not busy, with the head of each queue.

    The statement jumps from one lane to the next in the index, so its time depends only on the
    number of lanes. The concatenations remove the declared type of the columns; with it, SQLite
    would use the index only for the services.
    """
    condition = _CONDITIONS[waiting_for]
    order = ", ".join(_ORDERS[waiting_for])
    index = index_hint(_INDEXES[waiting_for, False], dialect)
    exempt_index = index_hint(_INDEXES[waiting_for, True], dialect)
    started_index = index_hint("one_started_per_lane", dialect)
    in_lane = "service = lanes.service AND environment = lanes.environment"

    def next_lane(column: str) -> str:
        return (
            f"(SELECT {column} FROM deployments{index} WHERE {condition} "
            "AND (service, environment) > (lanes.service || '', lanes.environment || '') "
            "ORDER BY service, environment LIMIT 1)"
        )

    statement = text(
        "WITH RECURSIVE lanes(service, environment) AS ("
        "SELECT * FROM (SELECT service, environment "
        f"FROM deployments{index} WHERE {condition} ORDER BY service, environment LIMIT 1) AS head "
        f"UNION ALL SELECT {next_lane('service')}, {next_lane('environment')} "
        "FROM lanes WHERE lanes.service IS NOT NULL) "
        f"SELECT head.service, head.environment, head.tier, head.{_SINCE[waiting_for]} AS since, "
        "head.number, EXISTS ("
        f"SELECT 1 FROM deployments{exempt_index} "
        f"WHERE {in_lane} AND {condition} AND {EXEMPT_FROM_LANE_GATES}) AS has_exempt "
        "FROM lanes JOIN deployments AS head ON head.number = ("
        f"SELECT number FROM deployments{index} WHERE {in_lane} AND {condition} "
        f"ORDER BY {order} LIMIT 1) "
        "WHERE lanes.service IS NOT NULL AND NOT EXISTS ("
        f"SELECT 1 FROM deployments{started_index} WHERE {in_lane} AND status = 'started') "
        "ORDER BY 4, 5"
    )
    return PreparedStatement(statement)


@cache
def queue_of_lane(waiting_for: WaitingFor, *, only_exempt: bool) -> PreparedStatement:
    """Return a statement for part of a lane's queue."""
    return PreparedStatement(_select_queue(waiting_for, only_exempt=only_exempt), named=False)


def _select_queue(waiting_for: WaitingFor, *, only_exempt: bool) -> Select[*tuple[Any, ...]]:
    table = IndexHintedTable(DeploymentRow.table(), _INDEXES[waiting_for, only_exempt])
    condition = _CONDITIONS[waiting_for]
    return (
        select(*table.columns)
        .where(table.c.service == bindparam("in_service"))
        .where(table.c.environment == bindparam("in_environment"))
        .where(text(f"{condition} AND {EXEMPT_FROM_LANE_GATES}" if only_exempt else condition))
        .where(table.c.number > bindparam("after_number"))
        .order_by(*(table.c[name] for name in _ORDERS[waiting_for]))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@cache
def count_of_queue(waiting_for: WaitingFor, *, only_exempt: bool) -> PreparedStatement:
    """Return a statement that counts the deployments in a lane's queue, up to `:limit`."""
    queue = _select_queue(waiting_for, only_exempt=only_exempt)
    numbers = queue.with_only_columns(queue.selected_columns.number).subquery()
    return PreparedStatement(select(func.count()).select_from(numbers))
