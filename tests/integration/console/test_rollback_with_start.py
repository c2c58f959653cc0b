"""A rollback, break-glass and start in one form, for one person on call."""

from __future__ import annotations

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json
from tests.support.http.settings_changes import put_policy
from tests.support.http.users import patch_user

FIELDS = {"note": "Nobody can pay.", "incident": "INC-7", "at_once": "true"}


async def deploy_after_a_record(api: Api) -> None:
    """Record shop 1.0.0, which nobody reviewed, and deploy 1.1.0 after it as DEP-2."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    await api.version("1.1.0")
    await api.deployment(Status.SUCCEEDED, version="1.1.0")


async def test_one_form_rolls_back_breaks_glass_and_starts(api: Api, as_user: AsUser) -> None:
    """Both deployments record it: the rollback, and the bypassed approval with its incident."""
    await deploy_after_a_record(api)
    olga = await as_user("olga")
    page = await olga.open("/deployments/DEP-2?action=rollback")
    assert "Roll back, break glass and start 1.0.0" in page

    page = await olga.submit_and_follow("/deployments/DEP-2/rollback", **FIELDS)

    assert "<title>DEP-3 shop" in page
    assert "This deployment restores the earlier version." in visible_text(page)
    replacement = ok_json(await api.get("/deployments/DEP-3"))
    assert (replacement["status"], replacement["version"]) == ("started", "1.0.0")
    assert replacement["break_glass"]["incident"] == "INC-7"
    assert replacement["break_glass"]["reason"] == "Nobody can pay."
    assert ok_json(await api.get("/deployments/DEP-2"))["status"] == "rolled_back"


async def test_a_reviewed_version_is_started_without_breaking_glass(
    api: Api, as_user: AsUser
) -> None:
    """If the policy requires no approval of rollbacks, nothing is bypassed."""
    ok_json(await put_policy(api, "production", rollback_approvals="none"))
    await api.deployment(Status.SUCCEEDED)
    await api.version("1.1.0")
    await api.deployment(Status.SUCCEEDED, version="1.1.0")

    await (await as_user("olga")).submit_and_follow("/deployments/DEP-2/rollback", **FIELDS)

    replacement = ok_json(await api.get("/deployments/DEP-3"))
    assert (replacement["status"], replacement["version"]) == ("started", "1.0.0")
    assert replacement["break_glass"] is None


async def test_a_missing_incident_is_asked_for_after_the_rollback(
    api: Api, as_user: AsUser
) -> None:
    """The rollback is done; the page of the new deployment has the open form and the reason."""
    await deploy_after_a_record(api)
    olga = await as_user("olga")

    response = await olga.submit(
        "/deployments/DEP-2/rollback", note="Nobody can pay.", at_once="true"
    )

    assert response.status_code == 422
    assert "<title>DEP-3 shop" in response.text
    assert 'id="break_glass-incident" name="incident" required' in response.text
    assert ">Nobody can pay.</textarea>" in response.text
    assert ok_json(await api.get("/deployments/DEP-2"))["status"] == "rolled_back"
    assert ok_json(await api.get("/deployments/DEP-3"))["status"] == "pending_approval"


async def test_only_people_with_the_emergency_role_are_offered_it(
    api: Api, as_user: AsUser
) -> None:
    """Others roll back, and the new deployment waits for its approval."""
    await deploy_after_a_record(api)
    await patch_user(api, "olga", grants=[{"role": "operator"}])
    olga = await as_user("olga")
    assert "break glass and start" not in await olga.open("/deployments/DEP-2?action=rollback")

    response = await olga.submit("/deployments/DEP-2/rollback", **FIELDS)

    assert response.status_code == 403
    assert ok_json(await api.get("/deployments/DEP-2"))["status"] == "rolled_back"
    assert ok_json(await api.get("/deployments/DEP-3"))["status"] == "pending_approval"


async def test_submitting_it_twice_does_it_once(api: Api, as_user: AsUser) -> None:
    """A double click neither rolls back twice nor shows an error."""
    await deploy_after_a_record(api)
    olga = await as_user("olga")

    for _ in range(2):
        response = await olga.submit("/deployments/DEP-2/rollback", **FIELDS, _key="twice-0123")
        assert response.status_code == 303

    numbers = [entry["number"] for entry in ok_json(await api.get("/deployments"))["items"]]
    assert numbers == ["DEP-3", "DEP-2", "DEP-1"]
