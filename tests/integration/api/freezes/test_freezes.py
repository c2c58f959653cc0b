"""Freezes over HTTP: a blocked start waits, shows why and until when, and resumes automatically."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_api.freezes.requests import FreezeCreate
from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import an_id
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.clock import advance_time
from tests.support.http.users import create_user

SALE: Final[Json] = {"reason": "The sale."}
SATURDAY: Final[Json] = {"starts_at": "2026-11-28T00:00:00"}


async def create_freeze(api: Api, **changes: Any) -> Json:
    return created_json(await api.post("/freezes", {**SALE, **changes}))


async def lift(api: Api, freeze: Json, **options: Any) -> Any:
    return await api.post(f"/freezes/{freeze['id']}/lift", {"reason": "It is over."}, **options)


async def create_farm_environment(api: Api) -> None:
    """Create an environment in which deployments start automatically."""
    created_json(await api.post("/environments", {"name": "farm", "tier": "test"}))
    ok_json(await api.put("/environments/farm/policy", {"auto_start": True}))


async def get_statuses(api: Api, *deployments: Json) -> list[str]:
    return [
        ok_json(await api.get(f"/deployments/{deployment['number']}"))["status"]
        for deployment in deployments
    ]


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"reason": None}, "invalid", "#/reason"),
        ({"reason": " "}, "invalid", "#/reason"),
        ({"effect": "maybe"}, "invalid", "#/effect"),
        ({"scope": {"service": "nobody"}}, "unknown_service", "#/scope/service"),
        ({"scope": {"environment": "nowhere"}}, "unknown_environment", "#/scope/environment"),
        ({"scope": {"team": "x"}}, "invalid", "#/scope/team"),
        ({"ttl_s": 0}, "invalid", "#/ttl_s"),
        ({"duration_s": -1}, "invalid", "#/duration_s"),
        ({"starts_at": "2026-11-22"}, "invalid", "#/starts_at"),
        ({"duration": "2 days"}, "bad_duration", "#/duration"),
        ({"duration": "P2D", "duration_s": 60}, "duration_and_duration_s", "#/duration"),
        ({"ttl": "P2D", "ttl_s": 60}, "ttl_and_ttl_s", "#/ttl"),
        ({"ttl": "P367D"}, "bad_duration", "#/ttl"),
        (
            {"rrule": "FREQ=WEEKLY;BYDAY=FR", "duration": "P1D", **SATURDAY},
            "not_an_occurrence",
            "#/starts_at",
        ),
        ({"timezone": "Mars/Olympus"}, "unknown_timezone", "#/timezone"),
        ({"rrule": "FREQ=NEVER", "duration_s": 60}, "bad_rrule", "#/rrule"),
    ],
)
async def test_invalid_freeze_is_refused(api: Api, changes: Json, code: str, pointer: str) -> None:
    """The error points at the field, and nothing is stored."""
    with api.assert_nothing_stored():
        response = await api.post("/freezes", {**SALE, **changes})

    assert pointer in [error["pointer"] for error in response.json()["errors"]], response.text
    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_documented_example_is_accepted(api: Api) -> None:
    """The example of the OpenAPI document creates a freeze."""
    created_json(await api.post("/freezes", dict(FreezeCreate.example)))


async def test_frozen_start_is_refused_with_the_reason(api: Api) -> None:
    """The gate shows its start, its end and who can act. Approvals are still possible."""
    freeze = await create_freeze(api, scope={"tier": "production"}, ttl_s=3600)
    deployment = await api.deployment(Status.APPROVED)

    response = await api.perform(deployment, Action.START)

    body = assert_problem(response, 409, "frozen")
    detail = "owner froze tier production until 21 November 2026, 13:00 UTC: The sale."
    assert body["detail"] == detail
    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))
    gate = next(gate for gate in gates["gates"] if gate["kind"] == "freeze")
    assert (gate["state"], gate["message"]) == ("waiting", detail)
    assert (gate["since"], gate["opens_at"]) == ("2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z")
    assert (gate["who_can_act"], gates["can_start"]) == (
        ["operator", "emergency"],
        False,
    )
    offers = {offer["action"]: offer for offer in gates["actions"]}
    assert (offers["start"]["allowed"], offers["start"]["reason"]) == (False, detail)
    ok_json(await lift(api, freeze))
    ok_json(await api.perform(deployment, Action.START))


@pytest.mark.parametrize(
    ("scope", "covers"),
    [
        ({}, True),
        ({"service": "shop"}, True),
        ({"service": "cart"}, False),
        ({"environment": "production"}, True),
        ({"environment": "staging"}, False),
        ({"tier": "production", "service": "shop"}, True),
        ({"tier": "staging"}, False),
    ],
)
async def test_freeze_covers_its_scope_only(api: Api, scope: Json, *, covers: bool) -> None:
    """A start is blocked only if the deployment matches every field that the scope sets."""
    await create_freeze(api, scope=scope)
    deployment = await api.deployment(Status.APPROVED)

    assert (await api.perform(deployment, Action.START)).status_code == (409 if covers else 200)


async def test_started_deployment_is_not_interrupted(api: Api) -> None:
    """A deployment that started before the freeze can succeed during it."""
    deployment = await api.deployment(Status.STARTED)
    await create_freeze(api)

    assert ok_json(await api.perform(deployment, Action.SUCCEED))["status"] == "succeeded"


async def test_waiting_deployments_resume_in_order_when_a_freeze_is_lifted(api: Api) -> None:
    """Each of three deployments starts automatically when its turn comes."""
    await create_farm_environment(api)
    freeze = await create_freeze(api, scope={"environment": "farm"})
    waiting = [await api.create_deployment(environment="farm") for _ in range(3)]
    assert await get_statuses(api, *waiting) == ["approved"] * 3

    ok_json(await lift(api, freeze))

    assert await get_statuses(api, *waiting) == ["started", "approved", "approved"]
    started = (await api.events(waiting[0]))[-1]
    assert (started["kind"], started["actor"]) == ("started", "system")
    for deployment in waiting[:2]:
        ok_json(await api.perform(deployment, Action.SUCCEED))
    assert await get_statuses(api, *waiting) == ["succeeded", "succeeded", "started"]


async def test_waiting_deployment_resumes_when_a_freeze_ends(api: Api) -> None:
    """Nothing is stored until the freeze ends; then the deployment starts automatically."""
    await create_farm_environment(api)
    await create_freeze(api, ttl_s=600)
    waiting = await api.create_deployment(environment="farm")

    with api.assert_nothing_stored():
        await advance_time(api, minutes=9, seconds=59)
    assert await get_statuses(api, waiting) == ["approved"]
    await advance_time(api, seconds=1)

    assert await get_statuses(api, waiting) == ["started"]


async def test_nothing_starts_outside_an_allow_window(api: Api) -> None:
    """A waiting deployment starts when the daily window opens at 14:00."""
    await create_farm_environment(api)
    window = {"effect": "allow", "rrule": "FREQ=DAILY", "duration_s": 3600}
    await create_freeze(api, **window, starts_at="2026-11-21T14:00:00Z")
    waiting = await api.create_deployment(environment="farm")
    gates = ok_json(await api.get(f"/deployments/{waiting['number']}/gates"))["gates"]
    gate = next(gate for gate in gates if gate["kind"] == "freeze")
    assert (gate["code"], gate["opens_at"]) == ("outside_window", "2026-11-21T14:00:00Z")

    await advance_time(api, hours=2)

    assert await get_statuses(api, waiting) == ["started"]


async def test_weekly_freeze_follows_its_time_zone(api: Api) -> None:
    """The freeze starts at 16:00 in Berlin in both summer and winter time."""
    freeze = await create_freeze(
        api,
        starts_at="2026-10-16T14:00:00Z",
        rrule="FREQ=WEEKLY;BYDAY=FR",
        duration_s=3600,
        timezone="Europe/Berlin",
    )
    api.clock.at += timedelta(days=6, hours=2, minutes=59)  # Friday 27 November, 14:59 UTC
    assert ok_json(await api.get(f"/freezes/{freeze['id']}"))["active"] is False

    api.clock.advance(timedelta(minutes=1))

    assert ok_json(await api.get(f"/freezes/{freeze['id']}"))["active"] is True


async def test_freezes_are_listed_newest_first(api: Api) -> None:
    """The list contains all freezes, or only the active ones if requested."""
    first = await create_freeze(api, ttl_s=60)
    second = await create_freeze(api)
    later = await create_freeze(
        api, starts_at="2026-12-01T00:00:00Z", ends_at="2026-12-02T00:00:00Z"
    )
    api.clock.advance(timedelta(minutes=2))

    async def list_ids(**params: Any) -> list[str]:
        return [freeze["id"] for freeze in await api.list_all("/freezes", limit=2, **params)]

    assert await list_ids() == [later["id"], second["id"], first["id"]]
    assert await list_ids(active="true") == [second["id"]]
    assert await list_ids(active="false") == await list_ids()


async def test_freeze_is_lifted_once(api: Api) -> None:
    """A lifted freeze shows who lifted it, when and why. A freeze that is over cannot be lifted."""
    freeze, short_freeze = await create_freeze(api), await create_freeze(api, ttl_s=60)

    lifted = ok_json(await lift(api, freeze))

    assert (lifted["active"], lifted["lifted_by"]) == (False, "owner")
    assert (lifted["lift_reason"], lifted["lifted_at"]) == ("It is over.", "2026-11-21T12:00:00Z")
    assert_problem(await lift(api, freeze), 409, "freeze_is_over")
    api.clock.advance(timedelta(minutes=1))
    assert_problem(await lift(api, short_freeze), 409, "freeze_is_over")
    for unknown in ("nothing", str(an_id())):
        assert_problem(await api.post(f"/freezes/{unknown}/lift"), 404, "unknown_freeze")
        assert_problem(await api.get(f"/freezes/{unknown}"), 404, "unknown_freeze")
    kinds = [event["kind"] for event in await api.list_all("/events")]
    assert kinds[-3:] == ["freeze_imposed", "freeze_imposed", "freeze_lifted"]


async def test_operator_freezes_only_where_granted(api: Api) -> None:
    """An attempt to freeze another environment or everything is refused and recorded."""
    await create_user(api, "mo")
    grants = [{"role": Role.OPERATOR, "environment": "staging"}]
    ok_json(await api.client.patch("/api/v1/users/mo", json={"grants": grants}))
    by = auth_header("mo")

    for scope in ({}, {"environment": "production"}):
        refused = await api.post("/freezes", {**SALE, "scope": scope}, headers=by)
        assert_problem(refused, 403, "forbidden")
    assert (await api.list_all("/events"))[-1]["kind"] == "access_denied"
    created_json(
        await api.post("/freezes", {**SALE, "scope": {"environment": "staging"}}, headers=by)
    )


async def test_repeated_key_creates_one_freeze(api: Api) -> None:
    """A repeat with the same idempotency key returns the first freeze."""
    headers = {"Idempotency-Key": "k"}
    first = await api.post("/freezes", SALE, headers=headers)

    assert created_json(await api.post("/freezes", SALE, headers=headers)) == created_json(first)
    assert len(await api.list_all("/freezes")) == 1


async def test_days_are_those_of_the_time_zone(api: Api) -> None:
    """Two days from Saturday 00:00 end on Monday 00:00, although the clocks change on Sunday."""
    freeze = await create_freeze(
        api,
        rrule="FREQ=YEARLY;BYMONTH=3;BYDAY=-1SA",
        starts_at="2027-03-27T00:00:00",
        timezone="Europe/Berlin",
        duration="P2D",
    )

    stored = ok_json(await api.get(f"/freezes/{freeze['id']}"))
    assert (stored["duration"], stored["duration_s"]) == ("P2D", None)
    assert stored["next"][0] == {
        "starts_at": "2027-03-26T23:00:00Z",
        "ends_at": "2027-03-28T22:00:00Z",
    }


@pytest.mark.parametrize(
    ("given", "duration", "duration_s"),
    [
        ({"duration": "P1W"}, "P1W", None),
        ({"duration": "P1DT2H"}, "P1DT2H", None),
        ({"duration": "PT4H"}, "PT4H", 14_400),
        ({"duration_s": 5_400}, "PT1H30M", 5_400),
    ],
)
async def test_duration_is_shown_as_text_and_in_seconds(
    api: Api, given: Json, duration: str, duration_s: int | None
) -> None:
    """A duration with days or weeks has no fixed number of seconds."""
    freeze = await create_freeze(api, rrule="FREQ=MONTHLY", **given)

    stored = ok_json(await api.get(f"/freezes/{freeze['id']}"))
    assert (stored["duration"], stored["duration_s"]) == (duration, duration_s)


async def test_time_to_live_can_have_days(api: Api) -> None:
    """Its days are those of the time zone, too."""
    freeze = await create_freeze(
        api, starts_at="2027-03-27T00:00:00", timezone="Europe/Berlin", ttl="P2D"
    )

    assert freeze["ends_at"] == "2027-03-28T22:00:00Z"


async def test_response_to_a_write_agrees_with_the_next_read(api: Api) -> None:
    """A new freeze is active and a lifted one is not, although time passes during the request."""
    api.clock.tick = timedelta(microseconds=1)

    freeze = await create_freeze(api)
    stored = ok_json(await api.get(f"/freezes/{freeze['id']}"))
    lifted = ok_json(await lift(api, freeze))

    assert (freeze["active"], stored["active"], lifted["active"]) == (True, True, False)
    assert (stored["next"], lifted["next"]) == (freeze["next"], [])
