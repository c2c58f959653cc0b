"""Settings changes in the console."""

from __future__ import annotations

import json

from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.settings_changes import (
    accepted_json,
    decide,
    guard,
    policy_body,
    put_policy,
)
from tests.support.http.users import patch_user

POLICY = "/environments/production/policy"


async def pending_id(api: Api) -> str:
    (change,) = ok_json(await api.get("/settings-changes?state=pending"))["items"]
    found: str = change["id"]
    return found


async def test_policy_is_changed_with_the_approval_of_another_admin(
    api: Api, as_user: AsUser
) -> None:
    """The form says that the change waits; another admin reads it in words and approves it."""
    await guard(api)
    owner, quinn = await as_user("owner"), await as_user("quinn")
    body = await policy_body(api, after_review_s=3600, settings_approvals=0)

    page = await owner.submit_and_follow(
        POLICY, seen="2", policy=json.dumps(body), reason="Calmer nights."
    )

    assert "Waiting for approval by another admin" in visible_text(page)
    assert "Change the policy of production" in visible_text(page)
    own = visible_text(await owner.open(f"/settings-changes/{await pending_id(api)}"))
    assert "Another admin, who is independent of you, has to approve this change" in own
    assert "Approve and apply" not in own
    assert "Change the policy of production" in visible_text(await quinn.open("/inbox"))
    assert "Change the policy of production" not in visible_text(await owner.open("/inbox"))
    change = f"/settings-changes/{await pending_id(api)}"
    shown = visible_text(await quinn.open(change))
    assert "Break-glass review due 3 d after break-glass due 1 h after break-glass" in shown
    assert "Changes to settings need approval by another admin need no approval" in shown
    assert "Calmer nights." in shown

    page = await quinn.submit_and_follow(f"{change}/approve", note="Fine.")

    assert "Approved. The change is in force." in visible_text(page)
    assert ok_json(await api.get(POLICY))["after_review_s"] == 3600
    assert "Waiting for approval by another admin" not in visible_text(await owner.open(POLICY))
    assert "In force" in visible_text(await owner.open("/settings-changes"))


async def test_roles_wait_for_approval_on_the_page_of_the_person(api: Api, as_user: AsUser) -> None:
    """The page of the person, and for a new person the list, says what is waiting."""
    await guard(api)
    await patch_user(api, "bo", grants=[], groups=[])
    owner, quinn = await as_user("owner"), await as_user("quinn")

    page = await owner.submit_and_follow("/people/bo", **{"role-0": "reviewer", "groups": "qa"})
    assert "Change the user bo" in visible_text(page)
    change = await pending_id(api)
    shown = visible_text(await quinn.open(f"/settings-changes/{change}"))
    assert "Newly grants reviewer, group qa" in shown
    rejected = await quinn.submit_and_follow(f"/settings-changes/{change}/reject", note="Not yet.")
    assert "Rejected. Nothing has changed." in visible_text(rejected)
    assert ok_json(await api.get("/users/bo"))["grants"] == []

    rita = {"name": "rita", "kind": "human", "role-0": "operator"}
    page = await owner.submit_and_follow("/people", **rita)
    assert "Add the user rita" in visible_text(page)


async def test_proposer_withdraws_the_change(api: Api, as_user: AsUser) -> None:
    """The proposer can withdraw the change, and must say why."""
    await guard(api)
    owner = await as_user("owner")
    change = accepted_json(await put_policy(api, after_review_s=60))
    page = f"/settings-changes/{change['id']}"

    assert await owner.submit_refused(f"{page}/reject", 422)
    assert await owner.submit_refused(f"{page}/approve", 403)
    await owner.submit_and_follow(f"{page}/reject", note="A mistake.")

    assert "A mistake." in visible_text(await owner.open(page))


async def test_stale_change_is_explained(api: Api, as_user: AsUser) -> None:
    """A change that cannot be applied any more is shown as out of date, with the reason."""
    await guard(api)
    first, second = [
        accepted_json(await put_policy(api, after_review_s=seconds)) for seconds in (60, 120)
    ]
    ok_json(await decide(api, first))
    quinn = await as_user("quinn")

    message = await quinn.submit_refused(f"/settings-changes/{second['id']}/approve", 409)

    assert "could not be applied" in message
    page = visible_text(await quinn.open(f"/settings-changes/{second['id']}"))
    assert "Out of date" in page
    assert "Why it could not be applied" in page


async def test_unknown_change_has_no_page(as_user: AsUser) -> None:
    """An id that no settings change has is 404."""
    owner = await as_user("owner")

    for reference in ("1", "01900000-0000-7000-8000-000000000000"):
        assert await owner.open(f"/settings-changes/{reference}", status=404)
