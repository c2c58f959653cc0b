"""Going back: the last known good version is asked for, and the bad one is kept out."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action
from tests.support.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)
from tests.support.people import create_user

LIVE: Final = "/environments/live/policy"


async def live(api: Api, **policy: Any) -> None:
    """An environment where nobody reviews and nothing starts by itself, unless told otherwise."""
    created_json(await api.post("/environments", {"name": "live", "tier": "staging"}))
    ok_json(await api.put(LIVE, policy))
    for version in ("2.0.0", "3.0.0", "team/4"):
        await api.version(version)


async def deploy(api: Api, version: str, *, until: Action = Action.SUCCEED) -> Json:
    asked = await api.create_deployment(environment="live", version=version)
    started = ok_json(await api.perform(asked, Action.START))
    return started if until is Action.START else ok_json(await api.perform(asked, until))


async def back(api: Api, deployment: Json, *, redeploy: bool = True, by: str = "olga") -> Any:
    body = {"note": "It times out.", "redeploy": redeploy}
    path = f"/deployments/{deployment['number']}/rollback"
    return await api.post(path, body, headers=auth_header(by))


async def redeployed(api: Api, bad: Json) -> Json:
    """What was asked for to undo a deployment."""
    return ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))


async def current(api: Api) -> str | None:
    params = {"service": "shop", "environment": "live"}
    cells = ok_json(await api.get("/deployments/current", params=params))["cells"]
    return next((cell["version"] for cell in cells), None)


@pytest.mark.parametrize("until", [Action.START, Action.SUCCEED, Action.FAIL])
async def test_a_rollback_redeploys_what_stood_before(api: Api, until: Action) -> None:
    """Whether the bad one is under way, had succeeded or had failed; in one transaction."""
    await live(api)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0", until=until)

    bad = ok_json(await back(api, bad))

    good = await redeployed(api, bad)
    assert bad["status"] == "rolled_back"
    assert (good["kind"], good["version"], good["status"]) == ("rollback", "1.0.0", "approved")
    assert (good["rolls_back"], good["requester"]) == (bad["id"], "olga")
    assert good["work_references"] == bad["work_references"]
    told = [event["kind"] for event in await api.events(bad)][-2:]
    assert told == ["rolled_back", "version_blocked"]
    ok_json(await api.perform(good, Action.START))
    ok_json(await api.perform(good, Action.SUCCEED))
    assert await current(api) == "1.0.0"


async def test_only_what_is_known_to_be_good_is_redeployed(api: Api) -> None:
    """Not what failed, was rolled back or is blocked; a record will do."""
    await live(api)
    told = {"service": "shop", "environment": "live", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", told))
    await deploy(api, "3.0.0", until=Action.FAIL)
    first = await deploy(api, "2.0.0")
    ok_json(await back(api, first))
    bad = await deploy(api, "team/4")

    assert (await redeployed(api, ok_json(await back(api, bad))))["version"] == "1.0.0"


async def test_with_nothing_to_go_back_to_nothing_happens(api: Api) -> None:
    """The rollback is refused as a whole, and says what would do instead."""
    await live(api)
    only = await deploy(api, "2.0.0")
    with api.assert_nothing_stored():
        response = await back(api, only)

    body = assert_problem(response, 409, "no_known_good")
    assert "roll back without redeploy" in body["detail"]
    assert body["allowed_actions"] == ["rollback"]
    ok_json(await back(api, only, redeploy=False))


async def test_to_mark_alone_keeps_nothing_out(api: Api) -> None:
    """Who only records a rollback has said nothing of what may be deployed next."""
    await live(api)
    bad = ok_json(await back(api, await deploy(api, "2.0.0"), redeploy=False))

    assert bad["rolled_back_by"] is None
    assert ok_json(await api.get("/services/shop/restrictions"))["blocks"] == []
    await api.create_deployment(environment="live", version="2.0.0")


@pytest.mark.parametrize("version", ["2.0.0", "team/4"])
async def test_a_bad_version_is_kept_out_until_it_is_unblocked(api: Api, version: str) -> None:
    """There, and nowhere else; the refusal says who, why and who can let it in again."""
    await live(api)
    await deploy(api, "1.0.0")
    bad = ok_json(await back(api, await deploy(api, version)))
    body = deployment_body(environment="live", version=version)
    with api.assert_nothing_stored():
        refused = await api.post("/deployments", body)
        previewed = await api.post("/deployments/preview", body)

    sentence = assert_problem(refused, 409, "version_blocked")["detail"]
    assert sentence == (
        f"{version} of shop is blocked in live since olga rolled back {bad['number']}; "
        "an operator can unblock it. Reason: It times out."
    )
    assert assert_problem(previewed, 409, "version_blocked")["detail"] == sentence
    await api.create_deployment(environment="development", version=version)
    [block] = ok_json(await api.get("/services/shop/restrictions"))["blocks"]
    assert (block["version"], block["reason"]) == (version, "It times out.")
    path = f"/services/shop/versions/{version.replace('/', '%2F')}/unblock"
    said = {"environment": "live", "reason": "The network was at fault."}
    assert ok_json(await api.post(path, said))["version"] == version
    assert_problem(await api.post(path, said), 409, "version_not_blocked")
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
async def test_to_unblock_says_what_where_and_why(
    api: Api, path: str, body: Json, status: int, code: str, pointers: tuple[str, ...]
) -> None:
    """What is in the path is 404, what is in the body 422."""
    await live(api)
    said = {"environment": "live", "reason": "It is fine."} | body
    with api.assert_nothing_stored():
        response = await api.post(f"/services/{path}/unblock", said)

    assert_problem(response, status, code, *pointers)


async def test_only_an_operator_unblocks(api: Api) -> None:
    """Whoever asks for deployments cannot let a bad version in again."""
    await live(api)
    rita = await create_user(api, "rita", Role.REQUESTER, Role.REVIEWER, Role.EMERGENCY, Role.ADMIN)

    response = await api.post(
        "/services/shop/versions/1.0.0/unblock",
        {"environment": "live", "reason": "It is fine."},
        headers=rita,
    )

    assert_problem(response, 403, "forbidden")


async def test_what_waits_with_a_bad_version_starts_no_more(api: Api) -> None:
    """Its promotion gate says so, and opens once the version is unblocked."""
    await live(api, auto_start=True)
    first = await api.create_deployment(environment="live", version="1.0.0")
    ok_json(await api.perform(first, Action.SUCCEED))
    bad = await api.create_deployment(environment="live", version="2.0.0")
    waits = await api.create_deployment(environment="live", version="2.0.0")

    bad = ok_json(await back(api, bad))

    good = await redeployed(api, bad)
    assert good["status"] == "started"
    told = ok_json(await api.get(f"/deployments/{waits['number']}/gates"))
    gate = next(each for each in told["gates"] if each["kind"] == "promotion")
    assert (gate["state"], gate["code"]) == ("waiting", "version_blocked")
    assert gate["who_can_act"] == ["operator", "emergency"]


QA: Final[Json] = {"approval_stages": [{"name": "qa", "rules": [{"group": "qa"}]}]}


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (QA, "pending_approval"),
        (QA | {"rollback_approvals": "same"}, "pending_approval"),
        (QA | {"rollback_approvals": "none"}, "approved"),
    ],
)
async def test_a_rollback_is_reviewed_as_the_policy_says(
    api: Api, policy: Json, status: str
) -> None:
    """As any other deployment, or not at all; who rolled back never reviews it themselves."""
    await live(api)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0")
    ok_json(await api.put(LIVE, policy))

    good = await redeployed(api, ok_json(await back(api, bad)))

    assert good["status"] == status
    if status == "pending_approval":
        assert_problem(await api.perform(good, Action.APPROVE, actor="olga"), 403, "self_review")
        good = ok_json(await api.perform(good, Action.APPROVE, actor="quinn"))
    ok_json(await api.perform(good, Action.START))


async def test_a_rollback_passes_freezes_and_is_never_outdated(api: Api) -> None:
    """It goes back to what is known to work, whatever was asked for meanwhile."""
    await live(api)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0")
    ok_json(await api.put(LIVE, {"requires": ["test"], "soak_s": 60}))
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    good = await redeployed(api, ok_json(await back(api, bad)))

    ok_json(await api.perform(good, Action.START))


async def test_a_rollback_is_not_promoted_by_itself(api: Api) -> None:
    """To go back in one environment is no reason to go back in the next."""
    await live(api, promotes_to="staging", auto_promote=True)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0")
    good = await redeployed(api, ok_json(await back(api, bad)))
    before = len(await api.list_all("/deployments", kind="promotion"))
    ok_json(await api.perform(good, Action.START))

    ok_json(await api.perform(good, Action.SUCCEED))

    assert len(await api.list_all("/deployments", kind="promotion")) == before


async def test_redeploying_an_old_version_asks_for_a_new_approval(api: Api) -> None:
    """An approval is for one deployment; the same version again is reviewed again."""
    await live(api, **QA)
    first = await api.create_deployment(environment="live", version="1.0.0")
    ok_json(await api.perform(first, Action.APPROVE, actor="quinn"))

    again = await api.create_deployment(environment="live", version="1.0.0")

    assert again["status"] == "pending_approval"
    assert again["review"]["stages"][0]["approvals"] == []
    assert_problem(await api.perform(again, Action.START), 409, "transition_refused")
