"""Recording what happened elsewhere, and hiding what was wrong about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import HUMAN_ACTIONS, Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.users import create_user

ADA: Final = auth_header("ada")


def a_record(**changes: Any) -> Json:
    return {"service": "shop", "environment": "production", "version": "1.0.0", **changes}


async def record(api: Api, **changes: Any) -> Json:
    return created_json(await api.post("/deployments/record", a_record(**changes), headers=ADA))


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
async def test_what_cannot_have_happened_is_refused(
    api: Api, changes: Json, code: str, pointer: str
) -> None:
    """With the field that is wrong; nothing is kept."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments/record", a_record(**changes))

    assert_problem(response, 422, code, pointer)


async def test_a_record_is_what_happened_now_by_the_caller_unless_it_says_otherwise(
    api: Api,
) -> None:
    """It is born succeeded and says that nobody reviewed it here."""
    told = await record(api)

    assert (told["kind"], told["status"], told["revision"]) == ("record", "succeeded", 1)
    assert (told["requester"], told["deployed_by"]) == ("ada", "ada")
    assert told["deployed_at"] == told["created_at"] == "2026-11-21T12:00:00Z"
    assert (told["unreviewed"], told["hidden"], told["work_references"]) == (True, False, [])
    (event,) = await api.events(told)
    assert (event["kind"], event["data"]["deployed_at"]) == (
        "recorded",
        "2026-11-21T12:00:00.000000Z",
    )


async def test_where_no_review_is_asked_for_a_record_lacks_none(api: Api) -> None:
    """Only what would have needed one is flagged."""
    assert not (await record(api, environment="development"))["unreviewed"]


async def test_what_is_told_twice_is_one_record(api: Api) -> None:
    """The first is given back, with 200, and nothing is added; whoever tells it."""
    first = await record(api, external_id="ci/1", deployed_by="bo", notes="As it was.")

    with api.assert_nothing_stored():
        again = await api.post(
            "/deployments/record", a_record(external_id="ci/1", notes="Otherwise.")
        )

    assert ok_json(again) == first
    assert again.headers["ETag"] == '"1"'


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
async def test_a_record_never_changes(api: Api, action: Action) -> None:
    """Every action on it is refused: what happened has happened."""
    told = await record(api)
    with api.assert_nothing_stored():
        response = await api.perform(told, action)

    body = assert_problem(response, 409, "record_is_immutable")
    assert (body["deployment_status"], body["allowed_actions"]) == ("succeeded", [])


async def test_a_record_offers_no_action(api: Api) -> None:
    """And waits for nothing."""
    told = await record(api)

    gates = ok_json(await api.get(f"/deployments/{told['number']}/gates"))

    assert gates["gates"] == []
    assert not any(offer["allowed"] for offer in gates["actions"])


async def hide(api: Api, deployment: Json, **options: Any) -> Any:
    body = options.pop("body", {"reason": "It was another service."})
    return await api.post(f"/deployments/{deployment['number']}/hide", body, **options)


async def test_a_hidden_record_is_still_told_but_never_stood(api: Api) -> None:
    """What stood before stands again; the event says who hid it and why; a repeat is no change."""
    before = await record(api, deployed_at="2026-11-01T00:00:00Z")
    wrong = await record(api)
    assert [cell["number"] for cell in await cells(api)] == [wrong["number"]]

    hidden = ok_json(await hide(api, wrong))

    assert hidden == wrong | {"hidden": True, "revision": 2}
    assert [cell["number"] for cell in await cells(api)] == [before["number"]]
    assert (await api.events(wrong))[-1]["note"] == "It was another service."
    assert hidden in ok_json(await api.get("/services/shop/deployments"))["items"]
    with api.assert_nothing_stored():
        assert ok_json(await hide(api, wrong)) == hidden


async def cells(api: Api, **params: Any) -> list[Json]:
    state = ok_json(await api.get("/deployments/current", params=params))
    items: list[Json] = state["cells"]
    return items


async def test_what_was_carried_out_here_is_never_hidden(api: Api) -> None:
    """Only a record can be wrong about what happened."""
    done = await api.deployment(Status.SUCCEEDED)

    assert_problem(await hide(api, done), 409, "not_a_record")


async def test_to_hide_needs_a_reason_and_the_record_that_was_seen(api: Api) -> None:
    """Without either, nothing changes."""
    told = await record(api)
    with api.assert_nothing_stored():
        assert_problem(await hide(api, told, body={}), 422, "invalid", "#/reason")
        assert_problem(await hide(api, told, body={"reason": " "}), 422, "invalid", "#/reason")
        stale = await hide(api, told, headers={"If-Match": '"7"'})
        assert_problem(stale, 412, "stale")


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.OPERATOR])
async def test_who_records_does_not_hide(api: Api, role: Role) -> None:
    """To hide is an admin's; the attempt is an event."""
    told = await record(api)
    by = await create_user(api, "mo", role)

    assert_problem(await hide(api, told, headers=dict(by)), 403, "forbidden")

    assert (await api.events(told))[-1]["kind"] == "access_denied"


async def test_a_record_is_told_for_another_only_by_who_may_act_for_them(api: Api) -> None:
    """`deployed_by` is what is told; the requester is who tells."""
    told = await record(api, deployed_by="somebody of another company")

    assert (told["requester"], told["deployed_by"]) == ("ada", "somebody of another company")


async def test_a_repeated_key_records_once(api: Api) -> None:
    """As every POST."""
    headers = {**ADA, "Idempotency-Key": "k"}
    first = await api.post("/deployments/record", a_record(), headers=headers)
    repeat = await api.post("/deployments/record", a_record(), headers=headers)

    assert created_json(repeat) == created_json(first)
    assert repeat.headers["Idempotent-Replayed"] == "true"
    other = await api.post("/deployments/record", a_record(notes="x"), headers=headers)
    assert_problem(other, 422, "idempotency_mismatch")


async def test_time_moves_what_is_fresh(api: Api) -> None:
    """Thirty days, then ninety."""
    await record(api)
    ages = {}
    for days in (0, 29, 30, 90, 91):
        api.clock.at = NOON + timedelta(days=days)
        ages[days] = (await cells(api))[0]["age"]

    assert ages == {0: "fresh", 29: "fresh", 30: "aging", 90: "aging", 91: "stale"}
