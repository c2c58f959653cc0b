"""Overrides, break-glass and after-reviews over HTTP."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.clock import advance_time
from tests.support.http.recorded_events import facts_of
from tests.support.http.users import create_user

REASON: Final = "Nobody can pay, and qa is asleep."
BREAK_GLASS_BODY: Final[Json] = {"reason": REASON, "incident": "INC-7"}
DUE_AT: Final = "2026-11-24T12:00:00Z"


async def override(
    api: Api, deployment: Json, gate: str = "freeze", *, by: str = "eve", **body: Any
) -> Any:
    payload = {"gate": gate, "reason": REASON, **body}
    path = f"/deployments/{deployment['number']}/override"
    return await api.post(path, payload, headers=auth_header(by))


async def break_glass(api: Api, deployment: Json, *, by: str = "eve", **body: Any) -> Any:
    path = f"/deployments/{deployment['number']}/break-glass"
    return await api.post(path, BREAK_GLASS_BODY | body, headers=auth_header(by))


async def post_after_review(
    api: Api, deployment: Json, *, by: str = "quinn", verdict: str = "justified", **body: Any
) -> Any:
    payload = {"verdict": verdict, "note": "The fix was two lines."} | body
    path = f"/deployments/{deployment['number']}/after-review"
    return await api.post(path, payload, headers=auth_header(by))


async def get_deployment(api: Api, deployment: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{deployment['number']}"))


async def test_override_opens_one_gate_of_one_deployment(api: Api) -> None:
    """The gate shows who overrode it and why; other deployments still wait."""
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    urgent, other = [await api.deployment(Status.APPROVED) for _ in range(2)]

    overridden = ok_json(await override(api, urgent, "freeze"))

    assert overridden["overrides"] == [
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
    assert facts_of(event) == {"gate": "freeze", "code": "frozen"}
    gates = ok_json(await api.get(f"/deployments/{urgent['number']}/gates"))
    gate = next(gate for gate in gates["gates"] if gate["kind"] == "freeze")
    assert (gate["state"], gate["code"], gates["can_start"]) == ("overridden", "frozen", True)
    assert gate["message"].startswith(f"Overridden by eve: {REASON}")
    assert_problem(await api.perform(other, Action.START), 409, "frozen")
    ok_json(await api.perform(urgent, Action.START))


async def test_automatic_start_follows_an_override(api: Api) -> None:
    """Once the closed gate is overridden, the deployment starts without any further action."""
    created_json(await api.post("/environments", {"name": "farm", "tier": "test"}))
    ok_json(await api.put("/environments/farm/policy", {"auto_start": True}))
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    deployment = await api.create_deployment(environment="farm")

    assert ok_json(await override(api, deployment, "freeze"))["status"] == "started"


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
async def test_override_requires_an_overridable_gate_and_a_reason(
    api: Api, body: Json, code: str, pointer: str
) -> None:
    """The approval and lane gates cannot be overridden, nor any gate without a reason.

    A refusal stores nothing.
    """
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    deployment = await api.deployment(Status.APPROVED)
    with api.assert_nothing_stored():
        response = await override(api, deployment, **body)

    assert_problem(response, 422, code, pointer)


async def test_open_gate_cannot_be_overridden(api: Api) -> None:
    """An override is refused before the gate is closed, and again after the first override."""
    deployment = await api.deployment(Status.APPROVED)
    assert_problem(await override(api, deployment, "freeze"), 409, "gate_is_open")
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    ok_json(await override(api, deployment, "freeze"))

    assert_problem(await override(api, deployment, "freeze"), 409, "gate_is_open")


@pytest.mark.parametrize("status", [Status.STARTED, Status.SUCCEEDED, Status.REJECTED])
async def test_deployment_without_gates_has_no_override(api: Api, status: Status) -> None:
    """A deployment that has started or ended has no gate to override."""
    deployment = await api.deployment(status)

    assert_problem(await override(api, deployment, "freeze"), 409, "transition_refused")


async def test_outdated_deployment_starts_after_an_override(
    api: Api,
) -> None:
    """A deployment older than the latest one in its lane starts only after an override."""
    old = await api.deployment(Status.APPROVED)
    await api.deployment(Status.SUCCEEDED)
    assert_problem(await api.perform(old, Action.START), 409, "outdated")

    ok_json(await override(api, old, "order"))

    ok_json(await api.perform(old, Action.START))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EMERGENCY])
async def test_only_the_emergency_role_overrides_and_breaks_glass(api: Api, role: Role) -> None:
    """Without the role, both actions are refused, and each attempt is recorded as an event."""
    deployment = await api.create_deployment()
    await create_user(api, "zoe", role)

    assert_problem(await override(api, deployment, "freeze", by="zoe"), 403, "forbidden")
    assert_problem(await break_glass(api, deployment, by="zoe"), 403, "forbidden")

    denied = [(event["kind"], event["actor"]) for event in (await api.events(deployment))[1:]]
    assert denied == [("access_denied", "zoe"), ("break_glass_denied", "zoe")]
    assert (await get_deployment(api, deployment))["status"] == "pending_approval"


async def test_break_glass_approves_and_opens_an_after_review(api: Api) -> None:
    """The deployment shows who broke glass, why, and when the after-review is due."""
    deployment = await api.create_deployment()

    approved = ok_json(await break_glass(api, deployment))

    assert approved["status"] == "approved"
    assert approved["break_glass"] == {
        "actor": "eve",
        "at": "2026-11-21T12:00:00Z",
        **BREAK_GLASS_BODY,
    }
    assert approved["after_review"] == {
        "state": "open",
        "due_at": DUE_AT,
        "verdict": None,
        "closed_by": None,
        "closed_at": None,
    }
    assert (approved["reviewed_by"], approved["review"]["label"]) == (None, "break_glass")
    event = (await api.events(deployment))[-1]
    assert (event["kind"], event["actor"], event["note"]) == ("broke_glass", "eve", REASON)
    assert (event["from_status"], event["to_status"]) == ("pending_approval", "approved")
    assert facts_of(event) == {
        "incident": "INC-7",
        "after_review_due_at": "2026-11-24T12:00:00.000000Z",
        "identity": {"humans": ["eve"], "provenance": {}},
    }
    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))
    gate = gates["gates"][0]
    assert (gate["kind"], gate["state"], gate["code"]) == ("approval", "overridden", "broke_glass")
    ok_json(await api.perform(deployment, Action.START))
    succeeded = ok_json(await api.perform(deployment, Action.SUCCEED))
    assert succeeded["break_glass"] == approved["break_glass"]


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
async def test_break_glass_requires_a_reason_and_an_incident(
    api: Api, body: Json, code: str, pointer: str
) -> None:
    """Nothing is stored if the reason or the incident is missing."""
    deployment = await api.create_deployment()
    with api.assert_nothing_stored():
        response = await break_glass(api, deployment, **body)

    assert_problem(response, 422, code, pointer)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.STARTED, Status.REJECTED])
async def test_break_glass_requires_a_pending_approval(api: Api, status: Status) -> None:
    """A deployment that is approved or has ended has no approval to bypass."""
    deployment = await api.deployment(status)

    assert_problem(await break_glass(api, deployment), 409, "transition_refused")


async def test_after_review_requires_another_eligible_reviewer(api: Api) -> None:
    """The requester, the person who broke glass and anyone who could not review are refused."""
    deployment = await api.create_deployment()
    ok_json(await break_glass(api, deployment))
    await create_user(api, "zed", Role.REVIEWER, groups=())
    await create_user(api, "rita", Role.OPERATOR, Role.EMERGENCY, Role.ADMIN)
    for reviewer, code in (
        ("ada", "self_review"),
        ("eve", "own_break_glass"),
        ("zed", "not_eligible"),
        ("rita", "forbidden"),
    ):
        assert_problem(await post_after_review(api, deployment, by=reviewer), 403, code)
    denied = [event["data"]["code"] for event in (await api.events(deployment))[2:]]
    assert denied == ["self_review", "own_break_glass", "not_eligible", "forbidden"]

    closed = ok_json(await post_after_review(api, deployment, verdict="unjustified"))

    assert closed["after_review"] == {
        "state": "closed",
        "due_at": DUE_AT,
        "verdict": "unjustified",
        "closed_by": "quinn",
        "closed_at": "2026-11-21T12:00:00Z",
    }
    event = (await api.events(deployment))[-1]
    assert (event["kind"], event["actor"]) == ("after_reviewed", "quinn")
    assert_problem(await post_after_review(api, deployment, by="devin"), 409, "no_after_review")


async def test_after_review_requires_a_break_glass(api: Api) -> None:
    """A deployment approved by its reviewers has no after-review."""
    assert_problem(
        await post_after_review(api, await api.deployment(Status.STARTED)), 409, "no_after_review"
    )


async def test_overdue_after_review_blocks_break_glass(api: Api) -> None:
    """A break-glass approval is refused while any after-review in the environment is overdue."""
    first = await api.create_deployment()
    ok_json(await break_glass(api, first))
    second = await api.create_deployment()
    ok_json(await break_glass(api, second))
    third = await api.create_deployment()

    await advance_time(api, days=3)

    overdue = await get_deployment(api, first)
    assert overdue["after_review"]["state"] == "overdue"
    event = (await api.events(first))[-1]
    assert (event["kind"], event["actor"]) == ("after_review_overdue", "system")
    body = assert_problem(await break_glass(api, third), 409, "after_review_overdue")
    assert first["number"] in body["detail"]
    offers = ok_json(await api.get(f"/deployments/{third['number']}/gates"))["actions"]
    reasons = {offer["action"]: offer["reason"] for offer in offers}
    assert reasons["break_glass"] == body["detail"]
    assert (await api.events(third))[-1]["kind"] == "break_glass_denied"
    elsewhere = await api.create_deployment(environment="staging")
    ok_json(await break_glass(api, elsewhere))
    for deployment in (first, second):
        ok_json(await post_after_review(api, deployment))
    ok_json(await break_glass(api, third))


async def test_overdue_after_review_blocks_automatic_promotion(api: Api) -> None:
    """While an after-review in the target environment is overdue, no promotion there is automatic.

    The deployment that would have been promoted shows the reason.
    """
    created_json(await api.post("/environments", {"name": "lab", "tier": "test"}))
    policy = {"promotes_to": "production", "auto_promote": True}
    ok_json(await api.put("/environments/lab/policy", policy))
    unreviewed = await api.create_deployment()
    ok_json(await break_glass(api, unreviewed))
    await advance_time(api, days=3)
    source = await api.create_deployment(environment="lab")
    ok_json(await api.perform(source, Action.START))

    succeeded = ok_json(await api.perform(source, Action.SUCCEED))

    assert succeeded["promotion_blocked"]["code"] == "after_review_overdue"
    assert unreviewed["number"] in succeeded["promotion_blocked"]["reason"]


async def test_after_review_is_in_the_inbox_of_eligible_reviewers(api: Api) -> None:
    """Nobody else sees the after-review, which leaves the inbox when it is closed."""
    first = await api.create_deployment()
    ok_json(await break_glass(api, first))
    second = await api.create_deployment()

    async def inbox(reviewer: str) -> list[str]:
        page = ok_json(await api.get("/reviews/inbox", headers=auth_header(reviewer)))
        return [item["number"] for item in page["items"]]

    assert await inbox("quinn") == [first["number"], second["number"]]
    assert await inbox("ada") == []
    assert await inbox("eve") == [second["number"]]
    ok_json(await post_after_review(api, first))
    assert await inbox("quinn") == [second["number"]]
