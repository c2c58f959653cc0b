"""The ingest page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gatepost_domain.access.roles import Role
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.domain.ingest import github_status
from tests.support.http.api import Api, ok_json
from tests.support.http.ingest import send_github, set_up
from tests.support.http.protection_answers import claim, claim_answer
from tests.support.http.users import create_user


async def test_page_explains_what_is_missing(as_user: AsUser) -> None:
    """Before a source is set up."""
    page = visible_text(await (await as_user("owner")).open("/ingest"))

    assert "No sources yet" in page
    assert "No deliveries yet" in page


async def test_deliveries_are_listed_with_their_results(api: Api, as_user: AsUser) -> None:
    """A failed one with the fault, an applied one with its deployment."""
    settings: dict[str, Any] = {"create_missing": True, "service_map": {"example/*": "shop"}}
    await set_up(api, environment_map={"pr-*": None}, **settings)
    await send_github(api)
    await send_github(api, github_status(environment="moon"), delivery="d-2")
    await send_github(api, {}, event="ping", delivery="d-3")
    owner = await as_user("owner")

    page = visible_text(await owner.open("/ingest"))
    failed = visible_text(await owner.open("/ingest?state=failed"))

    assert "Unregistered versions GitHub deployment protection Recorded as user" in page
    for words in ("Applied", "DEP-1", "no environment moon", "the webhook is set up", "pr-*"):
        assert words in page
    assert "no environment moon" in failed
    assert "Applied" not in failed


async def test_admin_replays_a_delivery(api: Api, as_user: AsUser) -> None:
    """Once the cause is gone, it is recorded."""
    await set_up(api, create_missing=True)
    delivery = await send_github(api)
    owner = await as_user("owner")
    path = f"/ingest/deliveries/{delivery['id']}/replay"

    again = visible_text(await owner.submit_and_follow(path, _key="k-1"))
    await set_up(api, create_missing=True, service_map={"example/*": "shop"})
    applied = visible_text(await owner.submit_and_follow(path, _key="k-2"))

    assert "failed again" in again
    assert "The delivery was applied" in applied
    assert "DEP-1" in applied
    await owner.submit_refused("/ingest/deliveries/7/replay", 404, _key="k-3")


async def test_other_people_read_only(api: Api, as_user: AsUser) -> None:
    """The page says which role is required."""
    await create_user(api, "vera", Role.VIEWER)
    await set_up(api)
    await send_github(api)

    html = await (await as_user("vera")).open("/ingest")

    assert "requires the admin role" in visible_text(html)
    assert "/replay" not in html


async def test_older_deliveries_follow_on_another_page(api: Api, as_user: AsUser) -> None:
    """Fifty are on a page."""
    await set_up(api)
    for number in range(51):
        await send_github(api, {"zen": str(number)}, event="ping", delivery=f"d-{number}")
    owner = await as_user("owner")

    html = await owner.open("/ingest")
    query = html.split('href="?cursor=')[1].split('"')[0]

    assert (await owner.open(f"/ingest?cursor={query}")).count("Ignored") == 1


async def test_page_says_how_far_the_answer_to_a_job_is(api: Api, as_user: AsUser) -> None:
    """Until GitHub accepts it; a failed one is sent again with its delivery."""
    task = await claim_answer(api)
    path = f"/worker/protection-answers/{task['id']}/finish"
    owner = await as_user("owner")
    waiting = visible_text(await owner.open("/ingest"))
    gone = {"fencing_token": 1, "status": 422, "detail": "GitHub responded with 422."}
    ok_json(await api.post(path, gone))
    failed = visible_text(await owner.open("/ingest"))
    delivery = ok_json(await api.get("/ingest/deliveries"))["items"][0]["id"]
    await owner.submit_and_follow(f"/ingest/deliveries/{delivery}/replay", _key="k-1")
    again = await claim(api)
    report = {"fencing_token": again["fencing_token"], "status": 503, "detail": "GitHub: 503."}
    ok_json(await api.post(path, report))
    delayed = visible_text(await owner.open("/ingest"))
    api.clock.advance(timedelta(minutes=1))
    last = await claim(api)
    ok_json(await api.post(path, {"fencing_token": last["fencing_token"], "status": 204}))
    sent = visible_text(await owner.open("/ingest"))

    assert "The job is waiting for this deployment." in waiting
    assert "The job was not answered. GitHub responded with 422." in failed
    assert "The job has not been answered yet. GitHub: 503." in delayed
    assert "The job was answered: approved." in sent
