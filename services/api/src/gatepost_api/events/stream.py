"""Following the event log: each event exactly once, in order, as soon as it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Final

import msgspec

from gatepost_api.events.responses import Event
from gatepost_api.http.event_feed import EventFeed
from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.reads import ReadModel

HEARTBEAT_INTERVAL_S: Final = 15.0
"""The idle time, in seconds, after which an empty message is yielded."""


async def follow_events(
    reads: ReadModel, feed: EventFeed, after: int, *, is_shutting_down: Callable[[], bool]
) -> AsyncGenerator[bytes]:
    """Yield all events after `after` as messages; at shutdown, end once all have been sent.

    The log is polled, so events from other processes are included and no event is missed. An empty
    message is yielded after each idle interval.
    """
    clock = asyncio.get_running_loop().time
    idle_since = clock()
    with feed.counted_follower() as delay_s:
        while True:
            is_last_read = is_shutting_down()
            read = feed.read_messages_after if is_last_read else feed.messages_after
            messages, after = await read(reads, encode_message, after)
            idle_s = clock() - idle_since
            if messages or idle_s >= HEARTBEAT_INTERVAL_S:
                idle_since = clock()
                yield messages
            elif is_last_read:
                return
            else:
                await feed.wait_for_events(
                    reads,
                    encode_message,
                    after,
                    within_s=HEARTBEAT_INTERVAL_S - idle_s,
                    is_shutting_down=is_shutting_down,
                )
                await asyncio.sleep(delay_s())


def encode_message(entry: LedgerEntry) -> bytes:
    """Return an event as a message of the stream."""
    return b"id: %d\ndata: %s\n\n" % (entry.seq, msgspec.json.encode(Event.from_domain(entry)))
