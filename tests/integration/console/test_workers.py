"""The workers page: workers with their leases, and the queue."""

from __future__ import annotations

from datetime import timedelta

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api
from tests.support.http.worker_claims import claim_queued_deployment


async def test_killed_worker_shows_within_its_lease(api: Api, as_user: AsUser) -> None:
    """The page shows what a worker executes, and that it was lost as soon as its lease expired."""
    task = await claim_queued_deployment(api, lease_s=15, version="1.2.3")
    owner = await as_user("owner")
    page = visible_text(await owner.open("/workers"))
    assert "berlin-1" in page
    assert "Working" in page
    assert "No worker is online." not in page
    assert task["deployment"]["number"] in page

    api.clock.advance(timedelta(seconds=16))

    page = visible_text(await owner.open("/workers"))
    assert "Lost" in page
    assert "No worker is online." in page
    assert "lease expired" in page


async def test_queue_is_shown(api: Api, as_user: AsUser) -> None:
    """What waits for a worker is on the page, also while there is none."""
    queued = await api.deployment(Status.QUEUED)

    page = visible_text(await (await as_user("owner")).open("/workers"))
    assert "No workers" in page
    assert queued["number"] in page


async def test_page_is_refreshed_when_a_lease_ends(api: Api, as_user: AsUser) -> None:
    """No event tells that a lease has ended, so the page says when to look again."""
    await claim_queued_deployment(api, lease_s=15)
    api.clock.advance(timedelta(seconds=4))
    owner = await as_user("owner")

    assert 'data-ends-in="11.0"' in await owner.open("/workers")

    api.clock.advance(timedelta(seconds=12))
    assert "data-ends-in" not in await owner.open("/workers")
