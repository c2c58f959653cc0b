"""Promotion: what did well in one environment is asked for in the next, by hand and by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action, Status
from tests.support.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.people import create_user
from tests.support.ticking import advance_time

NEXT: Final[Json] = {"promotes_to": "live", "auto_promote": True}


async def line(api: Api, *, before: Json | None = None, after: Json | None = None) -> None:
    """An environment `lab`, which asks nobody, and `live` behind it, by these policies."""
    created_json(await api.post("/environments", {"name": "lab", "tier": "test"}))
    created_json(await api.post("/environments", {"name": "live", "tier": "staging"}))
    ok_json(await api.put("/environments/lab/policy", before or {}))
    rules = {"requires": ["lab"]} if after is None else after
    ok_json(await api.put("/environments/live/policy", rules))
    await api.version("2.0.0")


async def deploy(api: Api, environment: str = "lab", **changes: Any) -> Json:
    """A deployment that ada asked for and that has succeeded."""
    asked = await api.create_deployment(environment=environment, start=False, **changes)
    ok_json(await api.perform(asked, Action.START))
    return ok_json(await api.perform(asked, Action.SUCCEED))


async def promote(api: Api, source: Json, *, by: str = "ada", **body: Any) -> Any:
    return await api.post(f"/deployments/{source['number']}/promote", body, headers=auth_header(by))


async def promotions(api: Api, source: Json) -> list[Json]:
    every = await api.list_all("/deployments", kind="promotion")
    return [each for each in every if each["promoted_from"] == source["id"]]


async def gate(api: Api, deployment: Json, kind: str) -> Json:
    told = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))
    return next(each for each in told["gates"] if each["kind"] == kind)


async def test_a_version_waits_until_it_succeeded_where_the_policy_wants_it(api: Api) -> None:
    """The gate says where, and opens once it did; a start before that is 409 with its sentence."""
    await line(api)
    waits = await api.create_deployment(environment="live", version="2.0.0")
    sentence = "live requires 2.0.0 to succeed in lab first; it has not, or was rolled back since."

    refused = assert_problem(await api.perform(waits, Action.START), 409, "upstream_missing")

    assert refused["detail"] == sentence
    told = await gate(api, waits, "promotion")
    assert (told["state"], told["message"]) == ("waiting", sentence)
    assert told["who_can_act"] == ["requester", "operator", "emergency"]
    await deploy(api, version="2.0.0")
    assert (await gate(api, waits, "promotion"))["state"] == "open"
    ok_json(await api.perform(waits, Action.START))


async def test_another_version_or_service_proves_nothing(api: Api) -> None:
    """What has to succeed is this version of this service."""
    await line(api)
    await deploy(api, version="1.0.0")
    await deploy(api, service="cart", version="1.0.0")

    waits = await api.create_deployment(environment="live", version="2.0.0")

    assert_problem(await api.perform(waits, Action.START), 409, "upstream_missing")


async def test_a_rollback_takes_its_proof_back(api: Api) -> None:
    """What was rolled back there since has not done well there."""
    await line(api)
    source = await deploy(api, version="2.0.0")
    waits = await api.create_deployment(environment="live", version="2.0.0")
    ok_json(await api.perform(source, Action.ROLLBACK))

    assert_problem(await api.perform(waits, Action.START), 409, "upstream_missing")


async def test_what_was_told_of_counts_unless_checks_were_to_pass(api: Api) -> None:
    """A record says that it was deployed; where a check is required, it says too little."""
    await line(api)
    told = {"service": "shop", "environment": "lab", "version": "2.0.0"}
    created_json(await api.post("/deployments/record", told))
    waits = await api.create_deployment(environment="live", version="2.0.0")
    assert (await gate(api, waits, "promotion"))["state"] == "open"
    check = {"name": "health", "path": "/health"}
    executor = {"kind": "simulated"}
    target = {"base_url": "https://shop.example", "executor": executor, "checks": [check]}
    ok_json(await api.put("/services/shop/targets/lab", target))

    assert_problem(await api.perform(waits, Action.START), 409, "upstream_missing")


async def test_it_must_have_stood_there_long_enough(api: Api) -> None:
    """The gate says until when; what starts by itself goes on then, untouched by hand."""
    await line(api, after={"requires": ["lab"], "soak_s": 3600, "auto_start": True})
    await deploy(api, version="2.0.0")

    waits = await api.create_deployment(environment="live", version="2.0.0")

    told = await gate(api, waits, "soak")
    assert (told["state"], told["code"]) == ("waiting", "soaking")
    assert told["opens_at"] == "2026-11-21T13:00:00Z"
    await advance_time(api, minutes=59)
    assert ok_json(await api.get(f"/deployments/{waits['number']}"))["status"] == "approved"
    await advance_time(api, minutes=1)
    assert ok_json(await api.get(f"/deployments/{waits['number']}"))["status"] == "started"


async def test_another_version_in_between_begins_the_time_anew(api: Api) -> None:
    """It has to stand there without a break."""
    await line(api, after={"requires": ["lab"], "soak_s": 3600})
    await deploy(api, version="2.0.0")
    api.clock.advance(timedelta(minutes=30))
    await deploy(api, version="1.0.0")
    api.clock.advance(timedelta(minutes=30))
    await deploy(api, version="2.0.0")
    waits = await api.create_deployment(environment="live", version="2.0.0")

    assert (await gate(api, waits, "soak"))["opens_at"] == "2026-11-21T14:00:00Z"


async def test_success_long_ago_proves_nothing_where_the_policy_says_so(api: Api) -> None:
    """It has to be deployed there again."""
    await line(api, after={"requires": ["lab"], "max_age_s": 3600})
    await deploy(api, version="2.0.0")
    waits = await api.create_deployment(environment="live", version="2.0.0")
    api.clock.advance(timedelta(seconds=3600))
    assert (await gate(api, waits, "promotion"))["state"] == "open"
    api.clock.advance(timedelta(seconds=1))

    assert_problem(await api.perform(waits, Action.START), 409, "upstream_too_old")


@pytest.mark.parametrize(("mode", "status"), [("all", 409), ("any", 200)])
async def test_of_several_environments_all_count_or_any(api: Api, mode: str, status: int) -> None:
    """As the policy says."""
    await line(api)
    created_json(await api.post("/environments", {"name": "canary", "tier": "test"}))
    policy = {"requires": ["lab", "canary"], "requires_mode": mode}
    ok_json(await api.put("/environments/live/policy", policy))
    await deploy(api, version="2.0.0")
    waits = await api.create_deployment(environment="live", version="2.0.0")

    assert (await api.perform(waits, Action.START)).status_code == status


async def test_success_asks_for_the_next_environment_by_itself(api: Api) -> None:
    """In one transaction, in the name of whoever asked before, with all they told."""
    await line(api, before=NEXT, after={"approval_stages": [qa()], "requires": ["lab"]})

    source = await deploy(api, version="2.0.0")

    [promotion] = await promotions(api, source)
    inherited = ("service", "version", "requester", "work_references", "risk", "rollback_plan")
    assert [promotion[name] for name in inherited] == [source[name] for name in inherited]
    assert (promotion["environment"], promotion["status"]) == ("live", "pending_approval")
    [asked] = await api.events(promotion)
    assert (asked["kind"], asked["actor"]) == ("requested", "system")
    assert asked["data"]["promoted_from"] == source["id"]
    succeeded = (await api.events(source))[-1]
    assert (succeeded["kind"], succeeded["at"]) == ("succeeded", asked["at"])
    assert asked["seq"] == succeeded["seq"] + 1
    assert_problem(await api.perform(promotion, Action.APPROVE, actor="ada"), 403, "self_review")
    ok_json(await api.perform(promotion, Action.APPROVE, actor="quinn"))


def qa() -> Json:
    return {"name": "qa", "rules": [{"group": "qa"}]}


async def test_a_failure_asks_for_nothing(api: Api) -> None:
    """Only what succeeded goes on."""
    await line(api, before=NEXT)
    source = await api.create_deployment(environment="lab")
    ok_json(await api.perform(source, Action.START))
    ok_json(await api.perform(source, Action.FAIL))

    assert await promotions(api, source) == []


async def test_what_cannot_be_promoted_by_itself_says_why(api: Api) -> None:
    """On the deployment, and in an event of its own; a person may promote it by hand."""
    await line(api, before={"promotes_to": "production", "auto_promote": True})

    source = await deploy(api, risk=None)

    assert source["promotion_blocked"] == {
        "environment": "production",
        "code": "risk_required",
        "reason": "production is a production environment; risk notes are required.",
    }
    event = (await api.events(source))[-1]
    assert (event["kind"], event["actor"]) == ("promotion_blocked", "system")
    assert event["data"] == {"environment": "production", "code": "risk_required"}
    assert await promotions(api, source) == []
    assert_problem(await promote(api, source), 422, "risk_required", "#/risk")
    promotion = ok_json(await promote(api, source, risk="Slow for a minute."))
    assert (promotion["risk"], promotion["kind"]) == ("Slow for a minute.", "promotion")


async def test_a_person_promotes_by_hand_at_most_once(api: Api) -> None:
    """Whoever does asks for it; the answer is the new deployment, at its own address."""
    await line(api, before={"promotes_to": "live"})
    source = await deploy(api, version="2.0.0")
    bo = await create_user(api, "bob", Role.REQUESTER)

    response = await promote(api, source, by="bob", note="It looks good.")

    promotion = ok_json(response)
    assert response.headers["Location"] == f"/api/v1/deployments/{promotion['id']}"
    assert (promotion["kind"], promotion["requester"]) == ("promotion", "bob")
    assert (promotion["promoted_from"], promotion["environment"]) == (source["id"], "live")
    assert promotion["notes"] == "It looks good."
    with api.assert_nothing_stored():
        again = assert_problem(await promote(api, source, by="bob"), 409, "already_promoted")
    assert promotion["number"] in again["detail"]
    assert (await api.get(f"/deployments/{source['number']}", headers=bo)).status_code == 200


async def test_what_a_policy_promoted_is_not_promoted_there_again(api: Api) -> None:
    """At most one promotion for each source and target, whoever asks."""
    await line(api, before=NEXT)
    source = await deploy(api, version="2.0.0")

    assert_problem(await promote(api, source), 409, "already_promoted")

    assert len(await promotions(api, source)) == 1


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
async def test_a_promotion_must_say_whither(api: Api, body: Json, code: str, pointer: str) -> None:
    """Where the policy names no next environment, the request does; nothing is stored else."""
    await line(api)
    source = await deploy(api)
    with api.assert_nothing_stored():
        response = await promote(api, source, **body)

    assert_problem(response, 422, code, pointer)


@pytest.mark.parametrize("status", [Status.PENDING_APPROVAL, Status.STARTED, Status.ROLLED_BACK])
async def test_only_what_succeeded_is_promoted(api: Api, status: Status) -> None:
    """Anything else is 409, with what is possible instead."""
    deployment = await api.deployment(status)
    with api.assert_nothing_stored():
        response = await promote(api, deployment, environment="staging")

    body = assert_problem(response, 409, "transition_refused")
    assert body["deployment_status"] == status


async def test_who_asks_for_nothing_there_promotes_nothing(api: Api) -> None:
    """To promote is to ask: it takes a requester, of the environment it goes to."""
    await line(api)
    source = await deploy(api)
    await create_user(api, "rita", Role.REVIEWER, Role.OPERATOR)

    assert_problem(await promote(api, source, by="rita", environment="live"), 403, "forbidden")


async def test_a_version_deployed_by_hand_is_held_until_released(api: Api) -> None:
    """Nothing is promoted over a person's choice; an operator lets it go on, with a reason."""
    await line(api, before=NEXT, after={})
    await deploy(api, version="1.0.0")
    [first] = await api.list_all("/deployments", kind="promotion")
    ok_json(await api.perform(first, Action.START))
    ok_json(await api.perform(first, Action.SUCCEED))

    by_hand = await deploy(api, "live", version="2.0.0")

    held = ok_json(await api.get("/services/shop/restrictions"))["holds"]
    assert [(each["environment"], each["version"], each["actor"]) for each in held] == [
        ("live", "2.0.0", "ada")
    ]
    assert (await api.events(by_hand))[-1]["kind"] == "hold_set"
    source = await deploy(api, version="1.0.0")
    assert source["promotion_blocked"]["code"] == "held"
    assert await promotions(api, source) == []
    path = "/services/shop/targets/live/release"
    assert_problem(await api.post(path, {"reason": " "}), 422, "invalid", "#/reason")
    await create_user(api, "rita", Role.REQUESTER)
    assert_problem(
        await api.post(path, {"reason": "x"}, headers=auth_header("rita")), 403, "forbidden"
    )
    assert ok_json(await api.post(path, {"reason": "It is fixed."}))["version"] == "2.0.0"
    assert_problem(await api.post(path, {"reason": "It is fixed."}), 409, "no_hold")
    source = await deploy(api, version="2.0.0")
    assert (source["promotion_blocked"], len(await promotions(api, source))) == (None, 1)


