"""Going back: the last known good version is asked for, and the bad one is kept out."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action
from tests.support.api import Api, Json, a_body, found, made, problem, token_of
from tests.support.people import employ

LIVE: Final = "/environments/live/policy"


async def live(api: Api, **policy: Any) -> None:
    """An environment where nobody reviews and nothing starts by itself, unless told otherwise."""
    made(await api.post("/environments", {"name": "live", "tier": "staging"}))
    found(await api.put(LIVE, policy))
    for version in ("2.0.0", "3.0.0", "team/4"):
        await api.version(version)


async def deploy(api: Api, version: str, *, until: Action = Action.SUCCEED) -> Json:
    asked = await api.ask(environment="live", version=version)
    started = found(await api.act(asked, Action.START))
    return started if until is Action.START else found(await api.act(asked, until))


async def back(api: Api, deployment: Json, *, redeploy: bool = True, by: str = "olga") -> Any:
    body = {"note": "It times out.", "redeploy": redeploy}
    path = f"/deployments/{deployment['number']}/rollback"
    return await api.post(path, body, headers=token_of(by))


async def redeployed(api: Api, bad: Json) -> Json:
    """What was asked for to undo a deployment."""
    return found(await api.get(f"/deployments/{bad['rolled_back_by']}"))


async def current(api: Api) -> str | None:
    params = {"service": "shop", "environment": "live"}
    cells = found(await api.get("/deployments/current", params=params))["cells"]
    return next((cell["version"] for cell in cells), None)


@pytest.mark.parametrize("until", [Action.START, Action.SUCCEED, Action.FAIL])
async def test_a_rollback_redeploys_what_stood_before(api: Api, until: Action) -> None:
    """Whether the bad one is under way, had succeeded or had failed; in one transaction."""
    await live(api)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0", until=until)

    bad = found(await back(api, bad))

    good = await redeployed(api, bad)
    assert bad["status"] == "rolled_back"
    assert (good["kind"], good["version"], good["status"]) == ("rollback", "1.0.0", "approved")
    assert (good["rolls_back"], good["requester"]) == (bad["id"], "olga")
    assert good["work_references"] == bad["work_references"]
    told = [event["kind"] for event in await api.events(bad)][-2:]
    assert told == ["rolled_back", "version_blocked"]
    found(await api.act(good, Action.START))
    found(await api.act(good, Action.SUCCEED))
    assert await current(api) == "1.0.0"


async def test_only_what_is_known_to_be_good_is_redeployed(api: Api) -> None:
    """Not what failed, was rolled back or is blocked; a record will do."""
    await live(api)
    told = {"service": "shop", "environment": "live", "version": "1.0.0"}
    made(await api.post("/deployments/record", told))
    await deploy(api, "3.0.0", until=Action.FAIL)
    first = await deploy(api, "2.0.0")
    found(await back(api, first))
    bad = await deploy(api, "team/4")

    assert (await redeployed(api, found(await back(api, bad))))["version"] == "1.0.0"


async def test_with_nothing_to_go_back_to_nothing_happens(api: Api) -> None:
    """The rollback is refused as a whole, and says what would do instead."""
    await live(api)
    only = await deploy(api, "2.0.0")
    with api.nothing_stored():
        response = await back(api, only)

    body = problem(response, 409, "no_known_good")
    assert "roll back without redeploy" in body["detail"]
    assert body["allowed_actions"] == ["rollback"]
    found(await back(api, only, redeploy=False))


async def test_to_mark_alone_keeps_nothing_out(api: Api) -> None:
    """Who only records a rollback has said nothing of what may be deployed next."""
    await live(api)
    bad = found(await back(api, await deploy(api, "2.0.0"), redeploy=False))

    assert bad["rolled_back_by"] is None
    assert found(await api.get("/services/shop/restrictions"))["blocks"] == []
    await api.ask(environment="live", version="2.0.0")


@pytest.mark.parametrize("version", ["2.0.0", "team/4"])
async def test_a_bad_version_is_kept_out_until_it_is_unblocked(api: Api, version: str) -> None:
    """There, and nowhere else; the refusal says who, why and who can let it in again."""
    await live(api)
    await deploy(api, "1.0.0")
    bad = found(await back(api, await deploy(api, version)))
    body = a_body(environment="live", version=version)
    with api.nothing_stored():
        refused = await api.post("/deployments", body)
        previewed = await api.post("/deployments/preview", body)

    sentence = problem(refused, 409, "version_blocked")["detail"]
    assert sentence == (
        f"olga rolled {version} of shop back in live with {bad['number']}: It times out. "
        "An operator can unblock it there."
    )
    assert problem(previewed, 409, "version_blocked")["detail"] == sentence
    await api.ask(environment="development", version=version)
    [block] = found(await api.get("/services/shop/restrictions"))["blocks"]
    assert (block["version"], block["reason"]) == (version, "It times out.")
    path = f"/services/shop/versions/{version.replace('/', '%2F')}/unblock"
    said = {"environment": "live", "reason": "The network was at fault."}
    assert found(await api.post(path, said))["version"] == version
    problem(await api.post(path, said), 409, "version_not_blocked")
    await api.ask(environment="live", version=version)


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
    with api.nothing_stored():
        response = await api.post(f"/services/{path}/unblock", said)

    problem(response, status, code, *pointers)


async def test_only_an_operator_unblocks(api: Api) -> None:
    """Whoever asks for deployments cannot let a bad version in again."""
    await live(api)
    rita = await employ(api, "rita", Role.REQUESTER, Role.REVIEWER, Role.EMERGENCY, Role.ADMIN)

    response = await api.post(
        "/services/shop/versions/1.0.0/unblock",
        {"environment": "live", "reason": "It is fine."},
        headers=rita,
    )

    problem(response, 403, "forbidden")


async def test_what_waits_with_a_bad_version_starts_no_more(api: Api) -> None:
    """Its promotion gate says so, and opens once the version is unblocked."""
    await live(api, auto_start=True)
    first = await api.ask(environment="live", version="1.0.0")
    found(await api.act(first, Action.SUCCEED))
    bad = await api.ask(environment="live", version="2.0.0")
    waits = await api.ask(environment="live", version="2.0.0")

    bad = found(await back(api, bad))

    good = await redeployed(api, bad)
    assert good["status"] == "started"
    told = found(await api.get(f"/deployments/{waits['number']}/gates"))
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
    found(await api.put(LIVE, policy))

    good = await redeployed(api, found(await back(api, bad)))

    assert good["status"] == status
    if status == "pending_approval":
        problem(await api.act(good, Action.APPROVE, actor="olga"), 403, "self_review")
        good = found(await api.act(good, Action.APPROVE, actor="quinn"))
    found(await api.act(good, Action.START))


async def test_a_rollback_passes_freezes_and_is_never_outdated(api: Api) -> None:
    """It goes back to what is known to work, whatever was asked for meanwhile."""
    await live(api)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0")
    found(await api.put(LIVE, {"requires": ["test"], "soak_s": 60}))
    made(await api.post("/freezes", {"reason": "The sale."}))
    good = await redeployed(api, found(await back(api, bad)))

    found(await api.act(good, Action.START))


async def test_a_rollback_is_not_promoted_by_itself(api: Api) -> None:
    """To go back in one environment is no reason to go back in the next."""
    await live(api, promotes_to="staging", auto_promote=True)
    await deploy(api, "1.0.0")
    bad = await deploy(api, "2.0.0")
    good = await redeployed(api, found(await back(api, bad)))
    before = len(await api.every("/deployments", kind="promotion"))
    found(await api.act(good, Action.START))

    found(await api.act(good, Action.SUCCEED))

    assert len(await api.every("/deployments", kind="promotion")) == before


async def test_redeploying_an_old_version_asks_for_a_new_approval(api: Api) -> None:
    """An approval is for one deployment; the same version again is reviewed again."""
    await live(api, **QA)
    first = await api.ask(environment="live", version="1.0.0")
    found(await api.act(first, Action.APPROVE, actor="quinn"))

    again = await api.ask(environment="live", version="1.0.0")

    assert again["status"] == "pending_approval"
    assert again["review"]["stages"][0]["approvals"] == []
    problem(await api.act(again, Action.START), 409, "transition_refused")
