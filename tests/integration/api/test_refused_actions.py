"""Actions that are refused over HTTP: by the status, by a gate, by the policy, or as stale."""

from __future__ import annotations

from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import HUMAN_ACTIONS, WAITING_STATUSES, Action, Status
from tests.support.domain.lifecycle import DESIGNED_TRANSITIONS, NEEDS_NOTE
from tests.support.http.api import (
    Api,
    Json,
    action_body,
    action_path_segment,
    assert_problem,
    auth_header,
    ok_json,
)

BESIDE_POSSIBLE: Final = {
    (Status.SUCCEEDED, Action.PROMOTE),
    *((status, Action.OVERRIDE) for status in WAITING_STATUSES),
}
"""Where actions are possible that move no deployment."""

REFUSED: Final = [
    (status, action)
    for status in Status
    for action in HUMAN_ACTIONS
    if action not in DESIGNED_TRANSITIONS[status]
    and (status, action) not in BESIDE_POSSIBLE
    and action is not Action.AFTER_REVIEW  # refused for want of a break-glass, in every status
]
"""Each pair of status and action for which the design knows no next status."""

IN_PERSON: Final = {Action.OVERRIDE, Action.BREAK_GLASS, Action.AFTER_REVIEW}
"""Actions whose bodies have no place for anybody else's name."""

IN_A_NAME: Final = [action for action in HUMAN_ACTIONS if action not in IN_PERSON]


def admitting(action: Action) -> Status:
    """A status in which the action is not refused for that."""
    return next(
        status
        for status in Status
        if action in DESIGNED_TRANSITIONS[status]
        or (status, action) in BESIDE_POSSIBLE
        or action is Action.AFTER_REVIEW
    )


@pytest.mark.parametrize(("status", "action"), REFUSED)
async def test_an_action_that_the_status_does_not_admit_is_refused(
    api: Api, status: Status, action: Action
) -> None:
    """The answer is 409, tells where the deployment stands and what is possible instead."""
    deployment = await api.deployment(status)
    with api.assert_nothing_stored():
        response = await api.perform(deployment, action, actor="eve")

    refusal = assert_problem(response, 409, "transition_refused")
    assert refusal["deployment_status"] == status
    assert refusal["allowed_actions"] == [
        each
        for each in HUMAN_ACTIONS
        if each in DESIGNED_TRANSITIONS[status]
        and each is not Action.BREAK_GLASS  # nobody is pointed to it
    ]
    assert ok_json(await api.get(f"/deployments/{deployment['id']}")) == deployment


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
@pytest.mark.parametrize("name", ["DEP-9", "00000000-0000-7000-8000-000000000000", "DEP-x"])
async def test_an_action_on_what_is_not_there_is_refused(
    api: Api, name: str, action: Action
) -> None:
    """A deployment that there is not is 404, whatever is tried."""
    response = await api.perform({"number": name}, action)

    assert_problem(response, 404, "unknown_deployment")


async def test_a_claim_is_no_persons_action(api: Api) -> None:
    """Only workers claim; there is no such address for people."""
    deployment = await api.deployment(Status.QUEUED)

    assert_problem(await api.post(f"/deployments/{deployment['id']}/claim", {}), 404, "not_found")


@pytest.mark.parametrize("action", sorted(NEEDS_NOTE))
@pytest.mark.parametrize("note", [{}, {"note": None}, {"note": ""}, {"note": " \n"}])
async def test_an_action_that_needs_a_reason_is_refused_without_one(
    api: Api, action: Action, note: dict[str, str | None]
) -> None:
    """Who rejects, cancels, fails or rolls back says why."""
    deployment = await api.deployment(next(s for s in Status if action in DESIGNED_TRANSITIONS[s]))
    with api.assert_nothing_stored():
        response = await api.post(f"/deployments/{deployment['id']}/{action}", note)

    assert_problem(response, 422, "invalid", "#/note")


@pytest.mark.parametrize("action", sorted(NEEDS_NOTE))
async def test_an_action_that_needs_a_reason_needs_a_body(api: Api, action: Action) -> None:
    """A body that is not there is missed as such."""
    deployment = await api.deployment(next(s for s in Status if action in DESIGNED_TRANSITIONS[s]))
    with api.assert_nothing_stored():
        response = await api.post(f"/deployments/{deployment['id']}/{action}")

    assert_problem(response, 422, "invalid", "#")


async def check_may_not_act_as(
    api: Api, deployment: Json, action: Action, *, caller: str, named: str
) -> None:
    """The answer is 403; the deployment is as it was, and one more event tells of the attempt."""
    events = await api.events(deployment)
    path = f"/deployments/{deployment['id']}"

    body = {"actor": named, **action_body(action)}
    response = await api.post(f"{path}/{action}", body, headers=auth_header(caller))

    assert_problem(response, 403, "act_as_forbidden")
    *earlier, denied = await api.events(deployment)
    review = action in {Action.APPROVE, Action.REJECT}
    assert ok_json(await api.get(path)) == deployment
    assert earlier == events
    assert denied["kind"] == ("review_denied" if review else "access_denied")
    assert denied["actor"] == caller
    assert denied["data"] == {"code": "act_as_forbidden", "named": named}


@pytest.mark.parametrize("action", sorted(IN_PERSON))
async def test_some_actions_name_nobody(api: Api, action: Action) -> None:
    """Whoever passes a gate, breaks the glass or judges that, does so in person."""
    deployment = await api.deployment(admitting(action))
    body = {"actor": "quinn", **action_body(action)}
    with api.assert_nothing_stored():
        response = await api.post(
            f"/deployments/{deployment['id']}/{action_path_segment(action)}", body
        )

    assert_problem(response, 422, "invalid", "#/actor")


