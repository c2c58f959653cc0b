"""Servers that each lack one protection: `python -m tests.support.faults.mutants NAME serve …`.

A proof that a mutant passes too would prove nothing.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any, Final

from gatepost_api.main import main
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_persistence.sqlite import engine
from gatepost_persistence.sqlite.write_connection import SqliteWriteConnection
from gatepost_persistence.writes import commit_queue

COMMIT_DELAY_S: Final = 0.05


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


MUTANTS: Final[dict[str, Callable[[], None]]] = {
    mutate.__name__: mutate
    for mutate in (
        acknowledge_before_commit,
        ignore_failed_commits,
        synchronize_never,
        synchronize_rarely,
    )
}

if __name__ == "__main__":
    MUTANTS[sys.argv.pop(1)]()
    raise SystemExit(main())
