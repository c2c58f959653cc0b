"""Policies over HTTP: a change creates a new version and does not affect open deployments."""

from __future__ import annotations

import pytest

from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, assert_problem, ok_json

PATH = "/environments/production/policy"
STAGE: Json = {"name": "qa", "rules": [{"group": "qa"}]}


@pytest.mark.parametrize(
    ("policy", "code", "pointer"),
    [
        ({"approval_stages": [STAGE, STAGE]}, "duplicate_stage", "#/approval_stages/1/name"),
        (
            {"approval_stages": [{"name": "a", "rules": [{}, {"group": "g", "user": "u"}]}]},
            "impossible_rule",
            "#/approval_stages/0/rules/1",
        ),
        (
            {"approval_stages": [{"name": "a", "rules": [{"user": "u", "required": 2}]}]},
            "impossible_rule",
            "#/approval_stages/0/rules/0",
        ),
        ({"approval_stages": None}, "invalid", "#/approval_stages"),
        ({"approval_stages": [STAGE] * 11}, "invalid", "#/approval_stages"),
        ({"approval_stages": [STAGE | {"rules": []}]}, "invalid", "#/approval_stages/0/rules"),
        (
            {"approval_stages": [STAGE | {"rules": [{}] * 11}]},
            "invalid",
            "#/approval_stages/0/rules",
        ),
        ({"approval_stages": [STAGE | {"name": "QA"}]}, "invalid", "#/approval_stages/0/name"),
        (
            {"approval_stages": [STAGE | {"rules": [{"required": 0}]}]},
            "invalid",
            "#/approval_stages/0/rules/0/required",
        ),
        (
            {"approval_stages": [STAGE | {"rules": [{"required": 21}]}]},
            "invalid",
            "#/approval_stages/0/rules/0/required",
        ),
        ({"execution": "robot"}, "invalid", "#/execution"),
        ({"auto_start": None}, "invalid", "#/auto_start"),
        ({"distinct_reviewers": 1}, "invalid", "#/distinct_reviewers"),
        ({"version": 2}, "invalid", "#/version"),
    ],
)
async def test_invalid_policy_is_refused(api: Api, policy: Json, code: str, pointer: str) -> None:
    """The error points at the contradiction; the current policy is unchanged."""
    with api.assert_nothing_stored():
        response = await api.put(PATH, policy)

    assert_problem(response, 422, code, pointer)


async def test_policy_of_an_unknown_environment_is_404(api: Api) -> None:
    """The response is 404 if the path names an environment that does not exist."""
    with api.assert_nothing_stored():
        response = await api.put("/environments/nowhere/policy", {})

    assert_problem(response, 404, "unknown_environment")


async def test_stale_policy_change_is_refused(api: Api) -> None:
    """If the policy has changed since the ETag in If-Match, the response is 412."""
    if_match = {"If-Match": (await api.get(PATH)).headers["ETag"]}
    ok_json(await api.put(PATH, {}, headers=if_match))
    with api.assert_nothing_stored():
        response = await api.put(PATH, {"auto_start": True}, headers=if_match)

    assert_problem(response, 412, "stale")


@pytest.mark.parametrize("header", ["1", "W/1", '"x'])
async def test_unknown_etag_format_is_refused(api: Api, header: str) -> None:
    """An If-Match header in an unknown format is an error and is not ignored."""
    with api.assert_nothing_stored():
        response = await api.put(PATH, {}, headers={"If-Match": header})

    assert_problem(response, 422, "bad_etag", "header/If-Match")


async def test_empty_list_of_etags_matches_no_version(api: Api) -> None:
    """An If-Match header without ETags is valid (RFC 9110 §5.6.1), and nothing is changed."""
    with api.assert_nothing_stored():
        response = await api.put(PATH, {}, headers={"If-Match": ""})

    assert_problem(response, 412, "stale")


