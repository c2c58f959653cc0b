"""Every ledger stores check runs, finds those that are due, and lists them, in the same way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from gatepost_domain.actions.due_work import perform_due_work
from gatepost_domain.check_runs.check_run import WAITING_LIMIT, CheckRun, CheckState
from gatepost_domain.check_runs.errors import CheckRunOpen
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import NOON, an_id, create_catalog
from tests.support.domain.check_runs import (
    a_check,
    a_result,
    claim_checks,
    finish_checks,
    put_checks,
    renew_checks,
    request_checks,
    require_claimed,
)
from tests.support.domain.tracking import ENVIRONMENTS
from tests.support.storage.ledgers import AnyLedger

SECOND = timedelta(seconds=1)
TARGETS = ("shop test", "cart test")


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two targets that have checks."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    for target in TARGETS:
        await put_checks(ledger, target=target)
    return ledger


async def stored(ledger: AnyLedger, run: UUID) -> CheckRun:
    """Return a check run as it is read, which is the same inside a transaction."""
    read = await ledger.reads.check_run(run)
    assert await ledger.perform(lambda uow: uow.check_runs.get(run)) == read
    return read


async def test_every_state_of_a_run_is_stored(ledger: AnyLedger) -> None:
    """What an action returns is what is read afterwards."""
    requested = await request_checks(ledger)
    assert await stored(ledger, requested.id) == requested
    claimed = (await require_claimed(ledger, at=NOON + SECOND)).run
    assert await stored(ledger, requested.id) == claimed
    renewed = await renew_checks(ledger, claimed, at=NOON + 2 * SECOND)
    assert await stored(ledger, requested.id) == renewed
    finished = await finish_checks(
        ledger, claimed, a_result("health"), a_result("cart", CheckState.ERRORED), at=NOON
    )
    assert await stored(ledger, requested.id) == finished
    assert finished.outcome is CheckState.ERRORED


async def test_unknown_runs_are_not_found(ledger: AnyLedger) -> None:
    """Both ways of reading refuse them."""
    unknown = an_id()

    with pytest.raises(NotFound):
        await ledger.reads.check_run(unknown)
    with pytest.raises(NotFound):
        await ledger.perform(lambda uow: uow.check_runs.get(unknown))


async def test_runs_are_claimed_in_the_order_of_their_requests(ledger: AnyLedger) -> None:
    """A run whose lease has expired comes before a later request."""
    first, second = [await request_checks(ledger, target) for target in TARGETS]
    assert (await require_claimed(ledger)).run.id == first.id

    later = NOON + DEFAULT_LEASE
    assert (await require_claimed(ledger, "berlin-2", at=later)).run.id == first.id
    assert (await require_claimed(ledger, "berlin-3", at=later)).run.id == second.id
    assert await claim_checks(ledger, "berlin-4", at=later) is None


async def test_settings_of_an_earlier_version_are_found(ledger: AnyLedger) -> None:
    """The worker receives the checks as they were at the request."""
    await request_checks(ledger)
    await put_checks(ledger, a_check("other"), at=NOON + SECOND)

    task = await require_claimed(ledger, at=NOON + 2 * SECOND)

    assert [check.name for check in task.settings.checks] == ["health", "cart", "speed"]


async def test_lost_runs_make_room_for_others(ledger: AnyLedger) -> None:
    """A target has at most one run that has not ended."""
    first = await request_checks(ledger)
    with pytest.raises(CheckRunOpen):
        await request_checks(ledger)
    at = NOON + WAITING_LIMIT
    await ledger.perform(partial(perform_due_work, at=at, new_id=an_id))
    second = await request_checks(ledger, at=at)

    page = await ledger.reads.check_runs("shop", "test", PageRequest(limit=5))
    assert [(run.id, run.state) for run in page.items] == [
        (second.id, "queued"),
        (first.id, "lost"),
    ]


async def test_pages_list_the_runs_of_one_target(ledger: AnyLedger) -> None:
    """They are ordered by their requests, the newest first, also while others are added."""
    ids = []
    for _ in range(3):
        run = await request_checks(ledger)
        await finish_checks(ledger, (await require_claimed(ledger)).run)
        ids.append(run.id)
    await request_checks(ledger, "cart test")

    first = await ledger.reads.check_runs("shop", "test", PageRequest(limit=2))
    await request_checks(ledger)
    second = await ledger.reads.check_runs(
        "shop", "test", PageRequest(limit=2, after=first.next_key)
    )

    assert [run.id for run in (*first.items, *second.items)] == ids[::-1]
    assert second.next_key is None
