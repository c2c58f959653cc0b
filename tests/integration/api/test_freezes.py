"""Freezes: what may not start waits, is told why and until when, and goes on by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_api.freezes.requests import FreezeCreate
from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action, Status
from tests.support.builders import an_id
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.clock import advance_time
from tests.support.http.users import create_user

SALE: Final[Json] = {"reason": "The sale."}


async def freeze(api: Api, **changes: Any) -> Json:
    return created_json(await api.post("/freezes", {**SALE, **changes}))


async def lift(api: Api, frozen: Json, **options: Any) -> Any:
    return await api.post(f"/freezes/{frozen['id']}/lift", {"reason": "It is over."}, **options)


async def farm(api: Api) -> None:
    """An environment where everything starts by itself."""
    created_json(await api.post("/environments", {"name": "farm", "tier": "test"}))
    ok_json(await api.put("/environments/farm/policy", {"auto_start": True}))


async def statuses(api: Api, *deployments: Json) -> list[str]:
    return [
        ok_json(await api.get(f"/deployments/{each['number']}"))["status"] for each in deployments
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
        ({"timezone": "Mars/Olympus"}, "unknown_timezone", "#/timezone"),
        ({"rrule": "FREQ=NEVER", "duration_s": 60}, "bad_rrule", "#/rrule"),
    ],
)
async def test_a_freeze_that_nobody_can_mean_is_refused(
    api: Api, changes: Json, code: str, pointer: str
) -> None:
    """With the field that is wrong; nothing is stored."""
    with api.assert_nothing_stored():
        response = await api.post("/freezes", {**SALE, **changes})

    assert pointer in [error["pointer"] for error in response.json()["errors"]], response.text
    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_the_documented_example_is_taken(api: Api) -> None:
    """Whoever begins with it gets a freeze."""
    created_json(await api.post("/freezes", dict(FreezeCreate.example)))


async def test_a_frozen_start_is_refused_and_says_why(api: Api) -> None:
    """What would open it, since when and who can; approval goes on meanwhile."""
    frozen = await freeze(api, scope={"tier": "production"}, ttl_s=3600)
    deployment = await api.deployment(Status.APPROVED)

    refused = await api.perform(deployment, Action.START)

    body = assert_problem(refused, 409, "frozen")
    sentence = "owner froze shop in production, until 2026-11-21 13:00:00 UTC: The sale."
    assert body["detail"] == sentence
    told = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))
    gate = next(each for each in told["gates"] if each["kind"] == "freeze")
    assert (gate["state"], gate["message"]) == ("waiting", sentence)
    assert (gate["since"], gate["opens_at"]) == ("2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z")
    assert (gate["who_can_act"], told["can_start"]) == (
        ["operator", "emergency"],
        False,
    )
    offers = {offer["action"]: offer for offer in told["actions"]}
    assert (offers["start"]["allowed"], offers["start"]["reason"]) == (False, sentence)
    ok_json(await lift(api, frozen))
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
async def test_a_freeze_covers_its_scope_and_nothing_else(
    api: Api, scope: Json, *, covers: bool
) -> None:
    """What is left out takes in all."""
    await freeze(api, scope=scope)
    deployment = await api.deployment(Status.APPROVED)

    assert (await api.perform(deployment, Action.START)).status_code == (409 if covers else 200)


async def test_what_is_started_is_never_interrupted(api: Api) -> None:
    """A freeze takes no new starts; what is under way ends as it ends."""
    deployment = await api.deployment(Status.STARTED)
    await freeze(api)

    assert ok_json(await api.perform(deployment, Action.SUCCEED))["status"] == "succeeded"


async def test_what_waited_for_a_freeze_goes_on_in_order_once_it_is_lifted(api: Api) -> None:
    """Three wait; each goes on when its turn comes, untouched by hand."""
    await farm(api)
    frozen = await freeze(api, scope={"environment": "farm"})
    waiting = [await api.create_deployment(environment="farm") for _ in range(3)]
    assert await statuses(api, *waiting) == ["approved"] * 3

    ok_json(await lift(api, frozen))

    assert await statuses(api, *waiting) == ["started", "approved", "approved"]
    started = (await api.events(waiting[0]))[-1]
    assert (started["kind"], started["actor"]) == ("started", "system")
    for ended in waiting[:2]:
        ok_json(await api.perform(ended, Action.SUCCEED))
    assert await statuses(api, *waiting) == ["succeeded", "succeeded", "started"]


async def test_what_waited_for_a_freeze_goes_on_once_its_time_is_over(api: Api) -> None:
    """Nobody needs to be there, and while nothing opens nothing is written."""
    await farm(api)
    await freeze(api, ttl_s=600)
    waiting = await api.create_deployment(environment="farm")

    with api.assert_nothing_stored():
        await advance_time(api, minutes=9, seconds=59)
    assert await statuses(api, waiting) == ["approved"]
    await advance_time(api, seconds=1)

    assert await statuses(api, waiting) == ["started"]


async def test_outside_its_windows_nothing_starts(api: Api) -> None:
    """A window that opens each day from two to three lets what waits go on at two."""
    await farm(api)
    page_request = {"effect": "allow", "rrule": "FREQ=DAILY", "duration_s": 3600}
    await freeze(api, **page_request, starts_at="2026-11-21T14:00:00Z")
    waiting = await api.create_deployment(environment="farm")
    gates = ok_json(await api.get(f"/deployments/{waiting['number']}/gates"))["gates"]
    gate = next(each for each in gates if each["kind"] == "freeze")
    assert (gate["code"], gate["opens_at"]) == ("outside_window", "2026-11-21T14:00:00Z")

    await advance_time(api, hours=2)

    assert await statuses(api, waiting) == ["started"]


async def test_a_weekend_keeps_to_its_own_clock_over_a_change_of_the_clocks(api: Api) -> None:
    """Fridays at four in Berlin, whether that is two hours or one ahead of UTC."""
    frozen = await freeze(
        api,
        starts_at="2026-10-16T14:00:00Z",
        rrule="FREQ=WEEKLY;BYDAY=FR",
        duration_s=3600,
        timezone="Europe/Berlin",
    )
    api.clock.at += timedelta(days=6, hours=2, minutes=59)  # Friday 27 November, 14:59 UTC
    assert ok_json(await api.get(f"/freezes/{frozen['id']}"))["active"] is False

    api.clock.advance(timedelta(minutes=1))

    assert ok_json(await api.get(f"/freezes/{frozen['id']}"))["active"] is True


async def test_freezes_are_listed_the_latest_first(api: Api) -> None:
    """All of them, or those alone that are on."""
    first = await freeze(api, ttl_s=60)
    second = await freeze(api)
    later = await freeze(api, starts_at="2026-12-01T00:00:00Z", ends_at="2026-12-02T00:00:00Z")
    api.clock.advance(timedelta(minutes=2))

    async def listed(**params: Any) -> list[str]:
        return [each["id"] for each in await api.list_all("/freezes", limit=2, **params)]

    assert await listed() == [later["id"], second["id"], first["id"]]
    assert await listed(active="true") == [second["id"]]
    assert await listed(active="false") == await listed()


async def test_a_freeze_is_lifted_once(api: Api) -> None:
    """Who lifted it, when and why stays; what is over is not lifted."""
    frozen, short = await freeze(api), await freeze(api, ttl_s=60)

    lifted = ok_json(await lift(api, frozen))

    assert (lifted["active"], lifted["lifted_by"]) == (False, "owner")
    assert (lifted["lift_reason"], lifted["lifted_at"]) == ("It is over.", "2026-11-21T12:00:00Z")
    assert_problem(await lift(api, frozen), 409, "freeze_is_over")
    api.clock.advance(timedelta(minutes=1))
    assert_problem(await lift(api, short), 409, "freeze_is_over")
    for unknown in ("nothing", str(an_id())):
        assert_problem(await api.post(f"/freezes/{unknown}/lift"), 404, "unknown_freeze")
        assert_problem(await api.get(f"/freezes/{unknown}"), 404, "unknown_freeze")
    kinds = [event["kind"] for event in await api.list_all("/events")]
    assert kinds[-3:] == ["freeze_imposed", "freeze_imposed", "freeze_lifted"]


async def test_an_operator_of_one_place_freezes_no_other(api: Api) -> None:
    """Nor everything; the attempt is an event."""
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


async def test_a_repeated_key_freezes_once(api: Api) -> None:
    """As every POST."""
    headers = {"Idempotency-Key": "k"}
    first = await api.post("/freezes", SALE, headers=headers)

    assert created_json(await api.post("/freezes", SALE, headers=headers)) == created_json(first)
    assert len(await api.list_all("/freezes")) == 1
