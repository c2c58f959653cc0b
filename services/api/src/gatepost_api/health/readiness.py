"""Checking whether the database can serve requests, and explaining why not."""

from __future__ import annotations

import asyncio
from typing import Final

from gatepost_api.http.app_context import AppContext
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.storage_errors import StorageError

PATIENCE_S: Final = 3.0
"""How long the check waits for the database."""

NO_ANSWER: Final = (
    f"The database has not responded for {PATIENCE_S:g} s: check the database server or the disk."
)


async def find_unreadiness(context: AppContext) -> str | None:
    """Return why requests cannot be answered, or None if they can."""
    failure = context.storage_failure()
    if failure is not None:
        return str(failure)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await context.readiness.join_or_start(lambda: _probe(context))
    except TimeoutError:
        return NO_ANSWER


async def _probe(context: AppContext) -> str | None:
    try:
        obstacle = await context.find_obstacle()
        if obstacle is not None:
            return obstacle
        await context.reads.environments(PageRequest(limit=1))
    except StorageError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  # after any error, nothing can be read
        return f"The database cannot be read ({type(error).__name__}): see the server's log."
    return None
