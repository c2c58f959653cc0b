"""Promotion of a succeeded version to the next environment, automatically or by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.clock import advance_time
from tests.support.http.recorded_events import facts_of
from tests.support.http.users import create_user

AUTO_PROMOTE: Final[Json] = {"promotes_to": "live", "auto_promote": True}


async def create_pipeline(
    api: Api, *, before: Json | None = None, after: Json | None = None
) -> None:
    """Create the environments `lab`, without reviewers, and `live` with the given policies."""
    created_json(await api.post("/environments", {"name": "lab", "tier": "test"}))
    created_json(await api.post("/environments", {"name": "live", "tier": "staging"}))
    ok_json(await api.put("/environments/lab/policy", before or {}))
    rules = {"requires": ["lab"]} if after is None else after
    ok_json(await api.put("/environments/live/policy", rules))
    await api.version("2.0.0")


async def deploy(api: Api, environment: str = "lab", **changes: Any) -> Json:
    """Create a deployment requested by ada that has succeeded."""
    deployment = await api.create_deployment(environment=environment, start=False, **changes)
    ok_json(await api.perform(deployment, Action.START))
    return ok_json(await api.perform(deployment, Action.SUCCEED))


async def promote(api: Api, source: Json, *, by: str = "ada", **body: Any) -> Any:
    return await api.post(f"/deployments/{source['number']}/promote", body, headers=auth_header(by))


async def list_promotions(api: Api, source: Json) -> list[Json]:
    deployments = await api.list_all("/deployments", kind="promotion")
    return [deployment for deployment in deployments if deployment["promoted_from"] == source["id"]]


async def get_gate(api: Api, deployment: Json, kind: str) -> Json:
    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))
    return next(gate for gate in gates["gates"] if gate["kind"] == kind)


async def test_version_waits_until_it_succeeded_upstream(api: Api) -> None:
    """Until the success, the promotion gate waits and names the missing environment.

    An early start returns 409 with the gate's message.
    """
    await create_pipeline(api)
    deployment = await api.create_deployment(environment="live", version="2.0.0")
    detail = "live requires 2.0.0 to succeed in lab first; it has not succeeded in lab."

    refused = assert_problem(await api.perform(deployment, Action.START), 409, "upstream_missing")

    assert refused["detail"] == detail
    gate = await get_gate(api, deployment, "promotion")
    assert (gate["state"], gate["message"]) == ("waiting", detail)
    assert gate["who_can_act"] == ["requester", "operator", "emergency"]
    await deploy(api, version="2.0.0")
    assert (await get_gate(api, deployment, "promotion"))["state"] == "open"
    ok_json(await api.perform(deployment, Action.START))


async def test_another_version_or_service_does_not_count(api: Api) -> None:
    """The same version of the same service must have succeeded upstream."""
    await create_pipeline(api)
    await deploy(api, version="1.0.0")
    await deploy(api, service="cart", version="1.0.0")

    deployment = await api.create_deployment(environment="live", version="2.0.0")

    assert_problem(await api.perform(deployment, Action.START), 409, "upstream_missing")


async def test_rolled_back_version_does_not_count(api: Api) -> None:
    """A version that has been rolled back upstream has to succeed there again."""
    await create_pipeline(api)
    source = await deploy(api, version="2.0.0")
    deployment = await api.create_deployment(environment="live", version="2.0.0")
    ok_json(await api.perform(source, Action.ROLLBACK))

    refused = assert_problem(await api.perform(deployment, Action.START), 409, "upstream_missing")

    assert refused["detail"] == (
        "live requires 2.0.0 to succeed in lab first; it succeeded in lab, but DEP-1 was rolled "
        "back there on 21 November 2026, 12:00 UTC."
    )


async def test_record_counts_unless_checks_are_required(api: Api) -> None:
    """A record counts as a success upstream, but cannot prove that required checks passed."""
    await create_pipeline(api)
    record = {"service": "shop", "environment": "lab", "version": "2.0.0"}
    created_json(await api.post("/deployments/record", record))
    deployment = await api.create_deployment(environment="live", version="2.0.0")
    assert (await get_gate(api, deployment, "promotion"))["state"] == "open"
    check = {"name": "health", "path": "/health"}
    executor = {"kind": "simulated"}
    target = {"base_url": "https://shop.example", "executor": executor, "checks": [check]}
    ok_json(await api.put("/services/shop/targets/lab", target))

    assert_problem(await api.perform(deployment, Action.START), 409, "upstream_missing")


async def test_soak_time_must_pass(api: Api) -> None:
    """The soak gate shows when it opens. The deployment then starts automatically."""
    await create_pipeline(api, after={"requires": ["lab"], "soak_s": 3600, "auto_start": True})
    await deploy(api, version="2.0.0")

    deployment = await api.create_deployment(environment="live", version="2.0.0")

    gate = await get_gate(api, deployment, "soak")
    assert (gate["state"], gate["code"]) == ("waiting", "soaking")
    assert gate["opens_at"] == "2026-11-21T13:00:00Z"
    await advance_time(api, minutes=59)
    assert ok_json(await api.get(f"/deployments/{deployment['number']}"))["status"] == "approved"
    await advance_time(api, minutes=1)
    assert ok_json(await api.get(f"/deployments/{deployment['number']}"))["status"] == "started"


async def test_another_version_restarts_the_soak_time(api: Api) -> None:
    """If another version was live in between, the soak time starts again with the redeployment."""
    await create_pipeline(api, after={"requires": ["lab"], "soak_s": 3600})
    await deploy(api, version="2.0.0")
    api.clock.advance(timedelta(minutes=30))
    await deploy(api, version="1.0.0")
    api.clock.advance(timedelta(minutes=30))
    await deploy(api, version="2.0.0")
    deployment = await api.create_deployment(environment="live", version="2.0.0")

    assert (await get_gate(api, deployment, "soak"))["opens_at"] == "2026-11-21T14:00:00Z"


async def test_success_expires_after_the_maximum_age(api: Api) -> None:
    """Once a success is older than the maximum, the version must succeed upstream again."""
    await create_pipeline(api, after={"requires": ["lab"], "max_age_s": 3600})
    await deploy(api, version="2.0.0")
    deployment = await api.create_deployment(environment="live", version="2.0.0")
    api.clock.advance(timedelta(seconds=3600))
    assert (await get_gate(api, deployment, "promotion"))["state"] == "open"
    api.clock.advance(timedelta(seconds=1))

    assert_problem(await api.perform(deployment, Action.START), 409, "upstream_too_old")


@pytest.mark.parametrize(("mode", "status"), [("all", 409), ("any", 200)])
async def test_requires_mode_is_all_or_any(api: Api, mode: str, status: int) -> None:
    """The policy decides whether all or any of the required environments need a success."""
    await create_pipeline(api)
    created_json(await api.post("/environments", {"name": "canary", "tier": "test"}))
    policy = {"requires": ["lab", "canary"], "requires_mode": mode}
    ok_json(await api.put("/environments/live/policy", policy))
    await deploy(api, version="2.0.0")
    deployment = await api.create_deployment(environment="live", version="2.0.0")

    assert (await api.perform(deployment, Action.START)).status_code == status


async def test_success_creates_the_promotion(api: Api) -> None:
    """The promotion is stored in the same transaction as the success, with the request's fields."""
    await create_pipeline(
        api, before=AUTO_PROMOTE, after={"approval_stages": [qa_stage()], "requires": ["lab"]}
    )

    source = await deploy(api, version="2.0.0")

    [promotion] = await list_promotions(api, source)
    inherited = ("service", "version", "requester", "work_references", "risk", "rollback_plan")
    assert [promotion[name] for name in inherited] == [source[name] for name in inherited]
    assert (promotion["environment"], promotion["status"]) == ("live", "pending_approval")
    [requested] = await api.events(promotion)
    assert (requested["kind"], requested["actor"]) == ("requested", "system")
    assert requested["data"]["promoted_from"] == source["id"]
    succeeded = (await api.events(source))[-1]
    assert (succeeded["kind"], succeeded["at"]) == ("succeeded", requested["at"])
    assert requested["seq"] == succeeded["seq"] + 1
    assert_problem(await api.perform(promotion, Action.APPROVE, actor="ada"), 403, "self_review")
    ok_json(await api.perform(promotion, Action.APPROVE, actor="quinn"))


