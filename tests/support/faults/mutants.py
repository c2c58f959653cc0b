"""Servers that each lack one protection: `python -m tests.support.faults.mutants NAME serve …`.

A proof that a mutant passes too would prove nothing.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any, Final

import msgspec

from gatepost_api.http import action_execution, json_body
from gatepost_api.main import main
from gatepost_domain.actions.webhooks import claims as webhook_claims
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState
from gatepost_domain.webhooks.webhook import Webhook
from gatepost_persistence.sqlite import engine
from gatepost_persistence.sqlite.write_connection import SqliteWriteConnection
from gatepost_persistence.writes import commit_queue, deployment_lookup, deployments
from gatepost_persistence.writes.deployment_statements import UPDATE_DEPLOYMENT
from gatepost_persistence.writes.deployments import SqlDeployments

COMMIT_DELAY_S: Final = 0.05
STALE_S: Final = 0.3
"""For how long a mutant uses what it has read."""

UNIQUE_INDEX_OF_LANES: Final = (
    "SELECT 1 FROM sqlite_schema WHERE name = 'one_started_per_lane' AND sql LIKE '%UNIQUE%'"
)
GUARDS_OF_LANES: Final = (
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' "
    "AND sql LIKE '%a lane has one started deployment%'"
)
INDEX_OF_LANES: Final = (
    "CREATE INDEX one_started_per_lane ON deployments (service, environment) "
    "WHERE status = 'started'"
)


def synchronize_rarely() -> None:
    """Use SQLite's `synchronous=NORMAL`, which syncs at checkpoints only."""
    _set_synchronous("NORMAL")


def synchronize_never() -> None:
    """Use SQLite's `synchronous=OFF`."""
    _set_synchronous("OFF")


def _set_synchronous(mode: str) -> None:
    pragmas = [pragma.replace("=FULL", f"={mode}") for pragma in engine.PRAGMAS]
    assert tuple(pragmas) != engine.PRAGMAS
    vars(engine)["PRAGMAS"] = tuple(pragmas)


def acknowledge_before_commit() -> None:
    """Answer the callers of a batch before it is committed."""

    async def run_and_commit(queue: Any, batch: list[Any]) -> list[Any]:
        results = [await queue._run_action(queued) for queued in batch]
        for queued, result in zip(batch, results, strict=True):
            commit_queue._resolve(queued.future, result)
        await asyncio.sleep(COMMIT_DELAY_S)
        await queue._write_connection.commit()
        return results

    def resolve(future: asyncio.Future[Any], result: Any) -> None:
        if not future.done():
            original(future, result)

    original = commit_queue._resolve
    vars(commit_queue)["_resolve"] = resolve
    commit_queue.CommitQueue._run_and_commit = run_and_commit  # type: ignore[assignment,method-assign]


def ignore_failed_commits() -> None:
    """Take a commit whose sync failed for one that succeeded."""
    commit = SqliteWriteConnection.commit

    async def commit_anyway(connection: SqliteWriteConnection) -> None:
        try:
            await commit(connection)
        except CommitOutcomeUnknown:
            await connection.roll_back()

    SqliteWriteConnection.commit = commit_anyway  # type: ignore[assignment,method-assign]


def read_check_write() -> None:
    """Decide by a deployment that was read some time before, and store whatever was decided.

    This is a transaction that reads, checks and writes without a lock or a condition.
    """
    known: dict[object, tuple[float, Any]] = {}
    get = SqlDeployments.get

    def get_stale(stored: SqlDeployments, reference: Any) -> Any:
        read_at_s, deployment = known.get(reference, (0.0, None))
        if monotonic() - read_at_s > STALE_S:
            deployment = get(stored, reference)
            known[reference] = monotonic(), deployment
        return deployment

    SqlDeployments.get = get_stale  # type: ignore[assignment,method-assign]
    vars(deployments)["UPDATE_DEPLOYMENT"] = _UnconditionalUpdate()


