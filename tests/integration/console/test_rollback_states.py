"""How far a rollback has come: requested, in progress, complete, or ended without success."""

from __future__ import annotations

import re

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import ConsoleClient, visible_text
from tests.support.http.api import Api, Json, ok_json

LISTS = ("/", "/deployments", "/services/shop", "/services/shop/history", "/search?q=DEP-2")
TO_START = (Action.APPROVE, Action.APPROVE, Action.START)


@pytest.fixture
async def rollback(api: Api) -> Json:
    """Roll back 2.0.0 (DEP-2) in production; return the request of 1.0.0 in its place (DEP-3)."""
    await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    bad = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    body = {"note": "Nobody can pay.", "redeploy": True}
    bad = ok_json(await api.post(f"/deployments/{bad['number']}/rollback", body))
    assert bad["status"] == "rolled_back"
    rollback: Json = ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))
    return rollback


async def act(api: Api, deployment: Json, *actions: Action) -> None:
    """Review as quinn, then as devin, and do everything else as olga."""
    for action, reviewer in zip(actions, ("quinn", "devin", "olga", "olga"), strict=False):
        is_review = action in {Action.APPROVE, Action.REJECT}
        actor = reviewer if is_review else "olga"
        ok_json(await api.perform(deployment, action, actor=actor))


async def texts(console: ConsoleClient, *paths: str) -> list[str]:
    """Return the texts of pages, without the choices in their filters."""
    pages = [await console.open(path) for path in paths]
    return [visible_text(re.sub("<option.*?</option>", "", page)) for page in pages]


@pytest.mark.parametrize(
    ("actions", "label", "beside_the_live_version"),
    [
        ((), "Rollback requested", "rollback to 1.0.0 requested"),
        ((Action.APPROVE,), "Rollback requested", "rollback to 1.0.0 requested"),
        (TO_START, "Rolling back", "rolling back to 1.0.0"),
        ((*TO_START, Action.SUCCEED), "Rolled back", ""),
        ((*TO_START, Action.FAIL), "Rollback failed", ""),
        ((Action.REJECT,), "Rollback rejected", ""),
        ((Action.CANCEL,), "Rollback cancelled", ""),
    ],
)
async def test_every_page_says_how_far_the_rollback_has_come(
    api: Api,
    as_user: AsUser,
    rollback: Json,
    actions: tuple[Action, ...],
    label: str,
    beside_the_live_version: str,
) -> None:
    """They say "Rolled back" only once the earlier version is live again."""
    await act(api, rollback, *actions)
    console = await as_user("olga")

    overview, *others = await texts(console, *LISTS, "/deployments/DEP-2")

    assert all(label in page for page in others)
    claims = [page for page in (overview, *others) if "Rolled back" in page]
    assert bool(claims) is (label == "Rolled back")
    assert beside_the_live_version in overview
    assert ("rollback to" in overview, "rolling back to" in overview) == (
        "rollback to" in beside_the_live_version,
        "rolling back to" in beside_the_live_version,
    )


async def test_requested_rollback_leads_to_its_deployment(as_user: AsUser, rollback: Json) -> None:
    """The status in the list and on the page is a link; the sentence names what is missing."""
    console = await as_user("olga")
    link = f'<a class="badge waiting" href="/deployments/{rollback["number"]}">'

    page = await console.open("/deployments/DEP-2")

    assert link in page
    assert link in await console.open("/deployments")
    assert (
        "Rollback to 1.0.0 (DEP-3, waiting for approval) requested by owner: Nobody can pay."
        in visible_text(page)
    )
    assert "Rollback DEP-3 production 1.0.0" in visible_text(page)


async def test_timeline_has_the_request_and_the_success_of_a_rollback(
    api: Api, as_user: AsUser, rollback: Json
) -> None:
    """The later one is pending until the deployment that restores the version is live."""
    console = await as_user("olga")

    async def timeline() -> str:
        page = await console.open("/deployments/DEP-2")
        return visible_text(page.partition('id="timeline"')[2].partition("</section>")[0])

    assert "Rollback requested" in await timeline()
    assert "Rollback to 1.0.0 waiting DEP-3" in await timeline()
    await act(api, rollback, *TO_START)
    assert "Rollback to 1.0.0 in progress DEP-3" in await timeline()

    ok_json(await api.perform(ok_json(await api.get("/deployments/DEP-3")), Action.SUCCEED))

    assert "Rolled back to 1.0.0" in await timeline()


async def test_rollback_that_was_rolled_back_itself_has_failed(
    api: Api, as_user: AsUser, rollback: Json
) -> None:
    """It never went live."""
    await act(api, rollback, *TO_START, Action.ROLLBACK)

    (page,) = await texts(await as_user("olga"), "/deployments/DEP-2")

    assert "Rollback failed: DEP-3 has not restored 1.0.0. Requested by owner" in page


async def test_rollback_without_a_deployment_is_complete(api: Api, as_user: AsUser) -> None:
    """Somebody has restored the earlier version already."""
    await api.deployment(Status.ROLLED_BACK)

    page, listed = await texts(await as_user("olga"), "/deployments/DEP-1", "/deployments")

    assert "Rolled back by owner" in page
    assert "Rolled back" in listed
