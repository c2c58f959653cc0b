"""Check runs in each state, for complete histories."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from gatepost_domain.actions.due_work import perform_due_work
from gatepost_domain.check_runs.check_run import WAITING_LIMIT, CheckState
from gatepost_domain.ports.unit_of_work import Ledger
from tests.support.builders import an_id
from tests.support.domain.check_runs import (
    a_result,
    finish_checks,
    put_checks,
    renew_checks,
    request_checks,
    require_claimed,
)


class History(Protocol):
    """A history in which every action happens a minute after the previous one."""

    ledger: Ledger
    now: datetime
    ids: dict[str, str]

    def tick(self) -> datetime:
        """Advance the clock by a minute, and return the time."""
        ...


async def run_checks(history: History) -> None:
    """Store check runs that are lost, finished, running by a second worker, and queued."""
    ledger = history.ledger
    for target in ("mail farm", "mail test", "cart farm"):
        await put_checks(ledger, target=target, at=history.tick())
    lost = await request_checks(ledger, "mail farm", at=history.tick())
    history.now += WAITING_LIMIT
    await ledger.perform(partial(perform_due_work, at=history.tick(), new_id=an_id))
    finished = await request_checks(ledger, "mail farm", at=history.tick())
    claimed = (await require_claimed(ledger, at=history.tick())).run
    results = a_result("health"), a_result("cart", CheckState.FAILED)
    await finish_checks(ledger, claimed, *results, at=history.tick())
    running = await request_checks(ledger, "mail test", at=history.tick())
    await require_claimed(ledger, at=history.tick())
    history.now += timedelta(seconds=20)
    second = (await require_claimed(ledger, "berlin-2", at=history.now)).run
    await renew_checks(ledger, second, at=history.now + timedelta(seconds=5))
    queued = await request_checks(ledger, "cart farm", at=history.tick())
    history.ids |= {
        "lost_run": str(lost.id),
        "finished_run": str(finished.id),
        "running_run": str(running.id),
        "queued_run": str(queued.id),
    }
