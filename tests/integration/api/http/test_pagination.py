"""Pagination over HTTP: no item is skipped or repeated."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest

from gatepost_api.http.pagination import CursorKind
from tests.support.http.api import Api, assert_problem, created_json, ok_json

LISTS = {
    "/deployments": "number",
    "/deployments/DEP-1/events": "seq",
    "/events": "seq",
    "/services": "name",
    "/services/shop/versions": "version",
    "/environments": "name",
}
"""Each list, with the field that identifies its items."""

TARGET = "/services/shop/targets/staging"
OWNED = {"team": "shopping", "repo_url": "https://git.example/shopping"}


@pytest.fixture
async def populated_api(api: Api) -> Api:
    """Create at least seven items of each kind."""
    for number in range(5):
        created_json(await api.post("/services", {"name": f"s{number}", **OWNED}))
        created_json(await api.post("/environments", {"name": f"e{number}", "tier": "test"}))
    for number in range(7):
        await api.version(f"1.1.{number}")
        await api.create_deployment()
    for actor in ("ada", "Ada", "ADA", "aDa", "adA", "quinn"):
        await api.post("/deployments/DEP-1/approve", {"actor": actor})
    return api


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "limit", ["0", "201", "-1", "1.5", "ten", "", "null", "9" * 5000, "%00", "٣"]
)
async def test_limit_out_of_range_is_refused(api: Api, path: str, limit: str) -> None:
    """A page has 1 to 200 items."""
    await api.create_deployment()

    assert_problem(await api.get(f"{path}?limit={limit}"), 422, "invalid", "query/limit")


async def test_cursor_is_unpadded_and_accepted_with_padding(api: Api) -> None:
    """A cursor needs no escaping in a URL; one that an earlier version padded is still valid."""
    for _ in range(2):
        await api.create_deployment()
    first = ok_json(await api.get("/deployments?limit=1"))
    cursor = first["next_cursor"]
    padding = "=" * (-len(cursor) % 4)

    pages = [
        ok_json(await api.get("/deployments", params={"limit": 1, "cursor": each}))
        for each in (cursor, cursor + padding)
    ]

    assert padding
    assert re.fullmatch("[A-Za-z0-9_-]+", cursor)
    assert pages[0] == pages[1]
    assert pages[0]["items"] != first["items"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "cursor",
    ["", "x", "====", "bm90aGluZw==", "ZA==", "ZDE=x", "%00", "%ff", "ä", "null", "a" * 1000],
)
async def test_invalid_cursor_is_refused(api: Api, path: str, cursor: str) -> None:
    """An invalid cursor is an error and does not return the first page."""
    await api.create_deployment()

    assert_problem(await api.get(f"{path}?cursor={cursor}"), 422, "bad_cursor", "query/cursor")


@pytest.mark.parametrize("path", LISTS)
async def test_too_long_cursor_is_refused(api: Api, path: str) -> None:
    """A cursor longer than any real one is refused without being decoded."""
    await api.create_deployment()

    assert_problem(
        await api.get(path, params={"cursor": "a" * 1101}), 422, "invalid", "query/cursor"
    )


@pytest.mark.parametrize("path", LISTS)
async def test_cursor_of_another_list_is_refused(populated_api: Api, path: str) -> None:
    """A cursor works only for its own list.

    In another, it would start at a wrong place or appear to be at the end.
    """
    others = [other for other in LISTS if other != path and LISTS[other] + LISTS[path] != "seqseq"]
    for other in others:
        cursor = ok_json(await populated_api.get(f"{other}?limit=2"))["next_cursor"]

        response = await populated_api.get(path, params={"cursor": cursor})
        assert_problem(response, 422, "bad_cursor", "query/cursor")


def test_each_list_has_its_own_letter() -> None:
    """The first character of a cursor says which list it is for."""
    letters = [kind.value.pattern[0] for kind in CursorKind]

    assert len(set(letters)) == len(letters)


async def test_earlier_cursor_of_target_versions_is_refused(api: Api) -> None:
    """Earlier versions used the letter of check runs; the refusal says to start again."""
    ok_json(await api.put(TARGET, {"executor": {"kind": "simulated"}}))
    cursor = base64.urlsafe_b64encode(b"r1").decode()

    response = await api.get(f"{TARGET}/versions", params={"cursor": cursor})

    problem = assert_problem(response, 422, "bad_cursor", "query/cursor")
    assert "start again without a cursor" in problem["errors"][0]["detail"]


@pytest.mark.parametrize(
    "forged",
    [
        b"d-1",
        b"d1 ",
        b"d1\n",
        b"d1.5",
        b"d1234567890123456789",
        "d\u0661".encode(),
        b"d",
        b"dx",
        b"D1",
    ],
)
async def test_forged_cursor_is_refused(api: Api, forged: bytes) -> None:
    """Only the exact format that a list produces is accepted."""
    cursor = base64.urlsafe_b64encode(forged).decode()

    response = await api.get("/deployments", params={"cursor": cursor})
    assert_problem(response, 422, "bad_cursor", "query/cursor")


async def test_bad_cursor_is_reported_with_all_other_faults(api: Api) -> None:
    """One answer names everything that is wrong with the query."""
    query = "limit=0&cursor=ZDE%3D1&status=odd&review=odd&commit=1&since=odd&other=shop"

    response = await api.get(f"/deployments?{query}")

    pointers = [error["pointer"] for error in response.json()["errors"]]
    assert response.status_code == 422
    assert sorted(pointers) == [
        "query/commit",
        "query/cursor",
        "query/limit",
        "query/other",
        "query/review",
        "query/since",
        "query/status",
    ]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
async def test_pages_together_equal_the_list(populated_api: Api, path: str, limit: int) -> None:
    """With any page size, the pages contain each item once and in order."""
    all_items = ok_json(await populated_api.get(path, params={"limit": 200}))["items"]

    items = await populated_api.list_all(path, limit=limit)

    assert len(all_items) >= 7
    assert len({item[LISTS[path]] for item in all_items}) == len(all_items)
    assert items == all_items


@pytest.mark.parametrize("path", LISTS)
async def test_list_links_to_the_next_page(populated_api: Api, path: str) -> None:
    """Each page except the last has a complete link to the next one."""
    all_items = ok_json(await populated_api.get(path, params={"limit": 200}))["items"]
    items, url = [], f"/api/v1{path}?limit=3"
    while True:
        response = await populated_api.client.get(url)
        items += ok_json(response)["items"]
        if response.json()["next_cursor"] is None:
            break
        link = re.fullmatch('<(/[^ >]+)>; rel="next"', response.headers["Link"])
        assert link is not None
        url = link[1]

    assert "Link" not in response.headers
    assert items == all_items


async def test_next_link_keeps_the_filters(populated_api: Api) -> None:
    """Special characters in filter values are escaped."""
    query = "version=1.0.0&version=%26%3D%23&requester=ada&order=oldest&since=2026-11-21T12:00:00Z"
    response = await populated_api.client.get(f"/api/v1/deployments?{query}&limit=4")

    following = await populated_api.client.get(response.links["next"]["url"])

    numbers = [item["number"] for item in ok_json(following)["items"]]
    assert numbers == ["DEP-5", "DEP-6", "DEP-7"]
    assert "Link" not in following.headers


@pytest.mark.parametrize(
    ("order", "expected"),
    [("newest", [7, 6, 5, 4, 3, 2, 1]), ("oldest", [1, 2, 3, 4, 5, 6, 7, 8, 9])],
)
async def test_pages_stay_correct_while_deployments_are_added(
    populated_api: Api, order: str, expected: list[int]
) -> None:
    """New deployments do not shift pages in newest-first order, and come last in oldest-first."""
    first = ok_json(await populated_api.get("/deployments", params={"order": order, "limit": 3}))
    await populated_api.create_deployment()
    await populated_api.create_deployment()

    next_items = await populated_api.list_all(
        "/deployments", order=order, limit=3, cursor=first["next_cursor"]
    )
    numbers = [item["number"] for item in [*first["items"], *next_items]]
    assert numbers == [f"DEP-{number}" for number in expected]


@pytest.mark.parametrize(
    ("path", "add"),
    [
        ("/services", lambda n: ("/services", {"name": f"s{n}x", **OWNED})),
        ("/environments", lambda n: ("/environments", {"name": f"e{n}x", "tier": "test"})),
        ("/services/shop/versions", lambda n: ("/services/shop/versions", {"version": f"n{n}"})),
    ],
)
async def test_catalog_pages_neither_skip_nor_repeat(
    populated_api: Api, path: str, add: Callable[[int], tuple[str, dict[str, str]]]
) -> None:
    """Existing items appear once, and items added in the meantime at most once."""
    key, names, cursor = LISTS[path], list[str](), None
    before = {item[key] for item in await populated_api.list_all(path)}
    for number in range(20):
        params = {"limit": "2"} | ({} if cursor is None else {"cursor": cursor})
        page = ok_json(await populated_api.get(path, params=params))
        names += [item[key] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        created_json(await populated_api.post(*add(number)))

    assert cursor is None
    assert len(set(names)) == len(names)
    assert before <= set(names)


async def test_longest_names_can_be_paginated(api: Api) -> None:
    """The cursor for a name of 200 four-byte characters is accepted."""
    names = [f"{number}{'😀' * 199}" for number in range(3)]
    for name in names:
        await api.version(name)

    versions = await api.list_all("/services/shop/versions", limit=1)
    assert [item["version"] for item in versions] == [*reversed(names), "1.0.0"]
