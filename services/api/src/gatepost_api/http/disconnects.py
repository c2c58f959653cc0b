"""Cancelling work when the client disconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from litestar.exceptions import HTTPException

from gatepost_api.http.request import ApiRequest

T = TypeVar("T")

CLIENT_DISCONNECTED: Final = 499
"""The status of a response that no client receives."""


async def wait_for_disconnect(request: ApiRequest) -> None:
    """Wait until the client disconnects."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def run_while_connected(request: ApiRequest, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of work that is cancelled if the client disconnects.

    The body of the request must have been read, or be empty.

    Raises:
        HTTPException: the client has disconnected, and the work was cancelled.
    """
    running = asyncio.ensure_future(work)
    disconnected = asyncio.create_task(wait_for_disconnect(request))
    try:
        await asyncio.wait({running, disconnected}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise HTTPException(status_code=CLIENT_DISCONNECTED, detail="The client is gone.")
        return await running
    finally:
        running.cancel()
        disconnected.cancel()
