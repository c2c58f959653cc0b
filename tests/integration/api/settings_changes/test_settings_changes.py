"""Settings changes over HTTP: what requires an approval, and what a decision does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.settings_changes import (
    OWNER,
    QUINN,
    REASON,
    WEBHOOK,
    accepted_json,
    all_events,
    decide,
    guard,
    policy_body,
    put_policy,
    send,
    settings,
)
from tests.support.http.users import patch_user, post_user

ADA = auth_header("ada")
Proposal = Callable[[Api], Awaitable[httpx2.Response]]


async def policy(api: Api) -> httpx2.Response:
    body = await policy_body(api, soak_s=0, after_review_s=60)
    return await send(api, "PUT", "/environments/production/policy", body, reason=REASON)


async def lower_guard(api: Api) -> httpx2.Response:
    body = await policy_body(api, settings_approvals=0)
    return await send(api, "PUT", "/environments/production/policy", body, reason=REASON)


async def tier(api: Api) -> httpx2.Response:
    body = {"tier": "test", "reason": REASON}
    return await send(api, "PATCH", "/environments/production", body)


async def archival(api: Api) -> httpx2.Response:
    body = {"archived": True, "reason": REASON}
    return await send(api, "PATCH", "/environments/production", body)


async def target(api: Api) -> httpx2.Response:
    return await send(api, "PUT", "/services/shop/targets/production", WEBHOOK, reason=REASON)


async def retirement(api: Api) -> httpx2.Response:
    return await send(api, "DELETE", "/services/shop/targets/production", reason=REASON)


async def new_user(api: Api) -> httpx2.Response:
    body = {"name": "mo", "grants": [{"role": "reviewer"}], "reason": REASON}
    return await send(api, "POST", "/users", body)


async def new_grant(api: Api) -> httpx2.Response:
    body = {"grants": [{"role": "viewer"}, {"role": "operator"}], "reason": REASON}
    return await send(api, "PATCH", "/users/zoe", body)


async def new_group(api: Api) -> httpx2.Response:
    return await send(api, "PATCH", "/users/zoe", {"groups": ["qa"], "reason": REASON})


async def new_service_account(api: Api) -> httpx2.Response:
    grant = {"role": "operator", "service": "shop", "environment": "production"}
    body = {"name": "bot", "kind": "service", "grants": [grant], "reason": REASON}
    return await send(api, "POST", "/users", body)


PROPOSALS: dict[str, tuple[Proposal, str, str]] = {
    "put_policy": (policy, "policy", "policy_changed"),
    "settings_approvals": (lower_guard, "policy", "policy_changed"),
    "tier": (tier, "environment", "environment_changed"),
    "archived": (archival, "environment", "environment_changed"),
    "put_target": (target, "target", "target_changed"),
    "retire_target": (retirement, "target", "target_retired"),
    "add_user": (new_user, "user", "user_added"),
    "grants": (new_grant, "user", "user_changed"),
    "groups": (new_group, "user", "user_changed"),
    "service_account": (new_service_account, "user", "user_added"),
}


@pytest.fixture
async def guarded(api: Api) -> Api:
    """An API whose production is guarded, with a person who may only read."""
    await post_user(api, "zoe", by=OWNER, grants=[{"role": "viewer"}], groups=[])
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    await guard(api)
    return api


@pytest.mark.parametrize("name", PROPOSALS)
async def test_guarded_change_waits_for_another_admin(guarded: Api, name: str) -> None:
    """The change is pending and changes nothing; an approval applies it in its proposer's name."""
    propose, kind, event_kind = PROPOSALS[name]
    before, events = await settings(guarded), await all_events(guarded)

    change = accepted_json(await propose(guarded))

    assert await settings(guarded) == before
    (requested,) = (await all_events(guarded))[len(events) :]
    assert (requested["kind"], requested["actor"]) == ("settings_change_requested", "owner")
    assert (change["kind"], change["reason"], change["requested_by"]) == (kind, REASON, "owner")
    assert change["change"]["environments"] == ["production"]
    assert ok_json(await guarded.get(f"/settings-changes/{change['id']}")) == change

    applied = ok_json(await decide(guarded, change))

    assert (applied["state"], applied["decided_by"], applied["note"]) == (
        "applied",
        "quinn",
        "Decided.",
    )
    assert await settings(guarded) != before
    changed, decided = (await all_events(guarded))[len(events) + 1 :]
    assert (changed["kind"], changed["actor"]) == (event_kind, "owner")
    assert changed["note"] == REASON
    assert (changed["data"]["settings_change"], changed["data"]["approved_by"]) == (
        change["id"],
        "quinn",
    )
    assert (decided["kind"], decided["actor"]) == ("settings_change_applied", "quinn")
    assert ok_json(await guarded.get("/audit/verify", headers=OWNER))["faults"] == []


@pytest.mark.parametrize("name", PROPOSALS)
async def test_rejected_change_changes_nothing(guarded: Api, name: str) -> None:
    """A rejected change cannot be approved any more."""
    before = await settings(guarded)
    change = accepted_json(await PROPOSALS[name][0](guarded))

    rejected = ok_json(await decide(guarded, change, "reject"))

    assert (rejected["state"], rejected["decided_by"]) == ("rejected", "quinn")
    assert_problem(await decide(guarded, change, by=ADA), 409, "settings_change_decided")
    assert await settings(guarded) == before


