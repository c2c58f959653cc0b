"""Filters, columns and saved views of the overview, and what its counters lead to."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from gatepost_api.console.views import matrix
from gatepost_api.console.views.saved_overview_views import COOKIE, MAX_VIEWS
from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import ConsoleClient, error_text, visible_text
from tests.support.http.api import Api, created_json, ok_json


def listed(page: str) -> list[str]:
    """Return the services of the matrix."""
    return re.findall(r'<th scope="row"><a href="/services/([\w-]+)"', table(page))


def columns(page: str) -> list[str]:
    return re.findall(r'<th scope="col"><a href="/environments/([\w-]+)"', table(page))


def table(page: str) -> str:
    return page.partition('id="matrix"')[2].partition("</table>")[0]


def link(page: str, text: str) -> str:
    """Return the address that a link with this text leads to."""
    target = re.search(rf'<a[^>]* href="([^"]+)"[^>]*>{text}<', page)
    assert target is not None, text
    return target[1].replace("&amp;", "&")


async def set_team(api: Api, service: str, team: str) -> None:
    ok_json(await api.client.patch(f"/api/v1/services/{service}", json={"team": team}))


async def record(api: Api, service: str, environment: str) -> None:
    body = {"service": service, "environment": environment, "version": "1.0.0"}
    created_json(await api.post("/deployments/record", body))


@pytest.fixture
async def console(api: Api, as_user: AsUser) -> ConsoleClient:
    """Return the console of a server whose two services have different teams."""
    await set_team(api, "shop", "Tills")
    await set_team(api, "cart", "Carts & co")
    await record(api, "shop", "production")
    await record(api, "cart", "staging")
    return await as_user("olga")


async def test_services_of_one_team_are_listed(console: ConsoleClient) -> None:
    """The team is chosen from those that exist, and the number of matches is shown."""
    page = await console.open("/?team=Carts+%26+co")

    assert listed(page) == ["cart"]
    assert "1 of 2 services match." in visible_text(page)
    assert "<option selected>Carts &amp; co</option>" in page
    assert "No service of team Gone is registered." in visible_text(
        await console.open("/?team=Gone")
    )


async def test_services_are_grouped_by_team(console: ConsoleClient) -> None:
    """A row names each team and the number of its services; a link ends the grouping."""
    page = await console.open(link(await console.open("/"), "Group by team"))

    assert listed(page) == ["cart", "shop"]
    groups = re.findall(r'<tr class="group">(.*?)</tr>', page)
    assert list(map(visible_text, groups)) == ["Carts & co 1 service", "Tills 1 service"]
    assert 'class="group"' not in await console.open(link(page, "Do not group"))


async def test_empty_columns_are_hidden_and_shown_again(console: ConsoleClient) -> None:
    """Columns are empty if no listed service has a version in them."""
    page = await console.open(link(await console.open("/"), "Hide empty columns"))

    assert columns(page) == ["staging", "production"]
    assert len(columns(await console.open(link(page, "Show 2 empty columns")))) == 4
    assert columns(await console.open("/?empty=hide&team=Tills")) == ["production"]


async def test_chosen_columns_are_shown_in_their_order(console: ConsoleClient) -> None:
    """The boxes of the shown columns are ticked, and other filters are kept."""
    page = await console.open("/?environment=production&environment=test&q=shop")

    assert columns(page) == ["test", "production"]
    assert listed(page) == ["shop"]
    assert 'value="production" checked' in page
    assert 'value="staging"> ' in page
    assert '<input type="hidden" name="q" value="shop">' in page
    assert "No matching environments" in await console.open("/?environment=gone")


async def test_rows_beyond_the_limit_are_counted_and_can_be_listed(
    console: ConsoleClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long matrix says how many services are left out."""
    monkeypatch.setattr(matrix, "MAX_CELLS", 4)

    page = await console.open("/?group=team")

    assert listed(page) == ["cart"]
    assert "1 of 2 services are listed." in visible_text(page)
    assert listed(await console.open(link(page, "list all 2"))) == ["cart", "shop"]
    past = await console.open("/?at=2026-11-21T11:59")
    everything = await console.open(link(past, "list all 2"))
    assert listed(everything) == ["cart", "shop"]
    assert "Versions at that time" in visible_text(everything)


