"""What the pages say about requests that wait beside a live version, and can start or not."""

from __future__ import annotations

import re

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, Json, ok_json

PAGES = ("/", "/services/shop", "/dashboard/shop", "/environments/production/deployments")


async def approve(api: Api, deployment: Json) -> None:
    for actor in ("quinn", "devin"):
        ok_json(await api.perform(deployment, Action.APPROVE, actor=actor))


async def succeed(api: Api, deployment: Json) -> None:
    """Take a deployment that waits for approval to its success."""
    await approve(api, deployment)
    for action in (Action.START, Action.SUCCEED):
        ok_json(await api.perform(deployment, action))


@pytest.fixture
async def requests(api: Api) -> list[Json]:
    """Return requests of 1.1.0 to 1.4.0 in production; 1.3.0 is live, so the first two are late."""
    requested = []
    for version in ("1.1.0", "1.2.0", "1.3.0", "1.4.0"):
        await api.version(version)
        requested.append(await api.deployment(Status.PENDING_APPROVAL, version=version))
    await succeed(api, requested[2])
    return requested


def chips(page: str) -> list[str]:
    """Return the texts beside the live versions."""
    found = re.findall(r'<a class="unfinished[^>]*>(.*?)</a>', page, re.DOTALL)
    return [visible_text(text) for text in found]


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("path", PAGES)
async def test_only_the_request_that_can_start_is_beside_the_live_version(
    as_user: AsUser, path: str
) -> None:
    """Requests that a newer deployment has overtaken are not; nothing of them is counted."""
    page = await (await as_user("olga")).open(path)

    assert chips(page) == ["1.4.0: waiting for approval"]


@pytest.mark.parametrize("path", PAGES)
async def test_most_advanced_of_several_requests_is_shown_with_the_number_of_others(
    api: Api, as_user: AsUser, requests: list[Json], path: str
) -> None:
    """The number leads to the list of everything that has not ended in that lane."""
    await api.version("1.5.0")
    await api.deployment(Status.PENDING_APPROVAL, version="1.5.0")
    console = await as_user("olga")
    assert chips(await console.open(path)) == ["1.5.0: waiting for approval", "+1"]
    await approve(api, requests[3])

    page = await console.open(path)

    assert chips(page) == ["1.4.0: approved", "+1"]
    link = "/deployments?service=shop&amp;environment=production&amp;status=open"
    assert f'href="{link}" aria-label="1 more waiting: shop in production"' in page
    listed = await console.open(link.replace("&amp;", "&"))
    assert [f"DEP-{n}<" in listed for n in range(1, 6)] == [True, True, False, True, True]


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("path", ["/deployments", "/services/shop", "/inbox"])
async def test_requests_that_can_no_longer_start_are_marked_in_lists(
    as_user: AsUser, path: str
) -> None:
    """Two of them are; the one that can still start is not."""
    page = visible_text(await (await as_user("ada")).open(path))

    assert page.count("Can no longer start") == 2
    for number in (1, 2):
        assert re.search(
            rf"DEP-{number} (?:Promotion )?Waiting for approval Can no longer start", page
        )


@pytest.mark.usefixtures("requests")
async def test_page_of_a_deployment_says_that_it_can_no_longer_start(as_user: AsUser) -> None:
    """An override of the order makes it possible again."""
    console = await as_user("eve")
    page = await console.open("/deployments/DEP-1")
    assert "Can no longer start" in page
    sentence = visible_text(page.partition('id="next"')[2].partition("</div>")[0])
    assert "DEP-3 (1.3.0) was requested later and has already started" in sentence
    assert "Can no longer start" not in await console.open("/deployments/DEP-4")

    await console.submit_and_follow(
        "/deployments/DEP-1/override", gate="order", reason="It must be 1.1.0."
    )

    assert "Can no longer start" not in await console.open("/deployments/DEP-1")
    assert chips(await console.open("/")) == ["1.4.0: waiting for approval", "+1"]


async def test_all_open_requests_are_considered(api: Api, as_user: AsUser) -> None:
    """A request does not disappear from its cell because many newer ones wait elsewhere."""
    await api.create_deployment(service="cart")
    for _ in range(201):
        await api.create_deployment()

    assert chips(await (await as_user("olga")).open("/")) == [
        "1.0.0: waiting for approval",
        "1.0.0: waiting for approval",
        "+200",
    ]
