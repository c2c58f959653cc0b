"""The versions at a past time on the overview, and the compare page with its CSV file."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest

from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json

BEFORE = "2026-11-05T00:00"


@pytest.fixture
async def history(api: Api) -> Api:
    """`shop` gets 1.1.0 in staging on day 10; `cart` is deployed on day 12."""
    created_json(await api.post("/services/shop/versions", {"version": "1.1.0"}))
    for day, service, environment, version in (
        (1, "shop", "staging", "1.0.0"),
        (1, "shop", "production", "1.0.0"),
        (10, "shop", "staging", "1.1.0"),
        (12, "cart", "production", "1.0.0"),
    ):
        body = {
            "service": service,
            "environment": environment,
            "version": version,
            "deployed_at": f"2026-11-{day:02}T00:00:00Z",
        }
        created_json(await api.post("/deployments/record", body))
    return api


def table_rows(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [visible_text(row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]


@pytest.mark.usefixtures("history")
async def test_overview_shows_a_past_time_and_what_differs_now(as_user: AsUser) -> None:
    """Ages are those of that time; cells with another version now say which one."""
    console = await as_user("olga")

    page = await console.open(f"/?at={BEFORE}")

    cart, shop = table_rows(page)
    assert re.search(r"– *now 1\.0\.0", cart)
    assert re.search(r"1\.0\.0 live for 4 d *now 1\.1\.0", shop)
    assert shop.count("now ") == 1
    assert "2 versions differ from now" in visible_text(page)
    assert "Versions on 5 November 2026, 00:00 UTC" in visible_text(page)
    assert 'href="/compare?from_at=2026-11-05T00%3A00%3A00Z"' in page
    assert "record-link" not in page
    assert "shop" not in " ".join(table_rows(await console.open(f"/?at={BEFORE}&q=cart")))


async def test_past_state_has_what_was_archived_since(history: Api, as_user: AsUser) -> None:
    """An archived service is shown for the times at which it was live, and not before."""
    target = "/api/v1/services/shop/targets"
    for environment in ("staging", "production"):
        (await history.client.delete(f"{target}/{environment}")).raise_for_status()
    archival = await history.client.patch("/api/v1/services/shop", json={"archived": True})
    archival.raise_for_status()
    console = await as_user("olga")

    _, shop = table_rows(await console.open(f"/?at={BEFORE}"))

    assert shop.count("no longer deployed") == 2
    assert len(table_rows(await console.open("/?at=2026-10-05T00:00"))) == 1


async def test_time_that_cannot_be_read_is_an_error(as_user: AsUser) -> None:
    """It does not mean the current time."""
    console = await as_user("olga")

    page = await console.open("/?at=yesterday", 422)

    assert "must be a time with a time zone" in page


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"from_at={BEFORE}", ["cart production not deployed 1.0.0", "shop staging 1.0.0"]),
        (
            "from_environment=staging&to_environment=production",
            ["cart not deployed 1.0.0", "shop 1.1.0"],
        ),
        (f"from_environment=staging&from_at={BEFORE}", ["shop staging 1.0.0"]),
        (f"from_at={BEFORE}&service=cart", ["cart production not deployed 1.0.0"]),
        ("from_environment=production&to_environment=staging&service=nobody", []),
        ("", []),
    ],
)
async def test_comparison_lists_only_differences(
    as_user: AsUser, query: str, expected: list[str]
) -> None:
    """Without a choice, the last seven days are compared with now."""
    console = await as_user("olga")

    page = await console.open(f"/compare?{query}")

    rows = table_rows(page)
    assert len(rows) == len(expected)
    assert all(row.startswith(start) for row, start in zip(rows, expected, strict=True))
    assert f"{len(expected)} difference" in visible_text(page)


@pytest.mark.usefixtures("history")
async def test_comparison_can_be_linked_and_downloaded(as_user: AsUser) -> None:
    """The link keeps both times, and the file has the same differences."""
    console = await as_user("olga")
    page = await console.open(f"/compare?from_at={BEFORE}&to_at=2026-11-11T00:00")

    (link,) = re.findall(r'href="(/compare\?from_at=[^"]*)"', page)
    link = link.replace("&amp;", "&")
    response = await console.client.get(link.replace("/compare?", "/compare.csv?"))

    assert "from_at=2026-11-05" in link
    assert "to_at=2026-11-11" in link
    assert table_rows(await console.open(link)) == table_rows(page)
    assert response.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(response.text.splitlines())
    wanted: dict[str, Any] = {
        "service": "shop",
        "difference": "changed",
        "from_version": "1.0.0",
        "from_number": "DEP-1",
        "to_version": "1.1.0",
        "to_environment": "staging",
        "to_deployed_at": "2026-11-10T00:00:00.000000Z",
    }
    assert {name: row[name] for name in wanted} == wanted
