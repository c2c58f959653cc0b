"""A feed of the latest events, which one task reads and encodes for all streams of a process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.tracking.current_state import CurrentFilter

EncodeEvent: TypeAlias = Callable[[LedgerEntry], bytes]
"""Encodes an event as a message."""

POLL_INTERVAL_S: Final = 0.25
"""The maximum delay, in seconds, before an event is delivered."""
BATCH_SIZE: Final = 100
"""The number of events read at a time."""
MAX_DELAY_S: Final = 0.5
"""The maximum time, in seconds, that one of many streams waits for its turn to send an event."""
DELAY_PER_FOLLOWER_S: Final = 0.00125
DELAYS: Final = 50
"""The number of groups of streams; the streams in a group send an event at the same time."""
MAX_KEPT: Final = 1000
"""The number of events kept. A stream that is further behind reads from the log itself."""

_MATCHES_NOTHING: Final = CurrentFilter(services=("",))
"""Matches no service, so only the last `seq` is read."""


class EventFeed:
    """The latest events as messages. The log is polled while there are followers."""

    def __init__(self) -> None:
        self._messages: deque[tuple[int, bytes]] = deque(maxlen=MAX_KEPT)
        self._last_seq: int | None = None
        self._followers = 0
        self._joined = 0
        self._polling: asyncio.Task[None] | None = None
        self._authenticated: set[UUID] = set()

    @contextmanager
    def counted_follower(self) -> Generator[Callable[[], float]]:
        """Count a follower during the block. Polling ends when the last follower leaves.

        Yields a function that returns the delay, in seconds, after which the follower sends new
        events: many followers take turns so that other requests are served in between.
        """
        self._followers += 1
        self._joined += 1
        share = self._joined % DELAYS / DELAYS
        try:
            yield lambda: share * min(MAX_DELAY_S, self._followers * DELAY_PER_FOLLOWER_S)
        finally:
            self._followers -= 1
            if self._followers == 0 and self._polling is not None:
                self._polling.cancel()
                self._polling = None
                self._messages.clear()
                self._last_seq = None

    async def messages_after(
        self, reads: ReadModel, encode: EncodeEvent, seq: int
    ) -> tuple[bytes, int]:
        """Return the messages of the next events after a `seq`, and the `seq` of the last one.

        If no later event is known, there are no messages, and the `seq` is unchanged.
        """
        if self._last_seq is not None and seq >= self._last_seq:
            return b"", seq
        if self._messages and self._messages[0][0] <= seq + 1:
            newer = [item for item in self._messages if item[0] > seq]
            return b"".join(message for _, message in newer), newer[-1][0]
        return await self.read_messages_after(reads, encode, seq)

    @staticmethod
    async def read_messages_after(
        reads: ReadModel, encode: EncodeEvent, seq: int
    ) -> tuple[bytes, int]:
        """Return the same result as `messages_after`, but read from the log."""
        page = await reads.entries(PageRequest(limit=BATCH_SIZE, after=str(seq)))
        last = page.items[-1].seq if page.items else seq
        return b"".join(map(encode, page.items)), last

    async def wait_for_events(
        self,
        reads: ReadModel,
        encode: EncodeEvent,
        seq: int,
        *,
        within_s: float,
        is_shutting_down: Callable[[], bool],
    ) -> None:
        """Wait until there is an event after a `seq`, the time is up, or the server is stopping."""
        if self._last_seq is None:
            self._last_seq = await read_last_seq(reads)
        if self._last_seq > seq:
            return
        polling = self._polling
        if polling is None or polling.done():
            polling = asyncio.create_task(
                self._poll_until_new(reads, encode, self._last_seq, is_shutting_down)
            )
            self._polling = polling
        await asyncio.wait({polling}, timeout=within_s)
        if polling.done() and not polling.cancelled():
            polling.result()

    async def require_valid_token(self, reads: ReadModel, token: UUID, at: datetime) -> None:
        """Authenticate a token, once per event for all streams that use it.

        Raises:
            Unauthenticated: the token is no longer valid.
        """
        if token not in self._authenticated:
            await reads.read_snapshot(lambda uow: authenticate(uow, token, at))
            self._authenticated.add(token)

    def forget_tokens(self) -> None:
        """Forget which tokens are valid, so that each is authenticated before its next message."""
        self._authenticated.clear()

    async def _poll_until_new(
        self,
        reads: ReadModel,
        encode: EncodeEvent,
        last_seq: int,
        is_shutting_down: Callable[[], bool],
    ) -> None:
        while not is_shutting_down():
            await asyncio.sleep(POLL_INTERVAL_S)
            request = PageRequest(limit=BATCH_SIZE, after=str(last_seq))
            if entries := (await reads.entries(request)).items:
                self._messages.extend((entry.seq, encode(entry)) for entry in entries)
                self._last_seq = entries[-1].seq
                self.forget_tokens()
                return


async def read_last_seq(reads: ReadModel) -> int:
    """Return the `seq` of the latest event, or 0 if there is none."""
    return (await reads.current_state(_MATCHES_NOTHING)).seq
