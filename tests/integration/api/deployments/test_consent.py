"""Consent over HTTP: what reviewers approve is what runs, and their consent can end."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json
from tests.support.http.users import create_user, patch_user, post_deployment
from tests.support.http.worker_claims import claim_task, post_claim

REVIEWED_BY_QA: Final[Json] = {
    "approval_stages": [{"name": "qa", "rules": [{"group": "qa"}]}],
    "execution": "worker",
}
TARGET_PATH: Final = "/services/shop/targets/farm"
ADA: Final = auth_header("ada")


def simulated(duration_s: int) -> Json:
    return {"executor": {"kind": "simulated", "duration_s": duration_s, "outcome": "succeed"}}


async def create_farm(api: Api, **policy: object) -> None:
    """Create an environment whose workers deploy what qa has approved."""
    body = {"name": "farm", "tier": "staging", "policy": REVIEWED_BY_QA | policy}
    created_json(await api.post("/environments", body))


async def put_target(api: Api, duration_s: int) -> None:
    ok_json(await api.put(TARGET_PATH, simulated(duration_s)))


async def request(api: Api, **changes: object) -> Json:
    return await post_deployment(api, ADA, environment="farm", **changes)


async def get(api: Api, deployment: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{deployment['id']}"))


async def get_gates(api: Api, deployment: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{deployment['id']}/gates"))


async def approve(api: Api, deployment: Json) -> Json:
    return ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))


async def queue(api: Api, deployment: Json) -> Json:
    await approve(api, deployment)
    return ok_json(await api.perform(deployment, Action.START, actor="olga"))


async def kinds_of(api: Api, deployment: Json) -> list[str]:
    return [event["kind"] for event in await api.events(deployment)]


async def test_worker_gets_the_settings_that_were_approved(api: Api) -> None:
    """Replacing the target after the approval changes nothing for this deployment."""
    await create_farm(api)
    await put_target(api, 1)
    deployment = await request(api)
    await queue(api, deployment)
    await put_target(api, 2)
    await put_target(api, 3)

    task = await claim_task(api)

    assert task["target"]["executor"]["duration_s"] == 1
    assert task["deployment"]["target_version"] == 1


async def test_settings_are_those_of_the_request_also_for_the_reviewer(api: Api) -> None:
    """Replacing the target between the request and the approval changes nothing either."""
    await create_farm(api)
    await put_target(api, 1)
    deployment = await request(api)
    await put_target(api, 2)

    await queue(api, deployment)

    assert (await claim_task(api))["target"]["executor"]["duration_s"] == 1


async def test_target_configured_after_the_request_is_not_used(api: Api) -> None:
    """Without a target at the request, the rollout is the default one."""
    await create_farm(api)
    deployment = await request(api)
    await queue(api, deployment)
    await put_target(api, 77)

    task = await claim_task(api)

    assert task["target"]["executor"]["duration_s"] != 77
    assert task["deployment"]["target_version"] is None


async def test_new_worker_continues_with_the_same_settings(api: Api) -> None:
    """Also after another worker was lost."""
    await create_farm(api)
    await put_target(api, 1)
    await queue(api, await request(api))
    await claim_task(api, "one", lease_s=10)
    await put_target(api, 2)
    api.clock.advance(timedelta(seconds=11))

    assert (await claim_task(api, "two"))["target"]["executor"]["duration_s"] == 1


async def test_digest_covers_the_target(api: Api) -> None:
    """Two requests that differ only in the settings of the target have different digests."""
    await create_farm(api)
    first = await request(api)
    await put_target(api, 1)
    second = await request(api)
    await put_target(api, 2)
    third = await request(api)

    digests = {each["review"]["digest"] for each in (first, second, third)}
    assert len(digests) == 3
    assert [each["target_version"] for each in (first, second, third)] == [None, 1, 2]
    assert first["target_digest"] is None
    assert second["target_digest"] != third["target_digest"]


async def test_gates_name_a_newer_version_of_the_target(api: Api) -> None:
    """Until the deployment starts, in words too."""
    await create_farm(api)
    await put_target(api, 1)
    deployment = await request(api)
    before = await get_gates(api, deployment)
    for duration_s in (2, 3, 4):
        await put_target(api, duration_s)
    waiting = await get_gates(api, deployment)
    await queue(api, deployment)
    await claim_task(api)
    started = await get_gates(api, deployment)

    names = ("newer_target_version", "newer_target_message")
    assert [before[name] for name in names] == [None, None]
    assert waiting["newer_target_version"] == 4
    assert waiting["newer_target_message"] == (
        "The target's settings were changed after this deployment was requested; "
        "to use version 4 of the settings, create a new request."
    )
    assert [started[name] for name in names] == [None, None]


async def test_gates_name_a_target_that_was_configured_later(api: Api) -> None:
    """The first version is newer than none."""
    await create_farm(api)
    deployment = await request(api)
    await put_target(api, 1)

    assert (await get_gates(api, deployment))["newer_target_version"] == 1


async def test_promotion_uses_the_version_in_force_at_its_creation(api: Api) -> None:
    """Not the one of the deployment that is promoted."""
    await create_farm(api)
    ok_json(await api.put("/services/shop/targets/test", simulated(9)))
    await put_target(api, 1)
    source = await post_deployment(api, ADA, environment="development")
    for action in (Action.START, Action.SUCCEED):
        ok_json(await api.perform(source, action))
    await put_target(api, 2)

    body = {"environment": "farm", "risk": "None."}
    promoted = ok_json(await api.post(f"/deployments/{source['number']}/promote", body))

    assert promoted["target_version"] == 2


async def test_withdrawal_takes_a_deployment_out_of_the_queue(api: Api) -> None:
    """No worker gets it until it is approved and started again."""
    await create_farm(api)
    deployment = await request(api)
    await queue(api, deployment)

    withdrawn = ok_json(await api.perform(deployment, Action.WITHDRAW, actor="quinn"))

    assert withdrawn["status"] == "pending_approval"
    assert withdrawn["review"]["stages"][0]["approvals"] == []
    assert withdrawn["review"]["label"] == "requested"
    assert (withdrawn["approved_at"], withdrawn["queued_at"]) == (None, None)
    assert (withdrawn["build_id"], withdrawn["execution"]) == (None, None)
    assert (await post_claim(api)).status_code == 204
    await queue(api, deployment)
    assert (await claim_task(api))["deployment"]["number"] == deployment["number"]
    assert await kinds_of(api, deployment) == [
        "requested",
        "approved",
        "queued",
        "approval_withdrawn",
        "approved",
        "queued",
        "started",
    ]


async def test_reviewer_without_the_role_keeps_their_approval(api: Api) -> None:
    """It was valid when it was given; losing the role or the group does not end it."""
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin"):
        ok_json(await api.perform(deployment, Action.APPROVE, actor=actor))
    await patch_user(api, "quinn", groups=[], grants=[{"role": "viewer"}])

    assert ok_json(await api.perform(deployment, Action.START))["status"] == "started"


@pytest.mark.parametrize("is_queued", [True, False])
async def test_disabling_a_reviewer_voids_the_approval(api: Api, *, is_queued: bool) -> None:
    """The event is by the system, and names the reviewer; nothing is left in the queue."""
    await create_farm(api)
    deployment = await request(api)
    await (queue if is_queued else approve)(api, deployment)

    await patch_user(api, "quinn", disabled=True)

    after = await get(api, deployment)
    assert (after["status"], after["review"]["stages"][0]["approvals"]) == ("pending_approval", [])
    assert (after["reviewed_by"], after["build_id"]) == (None, None)
    assert (await post_claim(api)).status_code == 204
    *_, event = await api.events(deployment)
    assert (event["kind"], event["actor"]) == ("approval_voided", "system")
    assert event["data"]["reviewer"] == "quinn"
    assert event["note"] == "quinn, who had approved the deployment, was disabled."


async def test_started_deployments_keep_their_approvals(api: Api) -> None:
    """What has started was approved when it started."""
    await create_farm(api)
    deployment = await request(api)
    await queue(api, deployment)
    await claim_task(api)
    before = await get(api, deployment)

    await patch_user(api, "quinn", disabled=True)

    assert await get(api, deployment) == before


async def test_voiding_does_not_touch_the_approvals_of_others(api: Api) -> None:
    """Only the stage of the disabled reviewer is open again."""
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin"):
        ok_json(await api.perform(deployment, Action.APPROVE, actor=actor))
    other = await api.create_deployment()
    ok_json(await api.perform(other, Action.APPROVE, actor="devin"))

    await patch_user(api, "quinn", disabled=True)

    stages = (await get(api, deployment))["review"]["stages"]
    assert [stage["satisfied"] for stage in stages] == [False, True]
    assert (await get(api, other))["revision"] == 2
    ok_json(await api.perform(deployment, Action.APPROVE, actor="bo"))
    assert (await get(api, deployment))["status"] == "approved"


async def test_disabling_the_requester_cancels_the_automatic_start(api: Api) -> None:
    """A queued deployment leaves the queue, and the others no longer start automatically."""
    await create_farm(api, auto_start=True)
    queued, pending = await request(api), await request(api)
    assert (await approve(api, queued))["status"] == "queued"

    await patch_user(api, "ada", disabled=True)

    after = await get(api, queued)
    assert (after["status"], after["queued_at"]) == ("approved", None)
    assert (await post_claim(api)).status_code == 204
    assert (await approve(api, pending))["status"] == "approved"
    assert await kinds_of(api, queued) == [
        "requested",
        "approved",
        "queued",
        "auto_start_cancelled",
    ]
    assert await kinds_of(api, pending) == ["requested", "auto_start_cancelled", "approved"]
    ok_json(await api.perform(queued, Action.START, actor="olga"))


async def test_disabling_a_requester_for_others_cancels_their_automatic_starts(api: Api) -> None:
    """Whoever was disabled may have asked for others."""
    await create_farm(api, auto_start=True)
    bot = await create_user(api, "bot", *Role, kind=UserKind.SERVICE)
    deployment = await post_deployment(api, bot, environment="farm", requester="ada")

    await patch_user(api, "bot", disabled=True)

    assert await kinds_of(api, deployment) == ["requested", "auto_start_cancelled"]


async def test_promotion_for_a_disabled_requester_does_not_start_automatically(api: Api) -> None:
    """The policy promotes in the name of the requester, who was disabled meanwhile."""
    await create_farm(api, auto_start=True)
    policy = {"promotes_to": "farm", "auto_promote": True}
    ok_json(await api.put("/environments/development/policy", policy))
    source = await post_deployment(api, ADA, environment="development")
    ok_json(await api.perform(source, Action.START))
    await patch_user(api, "ada", disabled=True)

    ok_json(await api.perform(source, Action.SUCCEED))

    promoted = await get(api, {"id": "DEP-2"})
    assert (promoted["kind"], promoted["requester"]) == ("promotion", "ada")
    assert (await approve(api, promoted))["status"] == "approved"


async def test_waived_review_names_who_set_the_policy(api: Api) -> None:
    """Only once a production deployment has started without a human's approval."""
    path = "/environments/production/policy"
    policy = ok_json(await api.put(path, {}, headers=auth_header("eve")))
    waiting = await post_deployment(api, ADA)
    started = ok_json(await api.perform(waiting, Action.START))

    assert waiting["review"]["waived"] is None
    assert started["review"]["waived"] == {
        "policy_version": policy["version"],
        "set_by": "eve",
        "set_at": policy["created_at"],
    }


async def test_reviewed_and_emergency_deployments_are_not_waived(api: Api) -> None:
    """A break-glass has its own mark, and other tiers have none."""
    reviewed = await api.create_deployment()
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.START, "olga"),
        (Action.SUCCEED, "olga"),
    ):
        reviewed = ok_json(await api.perform(reviewed, action, actor=actor))
    broken = await api.create_deployment()
    for action in (Action.BREAK_GLASS, Action.START):
        broken = ok_json(await api.perform(broken, action, actor="eve"))
    below = await post_deployment(api, ADA, environment="development")
    below = ok_json(await api.perform(below, Action.START))

    assert [each["review"]["waived"] for each in (reviewed, broken, below)] == [None] * 3