@pytest.mark.parametrize("action", IN_A_NAME)
@pytest.mark.parametrize("named", ["system", "SYSTEM", "worker:one", "\uff37orker:one"])
async def test_nobody_acts_in_gateposts_own_name(api: Api, action: Action, named: str) -> None:
    """Even the owner cannot make an event look like the system's or a worker's."""
    deployment = await api.deployment(admitting(action))

    await check_may_not_act_as(api, deployment, action, caller="owner", named=named)


@pytest.mark.parametrize("action", IN_A_NAME)
async def test_nobody_acts_in_the_name_of_another(api: Api, action: Action) -> None:
    """Who holds an own token, and not the role to speak for others, names nobody else."""
    await api.create_user("rob", roles=tuple(role for role in Role if role is not Role.ACT_AS))
    deployment = await api.deployment(admitting(action))

    await check_may_not_act_as(api, deployment, action, caller="rob", named="quinn")


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
async def test_an_action_on_what_has_changed_meanwhile_is_stale(api: Api, action: Action) -> None:
    """With If-Match, nothing is done to a deployment that is no more what was seen."""
    deployment = await api.deployment(admitting(action))
    seen = {"If-Match": f'"{deployment["revision"] - 1}"'}
    with api.assert_nothing_stored():
        response = await api.perform(deployment, action, actor="quinn", headers=seen)

    assert_problem(response, 412, "stale")


@pytest.mark.parametrize("seen", ['"{}"', ' "{}" ', "*"])
async def test_an_action_on_what_was_seen_is_done(api: Api, seen: str) -> None:
    """The ETag of the last answer lets the action pass, as does any with *."""
    deployment = await api.create_deployment()
    seen = seen.format(deployment["revision"])

    ok_json(await api.perform(deployment, Action.CANCEL, headers={"If-Match": seen}))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "bad_etag"),
        ("1", "bad_etag"),
        ('"one"', "bad_etag"),
        ('"-1"', "bad_etag"),
        ('W/"1"', "bad_etag"),
        ('"1", "2"', "bad_etag"),
        ('"1234567890123456789"', "bad_etag"),
        ('"\u0661"', "bad_etag"),
        ('"' + "1" * 100, "invalid"),
    ],
)
async def test_an_etag_that_is_none_of_ours_is_refused(api: Api, header: str, code: str) -> None:
    """Rather than to act on what may have changed, a condition that makes no sense is refused."""
    deployment = await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.perform(
            deployment, Action.CANCEL, headers={b"If-Match": header.encode()}
        )

    assert_problem(response, 422, code, "header/If-Match")


async def test_a_start_while_the_lane_is_busy_is_refused(api: Api) -> None:
    """One rollout at a time for a service in an environment; the refusal names it."""
    started = await api.deployment(Status.STARTED)
    waiting = await api.deployment(Status.APPROVED)
    with api.assert_nothing_stored():
        response = await api.perform(waiting, Action.START)

    refusal = assert_problem(response, 409, "lane_busy")
    assert started["number"] in refusal["detail"]
    assert refusal["deployment_status"] == "approved"
    assert refusal["allowed_actions"] == ["start", "cancel"]


async def test_a_lane_is_of_one_service_in_one_environment(api: Api) -> None:
    """Another service, or another environment, is not held up."""
    for changes in ({}, {"service": "cart"}, {"environment": "development"}):
        deployment = await api.create_deployment(**changes)
        if not changes.get("environment"):
            await api.perform(deployment, Action.APPROVE, actor="quinn")
            await api.perform(deployment, Action.APPROVE, actor="devin")

        ok_json(await api.perform(deployment, Action.START))


async def test_a_start_of_what_a_later_one_overtook_is_refused(api: Api) -> None:
    """An old approval never undoes a newer release."""
    old = await api.deployment(Status.APPROVED)
    newer = await api.deployment(Status.SUCCEEDED)
    with api.assert_nothing_stored():
        response = await api.perform(old, Action.START)

    refusal = assert_problem(response, 409, "outdated")
    assert newer["number"] in refusal["detail"]
    assert refusal["allowed_actions"] == ["start", "cancel"]


@pytest.mark.parametrize("status", [Status.FAILED, Status.ROLLED_BACK])
async def test_a_later_one_that_came_to_nothing_holds_nobody_up(api: Api, status: Status) -> None:
    """One that failed or was rolled back does not count as newer."""
    old = await api.deployment(Status.APPROVED)
    await api.deployment(status)

    ok_json(await api.perform(old, Action.START))


async def test_a_reviewer_does_not_start_where_the_policy_keeps_them_apart(api: Api) -> None:
    """Who consented does not carry out; anybody else may."""
    policy = {"approval_stages": [{"name": "qa", "rules": [{}]}], "reviewer_may_start": False}
    ok_json(await api.put("/environments/production/policy", policy))
    deployment = await api.create_deployment()
    ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))
    with api.assert_nothing_stored():
        response = await api.post(
            f"/deployments/{deployment['id']}/start",
            {"actor": "Quinn"},
            headers=auth_header("quinn"),
        )

    assert_problem(response, 403, "reviewer_may_not_start")
    ok_json(await api.perform(deployment, Action.START, actor="devin"))