async def test_the_candidate_itself_sets_no_hold(api: Api) -> None:
    """Who deploys what would be promoted anyway chooses nothing else."""
    await line(api, before=NEXT, after={})
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
async def test_a_way_that_leads_nowhere_is_refused(
    api: Api, policy: Json, code: str, pointer: str
) -> None:
    """The answer points at what is wrong; the policy in force stays."""
    await line(api, before=NEXT, after={})
    with api.assert_nothing_stored():
        response = await api.put("/environments/live/policy", policy)

    assert_problem(response, 422, code, pointer)


async def test_a_policy_is_given_back_as_it_was_put(api: Api) -> None:
    """Every rule of it."""
    await line(api)
    policy = {
        "approval_stages": [],
        "distinct_reviewers": False,
        "reviewer_may_start": False,
        "approval_expires_s": 60,
        "requires": ["lab"],
        "requires_mode": "any",
        "soak_s": 5,
        "max_age_s": 50,
        "promotes_to": "production",
        "auto_promote": True,
        "auto_start": True,
        "outgoing_allow": ["shop.example", "*.example", "10.0.0.0/8", "127.0.0.1", "fd00::/8"],
        "execution": "worker",
        "lane": "supersede",
        "rollback_approvals": "none",
        "after_review_s": 3600,
    }

    put = ok_json(await api.put("/environments/live/policy", policy))

    read_only = {"environment", "version", "created_at", "created_by"}
    assert {name: put[name] for name in put if name not in read_only} == policy
    assert set(put) - set(policy) == read_only
    assert ok_json(await api.get("/environments/live/policy")) == put