def qa_stage() -> Json:
    return {"name": "qa", "rules": [{"group": "qa"}]}


async def test_failure_creates_no_promotion(api: Api) -> None:
    """A failed deployment is not promoted, even if the policy promotes automatically."""
    await create_pipeline(api, before=AUTO_PROMOTE)
    source = await api.create_deployment(environment="lab")
    ok_json(await api.perform(source, Action.START))
    ok_json(await api.perform(source, Action.FAIL))

    assert await list_promotions(api, source) == []


async def test_blocked_promotion_shows_the_reason(api: Api) -> None:
    """The deployment and an event show the reason, and a person can still promote manually."""
    await create_pipeline(api, before={"promotes_to": "production", "auto_promote": True})

    source = await deploy(api, risk=None)

    assert source["promotion_blocked"] == {
        "environment": "production",
        "code": "risk_required",
        "reason": "production is a production environment; risk notes are required.",
    }
    event = (await api.events(source))[-1]
    assert (event["kind"], event["actor"]) == ("promotion_blocked", "system")
    assert facts_of(event) == {"environment": "production", "code": "risk_required"}
    assert await list_promotions(api, source) == []
    assert_problem(await promote(api, source), 422, "risk_required", "#/risk")
    promotion = ok_json(await promote(api, source, risk="Slow for a minute."))
    assert (promotion["risk"], promotion["kind"]) == ("Slow for a minute.", "promotion")


