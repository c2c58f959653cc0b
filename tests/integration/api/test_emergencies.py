"""The ways round, over HTTP: each with a role, a reason that stays, and what it leaves."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action, Status
from tests.support.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.people import create_user
from tests.support.ticking import advance_time

REASON: Final = "Nobody can pay, and qa is asleep."
GLASS: Final[Json] = {"reason": REASON, "incident": "INC-7"}
DUE: Final = "2026-11-24T12:00:00Z"


async def override(
    api: Api, deployment: Json, gate: str = "freeze", *, by: str = "eve", **body: Any
) -> Any:
    said = {"gate": gate, "reason": REASON, **body}
    path = f"/deployments/{deployment['number']}/override"
    return await api.post(path, said, headers=auth_header(by))


async def break_glass(api: Api, deployment: Json, *, by: str = "eve", **body: Any) -> Any:
    path = f"/deployments/{deployment['number']}/break-glass"
    return await api.post(path, GLASS | body, headers=auth_header(by))


async def judge(
    api: Api, deployment: Json, *, by: str = "quinn", verdict: str = "justified", **body: Any
) -> Any:
    said = {"verdict": verdict, "note": "The fix was two lines."} | body
    path = f"/deployments/{deployment['number']}/after-review"
    return await api.post(path, said, headers=auth_header(by))


async def stands(api: Api, deployment: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{deployment['number']}"))


async def test_one_gate_of_one_deployment_is_passed_with_a_reason(api: Api) -> None:
    """It can start; the gate is told as overridden, the event is its own, others still wait."""
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    urgent, other = [await api.deployment(Status.APPROVED) for _ in range(2)]

    passed = ok_json(await override(api, urgent, "freeze"))

    assert passed["overrides"] == [
        {
            "gate": "freeze",
            "code": "frozen",
            "actor": "eve",
            "at": "2026-11-21T12:00:00Z",
            "reason": REASON,
        }
    ]
    event = (await api.events(urgent))[-1]
    assert (event["kind"], event["actor"], event["note"]) == ("overridden", "eve", REASON)
    assert event["data"] == {"gate": "freeze", "code": "frozen"}
    told = ok_json(await api.get(f"/deployments/{urgent['number']}/gates"))
    gate = next(each for each in told["gates"] if each["kind"] == "freeze")
    assert (gate["state"], gate["code"], told["can_start"]) == ("overridden", "frozen", True)
    assert gate["message"].startswith(f"Overridden by eve: {REASON}")
    assert_problem(await api.perform(other, Action.START), 409, "frozen")
    ok_json(await api.perform(urgent, Action.START))


async def test_what_starts_by_itself_goes_on_once_its_gate_is_passed(api: Api) -> None:
    """Untouched by hand."""
    created_json(await api.post("/environments", {"name": "farm", "tier": "test"}))
    ok_json(await api.put("/environments/farm/policy", {"auto_start": True}))
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    waits = await api.create_deployment(environment="farm")

    assert ok_json(await override(api, waits, "freeze"))["status"] == "started"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"gate": "approval"}, "gate_not_overridable", "#/gate"),
        ({"gate": "lane"}, "gate_not_overridable", "#/gate"),
        ({"gate": "weather"}, "invalid", "#/gate"),
        ({"reason": "Because.   "}, "reason_too_short", "#/reason"),
        ({"reason": None}, "invalid", "#/reason"),
        ({"actor": "bo"}, "invalid", "#/actor"),
    ],
)
async def test_an_override_names_a_gate_that_is_ever_passed_and_a_reason(
    api: Api, body: Json, code: str, pointer: str
) -> None:
    """Reviewers and a busy lane are not; nothing is stored."""
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    deployment = await api.deployment(Status.APPROVED)
    with api.assert_nothing_stored():
        response = await override(api, deployment, **body)

    assert_problem(response, 422, code, pointer)


async def test_an_open_gate_is_passed_by_nobody(api: Api) -> None:
    """There is nothing to pass, and nothing to pass again."""
    deployment = await api.deployment(Status.APPROVED)
    assert_problem(await override(api, deployment, "freeze"), 409, "gate_is_open")
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    ok_json(await override(api, deployment, "freeze"))

    assert_problem(await override(api, deployment, "freeze"), 409, "gate_is_open")


@pytest.mark.parametrize("status", [Status.STARTED, Status.SUCCEEDED, Status.REJECTED])
async def test_what_waits_for_no_gate_passes_none(api: Api, status: Status) -> None:
    """Once it has started or ended."""
    deployment = await api.deployment(status)

    assert_problem(await override(api, deployment, "freeze"), 409, "transition_refused")


async def test_an_outdated_deployment_starts_after_all_where_somebody_answers_for_it(
    api: Api,
) -> None:
    """An older version goes ahead only with an override on record."""
    old = await api.deployment(Status.APPROVED)
    await api.deployment(Status.SUCCEEDED)
    assert_problem(await api.perform(old, Action.START), 409, "outdated")

    ok_json(await override(api, old, "order"))

    ok_json(await api.perform(old, Action.START))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EMERGENCY])
async def test_only_the_role_emergency_has_the_ways_round(api: Api, role: Role) -> None:
    """An attempt to break the glass without it is an event of the deployment."""
    deployment = await api.create_deployment()
    await create_user(api, "zoe", role)

    assert_problem(await override(api, deployment, "freeze", by="zoe"), 403, "forbidden")
    assert_problem(await break_glass(api, deployment, by="zoe"), 403, "forbidden")

    denied = [(each["kind"], each["actor"]) for each in (await api.events(deployment))[1:]]
    assert denied == [("access_denied", "zoe"), ("break_glass_denied", "zoe")]
    assert (await stands(api, deployment))["status"] == "pending_approval"


async def test_breaking_the_glass_approves_and_leaves_a_debt(api: Api) -> None:
    """It is told for ever as what it is: who, why, for which incident, and what is owed by when."""
    deployment = await api.create_deployment()

    broken = ok_json(await break_glass(api, deployment))

    assert broken["status"] == "approved"
    assert broken["break_glass"] == {"actor": "eve", "at": "2026-11-21T12:00:00Z", **GLASS}
    assert broken["after_review"] == {
        "state": "open",
        "due_at": DUE,
        "verdict": None,
        "closed_by": None,
        "closed_at": None,
    }
    assert (broken["reviewed_by"], broken["review"]["label"]) == (None, "break_glass")
    event = (await api.events(deployment))[-1]
    assert (event["kind"], event["actor"], event["note"]) == ("broke_glass", "eve", REASON)
    assert (event["from_status"], event["to_status"]) == ("pending_approval", "approved")
    assert event["data"] == {
        "incident": "INC-7",
        "after_review_due_at": "2026-11-24T12:00:00.000000Z",
    }
    told = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))
    gate = told["gates"][0]
    assert (gate["kind"], gate["state"], gate["code"]) == ("approval", "overridden", "broke_glass")
    ok_json(await api.perform(deployment, Action.START))
    done = ok_json(await api.perform(deployment, Action.SUCCEED))
    assert done["break_glass"] == broken["break_glass"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"reason": "Because."}, "invalid", "#/reason"),
        ({"reason": "Because.   "}, "reason_too_short", "#/reason"),
        ({"incident": " "}, "invalid", "#/incident"),
        ({"incident": None}, "invalid", "#/incident"),
        ({"note": "x"}, "invalid", "#/note"),
    ],
)
async def test_the_glass_is_broken_for_a_reason_and_an_incident(
    api: Api, body: Json, code: str, pointer: str
) -> None:
    """Else nothing happens."""
    deployment = await api.create_deployment()
    with api.assert_nothing_stored():
        response = await break_glass(api, deployment, **body)

    assert_problem(response, 422, code, pointer)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.STARTED, Status.REJECTED])
async def test_there_is_no_glass_where_no_reviewer_is_waited_for(api: Api, status: Status) -> None:
    """What is approved, or ended, needs no emergency."""
    deployment = await api.deployment(status)

    assert_problem(await break_glass(api, deployment), 409, "transition_refused")


async def test_another_eligible_human_judges_it_afterwards(api: Api) -> None:
    """Not who asked, not who broke it, nobody whom the review would not have asked."""
    deployment = await api.create_deployment()
    ok_json(await break_glass(api, deployment))
    await create_user(api, "zed", Role.REVIEWER, groups=())
    await create_user(api, "rita", Role.OPERATOR, Role.EMERGENCY, Role.ADMIN)
    for who, code in (
        ("ada", "self_review"),
        ("eve", "own_break_glass"),
        ("zed", "not_eligible"),
        ("rita", "forbidden"),
    ):
        assert_problem(await judge(api, deployment, by=who), 403, code)
    denied = [each["data"]["code"] for each in (await api.events(deployment))[2:]]
    assert denied == ["self_review", "own_break_glass", "not_eligible", "forbidden"]

    closed = ok_json(await judge(api, deployment, verdict="unjustified"))

    assert closed["after_review"] == {
        "state": "closed",
        "due_at": DUE,
        "verdict": "unjustified",
        "closed_by": "quinn",
        "closed_at": "2026-11-21T12:00:00Z",
    }
    event = (await api.events(deployment))[-1]
    assert (event["kind"], event["actor"]) == ("after_reviewed", "quinn")
    assert_problem(await judge(api, deployment, by="devin"), 409, "no_after_review")


async def test_what_nobody_broke_nobody_judges(api: Api) -> None:
    """Approved by its reviewers, it owes nothing."""
    assert_problem(await judge(api, await api.deployment(Status.STARTED)), 409, "no_after_review")


async def test_an_overdue_debt_blocks_the_next_break_glass_there(api: Api) -> None:
    """Until a reviewer gives the verdict; never a rollback, and nothing elsewhere."""
    first = await api.create_deployment()
    ok_json(await break_glass(api, first))
    second = await api.create_deployment()
    ok_json(await break_glass(api, second))
    third = await api.create_deployment()

    await advance_time(api, days=3)

    overdue = await stands(api, first)
    assert overdue["after_review"]["state"] == "overdue"
    event = (await api.events(first))[-1]
    assert (event["kind"], event["actor"]) == ("after_review_overdue", "system")
    body = assert_problem(await break_glass(api, third), 409, "after_review_overdue")
    assert first["number"] in body["detail"]
    offers = ok_json(await api.get(f"/deployments/{third['number']}/gates"))["actions"]
    told = {offer["action"]: offer["reason"] for offer in offers}
    assert told["break_glass"] == body["detail"]
    assert (await api.events(third))[-1]["kind"] == "break_glass_denied"
    elsewhere = await api.create_deployment(environment="staging")
    ok_json(await break_glass(api, elsewhere))
    for each in (first, second):
        ok_json(await judge(api, each))
    ok_json(await break_glass(api, third))


async def test_an_overdue_debt_blocks_automatic_promotion_there(api: Api) -> None:
    """The reason is on the deployment that should have been promoted."""
    created_json(await api.post("/environments", {"name": "lab", "tier": "test"}))
    policy = {"promotes_to": "production", "auto_promote": True}
    ok_json(await api.put("/environments/lab/policy", policy))
    owing = await api.create_deployment()
    ok_json(await break_glass(api, owing))
    await advance_time(api, days=3)
    source = await api.create_deployment(environment="lab")
    ok_json(await api.perform(source, Action.START))

    succeeded = ok_json(await api.perform(source, Action.SUCCEED))

    assert succeeded["promotion_blocked"]["code"] == "after_review_overdue"
    assert owing["number"] in succeeded["promotion_blocked"]["reason"]


async def test_a_debt_is_in_the_inbox_of_who_can_judge_it(api: Api) -> None:
    """Of nobody else; it is gone once it is judged."""
    first = await api.create_deployment()
    ok_json(await break_glass(api, first))
    second = await api.create_deployment()

    async def inbox(who: str) -> list[str]:
        page = ok_json(await api.get("/reviews/inbox", headers=auth_header(who)))
        return [each["number"] for each in page["items"]]

    assert await inbox("quinn") == [first["number"], second["number"]]
    assert await inbox("ada") == []
    assert await inbox("eve") == [second["number"]]
    ok_json(await judge(api, first))
    assert await inbox("quinn") == [second["number"]]
