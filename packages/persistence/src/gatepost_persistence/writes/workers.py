"""Storing when workers were last seen, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from gatepost_domain.deployments.worker import FORGET_AFTER, MAX_WORKERS, Worker
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.claims import worker_to_row
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.workers import WorkerRow

_workers = WorkerRow.table()

WORKER_BY_NAME = PreparedStatement(select(_workers).where(_workers.c.name == bindparam("known")))
DELETE_WORKER = PreparedStatement(delete(_workers).where(_workers.c.name == bindparam("known")))
DELETE_SILENT = PreparedStatement(
    delete(_workers).where(_workers.c.last_seen_at < bindparam("before"))
)
DELETE_SURPLUS = PreparedStatement(
    delete(_workers).where(
        _workers.c.name.not_in(
            select(_workers.c.name)
            .order_by(_workers.c.last_seen_at.desc())
            .limit(MAX_WORKERS)
            .scalar_subquery()
        )
    )
)
INSERT_WORKER = PreparedStatement(insert(_workers))


def store_worker_and_prune(connection: Connection, worker: Worker) -> None:
    """Store when a worker was seen; delete workers not seen recently and any over `MAX_WORKERS`."""
    DELETE_WORKER.run(connection, {"known": worker.name})
    DELETE_SILENT.run(connection, {"before": to_rfc3339(worker.last_seen_at - FORGET_AFTER)})
    INSERT_WORKER.run(connection, worker_to_row(worker))
    DELETE_SURPLUS.run(connection, {})
