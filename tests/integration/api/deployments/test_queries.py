"""Reading deployments over HTTP: one by its number or id, and filtered lists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost_domain.deployments.review import FIXED_REVIEW_LABELS
from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, assert_problem, created_json, ok_json


@pytest.mark.parametrize(
    "name",
    [
        "DEP-2",
        "2",
        "DEP-",
        "DEP--1",
        "-1",
        "1.0",
        "+1",
        "%EF%BC%91",
        "DEP-1234567890123456789",
        "00000000-0000-7000-8000-000000000000",
        "00000000",
        "shop",
        "%20",
    ],
)
@pytest.mark.parametrize("path", ["", "/events", "/gates"])
async def test_unknown_deployment_is_404(api: Api, name: str, path: str) -> None:
    """The response is 404 for a reference in any format that names no deployment."""
    await api.create_deployment()

    assert_problem(await api.get(f"/deployments/{name}{path}"), 404, "unknown_deployment")


@pytest.mark.parametrize(
    "alias", ["{{{}}}--", "%0A{}----", "%20{}----", "%EF%BC%90{}----", "_{}----", "urn:{}"]
)
async def test_id_has_one_spelling(api: Api, alias: str) -> None:
    """Other notations of an id are refused, because headers would repeat them unchanged."""
    digits = (await api.create_deployment())["id"].replace("-", "")
    digits = digits if alias.startswith(("{", "u")) else digits[1:]
    response = await api.get(f"/deployments/{alias.format(digits)}/events", params={"limit": 1})

    assert_problem(response, 404, "unknown_deployment")


@pytest.mark.parametrize("name", ["DEP-1", "dep-1", "Dep-1", "1", "DEP-0001"])
async def test_deployment_is_found_by_its_number(api: Api, name: str) -> None:
    """The prefix is optional and may be in any case, and leading zeros are allowed."""
    deployment = await api.create_deployment()

    assert ok_json(await api.get(f"/deployments/{name}")) == deployment


async def test_deployment_is_found_by_its_id(api: Api) -> None:
    """The id works in lower and upper case."""
    deployment = await api.create_deployment()

    assert ok_json(await api.get(f"/deployments/{deployment['id']}")) == deployment
    assert ok_json(await api.get(f"/deployments/{deployment['id'].upper()}")) == deployment


@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', '"7", "1"', '"7",W/"1"', "*"])
async def test_unchanged_deployment_is_304(api: Api, tags: str) -> None:
    """A request with the current ETag receives 304 without a body."""
    deployment = await api.create_deployment()
    path = f"/deployments/{deployment['id']}"

    response = await api.get(path, headers={"If-None-Match": tags})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == '"1"'


@pytest.mark.parametrize("tags", ['"2"', "1", "", '"1', "nonsense"])
async def test_deployment_is_sent_for_another_etag(api: Api, tags: str) -> None:
    """The deployment is sent if the ETag is outdated or malformed."""
    deployment = await api.create_deployment()
    path = f"/deployments/{deployment['id']}"

    assert ok_json(await api.get(path, headers={"If-None-Match": tags})) == deployment


async def test_changed_deployment_is_sent_for_its_old_etag(api: Api) -> None:
    """After an action, a request with the previous ETag receives the changed deployment."""
    deployment = await api.create_deployment()
    cancelled = ok_json(await api.perform(deployment, Action.CANCEL))

    response = await api.get(f"/deployments/{deployment['id']}", headers={"If-None-Match": '"1"'})
    assert ok_json(response) == cancelled


@pytest.fixture
async def history(api: Api) -> Api:
    """Create six deployments, one per hour from noon."""
    await api.version("2.0.0", service="cart")
    requests = [
        {"requester": "ada"},
        {"requester": "bo", "environment": "staging", "service": "cart", "version": "2.0.0"},
        {"requester": "ada", "environment": "development"},
        {"requester": "eve", "environment": "test", "service": "cart"},
        {"requester": "bo", "environment": "development"},
        {"requester": "ada", "environment": "development", "service": "cart"},
    ]
    for number, changes in enumerate(requests, start=1):
        deployment = await api.create_deployment(**changes)
        if number in {3, 6}:
            await api.perform(deployment, Action.START)
            api.clock.advance(timedelta(minutes=30))
            ok_json(await api.perform(deployment, Action.SUCCEED))
            api.clock.advance(timedelta(minutes=-30))
        if number == 5:
            await api.perform(deployment, Action.CANCEL)
        api.clock.advance(timedelta(hours=1))
    return api


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "654321"),
        ("order=newest", "654321"),
        ("order=oldest", "123456"),
        ("service=cart", "642"),
        ("service=cart&service=shop", "654321"),
        ("service=nowhere", ""),
        ("service=", ""),
        ("environment=development", "653"),
        ("environment=staging&environment=test", "42"),
        ("tier=production", "1"),
        ("tier=test&tier=staging", "42"),
        ("status=succeeded", "63"),
        ("status=queued&status=cancelled&status=pending_approval", "5421"),
        ("review=executed", "63"),
        ("review=EXECUTED&review=approved_by_nobody", "63"),
        ("review=requested&service=shop", "1"),
        ("review=approved_by_policy", "54"),
        ("kind=request", "654321"),
        ("kind=promotion&kind=rollback&kind=record", ""),
        ("requester=bo", "52"),
        ("requester=bo&requester=eve", "542"),
        ("version=2.0.0", "2"),
        ("version=2.0.0&version=1.0.0", "654321"),
        ("since=2026-11-21T15:00:00Z", "654"),
        ("since=2026-11-21T15:00:00.000001Z", "65"),
        ("since=2026-11-21T17:00:00%2B02:00", "654"),
        ("until=2026-11-21T15:00:00Z", "321"),
        ("until=2026-11-21T10:00:00-05:00", "321"),
        ("since=2026-11-21T13:00:00Z&until=2026-11-21T15:00:00Z", "32"),
        ("since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z", "654321"),
        ("deployed_since=2026-11-21T14:30:00Z", "63"),
        ("deployed_since=2026-11-21T14:30:01Z", "6"),
        ("deployed_until=2026-11-21T17:30:00Z", "3"),
        ("deployed_since=2026-11-21T00:00:00Z&deployed_until=2026-11-22T00:00:00Z", "63"),
        ("service=shop&environment=development&requester=ada", "3"),
        ("service=cart&status=succeeded&tier=development&version=1.0.0&kind=request", "6"),
        ("requester=ada&status=succeeded&until=2026-11-21T15:00:00Z&order=oldest", "3"),
        ("requester=ada&requester=bo&status=succeeded&order=oldest", "36"),
        ("service=shop&version=2.0.0", ""),
        ("work_reference=SHOP-1&requester=bo", "52"),
        ("work_reference=shop-1", "654321"),
        ("work_reference=SHOP", ""),
        ("work_reference=", ""),
        ("commit=0123456", ""),
        ("reviewer=quinn", ""),
        ("external_id=run-1", ""),
        ("q=DEP-2", "2"),
        ("q=2.0+shop-1", "2"),
        ("q=CART+bo", "2"),
        ("q=nothing", ""),
    ],
)
async def test_filters_select_deployments(history: Api, query: str, numbers: str) -> None:
    """Values of one filter are alternatives; different filters must all match."""
    page = ok_json(await history.get(f"/deployments?{query}"))

    assert [item["number"] for item in page["items"]] == [f"DEP-{number}" for number in numbers]
    assert page["next_cursor"] is None


async def test_list_items_are_complete_deployments(history: Api) -> None:
    """An item equals the deployment read by its id."""
    for item in ok_json(await history.get("/deployments"))["items"]:
        assert item == ok_json(await history.get(f"/deployments/{item['id']}"))


@pytest.mark.parametrize("label", ["", "approved", "approved_by_", "approved_by_Q A", "running"])
async def test_unknown_review_label_is_refused(api: Api, label: str) -> None:
    """The error lists the labels that are accepted."""
    response = await api.get("/deployments", params={"review": ["executed", label]})

    assert_problem(response, 422, "invalid", "query/review")
    assert response.json()["errors"][0]["detail"] == (
        f"It has the value {label!r}, which is not a review label; accepted are requested, "
        "approved_by_policy, break_glass, executed, rejected and approved_by_<stage> with the "
        "name of an approval stage, such as approved_by_qa."
    )


async def test_review_filter_finds_a_deployment_in_every_stage(api: Api) -> None:
    """Only the filter for the deployment's current label finds it.

    The label stays `executed` after a rollback.
    """
    deployment = await api.create_deployment()
    found = [await _review_of(api)]
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.START, "olga"),
        (Action.SUCCEED, "olga"),
        (Action.ROLLBACK, "olga"),
    ):
        ok_json(await api.perform(deployment, action, actor=actor))
        found.append(await _review_of(api))

    assert found == [
        "requested",
        "approved_by_qa",
        "approved_by_devops",
        "approved_by_devops",
        "executed",
        "executed",
    ]


async def _review_of(api: Api) -> str:
    """Return the only label whose filter finds the deployment; it is the one in the response."""
    labels = (*FIXED_REVIEW_LABELS, "approved_by_qa", "approved_by_devops")
    pages = {
        label: ok_json(await api.get(f"/deployments?review={label}"))["items"] for label in labels
    }
    ((label, (item,)),) = [(label, items) for label, items in pages.items() if items]
    assert item["review"]["label"] == label
    return label


@pytest.mark.parametrize("name", ["since", "until", "deployed_since", "deployed_until"])
@pytest.mark.parametrize(
    "time",
    [
        "",
        "null",
        "0",
        "0.5",
        "1763726400",
        "yesterday",
        "2026-11-32",
        "2026-11-21T09:30:00",
        "2026-13-21T09:30:00Z",
        "2026-11-21T25:30:00Z",
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-11-21T09:30:00Z%00",
    ],
)
async def test_invalid_time_is_refused(api: Api, name: str, time: str) -> None:
    """A time filter requires an RFC 3339 timestamp with a time zone, or a date."""
    assert_problem(await api.get(f"/deployments?{name}={time}"), 422, "invalid", f"query/{name}")


@pytest.mark.parametrize(
    ("since", "items"),
    [
        ("2026-11-21", 1),
        ("2026-11-22", 0),
        ("2026-11-21T13:00:00+01:00", 1),  # the query has a blank in place of the `+`
        ("2026-11-21T13:00:00%2B01:00", 1),
        ("2026-11-21T13:00:01+01:00", 0),
    ],
)
async def test_time_can_be_a_date_or_have_an_offset(api: Api, since: str, items: int) -> None:
    """A date means its beginning in UTC, and an offset is understood without escaping its `+`."""
    await api.create_deployment()

    assert len(ok_json(await api.get(f"/deployments?since={since}"))["items"]) == items


@pytest.mark.parametrize("name", ["tier", "status", "kind", "order"])
@pytest.mark.parametrize("value", ["", "null", "Production", "approved,queued", "%00"])
async def test_invalid_filter_value_is_refused(api: Api, name: str, value: str) -> None:
    """A misspelt value is an error, not an empty list."""
    assert_problem(await api.get(f"/deployments?{name}={value}"), 422, "invalid", f"query/{name}")


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "commit", [COMMIT, COMMIT[:7], "0123456789ABCDEF", "fffffff&commit=0123456"]
)
async def test_deployments_are_found_by_their_commit(api: Api, commit: str) -> None:
    """The whole commit or its first digits find every deployment of a version of it."""
    body = {"version": "3.0.0", "commit_sha": COMMIT}
    created_json(await api.post("/services/shop/versions", body))
    await api.create_deployment()
    await api.create_deployment(version="3.0.0")

    page = ok_json(await api.get(f"/deployments?commit={commit}"))

    assert [item["number"] for item in page["items"]] == ["DEP-2"]


async def test_deployments_are_found_by_each_reviewer(api: Api) -> None:
    """Everybody whose approval counts is a reviewer, and so is who rejected."""
    approved, rejected = await api.create_deployment(), await api.create_deployment()
    ok_json(await api.perform(approved, Action.APPROVE, actor="quinn"))
    ok_json(await api.perform(approved, Action.APPROVE, actor="devin"))
    ok_json(await api.perform(rejected, Action.REJECT, actor="quinn"))

    found = {
        name: [
            item["number"]
            for item in ok_json(await api.get(f"/deployments?reviewer={name}"))["items"]
        ]
        for name in ("quinn", "devin", "ada")
    }

    assert found == {"quinn": ["DEP-2", "DEP-1"], "devin": ["DEP-1"], "ada": []}


@pytest.mark.parametrize(
    ("query", "pointer", "code", "detail"),
    [
        ("commit=012345", "query/commit", "invalid", "at least the first 7 hexadecimal digits"),
        ("commit=01234567&commit=master", "query/commit", "invalid", "hexadecimal digits"),
        ("commit=", "query/commit", "invalid", "hexadecimal digits"),
        (f"commit={'0' * 65}", "query/commit", "invalid", "hexadecimal digits"),
        ("q=", "query/q", "search_without_words", "must contain a letter, a digit"),
        ("q=%20(%20!%20)", "query/q", "search_without_words", "must contain a letter, a digit"),
        ("q=a+b+c+d+e+f+g+h+i", "query/q", "search_too_long", "at most 8 words, not 9"),
        (f"q={'a' * 201}", "query/q", "invalid", "200"),
    ],
)
async def test_malformed_search_is_refused(
    api: Api, query: str, pointer: str, code: str, detail: str
) -> None:
    """The error names the parameter and what it accepts."""
    response = await api.get(f"/deployments?{query}")

    assert_problem(response, 422, code, pointer)
    assert detail in response.json()["detail"]