async def test_a_view_is_saved_under_a_name_and_deleted(console: ConsoleClient) -> None:
    """The view leads to the same filters and columns, and no name occurs twice."""
    await console.submit_and_follow("/views", name="Tills, live", query="q=nothing")
    query = "team=Tills&environment=production&unknown=1"
    page = await console.submit_and_follow("/views", name="Tills, live", query=query)
    assert "View saved in this browser." in page

    address = link(page, "Tills, live")
    view = await console.open(address)

    assert address == "/?team=Tills&environment=production"
    assert (listed(view), columns(view)) == (["shop"], ["production"])
    assert f'href="{address.replace("&", "&amp;")}" aria-current="page"' in view
    page = await console.submit_and_follow("/views/delete", name="Tills, live", query="q=sh")
    assert "Tills, live" not in page
    assert listed(page) == ["shop"]


async def test_at_most_ten_views_are_saved(console: ConsoleClient) -> None:
    """The message says what to do, and the name that was entered is kept."""
    for number in range(MAX_VIEWS):
        await console.submit_and_follow("/views", name=f"View {number}", query="")

    response = await console.submit("/views", name="One more", query="team=Tills")

    assert response.status_code == 422
    assert "Delete one first." in error_text(response.text)
    assert 'value="One more" aria-invalid="true"' in response.text
    assert listed(response.text) == ["shop"]


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("", "", "Enter a name for the view."),
        ("n" * 41, "", "at most 40 characters"),
        ("Long", "&".join(f"environment={'e' * 150}{n}" for n in range(30)), "too large"),
    ],
)
async def test_a_view_that_cannot_be_kept_is_refused(
    console: ConsoleClient, name: str, query: str, sentence: str
) -> None:
    """Nothing is saved without a name, or if the browser could not keep it."""
    assert sentence in await console.submit_refused("/views", 422, name=name, query=query)


@pytest.mark.parametrize(
    "value", ["x", "%", "W10", urlsafe_b64encode(b'[["a"], 1, null]').decode(), "W1tdXQ", "MQ"]
)
async def test_a_cookie_that_is_no_list_of_views_is_ignored(
    console: ConsoleClient, value: str
) -> None:
    """The overview is shown without saved views."""
    console.client.cookies.set(COOKIE, value)

    assert "Delete the view" not in await console.open("/")


@pytest.mark.parametrize("query", ["tier=x", "empty=x", "group=x", "rows=x", "done=x"])
async def test_unknown_values_of_the_address_are_ignored(
    console: ConsoleClient, query: str
) -> None:
    """The overview is shown as without them."""
    assert listed(await console.open(f"/?{query}")) == ["cart", "shop"]


@pytest.mark.usefixtures("console")
async def test_counters_lead_to_exactly_what_they_count(api: Api, as_user: AsUser) -> None:
    """Older, hidden, ended and waiting deployments are neither counted nor listed."""
    hidden = {"service": "shop", "environment": "test", "version": "1.0.0"}
    number = created_json(await api.post("/deployments/record", hidden))["number"]
    ok_json(await api.post(f"/deployments/{number}/hide", {"reason": "It was another one."}))
    api.clock.advance(timedelta(days=8))
    await record(api, "shop", "staging")
    await api.deployment(Status.QUEUED)
    await api.deployment(Status.PENDING_APPROVAL)
    await api.deployment(Status.FAILED)
    await api.deployment(Status.STARTED)
    api.clock.advance(timedelta(minutes=1))
    console = await as_user("olga")

    page = await console.open("/")
    counters = re.findall(r'<a href="([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', page)

    counted = {text: (int(count), url.replace("&amp;", "&")) for url, count, text in counters}
    for text, count in (("deployed in the last 7 days", 1), ("in progress or queued", 2)):
        shown, url = counted[text]
        rows = await console.open(url)
        assert shown == count == rows.partition("<tbody>")[2].count("<tr"), text
    assert counted["services"] == (2, "/services")
    assert 'value="in_progress" selected>In progress or queued' in await console.open(
        counted["in progress or queued"][1]
    )


@pytest.mark.usefixtures("console")
async def test_the_list_is_filtered_by_the_time_of_the_deployment(
    api: Api, as_user: AsUser
) -> None:
    """The times are kept in the form; what is no time is ignored."""
    api.clock.advance(timedelta(days=2))
    await record(api, "shop", "test")
    console = await as_user("olga")

    page = await console.open("/deployments?deployed_since=2026-11-23T00:00:00")

    assert page.partition("<tbody>")[2].count("<tr") == 1
    assert 'data-utc value="2026-11-23T00:00"' in page
    for value in ("x", "2026-13-01T00:00", "9999-12-31T23:59:59-23:59"):
        ignored = await console.client.get("/deployments", params={"deployed_until": value})
        assert ignored.status_code == 200
        assert ignored.text.partition("<tbody>")[2].count("<tr") == 3
