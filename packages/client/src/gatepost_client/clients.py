"""The clients `Gatepost` and `AsyncGatepost`: operations, waiting, and following events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from typing import Final
from uuid import UUID

from .api import AsyncOperations, Operations
from .errors import GatepostError
from .event_stream import (
    BEGIN_HEADER,
    EVENT_STREAM,
    READ_TIMEOUT_S,
    EventReader,
    Kinds,
    parse_non_stream,
)
from .models import Deployment, Event
from .pagination import every, every_async
from .waiting import OutageBackoff, Until, Wait

MIN_RECONNECT_S: Final = 0.1
MAX_RECONNECT_S: Final = 5.0
"""The longest time between two attempts to reopen an event stream."""


class Gatepost(Operations):
    """A synchronous client for a Gatepost server."""

    def wait_for(
        self,
        deployment: str | UUID,
        until: Until | None = None,
        *,
        timeout_s: float | None = None,
    ) -> Deployment:
        """Wait until a deployment reaches a status, even if the server restarts in the meantime.

        Args:
            deployment: The number or the id.
            until: The status, or several, any of which is sufficient. Default: any final status.
                A status that the deployment had earlier also counts.
            timeout_s: The longest time to wait in seconds. Default: no limit.

        Raises:
            DeploymentEnded: The deployment ended without reaching the status.
            WaitTimedOut: The time is up.
            NotSendable: One of the statuses does not exist.
            GatepostError: The server refused, or was unavailable for five minutes.
        """
        wait = Wait(until, timeout_s)
        while True:
            try:
                current = self.get_deployment(deployment)
                if wait.is_reached(current) or (
                    wait.needs_history(current)
                    and wait.is_in_history(every(self.list_deployment_events, deployment))
                ):
                    return current
                delay_s = wait.delay_s_after(current)
            except GatepostError as error:
                delay_s = wait.delay_s_after_error(error)
            time.sleep(delay_s)

    def follow_events(
        self, *, after: int | None = None, kinds: Kinds | None = None
    ) -> Generator[Event]:
        """Iterate over events as they happen: each once, in ascending order of `seq`.

        A lost connection is reopened, even after a server restart, without missing any events. The
        iteration never ends; leave the loop to stop.

        Args:
            after: The `seq` after which to begin, such as that of the last processed event; 0 for
                all events. Default: only events from now on.
            kinds: The kinds of events to return. Default: all.

        Raises:
            GatepostError: The server refused, or was unavailable for five minutes.
        """
        reader, outage = EventReader(after, kinds), _reconnection()
        while True:
            try:
                with self.open_stream(
                    reader.request(),
                    parse_non_stream,
                    media_type=EVENT_STREAM,
                    read_timeout_s=READ_TIMEOUT_S,
                ) as response:
                    reader.start_after(response.headers.get(BEGIN_HEADER))
                    for chunk in response.iter_bytes():
                        outage.reset()
                        yield from reader.read(chunk)
                delay_s = outage.next_delay_s()
            except GatepostError as error:
                delay_s = outage.next_delay_s(error)
            time.sleep(delay_s)


class AsyncGatepost(AsyncOperations):
    """A client for a Gatepost server, for use with asyncio."""

    async def wait_for(
        self,
        deployment: str | UUID,
        until: Until | None = None,
        *,
        timeout_s: float | None = None,
    ) -> Deployment:
        """Wait until a deployment reaches a status, as `Gatepost.wait_for` does."""
        wait = Wait(until, timeout_s)
        while True:
            try:
                current = await self.get_deployment(deployment)
                if wait.is_reached(current):
                    return current
                if wait.needs_history(current):
                    pages = every_async(self.list_deployment_events, deployment)
                    if wait.is_in_history([event async for event in pages]):
                        return current
                delay_s = wait.delay_s_after(current)
            except GatepostError as error:
                delay_s = wait.delay_s_after_error(error)
            await asyncio.sleep(delay_s)

    async def follow_events(
        self, *, after: int | None = None, kinds: Kinds | None = None
    ) -> AsyncGenerator[Event]:
        """Iterate over events as they happen, as `Gatepost.follow_events` does.

        A loop that is left early closes the connection some time later; to close it at once, use
        `async with contextlib.aclosing(gatepost.follow_events()) as events`.
        """
        reader, outage = EventReader(after, kinds), _reconnection()
        while True:
            try:
                async with self.open_stream(
                    reader.request(),
                    parse_non_stream,
                    media_type=EVENT_STREAM,
                    read_timeout_s=READ_TIMEOUT_S,
                ) as response:
                    reader.start_after(response.headers.get(BEGIN_HEADER))
                    async for chunk in response.aiter_bytes():
                        outage.reset()
                        for event in reader.read(chunk):
                            yield event
                delay_s = outage.next_delay_s()
            except GatepostError as error:
                delay_s = outage.next_delay_s(error)
            await asyncio.sleep(delay_s)


def _reconnection() -> OutageBackoff:
    return OutageBackoff(min_delay_s=MIN_RECONNECT_S, max_delay_s=MAX_RECONNECT_S)
