"""Time control for a server with a test clock."""

from __future__ import annotations

from datetime import timedelta

from gatepost_api.server.scheduler import start_waiting, tick
from tests.support.builders import an_id
from tests.support.http.api import Api


async def advance_time(api: Api, **length: float) -> None:
    """Advance the clock and let the scheduler perform the work that is due."""
    api.clock.advance(timedelta(**length))
    context = api.app.state.context
    for change in (tick, start_waiting):
        await change(context.ledger, context.reads, now=context.now, new_id=an_id)
