"""Refused actions over HTTP: by status, gate, policy or precondition."""

from __future__ import annotations

from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.lifecycle.rollback_retry import RETRYABLE_STATUSES
from gatepost_domain.status_transitions import HUMAN_ACTIONS, WAITING_STATUSES, Action, Status
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

POSSIBLE_WITHOUT_TRANSITION: Final = {
    (Status.SUCCEEDED, Action.PROMOTE),
    *((status, Action.OVERRIDE) for status in WAITING_STATUSES),
}
"""Pairs of a status and an action that is possible but does not change the status."""

REFUSED: Final = [
    (status, action)
    for status in Status
    for action in HUMAN_ACTIONS
    if action not in DESIGNED_TRANSITIONS[status]
    and (status, action) not in POSSIBLE_WITHOUT_TRANSITION
    and action is not Action.AFTER_REVIEW  # requires a break-glass in every status
    and not (action is Action.RETRY and status in RETRYABLE_STATUSES)  # requires a rollback
]
"""Each pair of a status and an action for which the design has no transition."""

WITHOUT_ACTOR: Final = {Action.OVERRIDE, Action.BREAK_GLASS, Action.AFTER_REVIEW}
"""Actions whose body has no `actor` field."""

WITH_ACTOR: Final = [action for action in HUMAN_ACTIONS if action not in WITHOUT_ACTOR]


def status_permitting(action: Action) -> Status:
    """Return a status in which the action is not refused because of the status."""
    return next(
        status
        for status in Status
        if action in DESIGNED_TRANSITIONS[status]
        or (status, action) in POSSIBLE_WITHOUT_TRANSITION
        or action is Action.AFTER_REVIEW
        or (action is Action.RETRY and status in RETRYABLE_STATUSES)
    )


@pytest.mark.parametrize(("status", "action"), REFUSED)
async def test_action_in_the_wrong_status_is_refused(
    api: Api, status: Status, action: Action
) -> None:
    """The response is 409 with the current status and the possible actions."""
    deployment = await api.deployment(status)
    with api.assert_nothing_stored():
        response = await api.perform(deployment, action, actor="eve")

    refusal = assert_problem(response, 409, "transition_refused")
    assert refusal["deployment_status"] == status
    assert refusal["allowed_actions"] == [
        possible
        for possible in HUMAN_ACTIONS
        if possible in DESIGNED_TRANSITIONS[status]
        and possible is not Action.BREAK_GLASS  # never suggested
    ]
    assert ok_json(await api.get(f"/deployments/{deployment['id']}")) == deployment


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
@pytest.mark.parametrize("name", ["DEP-9", "00000000-0000-7000-8000-000000000000", "DEP-x"])
async def test_action_on_an_unknown_deployment_is_404(api: Api, name: str, action: Action) -> None:
    """The response is 404 for every action and every form of reference."""
    response = await api.perform({"number": name}, action)

    assert_problem(response, 404, "unknown_deployment")


async def test_claim_is_not_a_deployment_action(api: Api) -> None:
    """Deployments have no path for claims: workers claim the next task, not a given deployment."""
    deployment = await api.deployment(Status.QUEUED)

    assert_problem(await api.post(f"/deployments/{deployment['id']}/claim", {}), 404, "not_found")


@pytest.mark.parametrize("action", sorted(NEEDS_NOTE))
@pytest.mark.parametrize("note", [{}, {"note": None}, {"note": ""}, {"note": " \n"}])
async def test_required_note_must_not_be_empty(
    api: Api, action: Action, note: dict[str, str | None]
) -> None:
    """A missing, null, empty or blank note is refused."""
    deployment = await api.deployment(next(s for s in Status if action in DESIGNED_TRANSITIONS[s]))
    with api.assert_nothing_stored():
        response = await api.post(f"/deployments/{deployment['id']}/{action}", note)

    assert_problem(response, 422, "invalid", "#/note")


@pytest.mark.parametrize("action", sorted(NEEDS_NOTE))
async def test_required_note_requires_a_body(api: Api, action: Action) -> None:
    """The error for a request without a body points at the body itself."""
    deployment = await api.deployment(next(s for s in Status if action in DESIGNED_TRANSITIONS[s]))
    with api.assert_nothing_stored():
        response = await api.post(f"/deployments/{deployment['id']}/{action}")

    assert_problem(response, 422, "invalid", "#")


async def assert_actor_refused(
    api: Api, deployment: Json, action: Action, *, caller: str, named: str
) -> None:
    """Assert that the response is 403, the deployment is unchanged and one event is stored."""
    events = await api.events(deployment)
    path = f"/deployments/{deployment['id']}"

    body = {"actor": named, **action_body(action)}
    response = await api.post(f"{path}/{action}", body, headers=auth_header(caller))

    assert_problem(response, 403, "act_as_forbidden")
    *earlier, denied = await api.events(deployment)
    review = action in {Action.APPROVE, Action.REJECT, Action.WITHDRAW}
    assert ok_json(await api.get(path)) == deployment
    assert earlier == events
    assert denied["kind"] == ("review_denied" if review else "access_denied")
    assert denied["actor"] == caller
    assert denied["data"] == {"code": "act_as_forbidden", "named": named}