async def test_person_promotes_at_most_once(api: Api) -> None:
    """The first promotion returns a new deployment requested by the caller.

    A second one is refused and names the first.
    """
    await create_pipeline(api, before={"promotes_to": "live"})
    source = await deploy(api, version="2.0.0")
    headers = await create_user(api, "bob", Role.REQUESTER)

    response = await promote(api, source, by="bob", note="It looks good.")

    promotion = ok_json(response)
    assert response.headers["Location"] == f"/api/v1/deployments/{promotion['id']}"
    assert (promotion["kind"], promotion["requester"]) == ("promotion", "bob")
    assert (promotion["promoted_from"], promotion["environment"]) == (source["id"], "live")
    assert promotion["notes"] == "It looks good."
    with api.assert_nothing_stored():
        refusal = assert_problem(await promote(api, source, by="bob"), 409, "already_promoted")
    assert promotion["number"] in refusal["detail"]
    assert (await api.get(f"/deployments/{source['number']}", headers=headers)).status_code == 200


async def test_automatic_promotion_is_not_repeated(api: Api) -> None:
    """Each source is promoted at most once to each target."""
    await create_pipeline(api, before=AUTO_PROMOTE)
    source = await deploy(api, version="2.0.0")

    assert_problem(await promote(api, source), 409, "already_promoted")

    assert len(await list_promotions(api, source)) == 1


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "environment_required", "#/environment"),
        ({"environment": "lab"}, "same_environment", "#/environment"),
        ({"environment": "nowhere"}, "unknown_environment", "#/environment"),
        ({"environment": "production", "risk": " "}, "invalid", "#/risk"),
        ({"target": "live"}, "invalid", "#/target"),
    ],
)
async def test_promotion_requires_a_target_environment(
    api: Api, body: Json, code: str, pointer: str
) -> None:
    """The request must name an environment if the policy does not. A refusal stores nothing."""
    await create_pipeline(api)
    source = await deploy(api)
    with api.assert_nothing_stored():
        response = await promote(api, source, **body)

    assert_problem(response, 422, code, pointer)


@pytest.mark.parametrize("status", [Status.PENDING_APPROVAL, Status.STARTED, Status.ROLLED_BACK])
async def test_only_a_successful_deployment_is_promoted(api: Api, status: Status) -> None:
    """Promoting a deployment in any other status returns 409."""
    deployment = await api.deployment(status)
    with api.assert_nothing_stored():
        response = await promote(api, deployment, environment="staging")

    body = assert_problem(response, 409, "transition_refused")
    assert body["deployment_status"] == status


async def test_promotion_requires_the_requester_role(api: Api) -> None:
    """The caller must have the role requester in the target environment."""
    await create_pipeline(api)
    source = await deploy(api)
    await create_user(api, "rita", Role.REVIEWER, Role.OPERATOR)

    assert_problem(await promote(api, source, by="rita", environment="live"), 403, "forbidden")


