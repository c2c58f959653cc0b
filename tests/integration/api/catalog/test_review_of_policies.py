"""Policies whose review nobody can give at present, and the tier, over HTTP."""

from __future__ import annotations

import pytest

from gatepost_domain.access.users import UserKind
from tests.support.http.api import Api, Json, assert_problem, created_json, ok_json
from tests.support.http.settings_changes import OWNER, put_policy, send
from tests.support.http.users import patch_user, post_user


def stages(*rules: Json) -> list[Json]:
    """Return a stage for each rule."""
    return [{"name": f"stage-{number}", "rules": [rule]} for number, rule in enumerate(rules)]


@pytest.mark.parametrize(
    "rule",
    [
        {"group": "moon"},
        {"group": "qa", "required": 20},
        {"required": 20},
        {"user": "nobody"},
        {"user": "val"},
        {"user": "bot"},
        {"user": "dis"},
    ],
)
async def test_rule_that_nobody_can_satisfy_is_refused(api: Api, rule: Json) -> None:
    """The problem points to the rule, and the policy stays as it was."""
    await post_user(api, "val", by=OWNER, grants=[{"role": "operator"}])
    await post_user(api, "bot", by=OWNER, kind=UserKind.SERVICE)
    await post_user(api, "dis", by=OWNER)
    await patch_user(api, "dis", disabled=True)
    before = ok_json(await api.get("/environments/production/policy"))

    response = await put_policy(api, approval_stages=stages({"group": "qa"}, rule))

    pointer = "#/approval_stages/1/rules/0"
    assert_problem(response, 422, "impossible_rule", pointer)
    assert ok_json(await api.get("/environments/production/policy")) == before


async def test_review_in_force_is_not_judged_again(api: Api) -> None:
    """If people leave, the other settings of the policy can still be changed."""
    for name in ("quinn", "devin", "owner", "ada", "bo", "olga", "eve"):
        await patch_user(api, name, groups=["qa"])

    ok_json(await put_policy(api, after_review_s=60))

    response = await put_policy(api, distinct_reviewers=False)
    assert_problem(response, 422, "impossible_rule", "#/approval_stages/1/rules/0")


async def test_deployments_keep_the_tier_they_were_requested_with(api: Api) -> None:
    """The tier applies to new requests; what exists, and what is live, keeps the earlier one."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    recorded = created_json(await api.post("/deployments/record", record))

    changed = ok_json(await send(api, "PATCH", "/environments/production", {"tier": "test"}))

    assert changed["tier"] == "test"
    assert ok_json(await api.get("/environments/production"))["tier"] == "test"
    path = f"/deployments/{recorded['number']}"
    assert ok_json(await api.get(path))["tier"] == "production"
    assert (await api.create_deployment())["tier"] == "test"
    assert ok_json(await api.get("/audit/verify"))["faults"] == []
