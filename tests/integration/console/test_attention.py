"""What needs attention on the overview, and the columns of many environments."""

from __future__ import annotations

import re
from datetime import timedelta

from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json
from tests.support.http.worker_claims import claim_queued_deployment


def attention(page: str) -> str:
    return visible_text(page.partition('id="attention"')[2].partition("</ul>")[0])


def columns(page: str) -> list[str]:
    head = page.partition('id="matrix"')[2].partition("</thead>")[0]
    return re.findall(r'href="/environments/([^"]+)"', head)


async def test_last_failed_attempt_is_marked_until_a_later_one_succeeds(
    api: Api, as_user: AsUser
) -> None:
    """The mark is in the cell and at the top; a failure that was overtaken is history."""
    await api.deployment(Status.FAILED)
    console = await as_user("olga")

    page = await console.open("/")
    assert "Failed DEP-1 shop 1.0.0 to production" in attention(page)
    assert 'class="unfinished bad" href="/deployments/DEP-1">1.0.0: failed</a>' in page

    api.clock.advance(timedelta(minutes=1))
    later = await api.deployment(Status.STARTED)
    assert "DEP-1" not in attention(await console.open("/"))
    ok_json(await api.perform(later, Action.SUCCEED))
    page = await console.open("/")
    assert "Needs attention" not in page
    assert "1.0.0: failed" not in page


async def test_long_waits_and_overdue_reviews_need_attention(api: Api, as_user: AsUser) -> None:
    """A request is shown after an hour if it can still start, a review once it is overdue."""
    outdated = await api.deployment(Status.PENDING_APPROVAL)
    broken = await api.deployment(Status.PENDING_APPROVAL)
    waiting = await api.deployment(Status.PENDING_APPROVAL)
    body = {"reason": "Nobody can pay.", "incident": "INC-7", "start": True}
    ok_json(await api.post(f"/deployments/{broken['number']}/break-glass", body))
    ok_json(await api.perform(broken, Action.SUCCEED))
    policy = ok_json(await api.get("/environments/production/policy"))
    assert policy["after_review_s"] < timedelta(days=8).total_seconds()
    assert waiting["number"] not in attention(await (await as_user("olga")).open("/"))

    api.clock.advance(timedelta(hours=2))
    page = await (await as_user("olga")).open("/")
    assert f"Waiting {waiting['number']}" in attention(page)
    assert outdated["number"] not in attention(page)
    assert broken["number"] not in attention(page)

    api.clock.advance(timedelta(days=8))
    page = await (await as_user("olga")).open("/")
    assert f"Review overdue {broken['number']}" in attention(page)


async def test_what_is_not_listed_is_counted_by_concern(api: Api, as_user: AsUser) -> None:
    """The first five are listed; each link leads to a list that has the others."""
    await api.deployment(Status.FAILED)
    for _ in range(6):
        await api.deployment(Status.PENDING_APPROVAL)

    api.clock.advance(timedelta(hours=2))
    page = await (await as_user("olga")).open("/")

    card = page.partition('id="attention"')[2].partition("</section>")[0]
    assert card.count("<li>") == 5
    assert visible_text(card).endswith("2 more waiting")
    assert '<a href="/deployments?status=open">2 more waiting</a>' in card


async def test_break_glass_review_names_who_used_it(api: Api, as_user: AsUser) -> None:
    """The requester of the deployment did not request the review."""
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    body = {"reason": "Nobody can pay.", "incident": "INC-7"}
    path = f"/deployments/{deployment['number']}/break-glass"
    ok_json(await api.post(path, body))

    page = await (await as_user("quinn")).open("/")

    card = visible_text(page.partition('id="waiting"')[2].partition("</section>")[0])
    assert "break-glass by owner, needs a review" in card
    assert "requested by" not in card


async def test_many_environments_begin_with_production_and_leave_out_empty_ones(
    api: Api, as_user: AsUser
) -> None:
    """With few environments, the order is that of promotion and nothing is left out."""
    console = await as_user("olga")
    assert columns(await console.open("/"))[-1] == "production"
    for name in ("eu", "us", "apac", "lab"):
        created_json(await api.post("/environments", {"name": name, "tier": "production"}))
    for environment in ("staging", "us"):
        record = {"service": "shop", "environment": environment, "version": "1.0.0"}
        created_json(await api.post("/deployments/record", record))

    page = await console.open("/")

    assert columns(page) == ["us", "staging"]
    assert "Show 6 empty columns" in visible_text(page)
    everything = columns(await console.open("/?empty=show"))
    assert len(everything) > 5
    assert everything.index("lab") < everything.index("staging")


async def test_commit_hashes_are_shortened_in_the_matrix(api: Api, as_user: AsUser) -> None:
    """The whole hash is in the title."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    await api.version(commit)
    record = {"service": "shop", "environment": "production", "version": commit}
    created_json(await api.post("/deployments/record", record))
    console = await as_user("olga")

    assert f'title="{commit}">0123456789</a>' in await console.open("/")


async def test_open_incidents_need_attention(api: Api, as_user: AsUser) -> None:
    """An incident is at the top until it is resolved."""
    body = {"service": "shop", "environment": "production", "title": "Nobody can pay"}
    incident = created_json(await api.post("/incidents", body))
    console = await as_user("olga")
    assert "Incident Nobody can pay (shop in production)" in attention(await console.open("/"))

    ok_json(await api.post(f"/incidents/{incident['id']}/resolve", {}))
    assert "Nobody can pay" not in attention(await console.open("/"))


async def test_lost_worker_needs_attention(api: Api, as_user: AsUser) -> None:
    """A worker is listed once it is lost with a deployment in progress."""
    await claim_queued_deployment(api, lease_s=15)
    console = await as_user("olga")
    assert "berlin-1" not in attention(await console.open("/"))

    api.clock.advance(timedelta(seconds=16))
    assert "Worker lost berlin-1" in attention(await console.open("/"))


async def test_page_of_a_service_shows_waiting_requests(api: Api, as_user: AsUser) -> None:
    """A request that waits for approval is beside the version that is live."""
    await api.deployment(Status.PENDING_APPROVAL)
    page = visible_text(await (await as_user("olga")).open("/services/shop"))
    assert "1.0.0: waiting for approval" in page


async def test_completely_prefilled_request_starts_with_its_preview(
    api: Api, as_user: AsUser
) -> None:
    """A copy has all fields; a link that names only the service leaves some to fill in."""
    await api.deployment(Status.REJECTED)
    console = await as_user("ada")
    assert "Needs 2 approval stages" in visible_text(
        await console.open("/deployments/new?copy=DEP-1")
    )
    assert "Complete the required fields" in await console.open("/deployments/new?service=shop")
