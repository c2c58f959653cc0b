"""The ways round, over HTTP: each with a role, a reason that stays, and what it leaves."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action, Status
from tests.support.api import Api, Json, found, made, problem, token_of
from tests.support.people import employ
from tests.support.ticking import time_passes

REASON: Final = "Nobody can pay, and qa is asleep."
GLASS: Final[Json] = {"reason": REASON, "incident": "INC-7"}
DUE: Final = "2026-11-24T12:00:00Z"


async def override(
    api: Api, deployment: Json, gate: str = "freeze", *, by: str = "eve", **body: Any
) -> Any:
    said = {"gate": gate, "reason": REASON, **body}
    path = f"/deployments/{deployment['number']}/override"
    return await api.post(path, said, headers=token_of(by))


async def break_glass(api: Api, deployment: Json, *, by: str = "eve", **body: Any) -> Any:
    path = f"/deployments/{deployment['number']}/break-glass"
    return await api.post(path, GLASS | body, headers=token_of(by))


async def judge(
    api: Api, deployment: Json, *, by: str = "quinn", verdict: str = "justified", **body: Any
) -> Any:
    said = {"verdict": verdict, "note": "The fix was two lines."} | body
    path = f"/deployments/{deployment['number']}/after-review"
    return await api.post(path, said, headers=token_of(by))


async def stands(api: Api, deployment: Json) -> Json:
    return found(await api.get(f"/deployments/{deployment['number']}"))


async def test_one_gate_of_one_deployment_is_passed_with_a_reason(api: Api) -> None:
    """It can start; the gate is told as overridden, the event is its own, others still wait."""
    made(await api.post("/freezes", {"reason": "The sale."}))
    urgent, other = [await api.deployment(Status.APPROVED) for _ in range(2)]

    passed = found(await override(api, urgent, "freeze"))

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
    told = found(await api.get(f"/deployments/{urgent['number']}/gates"))
    gate = next(each for each in told["gates"] if each["kind"] == "freeze")
    assert (gate["state"], gate["code"], told["can_start"]) == ("overridden", "frozen", True)
    assert gate["message"].startswith(f"eve passed this gate: {REASON}")
    problem(await api.act(other, Action.START), 409, "frozen")
    found(await api.act(urgent, Action.START))


async def test_what_starts_by_itself_goes_on_once_its_gate_is_passed(api: Api) -> None:
    """Untouched by hand."""
    made(await api.post("/environments", {"name": "farm", "tier": "test"}))
    found(await api.put("/environments/farm/policy", {"auto_start": True}))
    made(await api.post("/freezes", {"reason": "The sale."}))
    waits = await api.ask(environment="farm")

    assert found(await override(api, waits, "freeze"))["status"] == "started"


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
    made(await api.post("/freezes", {"reason": "The sale."}))
    deployment = await api.deployment(Status.APPROVED)
    with api.nothing_stored():
        response = await override(api, deployment, **body)

    problem(response, 422, code, pointer)


async def test_an_open_gate_is_passed_by_nobody(api: Api) -> None:
    """There is nothing to pass, and nothing to pass again."""
    deployment = await api.deployment(Status.APPROVED)
    problem(await override(api, deployment, "freeze"), 409, "gate_is_open")
    made(await api.post("/freezes", {"reason": "The sale."}))
    found(await override(api, deployment, "freeze"))

    problem(await override(api, deployment, "freeze"), 409, "gate_is_open")


@pytest.mark.parametrize("status", [Status.STARTED, Status.SUCCEEDED, Status.REJECTED])
async def test_what_waits_for_no_gate_passes_none(api: Api, status: Status) -> None:
    """Once it has started or ended."""
    deployment = await api.deployment(status)

    problem(await override(api, deployment, "freeze"), 409, "transition_refused")


async def test_an_outdated_deployment_starts_after_all_where_somebody_answers_for_it(
    api: Api,
) -> None:
    """An older version goes ahead only with an override on record."""
    old = await api.deployment(Status.APPROVED)
    await api.deployment(Status.SUCCEEDED)
    problem(await api.act(old, Action.START), 409, "outdated")

    found(await override(api, old, "order"))

    found(await api.act(old, Action.START))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EMERGENCY])
async def test_only_the_role_emergency_has_the_ways_round(api: Api, role: Role) -> None:
    """An attempt to break the glass without it is an event of the deployment."""
    deployment = await api.ask()
    await employ(api, "zoe", role)

    problem(await override(api, deployment, "freeze", by="zoe"), 403, "forbidden")
    problem(await break_glass(api, deployment, by="zoe"), 403, "forbidden")

    denied = [(each["kind"], each["actor"]) for each in (await api.events(deployment))[1:]]
    assert denied == [("access_denied", "zoe"), ("break_glass_denied", "zoe")]
    assert (await stands(api, deployment))["status"] == "pending_approval"


async def test_breaking_the_glass_approves_and_leaves_a_debt(api: Api) -> None:
    """It is told for ever as what it is: who, why, for which incident, and what is owed by when."""
    deployment = await api.ask()

    broken = found(await break_glass(api, deployment))

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
    told = found(await api.get(f"/deployments/{deployment['number']}/gates"))
    gate = told["gates"][0]
    assert (gate["kind"], gate["state"], gate["code"]) == ("approval", "overridden", "broke_glass")
    found(await api.act(deployment, Action.START))
    done = found(await api.act(deployment, Action.SUCCEED))
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
    deployment = await api.ask()
    with api.nothing_stored():
        response = await break_glass(api, deployment, **body)

    problem(response, 422, code, pointer)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.STARTED, Status.REJECTED])
async def test_there_is_no_glass_where_no_reviewer_is_waited_for(api: Api, status: Status) -> None:
    """What is approved, or ended, needs no emergency."""
    deployment = await api.deployment(status)

    problem(await break_glass(api, deployment), 409, "transition_refused")


async def test_another_eligible_human_judges_it_afterwards(api: Api) -> None:
    """Not who asked, not who broke it, nobody whom the review would not have asked."""
    deployment = await api.ask()
    found(await break_glass(api, deployment))
    await employ(api, "zed", Role.REVIEWER, groups=())
    await employ(api, "rita", Role.OPERATOR, Role.EMERGENCY, Role.ADMIN)
    for who, code in (
        ("ada", "self_review"),
        ("eve", "own_break_glass"),
        ("zed", "not_eligible"),
        ("rita", "forbidden"),
    ):
        problem(await judge(api, deployment, by=who), 403, code)
    denied = [each["data"]["code"] for each in (await api.events(deployment))[2:]]
    assert denied == ["self_review", "own_break_glass", "not_eligible", "forbidden"]

    closed = found(await judge(api, deployment, verdict="unjustified"))

    assert closed["after_review"] == {
        "state": "closed",
        "due_at": DUE,
        "verdict": "unjustified",
        "closed_by": "quinn",
        "closed_at": "2026-11-21T12:00:00Z",
    }
    event = (await api.events(deployment))[-1]
    assert (event["kind"], event["actor"]) == ("after_reviewed", "quinn")
    problem(await judge(api, deployment, by="devin"), 409, "no_after_review")


async def test_what_nobody_broke_nobody_judges(api: Api) -> None:
    """Approved by its reviewers, it owes nothing."""
    problem(await judge(api, await api.deployment(Status.STARTED)), 409, "no_after_review")


async def test_an_overdue_debt_blocks_the_next_break_glass_there(api: Api) -> None:
    """Until a reviewer gives the verdict; never a rollback, and nothing elsewhere."""
    first = await api.ask()
    found(await break_glass(api, first))
    second = await api.ask()
    found(await break_glass(api, second))
    third = await api.ask()

    await time_passes(api, days=3)

    overdue = await stands(api, first)
    assert overdue["after_review"]["state"] == "overdue"
    event = (await api.events(first))[-1]
    assert (event["kind"], event["actor"]) == ("after_review_overdue", "system")
    body = problem(await break_glass(api, third), 409, "after_review_overdue")
    assert first["number"] in body["detail"]
    offers = found(await api.get(f"/deployments/{third['number']}/gates"))["actions"]
    told = {offer["action"]: offer["reason"] for offer in offers}
    assert told["break_glass"] == body["detail"]
    assert (await api.events(third))[-1]["kind"] == "break_glass_denied"
    elsewhere = await api.ask(environment="staging")
    found(await break_glass(api, elsewhere))
    for each in (first, second):
        found(await judge(api, each))
    found(await break_glass(api, third))


async def test_an_overdue_debt_blocks_automatic_promotion_there(api: Api) -> None:
    """The reason is on the deployment that should have been promoted."""
    made(await api.post("/environments", {"name": "lab", "tier": "test"}))
    policy = {"promotes_to": "production", "auto_promote": True}
    found(await api.put("/environments/lab/policy", policy))
    owing = await api.ask()
    found(await break_glass(api, owing))
    await time_passes(api, days=3)
    source = await api.ask(environment="lab")
    found(await api.act(source, Action.START))

    succeeded = found(await api.act(source, Action.SUCCEED))

    assert succeeded["promotion_blocked"]["code"] == "after_review_overdue"
    assert owing["number"] in succeeded["promotion_blocked"]["reason"]


async def test_a_debt_is_in_the_inbox_of_who_can_judge_it(api: Api) -> None:
    """Of nobody else; it is gone once it is judged."""
    first = await api.ask()
    found(await break_glass(api, first))
    second = await api.ask()

    async def inbox(who: str) -> list[str]:
        page = found(await api.get("/reviews/inbox", headers=token_of(who)))
        return [each["number"] for each in page["items"]]

    assert await inbox("quinn") == [first["number"], second["number"]]
    assert await inbox("ada") == []
    assert await inbox("eve") == [second["number"]]
    found(await judge(api, first))
    assert await inbox("quinn") == [second["number"]]