class _UnconditionalUpdate:
    """Updates a deployment whatever its status and revision are."""

    def run(self, connection: Any, values: dict[str, Any]) -> int:
        query = "SELECT status, revision FROM deployments WHERE number = ?"
        row = connection.exec_driver_sql(query, (values["lookup_key"],)).one()
        actual = {"from_status": row.status, "expected_revision": row.revision}
        return UPDATE_DEPLOYMENT.run(connection, values | actual)


def count_then_update() -> None:
    """Start what a former count of the lane permits, and drop the index and triggers of lanes."""
    known: dict[tuple[str, str], tuple[float, Any]] = {}
    read = deployment_lookup.read_lane_state

    def read_stale(connection: Any, service: str, environment: str) -> Any:
        read_at_s, state = known.get((service, environment), (0.0, None))
        if monotonic() - read_at_s > STALE_S:
            state = read(connection, service, environment)
            known[service, environment] = monotonic(), state
        return state

    def open_lanes(connection: Any, record: object) -> None:
        apply_pragmas(connection, record)
        if connection.execute(UNIQUE_INDEX_OF_LANES).fetchone():
            connection.execute("DROP INDEX one_started_per_lane")
            connection.execute(INDEX_OF_LANES)
        for (trigger,) in connection.execute(GUARDS_OF_LANES).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")

    apply_pragmas = engine._apply_pragmas
    vars(deployments)["read_lane_state"] = read_stale
    vars(engine)["_apply_pragmas"] = open_lanes


def store_keys_after_effects() -> None:
    """Store the response for an idempotency key later, in a transaction of its own."""
    queues: list[commit_queue.CommitQueue] = []
    tasks: set[asyncio.Task[Any]] = set()
    initialize, store = commit_queue.CommitQueue.__init__, action_execution._store_response

    def remember(queue: commit_queue.CommitQueue, *arguments: Any) -> None:
        initialize(queue, *arguments)
        queues.append(queue)

    async def store_later(*arguments: Any) -> None:
        await asyncio.sleep(COMMIT_DELAY_S)
        await queues[-1].perform(lambda uow: store(uow, *arguments))

    def schedule(_uow: object, *arguments: Any) -> None:
        task = asyncio.get_running_loop().create_task(store_later(*arguments))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    commit_queue.CommitQueue.__init__ = remember  # type: ignore[assignment,method-assign]
    vars(action_execution)["_store_response"] = schedule


def begin_deferred() -> None:
    """Begin transactions without the write lock, and do not wait for it."""

    async def begin(connection: Any, *, unbatched: bool = False) -> None:
        del unbatched
        connection._connection.exec_driver_sql("BEGIN")
        connection._forget_if_changed()

    SqliteWriteConnection.begin = begin  # type: ignore[assignment,method-assign]


def raise_on_malformed_bodies() -> None:
    """Do not translate the error of a body that cannot be decoded."""
    vars(json_body)["msgspec"] = _WithoutErrors()


def send_at_most_once() -> None:
    """Take a message for delivered as soon as a worker has claimed it."""

    def claim(
        webhook: Webhook, delivery: Delivery, *, worker: str, at: datetime
    ) -> tuple[Webhook, Delivery]:
        claimed = replace(delivery, claims=delivery.claims + 1, worker=worker)
        return webhook, replace(claimed, state=DeliveryState.DELIVERED, ended_at=at)

    vars(webhook_claims)["claim_delivery"] = claim


class _WithoutErrors:
    """The module msgspec, but nothing is an error of decoding."""

    class DecodeError(Exception):
        """It is never raised."""

    ValidationError = DecodeError

    def __getattr__(self, name: str) -> Any:
        return getattr(msgspec, name)


MUTANTS: Final[dict[str, Callable[[], None]]] = {
    mutate.__name__: mutate
    for mutate in (
        acknowledge_before_commit,
        begin_deferred,
        count_then_update,
        ignore_failed_commits,
        raise_on_malformed_bodies,
        read_check_write,
        send_at_most_once,
        store_keys_after_effects,
        synchronize_never,
        synchronize_rarely,
    )
}

if __name__ == "__main__":
    MUTANTS[sys.argv.pop(1)]()
    raise SystemExit(main())