@pytest.mark.parametrize("action", sorted(WITHOUT_ACTOR))
async def test_overrides_and_emergency_actions_take_no_actor(api: Api, action: Action) -> None:
    """Overrides, break-glass and after-reviews are only possible in the caller's own name."""
    deployment = await api.deployment(status_permitting(action))
    body = {"actor": "quinn", **action_body(action)}
    with api.assert_nothing_stored():
        response = await api.post(
            f"/deployments/{deployment['id']}/{action_path_segment(action)}", body
        )

    assert_problem(response, 422, "invalid", "#/actor")


@pytest.mark.parametrize("action", WITH_ACTOR)
@pytest.mark.parametrize("named", ["system", "SYSTEM", "worker:one", "\uff37orker:one"])
async def test_reserved_name_cannot_be_an_actor(api: Api, action: Action, named: str) -> None:
    """No user can make an event look like one of the system or a worker."""
    deployment = await api.deployment(status_permitting(action))

    await assert_actor_refused(api, deployment, action, caller="owner", named=named)


@pytest.mark.parametrize("action", WITH_ACTOR)
async def test_acting_for_another_requires_a_role(api: Api, action: Action) -> None:
    """Without the role act_as, users can only act in their own name."""
    await api.create_user("rob", roles=tuple(role for role in Role if role is not Role.ACT_AS))
    deployment = await api.deployment(status_permitting(action))

    await assert_actor_refused(api, deployment, action, caller="rob", named="quinn")


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
async def test_action_on_a_changed_deployment_is_stale(api: Api, action: Action) -> None:
    """With an outdated If-Match, the response is 412 and nothing changes."""
    deployment = await api.deployment(status_permitting(action))
    if_match = {"If-Match": f'"{deployment["revision"] - 1}"'}
    with api.assert_nothing_stored():
        response = await api.perform(deployment, action, actor="quinn", headers=if_match)

    assert_problem(response, 412, "stale")


@pytest.mark.parametrize("if_match", ['"{}"', ' "{}" ', "*", '"9", W/"8","{}"', ', "{}",'])
async def test_action_with_the_current_etag_succeeds(api: Api, if_match: str) -> None:
    """The current ETag, a list that contains it, and an asterisk are accepted in If-Match."""
    deployment = await api.create_deployment()
    if_match = if_match.format(deployment["revision"])

    ok_json(await api.perform(deployment, Action.CANCEL, headers={"If-Match": if_match}))


@pytest.mark.parametrize("header", ["1", '"1" "2"', '"1", *', "*, *", "W/1", '"' + "1" * 999 + '"'])
async def test_unknown_etag_format_is_refused(api: Api, header: str) -> None:
    """An If-Match header in an unknown format is an error and is not ignored."""
    deployment = await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.perform(
            deployment, Action.CANCEL, headers={b"If-Match": header.encode()}
        )

    assert_problem(response, 422, "bad_etag", "header/If-Match")


@pytest.mark.parametrize(
    "header",
    [
        "",
        " , ",
        '"8", "9"',
        'W/"1"',
        '"one"',
        '"-1"',
        '"01"',
        '"1234567890123456789"',
        '"\u0661"',
        '""',
    ],
)
async def test_etag_that_does_not_match_is_stale(api: Api, header: str) -> None:
    """No tag of the list matches: a weak one never does, nor one of another server."""
    deployment = await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.perform(
            deployment, Action.CANCEL, headers={b"If-Match": header.encode()}
        )

    assert_problem(response, 412, "stale")


async def test_start_in_a_busy_lane_is_refused(api: Api) -> None:
    """The refusal names the deployment in progress."""
    started = await api.deployment(Status.STARTED)
    waiting = await api.deployment(Status.APPROVED)
    with api.assert_nothing_stored():
        response = await api.perform(waiting, Action.START)

    refusal = assert_problem(response, 409, "lane_busy")
    assert started["number"] in refusal["detail"]
    assert refusal["deployment_status"] == "approved"
    assert refusal["allowed_actions"] == ["start", "cancel", "withdraw"]


async def test_lane_is_per_service_and_environment(api: Api) -> None:
    """A deployment in one lane does not block other services and environments."""
    for changes in ({}, {"service": "cart"}, {"environment": "development"}):
        deployment = await api.create_deployment(**changes)
        if not changes.get("environment"):
            await api.perform(deployment, Action.APPROVE, actor="quinn")
            await api.perform(deployment, Action.APPROVE, actor="devin")

        ok_json(await api.perform(deployment, Action.START))


async def test_start_of_an_outdated_deployment_is_refused(api: Api) -> None:
    """The start is refused so that an old approval cannot undo a newer deployment."""
    old = await api.deployment(Status.APPROVED)
    newer = await api.deployment(Status.SUCCEEDED)
    with api.assert_nothing_stored():
        response = await api.perform(old, Action.START)

    refusal = assert_problem(response, 409, "outdated")
    assert newer["number"] in refusal["detail"]
    assert refusal["allowed_actions"] == ["start", "cancel", "withdraw"]


@pytest.mark.parametrize("status", [Status.FAILED, Status.ROLLED_BACK])
async def test_failed_newer_deployment_does_not_block(api: Api, status: Status) -> None:
    """A newer deployment that failed or was rolled back does not make an older one outdated."""
    old = await api.deployment(Status.APPROVED)
    await api.deployment(status)

    ok_json(await api.perform(old, Action.START))


async def test_reviewer_cannot_start_if_the_policy_forbids_it(api: Api) -> None:
    """The start by a reviewer is refused, but any other operator can start the deployment."""
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
