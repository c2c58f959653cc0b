"""Recording deployments that happened elsewhere, and hiding wrong records."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import HUMAN_ACTIONS, Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.users import create_user

ADA: Final = auth_header("ada")


def record_body(**changes: Any) -> Json:
    return {"service": "shop", "environment": "production", "version": "1.0.0", **changes}


async def record(api: Api, **changes: Any) -> Json:
    return created_json(await api.post("/deployments/record", record_body(**changes), headers=ADA))


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"service": "nobody"}, "unknown_service", "#/service"),
        ({"environment": "nowhere"}, "unknown_environment", "#/environment"),
        ({"version": "9.9.9"}, "version_not_of_service", "#/version"),
        ({"deployed_at": "2026-11-21T12:00:01Z"}, "deployed_at_in_future", "#/deployed_at"),
        ({"deployed_at": "2026-11-21T13:00:00+00:59"}, "deployed_at_in_future", "#/deployed_at"),
        ({"deployed_at": "2026-11-21"}, "invalid", "#/deployed_at"),
        ({"deployed_at": "2026-11-21T12:00:00"}, "invalid", "#/deployed_at"),
        ({"deployed_at": "0001-01-01T00:00:00+01:00"}, "invalid", "#/deployed_at"),
        ({"deployed_by": " "}, "invalid", "#/deployed_by"),
        ({"external_id": ""}, "invalid", "#/external_id"),
        ({"notes": "\x00"}, "invalid", "#/notes"),
        ({"status": "failed"}, "invalid", "#/status"),
        ({"service": None}, "invalid", "#/service"),
    ],
)
async def test_invalid_record_is_refused(api: Api, changes: Json, code: str, pointer: str) -> None:
    """The error points at the field, and nothing is stored."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments/record", record_body(**changes))

    assert_problem(response, 422, code, pointer)


async def test_record_defaults_to_now_and_the_caller(
    api: Api,
) -> None:
    """Without a date or a person, the deployment was made now by the caller.

    It has succeeded, and is marked as unreviewed.
    """
    recorded = await record(api)

    assert (recorded["kind"], recorded["status"], recorded["revision"]) == (
        "record",
        "succeeded",
        1,
    )
    assert (recorded["requester"], recorded["deployed_by"]) == ("ada", "ada")
    assert recorded["deployed_at"] == recorded["created_at"] == "2026-11-21T12:00:00Z"
    assert (recorded["unreviewed"], recorded["hidden"], recorded["work_references"]) == (
        True,
        False,
        [],
    )
    (event,) = await api.events(recorded)
    assert (event["kind"], event["data"]["deployed_at"]) == (
        "recorded",
        "2026-11-21T12:00:00.000000Z",
    )


async def test_record_without_stages_is_not_marked_unreviewed(api: Api) -> None:
    """A record is marked only if a deployment there would have required a review."""
    assert not (await record(api, environment="development"))["unreviewed"]


async def test_repeated_external_id_returns_the_first_record(api: Api) -> None:
    """The response is 200 with the first record, even if another user repeats it."""
    facts = {"external_id": "ci/1", "deployed_by": "bo", "notes": "As it was."}
    first = await record(api, **facts)

    with api.assert_nothing_stored():
        response = await api.post("/deployments/record", record_body(**facts))

    assert ok_json(response) == first
    assert response.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "2.0.0"},
        {"deployed_at": "2026-11-20T09:30:00Z"},
        {"deployed_by": "bo"},
        {"notes": "Otherwise."},
    ],
)
async def test_external_id_of_other_facts_is_refused(api: Api, changes: Json) -> None:
    """The response is 409 and names the record and what differs; nothing is stored."""
    await api.version("2.0.0")
    first = await record(api, external_id="ci/1")

    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments/record", record_body(external_id="ci/1", **changes), headers=ADA
        )

    detail = assert_problem(response, 409, "external_id_taken")["detail"]
    assert first["number"] in detail
    assert next(iter(changes)) in detail


async def test_parallel_records_with_one_external_id_keep_one(api: Api) -> None:
    """Of eight versions with one id, one is recorded and the others are refused."""
    for number in range(8):
        await api.version(f"p{number}")

    responses = await asyncio.gather(
        *(
            api.post("/deployments/record", record_body(external_id="ci/1", version=f"p{number}"))
            for number in range(8)
        )
    )

    assert sorted(response.status_code for response in responses) == [201] + 7 * [409]


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
async def test_record_never_changes(api: Api, action: Action) -> None:
    """Every action on a record is refused."""
    recorded = await record(api)
    with api.assert_nothing_stored():
        response = await api.perform(recorded, action)

    body = assert_problem(response, 409, "record_is_immutable")
    assert (body["deployment_status"], body["allowed_actions"]) == ("succeeded", [])