async def test_manual_deployment_holds_the_lane_until_released(api: Api) -> None:
    """A manually chosen version is not replaced by promotion until the hold is released."""
    await create_pipeline(api, before=AUTO_PROMOTE, after={})
    await deploy(api, version="1.0.0")
    [first] = await api.list_all("/deployments", kind="promotion")
    ok_json(await api.perform(first, Action.START))
    ok_json(await api.perform(first, Action.SUCCEED))

    manual = await deploy(api, "live", version="2.0.0")

    holds = ok_json(await api.get("/services/shop/restrictions"))["holds"]
    assert [(hold["environment"], hold["version"], hold["actor"]) for hold in holds] == [
        ("live", "2.0.0", "ada")
    ]
    assert (await api.events(manual))[-1]["kind"] == "hold_set"
    source = await deploy(api, version="1.0.0")
    assert source["promotion_blocked"]["code"] == "held"
    assert await list_promotions(api, source) == []
    path = "/services/shop/targets/live/release"
    assert_problem(await api.post(path, {"reason": " "}), 422, "invalid", "#/reason")
    await create_user(api, "rita", Role.REQUESTER)
    assert_problem(
        await api.post(path, {"reason": "x"}, headers=auth_header("rita")), 403, "forbidden"
    )
    assert ok_json(await api.post(path, {"reason": "It is fixed."}))["version"] == "2.0.0"
    assert_problem(await api.post(path, {"reason": "It is fixed."}), 409, "no_hold")
    source = await deploy(api, version="2.0.0")
    assert (source["promotion_blocked"], len(await list_promotions(api, source))) == (None, 1)


async def test_manual_deployment_of_the_candidate_sets_no_hold(api: Api) -> None:
    """No hold is set for a version that would have been promoted anyway."""
    await create_pipeline(api, before=AUTO_PROMOTE, after={})
    await deploy(api, version="2.0.0")

    await deploy(api, "live", version="2.0.0")

    assert ok_json(await api.get("/services/shop/restrictions"))["holds"] == []


@pytest.mark.parametrize(
    ("policy", "code", "pointer"),
    [
        ({"requires": ["nowhere"]}, "unknown_environment", "#/requires/0"),
        ({"requires": ["live"]}, "leads_to_itself", "#/requires/0"),
        ({"requires": ["lab", "lab"]}, "required_twice", "#/requires/1"),
        ({"promotes_to": "nowhere"}, "unknown_environment", "#/promotes_to"),
        ({"promotes_to": "live"}, "leads_to_itself", "#/promotes_to"),
        ({"auto_promote": True}, "promotes_nowhere", "#/promotes_to"),
        ({"promotes_to": "lab", "auto_promote": True}, "leads_in_a_circle", "#/promotes_to"),
        ({"soak_s": 1}, "soaks_nowhere", "#/requires"),
        ({"max_age_s": 1}, "ages_nowhere", "#/requires"),
        ({"max_age_s": 0}, "invalid", "#/max_age_s"),
        ({"soak_s": -1}, "invalid", "#/soak_s"),
        ({"soak_s": 10**12}, "invalid", "#/soak_s"),
        ({"approval_expires_s": 0}, "invalid", "#/approval_expires_s"),
        ({"after_review_s": None}, "invalid", "#/after_review_s"),
        ({"requires_mode": "most"}, "invalid", "#/requires_mode"),
        ({"rollback_approvals": "some"}, "invalid", "#/rollback_approvals"),
        ({"outgoing_allow": ["10.0.0.0/33"]}, "bad_outgoing", "#/outgoing_allow/0"),
        ({"outgoing_allow": ["http://shop.example"]}, "bad_outgoing", "#/outgoing_allow/0"),
        ({"outgoing_allow": ["10.0.0.1/8"]}, "bad_outgoing", "#/outgoing_allow/0"),
    ],
)
async def test_invalid_promotion_path_is_refused(
    api: Api, policy: Json, code: str, pointer: str
) -> None:
    """The error points at the field; the current policy is unchanged."""
    await create_pipeline(api, before=AUTO_PROMOTE, after={})
    with api.assert_nothing_stored():
        response = await api.put("/environments/live/policy", policy)

    assert_problem(response, 422, code, pointer)
