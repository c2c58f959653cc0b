"""Rollback: the last known good version is deployed again, and the bad one is blocked."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)
from tests.support.http.users import create_user

POLICY_PATH: Final = "/environments/live/policy"


async def create_live_environment(api: Api, **policy: Any) -> None:
    """Create an environment without reviewers and, by default, without automatic starts."""
    created_json(await api.post("/environments", {"name": "live", "tier": "staging"}))
    ok_json(await api.put(POLICY_PATH, policy))
    for version in ("2.0.0", "3.0.0", "team/4"):
        await api.version(version)


async def deploy(api: Api, version: str, *, until: Action = Action.SUCCEED) -> Json:
    deployment = await api.create_deployment(environment="live", version=version)
    started = ok_json(await api.perform(deployment, Action.START))
    return started if until is Action.START else ok_json(await api.perform(deployment, until))


async def roll_back(api: Api, deployment: Json, *, redeploy: bool = True, by: str = "olga") -> Any:
    body = {"note": "It times out.", "redeploy": redeploy}
    path = f"/deployments/{deployment['number']}/rollback"
    return await api.post(path, body, headers=auth_header(by))


async def get_redeployment(api: Api, bad: Json) -> Json:
    """Return the deployment that was created to roll back the bad one."""
    return ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))


async def live_version(api: Api) -> str | None:
    params = {"service": "shop", "environment": "live"}
    cells = ok_json(await api.get("/deployments/current", params=params))["cells"]
    return next((cell["version"] for cell in cells), None)


@pytest.mark.parametrize("until", [Action.START, Action.SUCCEED, Action.FAIL])
async def test_rollback_redeploys_the_previous_version(api: Api, until: Action) -> None:
    """The previous version is redeployed if the bad one is in progress, succeeded or failed."""
    await create_live_environment(api)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0", until=until)

    bad = ok_json(await roll_back(api, bad))

    good = await get_redeployment(api, bad)
    assert bad["status"] == "rolled_back"
    assert (good["kind"], good["version"], good["status"]) == ("rollback", "1.0.0", "approved")
    assert (good["rolls_back"], good["requester"]) == (bad["id"], "olga")
    assert good["work_references"] == bad["work_references"]
    kinds = [event["kind"] for event in await api.events(bad)][-2:]
    assert kinds == ["rolled_back", "version_blocked"]
    ok_json(await api.perform(good, Action.START))
    ok_json(await api.perform(good, Action.SUCCEED))
    assert await live_version(api) == "1.0.0"


async def test_only_a_known_good_version_is_redeployed(api: Api) -> None:
    """Failed, rolled-back and blocked versions are skipped. A recorded version counts as good."""
    await create_live_environment(api)
    record = {"service": "shop", "environment": "live", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    await deploy(api, "3.0.0", until=Action.FAIL)
    first = await deploy(api, "2.0.0")
    ok_json(await roll_back(api, first))
    bad = await deploy(api, "team/4")

    assert (await get_redeployment(api, ok_json(await roll_back(api, bad))))["version"] == "1.0.0"


async def test_rollback_without_a_known_good_version_is_refused(api: Api) -> None:
    """Nothing is stored, and the error suggests a rollback without redeploy."""
    await create_live_environment(api)
    deployment = await deploy(api, "2.0.0")
    with api.assert_nothing_stored():
        response = await roll_back(api, deployment)

    body = assert_problem(response, 409, "no_known_good")
    assert "roll back without redeploying" in body["detail"]
    assert body["allowed_actions"] == ["rollback"]
    ok_json(await roll_back(api, deployment, redeploy=False))


async def test_rollback_without_redeploy_blocks_nothing(api: Api) -> None:
    """After a rollback without redeploy, the bad version can be deployed again."""
    await create_live_environment(api)
    bad = ok_json(await roll_back(api, await deploy(api, "2.0.0"), redeploy=False))

    assert bad["rolled_back_by"] is None
    assert ok_json(await api.get("/services/shop/restrictions"))["blocks"] == []
    await api.create_deployment(environment="live", version="2.0.0")


@pytest.mark.parametrize("version", ["2.0.0", "team/4"])
async def test_rolled_back_version_is_blocked_until_unblocked(api: Api, version: str) -> None:
    """Only this environment blocks the version. The refusal says who rolled it back and why."""
    await create_live_environment(api)
    await deploy(api, "1.0.0")
    bad = ok_json(await roll_back(api, await deploy(api, version)))
    body = deployment_body(environment="live", version=version)
    with api.assert_nothing_stored():
        refused = await api.post("/deployments", body)
        previewed = await api.post("/deployments/preview", body)

    detail = assert_problem(refused, 409, "version_blocked")["detail"]
    assert detail == (
        f"{version} of shop is blocked in live because olga rolled back {bad['number']}; "
        "an operator can unblock it. Reason: It times out."
    )
    assert assert_problem(previewed, 409, "version_blocked")["detail"] == detail
    await api.create_deployment(environment="development", version=version)
    [block] = ok_json(await api.get("/services/shop/restrictions"))["blocks"]
    assert (block["version"], block["reason"]) == (version, "It times out.")
    path = f"/services/shop/versions/{version.replace('/', '%2F')}/unblock"
    payload = {"environment": "live", "reason": "The network was at fault."}
    assert ok_json(await api.post(path, payload))["version"] == version
    assert_problem(await api.post(path, payload), 409, "version_not_blocked")
    await api.create_deployment(environment="live", version=version)


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "pointers"),
    [
        ("nobody/versions/2.0.0", {}, 404, "unknown_service", ()),
        ("shop/versions/9", {}, 404, "unknown_version", ()),
        (
            "shop/versions/2.0.0",
            {"environment": "nowhere"},
            422,
            "unknown_environment",
            ("#/environment",),
        ),
        ("shop/versions/2.0.0", {"reason": " "}, 422, "invalid", ("#/reason",)),
        ("shop/versions/1.0.0", {}, 409, "version_not_blocked", ()),
    ],
)
async def test_unblocking_requires_a_version_an_environment_and_a_reason(
    api: Api, path: str, body: Json, status: int, code: str, pointers: tuple[str, ...]
) -> None:
    """The response is 404 for an unknown name in the path and 422 for an invalid body field."""
    await create_live_environment(api)
    payload = {"environment": "live", "reason": "It is fine."} | body
    with api.assert_nothing_stored():
        response = await api.post(f"/services/{path}/unblock", payload)

    assert_problem(response, status, code, *pointers)


async def test_only_an_operator_unblocks(api: Api) -> None:
    """Unblocking a version without the operator role returns 403."""
    await create_live_environment(api)
    headers = await create_user(
        api, "rita", Role.REQUESTER, Role.REVIEWER, Role.EMERGENCY, Role.ADMIN
    )

    response = await api.post(
        "/services/shop/versions/1.0.0/unblock",
        {"environment": "live", "reason": "It is fine."},
        headers=headers,
    )

    assert_problem(response, 403, "forbidden")


async def test_waiting_deployment_of_a_blocked_version_cannot_start(api: Api) -> None:
    """The block closes the promotion gate until the version is unblocked."""
    await create_live_environment(api, auto_start=True)
    first = await api.create_deployment(environment="live", version="1.0.0")
    ok_json(await api.perform(first, Action.SUCCEED))
    bad = await api.create_deployment(environment="live", version="2.0.0")
    deployment = await api.create_deployment(environment="live", version="2.0.0")

    bad = ok_json(await roll_back(api, bad))

    good = await get_redeployment(api, bad)
    assert good["status"] == "started"
    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))
    gate = next(gate for gate in gates["gates"] if gate["kind"] == "promotion")
    assert (gate["state"], gate["code"]) == ("waiting", "version_blocked")
    assert gate["who_can_act"] == ["operator", "emergency"]


QA: Final[Json] = {"approval_stages": [{"name": "qa", "rules": [{"group": "qa"}]}]}


async def deploy_reviewed(api: Api, version: str) -> Json:
    """Deploy a version to the live environment that quinn approves."""
    deployment = await api.create_deployment(environment="live", version=version)
    for action, actor in ((Action.APPROVE, "quinn"), (Action.START, "olga")):
        ok_json(await api.perform(deployment, action, actor=actor))
    return ok_json(await api.perform(deployment, Action.SUCCEED))


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (QA, "pending_approval"),
        (QA | {"rollback_approvals": "same"}, "pending_approval"),
        (QA | {"rollback_approvals": "none"}, "approved"),
    ],
)
async def test_rollback_is_reviewed_as_the_policy_says(api: Api, policy: Json, status: str) -> None:
    """The policy decides whether approval is needed. The person who rolled back cannot approve."""
    await create_live_environment(api)
    ok_json(await api.put(POLICY_PATH, policy))
    await deploy_reviewed(api, "1.0.0")
    bad = await deploy_reviewed(api, "2.0.0")

    good = await get_redeployment(api, ok_json(await roll_back(api, bad)))

    assert good["status"] == status
    if status == "pending_approval":
        assert_problem(await api.perform(good, Action.APPROVE, actor="olga"), 403, "self_review")
        good = ok_json(await api.perform(good, Action.APPROVE, actor="quinn"))
    ok_json(await api.perform(good, Action.START))


async def test_rollback_passes_freezes_and_is_never_outdated(api: Api) -> None:
    """A redeployment can start despite a freeze, promotion rules and a newer deployment."""
    await create_live_environment(api)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0")
    ok_json(await api.put(POLICY_PATH, {"requires": ["test"], "soak_s": 60}))
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    good = await get_redeployment(api, ok_json(await roll_back(api, bad)))

    ok_json(await api.perform(good, Action.START))


async def test_rollback_is_not_promoted(api: Api) -> None:
    """A successful rollback creates no promotion, although the policy promotes automatically."""
    await create_live_environment(api, promotes_to="staging", auto_promote=True)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0")
    good = await get_redeployment(api, ok_json(await roll_back(api, bad)))
    before = len(await api.list_all("/deployments", kind="promotion"))
    ok_json(await api.perform(good, Action.START))

    ok_json(await api.perform(good, Action.SUCCEED))

    assert len(await api.list_all("/deployments", kind="promotion")) == before


async def test_redeploying_an_old_version_requires_a_new_approval(api: Api) -> None:
    """A second deployment of an approved version has no approvals and cannot start."""
    await create_live_environment(api, **QA)
    first = await api.create_deployment(environment="live", version="1.0.0")
    ok_json(await api.perform(first, Action.APPROVE, actor="quinn"))

    second = await api.create_deployment(environment="live", version="1.0.0")

    assert second["status"] == "pending_approval"
    assert second["review"]["stages"][0]["approvals"] == []
    assert_problem(await api.perform(second, Action.START), 409, "transition_refused")
