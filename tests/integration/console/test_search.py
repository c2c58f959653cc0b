"""The search page, which finds things and actions without JavaScript."""

from __future__ import annotations

import re

import pytest

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json
from tests.support.http.users import patch_user

Hits = list[tuple[str, str, str]]


def hits_of(page: str) -> Hits:
    """Return the group, the title and the address of each hit, in the order of the page."""
    return [
        (group, visible_text(title), url.replace("&amp;", "&"))
        for group, content in re.findall(
            r'class="card hits" aria-label="([^"]+)">(.*?)</section>', page, re.DOTALL
        )
        for url, title in re.findall(r'href="([^"]+)" data-hit><strong>(.*?)</strong>', content)
    ]


async def search(as_user: AsUser, query: str, name: str = "owner") -> Hits:
    console = await as_user(name)
    response = await console.client.get("/search", params={"q": query})
    assert response.status_code == 200
    return hits_of(response.text)


@pytest.fixture
async def live_shop(api: Api) -> None:
    """Record shop 1.0.0 in production, and request 1.1.0 with a commit there."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    version = {"version": "1.1.0", "commit_sha": "c0ffee" + "0" * 34}
    created_json(await api.post("/services/shop/versions", version))
    await api.deployment(Status.PENDING_APPROVAL, version="1.1.0")


@pytest.fixture
async def two_versions(api: Api, live_shop: None) -> None:  # noqa: ARG001  # they come first
    """Deploy shop 1.0.0 and 1.1.0 to production through Gatepost."""
    for version in ("1.0.0", "1.1.0"):
        await api.deployment(Status.SUCCEEDED, version=version)


@pytest.mark.usefixtures("live_shop")
@pytest.mark.parametrize("query", ["DEP-2", "dep-2", "2", " 2 "])
async def test_a_deployment_is_the_first_hit_for_its_number(as_user: AsUser, query: str) -> None:
    """Its title says what was requested where."""
    (group, title, url), *_ = await search(as_user, query)

    assert (group, title) == ("Deployments", "DEP-2 shop 1.1.0 to production")
    assert url == "/deployments/DEP-2"


@pytest.mark.usefixtures("live_shop")
@pytest.mark.parametrize("query", ["1.1", "c0ffee", "C0FFEE0"])
async def test_a_version_is_found_by_its_start_or_its_commit(as_user: AsUser, query: str) -> None:
    """The hit leads to the deployments of the version."""
    hits = [hit for hit in await search(as_user, query) if hit[0] == "Versions"]

    assert hits == [("Versions", "shop 1.1.0", "/deployments?service=shop&version=1.1.0")]


@pytest.mark.usefixtures("live_shop")
async def test_a_work_item_leads_to_its_deployments(as_user: AsUser) -> None:
    """The start of the reference is enough."""
    hits = await search(as_user, "SHOP-")

    assert [hit[0] for hit in hits] == ["Work items"]
    assert hits[0][2] == "/deployments/DEP-2"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cart", ("Services", "cart", "/services/cart")),
        ("prod", ("Environments", "production", "/environments/production")),
        ("quinn", ("People and accounts", "quinn", "/people/quinn")),
        ("repo", ("Pages", "Reports", "/reports")),
    ],
)
async def test_names_are_found(as_user: AsUser, query: str, expected: tuple[str, str, str]) -> None:
    """Part of the name is enough."""
    group, title, url = expected
    found = await search(as_user, query)

    assert (group, url) in [(hit[0], hit[2]) for hit in found]
    assert any(hit[1].casefold() == title.casefold() for hit in found)


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize(
    ("query", "title", "url"),
    [
        (
            "freeze production",
            "Freeze production",
            "/freezes?environment=production#h-new-freeze",
        ),
        (
            "request a deployment of shop",
            "Request deployment of shop",
            "/deployments/new?service=shop",
        ),
        (
            "deploy shop to prod",
            "Request deployment of shop to production",
            "/deployments/new?service=shop&environment=production",
        ),
        (
            "roll back shop in production",
            "Roll back shop in production",
            "/deployments/DEP-4?action=rollback#actions",
        ),
        (
            "rollback shop",
            "Roll back shop in production",
            "/deployments/DEP-4?action=rollback#actions",
        ),
        ("record cart", "Record deployment of cart", "/record?service=cart"),
    ],
)
async def test_an_action_is_the_first_hit_and_leads_to_its_form(
    as_user: AsUser, query: str, title: str, url: str
) -> None:
    """The form is filled in with what the words name."""
    console = await as_user("owner")
    assert (await search(as_user, query))[0] == ("Actions", title, url)

    path = url.partition("#")[0]
    page = await console.open(path)
    if "service=shop" in path:
        assert re.search(r'<option value="shop" selected>', page)
    if "environment=production" in path:
        assert re.search(r'<option value="production" selected>', page)


@pytest.mark.usefixtures("two_versions")
async def test_only_actions_that_the_user_may_perform_are_offered(
    api: Api, as_user: AsUser
) -> None:
    """A reviewer neither freezes nor rolls back nor requests."""
    await patch_user(api, "quinn", grants=[{"role": "reviewer"}])
    for query in ("freeze production", "roll back shop", "request shop"):
        groups = {hit[0] for hit in await search(as_user, query, "quinn")}
        assert "Actions" not in groups


@pytest.mark.usefixtures("live_shop")
async def test_rollback_is_offered_only_where_there_is_a_version_to_go_back_to(
    api: Api, as_user: AsUser
) -> None:
    """Neither of a record nor of the only version, in the search as on the service's page."""

    async def offers() -> tuple[list[str], list[str]]:
        found = [hit[2] for hit in await search(as_user, "roll back shop")]
        page = await (await as_user("owner")).open("/services/shop")
        on_page = re.findall(r'href="([^"]+)">Roll back</a>', page)
        return [url for url in found if "action=rollback" in url], on_page

    assert await offers() == ([], [])
    await api.deployment(Status.SUCCEEDED)
    assert await offers() == ([], [])
    await api.deployment(Status.SUCCEEDED, version="1.1.0")
    offered = ["/deployments/DEP-4?action=rollback#actions"]
    assert await offers() == (offered, offered)

    body = {"note": "Nobody can pay.", "redeploy": True}
    ok_json(await api.post("/deployments/DEP-4/rollback", body))
    assert await offers() == ([], [])


@pytest.mark.parametrize(
    "query", ["", " ", "%", "no such thing", "\x00\x07", "'; --", "DEP-" + "9" * 30, "💥" * 50]
)
async def test_a_search_that_finds_nothing_says_what_is_compared(
    as_user: AsUser, query: str
) -> None:
    """No text is an error, and what was entered stays in the field."""
    response = await (await as_user("ada")).client.get("/search", params={"q": query})

    assert response.status_code == 200
    assert hits_of(response.text) == []
    expected = "You can search for" if not query.strip() else "Nothing matches"
    assert expected in response.text or not query.isprintable()


async def test_each_group_shows_few_hits(api: Api, as_user: AsUser) -> None:
    """A short text does not flood the page."""
    for number in range(9):
        body = {"version": f"7.{number}.0"}
        created_json(await api.post("/services/shop/versions", body))

    assert len(await search(as_user, "7.")) == 6