async def test_policy_is_a_flat_object(api: Api) -> None:
    """The settings are not nested in groups. The server adds four fields to those a client sets."""
    response = await api.get(PATH)

    policy = ok_json(response)
    assert response.headers["ETag"] == '"1"'
    assert policy == {
        "environment": "production",
        "version": 1,
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "owner",
        "independent_reviewers": "marked",
        "approval_stages": [
            {"name": name, "rules": [{"group": name, "user": None, "required": 1}]}
            for name in ("qa", "devops")
        ],
        "distinct_reviewers": True,
        "reviewer_may_start": True,
        "execution": "operator",
        "auto_start": False,
        "lane": "queue",
        "approval_expires_s": None,
        "requires": [],
        "requires_mode": "all",
        "accept_records": "operators",
        "soak_s": 0,
        "max_age_s": None,
        "promotes_to": None,
        "auto_promote": False,
        "rollback_approvals": "same",
        "after_review_s": 259200,
        "outgoing_allow": [],
        "max_open_per_requester": None,
        "max_open_per_lane": None,
        "settings_approvals": 0,
    }


async def test_policy_is_replaced_by_a_new_version(api: Api) -> None:
    """Omitted fields get their defaults, not their previous values. The change is an event."""
    stages = [{"name": "all", "rules": [{"user": "quinn"}, {"required": 2}]}]
    other_fields = {
        "distinct_reviewers": False,
        "reviewer_may_start": False,
        "execution": "worker",
        "auto_start": True,
        "lane": "queue",
        "approval_expires_s": None,
        "requires": [],
        "requires_mode": "all",
        "accept_records": "operators",
        "soak_s": 0,
        "max_age_s": None,
        "promotes_to": None,
        "auto_promote": False,
        "rollback_approvals": "same",
        "after_review_s": 259200,
        "outgoing_allow": [],
        "max_open_per_requester": None,
        "max_open_per_lane": None,
    }
    second = ok_json(
        await api.put(
            PATH, {"approval_stages": stages, **other_fields}, headers={"If-Match": '"1"'}
        )
    )
    response = await api.put(PATH, {"auto_start": True})

    third = ok_json(response)
    assert second["approval_stages"][0]["rules"] == [
        {"group": None, "user": "quinn", "required": 1},
        {"group": None, "user": None, "required": 2},
    ]
    assert second | other_fields == second
    assert (second["version"], third["version"], response.headers["ETag"]) == (2, 3, '"3"')
    assert (third["approval_stages"], third["execution"]) == ([], "operator")
    assert third["distinct_reviewers"] is third["auto_start"] is True
    assert ok_json(await api.get(PATH)) == third
    assert ok_json(await api.get("/environments/production"))["policy_version"] == 3
    event = (await api.list_all("/events"))[-1]
    assert (event["kind"], event["data"]["policy_version"]) == ("policy_changed", 3)


async def test_policy_change_does_not_affect_open_deployments(api: Api) -> None:
    """A deployment keeps the policy version that it was created under."""
    before = await api.create_deployment()
    ok_json(await api.put(PATH, {}))
    after = await api.create_deployment()

    reread = ok_json(await api.get(f"/deployments/{before['id']}"))
    approved = ok_json(await api.perform(before, Action.APPROVE, actor="quinn"))
    assert reread == before
    assert (approved["status"], approved["review"]["label"]) == (
        "pending_approval",
        "approved_by_qa",
    )
    assert (after["status"], after["review"]["policy_version"]) == ("approved", 2)


async def test_stricter_policy_does_not_block_approved_deployments(api: Api) -> None:
    """A new policy version that forbids reviewers to start has no effect on open deployments."""
    ok_json(await api.put(PATH, {"approval_stages": [STAGE]}))
    deployment = await api.create_deployment()
    ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))
    ok_json(await api.put(PATH, {"approval_stages": [STAGE], "reviewer_may_start": False}))

    ok_json(await api.perform(deployment, Action.START, actor="quinn"))


async def test_policy_is_returned_as_it_was_set(api: Api) -> None:
    """The response contains every rule and the fields that the server sets."""
    policy = {
        "approval_stages": [],
        "distinct_reviewers": False,
        "reviewer_may_start": False,
        "approval_expires_s": 60,
        "requires": ["staging"],
        "requires_mode": "any",
        "accept_records": "any",
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
        "max_open_per_requester": 100,
        "max_open_per_lane": None,
        "settings_approvals": 0,
        "independent_reviewers": "required",
    }

    stored = ok_json(await api.put("/environments/test/policy", policy))
    read_only = {"environment", "version", "created_at", "created_by"}
    assert stored == policy | {name: stored[name] for name in read_only}
    assert ok_json(await api.get("/environments/test/policy")) == stored