@pytest.mark.parametrize("name", PROPOSALS)
async def test_change_without_guard_is_applied_at_once(api: Api, name: str) -> None:
    """Without settings_approvals, no approval is required."""
    await post_user(api, "zoe", by=OWNER, grants=[{"role": "viewer"}], groups=[])
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))

    response = await PROPOSALS[name][0](api)

    assert response.status_code in {200, 201}
    assert ok_json(await api.get("/settings-changes"))["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/environments/production", {"display_name": "Production EU", "rank": 41}),
        ("PATCH", "/environments/staging", {"tier": "test"}),
        ("PUT", "/services/shop/targets/staging", WEBHOOK),
        ("PATCH", "/users/ada", {"grants": [{"role": "reviewer"}], "groups": ["qa"]}),
        ("PATCH", "/users/ada", {"disabled": True}),
        ("PATCH", "/users/zoe", {"grants": [{"role": "requester"}], "groups": ["readers"]}),
        (
            "PATCH",
            "/users/zoe",
            {"grants": [{"role": "operator", "environment": "staging"}]},
        ),
        ("POST", "/users", {"name": "mo", "grants": [{"role": "requester"}]}),
    ],
)
async def test_other_changes_need_no_approval(
    guarded: Api, method: str, path: str, body: Json
) -> None:
    """Changes elsewhere, of other details, or that only take away take effect at once."""
    response = await send(guarded, method, path, body)

    assert response.status_code in {200, 201}, response.text


async def test_proposer_withdraws_the_change(guarded: Api) -> None:
    """A proposer can reject their own change, even without the role to decide on it."""
    grants = [{"role": "operator"}]
    await patch_user(guarded, "olga", grants=grants)
    by = auth_header("olga")
    change = accepted_json(
        await send(guarded, "PUT", "/services/shop/targets/production", WEBHOOK, by=by)
    )

    withdrawn = ok_json(await decide(guarded, change, "reject", by=by))

    assert (withdrawn["state"], withdrawn["decided_by"]) == ("rejected", "olga")


async def test_rejection_requires_a_note(guarded: Api) -> None:
    """A rejection says why."""
    change = accepted_json(await policy(guarded))

    response = await guarded.post(f"/settings-changes/{change['id']}/reject", {}, headers=QUINN)

    assert_problem(response, 422, "invalid", "#/note")


async def test_change_of_changed_settings_is_stale(guarded: Api) -> None:
    """If the policy was changed since, nothing is applied, and the change says why."""
    first, second = accepted_json(await policy(guarded)), accepted_json(await lower_guard(guarded))
    ok_json(await decide(guarded, first))
    before = await settings(guarded)

    problem = assert_problem(await decide(guarded, second), 409, "settings_change_stale")

    assert await settings(guarded) == before
    stale = ok_json(await guarded.get(f"/settings-changes/{second['id']}"))
    assert (stale["state"], stale["decided_by"]) == ("stale", "quinn")
    assert stale["note"] in problem["detail"]
    last = (await all_events(guarded))[-1]
    assert (last["kind"], last["note"]) == ("settings_change_stale", stale["note"])
    assert_problem(await decide(guarded, second), 409, "settings_change_decided")


async def test_change_of_a_disabled_proposer_is_stale(guarded: Api) -> None:
    """Nothing is applied on behalf of somebody who is disabled."""
    change = accepted_json(await put_policy(guarded, by=ADA, after_review_s=60))
    await patch_user(guarded, "ada", disabled=True)

    problem = assert_problem(await decide(guarded, change), 409, "settings_change_stale")

    assert "ada, who proposed the change, is disabled" in problem["detail"]


async def test_change_of_a_demoted_proposer_is_stale(guarded: Api) -> None:
    """Nothing is applied on behalf of somebody who may not do it any more."""
    change = accepted_json(await put_policy(guarded, by=ADA, after_review_s=60))
    await patch_user(guarded, "ada", grants=[{"role": "requester"}])

    assert_problem(await decide(guarded, change), 409, "settings_change_stale")


async def test_changes_are_listed_by_state(guarded: Api) -> None:
    """The list is newest first, in pages, and can be limited to a state."""
    first, second = accepted_json(await policy(guarded)), accepted_json(await tier(guarded))
    ok_json(await decide(guarded, first))

    listed = await listed_ids(guarded)
    assert listed == [second["id"], first["id"]]
    assert await listed_ids(guarded, state="pending") == [second["id"]]
    assert await listed_ids(guarded, state="applied") == [first["id"]]
    page = ok_json(await send(guarded, "GET", "/settings-changes", limit="1"))
    assert [item["id"] for item in page["items"]] == [second["id"]]
    assert await listed_ids(guarded, cursor=page["next_cursor"]) == [first["id"]]


async def listed_ids(api: Api, **query: Any) -> list[str]:
    page = ok_json(await send(api, "GET", "/settings-changes", **query))
    return [item["id"] for item in page["items"]]


@pytest.mark.parametrize("id_", ["1", "01900000-0000-7000-8000-000000000000"])
async def test_unknown_change_is_not_found(api: Api, id_: str) -> None:
    """An id that no settings change has is 404."""
    assert_problem(await api.get(f"/settings-changes/{id_}"), 404, "unknown_settings_change")


async def test_replayed_requests_have_one_effect(guarded: Api) -> None:
    """A request with the same key returns the stored response, also for a stale change."""
    body = {"name": "mo", "grants": [{"role": "reviewer"}]}
    headers = {**OWNER, "Idempotency-Key": "once"}
    change = accepted_json(await guarded.post("/users", body, headers=headers))
    assert accepted_json(await guarded.post("/users", body, headers=headers)) == change
    applied = ok_json(await decide(guarded, change, key="approved"))

    replayed = await decide(guarded, change, key="approved")

    assert ok_json(replayed) == applied
    assert replayed.headers["Idempotent-Replayed"] == "true"
    first, second = accepted_json(await policy(guarded)), accepted_json(await policy(guarded))
    ok_json(await decide(guarded, first))
    for _ in range(2):
        response = await decide(guarded, second, key="stale")
        assert_problem(response, 409, "settings_change_stale")
