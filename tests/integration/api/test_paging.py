"""Lists in parts over HTTP: nothing is skipped and nothing comes twice."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest

from tests.support.http.api import Api, assert_problem, created_json, ok_json

LISTS = {
    "/deployments": "number",
    "/deployments/DEP-1/events": "seq",
    "/events": "seq",
    "/services": "name",
    "/services/shop/versions": "version",
    "/environments": "name",
}
"""Every list, and what tells its items apart."""


OWNED = {"team": "shopping", "repo_url": "https://git.example/shopping"}


@pytest.fixture
async def filled(api: Api) -> Api:
    """Seven of everything, at least."""
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
async def test_a_limit_out_of_bounds_is_refused(api: Api, path: str, limit: str) -> None:
    """A part has 1 to 200 items."""
    await api.create_deployment()

    assert_problem(await api.get(f"{path}?limit={limit}"), 422, "invalid", "query/limit")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "cursor",
    ["", "x", "====", "bm90aGluZw==", "ZA==", "ZDE", "%00", "%ff", "ä", "null", "a" * 1000],
)
async def test_a_cursor_that_is_none_is_refused(api: Api, path: str, cursor: str) -> None:
    """A list begins where it said it would, or not at all."""
    await api.create_deployment()

    assert_problem(await api.get(f"{path}?cursor={cursor}"), 422, "bad_cursor", "query/cursor")


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_without_end_is_refused(api: Api, path: str) -> None:
    """What is longer than any cursor given out is not even looked into."""
    await api.create_deployment()

    assert_problem(
        await api.get(path, params={"cursor": "a" * 1101}), 422, "invalid", "query/cursor"
    )


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_of_another_list_is_refused(filled: Api, path: str) -> None:
    """Taken for its own, it would begin anywhere, or look like the end of the list."""
    others = [each for each in LISTS if each != path and LISTS[each] + LISTS[path] != "seqseq"]
    for other in others:
        cursor = ok_json(await filled.get(f"{other}?limit=2"))["next_cursor"]

        response = await filled.get(path, params={"cursor": cursor})
        assert_problem(response, 422, "bad_cursor", "query/cursor")


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
async def test_a_forged_cursor_is_refused(api: Api, forged: bytes) -> None:
    """What a cursor holds is what the list has put there, and nothing else."""
    cursor = base64.urlsafe_b64encode(forged).decode()

    response = await api.get("/deployments", params={"cursor": cursor})
    assert_problem(response, 422, "bad_cursor", "query/cursor")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
async def test_the_parts_of_a_list_make_the_whole(filled: Api, path: str, limit: int) -> None:
    """Of whatever size the parts are, together they hold every item once, in order."""
    whole = ok_json(await filled.get(path, params={"limit": 200}))["items"]

    parts = await filled.list_all(path, limit=limit)

    assert len(whole) >= 7
    assert len({item[LISTS[path]] for item in whole}) == len(whole)
    assert parts == whole


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_links_to_its_next_part(filled: Api, path: str) -> None:
    """The link is there until the last part, and following it needs nothing else."""
    whole = ok_json(await filled.get(path, params={"limit": 200}))["items"]
    items, url = [], f"/api/v1{path}?limit=3"
    while True:
        response = await filled.client.get(url)
        items += ok_json(response)["items"]
        if response.json()["next_cursor"] is None:
            break
        link = re.fullmatch('<(/[^ >]+)>; rel="next"', response.headers["Link"])
        assert link is not None
        url = link[1]

    assert "Link" not in response.headers
    assert items == whole


async def test_a_link_keeps_the_filters(filled: Api) -> None:
    """The next part is of the list that was asked for, also where values hold odd characters."""
    query = "version=1.0.0&version=%26%3D%23&requester=ada&order=oldest&since=2026-11-21T12:00:00Z"
    response = await filled.client.get(f"/api/v1/deployments?{query}&limit=4")

    following = await filled.client.get(response.links["next"]["url"])

    numbers = [item["number"] for item in ok_json(following)["items"]]
    assert numbers == ["DEP-5", "DEP-6", "DEP-7"]
    assert "Link" not in following.headers


@pytest.mark.parametrize(
    ("order", "expected"),
    [("newest", [7, 6, 5, 4, 3, 2, 1]), ("oldest", [1, 2, 3, 4, 5, 6, 7, 8, 9])],
)
async def test_a_list_stays_right_while_deployments_are_added(
    filled: Api, order: str, expected: list[int]
) -> None:
    """From the newest on, new ones do not shift the parts; from the oldest on, they come last."""
    first = ok_json(await filled.get("/deployments", params={"order": order, "limit": 3}))
    await filled.create_deployment()
    await filled.create_deployment()

    rest = await filled.list_all("/deployments", order=order, limit=3, cursor=first["next_cursor"])
    numbers = [item["number"] for item in [*first["items"], *rest]]
    assert numbers == [f"DEP-{number}" for number in expected]


@pytest.mark.parametrize(
    ("path", "add"),
    [
        ("/services", lambda n: ("/services", {"name": f"s{n}x", **OWNED})),
        ("/environments", lambda n: ("/environments", {"name": f"e{n}x", "tier": "test"})),
        ("/services/shop/versions", lambda n: ("/services/shop/versions", {"version": f"n{n}"})),
    ],
)
async def test_a_catalog_list_neither_skips_nor_repeats_while_it_grows(
    filled: Api, path: str, add: Callable[[int], tuple[str, dict[str, str]]]
) -> None:
    """What was there at the beginning comes once; what is added meanwhile at most once."""
    key, names, cursor = LISTS[path], list[str](), None
    before = {item[key] for item in await filled.list_all(path)}
    for number in range(20):
        params = {"limit": "2"} | ({} if cursor is None else {"cursor": cursor})
        page = ok_json(await filled.get(path, params=params))
        names += [item[key] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        created_json(await filled.post(*add(number)))

    assert cursor is None
    assert len(set(names)) == len(names)
    assert before <= set(names)


async def test_the_longest_names_can_be_paged(api: Api) -> None:
    """A cursor of a name of 200 characters, four bytes each, is one that the list takes."""
    names = [f"{number}{'😀' * 199}" for number in range(3)]
    for name in names:
        await api.version(name)

    versions = await api.list_all("/services/shop/versions", limit=1)
    assert [item["version"] for item in versions] == [*reversed(names), "1.0.0"]