async def test_record_has_no_gates_and_no_actions(api: Api) -> None:
    """The list of gates is empty, and none of the listed actions is allowed."""
    recorded = await record(api)

    gates = ok_json(await api.get(f"/deployments/{recorded['number']}/gates"))

    assert gates["gates"] == []
    assert not any(offer["allowed"] for offer in gates["actions"])


async def hide(api: Api, deployment: Json, **options: Any) -> Any:
    body = options.pop("body", {"reason": "It was another service."})
    return await api.post(f"/deployments/{deployment['number']}/hide", body, **options)


async def test_hidden_record_is_listed_but_was_never_live(api: Api) -> None:
    """The previous deployment is live again. Hiding the record twice changes nothing."""
    before = await record(api, deployed_at="2026-11-01T00:00:00Z")
    wrong = await record(api)
    assert [cell["number"] for cell in await current_cells(api)] == [wrong["number"]]

    hidden = ok_json(await hide(api, wrong))

    assert hidden == wrong | {"hidden": True, "revision": 2}
    assert [cell["number"] for cell in await current_cells(api)] == [before["number"]]
    assert (await api.events(wrong))[-1]["note"] == "It was another service."
    assert hidden in ok_json(await api.get("/services/shop/deployments"))["items"]
    with api.assert_nothing_stored():
        assert ok_json(await hide(api, wrong)) == hidden


async def current_cells(api: Api, **params: Any) -> list[Json]:
    state = ok_json(await api.get("/deployments/current", params=params))
    items: list[Json] = state["cells"]
    return items


async def test_only_a_record_can_be_hidden(api: Api) -> None:
    """A deployment made by this server cannot be hidden."""
    deployment = await api.deployment(Status.SUCCEEDED)

    assert_problem(await hide(api, deployment), 409, "not_a_record")


async def test_hiding_requires_a_reason_and_the_current_etag(api: Api) -> None:
    """Without a reason or with an outdated ETag, nothing is stored."""
    recorded = await record(api)
    with api.assert_nothing_stored():
        assert_problem(await hide(api, recorded, body={}), 422, "invalid", "#/reason")
        assert_problem(await hide(api, recorded, body={"reason": " "}), 422, "invalid", "#/reason")
        stale = await hide(api, recorded, headers={"If-Match": '"7"'})
        assert_problem(stale, 412, "stale")


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.OPERATOR])
async def test_hiding_requires_the_admin_role(api: Api, role: Role) -> None:
    """An attempt without the role is refused and recorded."""
    recorded = await record(api)
    by = await create_user(api, "mo", role)

    assert_problem(await hide(api, recorded, headers=dict(by)), 403, "forbidden")

    assert (await api.events(recorded))[-1]["kind"] == "access_denied"


async def test_record_names_who_deployed_separately(api: Api) -> None:
    """`deployed_by` is free text, while the requester is the caller."""
    recorded = await record(api, deployed_by="somebody of another company")

    assert (recorded["requester"], recorded["deployed_by"]) == (
        "ada",
        "somebody of another company",
    )


async def test_repeated_key_records_once(api: Api) -> None:
    """A repeat with the same idempotency key returns the first record."""
    headers = {**ADA, "Idempotency-Key": "k"}
    first = await api.post("/deployments/record", record_body(), headers=headers)
    repeat = await api.post("/deployments/record", record_body(), headers=headers)

    assert created_json(repeat) == created_json(first)
    assert repeat.headers["Idempotent-Replayed"] == "true"
    conflicting = await api.post("/deployments/record", record_body(notes="x"), headers=headers)
    assert_problem(conflicting, 422, "idempotency_mismatch")


async def test_age_follows_the_time_since_the_deployment(api: Api) -> None:
    """A deployment is fresh for thirty days and stale after ninety."""
    await record(api)
    ages = {}
    for days in (0, 29, 30, 90, 91):
        api.clock.at = NOON + timedelta(days=days)
        ages[days] = (await current_cells(api))[0]["age"]

    assert ages == {0: "fresh", 29: "fresh", 30: "aging", 90: "aging", 91: "stale"}
