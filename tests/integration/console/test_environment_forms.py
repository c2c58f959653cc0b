"""The promotion order as a graph, and the forms of environments."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json
from tests.support.http.settings_changes import guard, put_policy

SETTINGS: Final = "/environments/production/settings"
ORDER: Final = "/environments/production/order"


async def policy(api: Api, environment: str) -> dict[str, object]:
    return ok_json(await api.get(f"/environments/{environment}/policy"))


async def event_kinds(api: Api) -> list[str]:
    return [event["kind"] for event in await api.list_all("/events")]


async def test_graph_shows_the_promotion_order(api: Api, as_user: AsUser) -> None:
    """Each box says what comes before and after, who approves and what is frozen."""
    ok_json(await put_policy(api, "staging", requires=["test"], promotes_to="production"))
    ok_json(await put_policy(api, requires=["staging"], soak_s=7200))
    created_json(
        await api.post("/freezes", {"reason": "Holidays", "scope": {"environment": "production"}})
    )

    page = await (await as_user("ada")).open("/environments")

    boxes = [
        visible_text(box)
        for box in re.findall(r"<foreignObject.*?</foreignObject>", page, re.DOTALL)
    ]
    assert boxes[-1] == (
        "production Production After staging 2 h soak 2 approval stages Deployed by operators "
        "Frozen"
    )
    assert (
        "staging Staging After test 1 approval stage Deployed by operators production, on request"
        in boxes
    )
    assert page.count('class="arrow-line required"') == 2
    listed = visible_text(page.partition("<tbody>")[2])
    assert "After staging, 2 h soak qa → devops operators \N{EN DASH}" in listed


async def test_graph_marks_a_cycle(api: Api, as_user: AsUser) -> None:
    """Promotion on request may lead back; the arrow is marked and explained."""
    ok_json(await put_policy(api, "staging", promotes_to="production"))
    ok_json(await put_policy(api, "production", promotes_to="staging"))

    page = await (await as_user("ada")).open("/environments")

    assert page.count('class="arrow-line back"') == 1
    assert "leads back to an earlier environment" in page


async def test_environment_is_created_after_another_one(api: Api, as_user: AsUser) -> None:
    """The new one requires the other, which promotes to it: two changes with one event each."""
    owner = await as_user("owner")
    before = await event_kinds(api)

    page = await owner.submit_and_follow(
        "/environments", name="canary", tier="production", after="staging"
    )

    assert "Environment created." in page
    assert (await policy(api, "canary"))["requires"] == ["staging"]
    assert (await policy(api, "staging"))["promotes_to"] == "canary"
    assert (await event_kinds(api))[len(before) :] == ["environment_created", "policy_changed"]


async def test_environment_that_promotes_elsewhere_keeps_doing_so(
    api: Api, as_user: AsUser
) -> None:
    """The new environment only requires it."""
    ok_json(await put_policy(api, "staging", promotes_to="production"))
    owner = await as_user("owner")

    await owner.submit_and_follow("/environments", name="dr", tier="production", after="staging")

    assert (await policy(api, "dr"))["requires"] == ["staging"]
    assert (await policy(api, "staging"))["promotes_to"] == "production"


async def test_guarded_environment_before_a_new_one_waits_for_approval(
    api: Api, as_user: AsUser
) -> None:
    """The new environment exists, and the change of the other one waits on its page."""
    await guard(api, "staging")
    owner = await as_user("owner")

    page = await owner.submit_and_follow(
        "/environments", name="canary", tier="production", after="staging"
    )

    assert "Change the policy of staging" in visible_text(page)
    assert (await policy(api, "canary"))["requires"] == ["staging"]
    assert (await policy(api, "staging"))["promotes_to"] is None


async def test_invalid_new_environment_is_refused_at_its_field(as_user: AsUser) -> None:
    """What was entered is kept."""
    owner = await as_user("owner")

    response = await owner.submit(
        "/environments", name="canary", tier="production", after="nowhere", display_name="Canary"
    )

    assert response.status_code == 422
    assert 'id="fault-after"' in response.text
    assert 'value="Canary"' in response.text
    assert 'value="nowhere" selected' in response.text


async def test_order_is_changed_and_all_other_rules_are_kept(api: Api, as_user: AsUser) -> None:
    """The form saves a new version of the policy that differs in the order only."""
    before = await policy(api, "production")
    owner = await as_user("owner")
    fields = {"requires-staging": "yes", "requires-test": "yes", "soak": "2", "soak-unit": "hours"}

    page = await owner.submit_and_follow(
        ORDER, seen="1", requires_mode="any", promotes_to="development", **fields
    )

    assert "Policy saved." in page
    after = await policy(api, "production")
    changed = {name for name, value in after.items() if before[name] != value}
    assert changed - {"version", "created_at", "created_by"} == {
        "requires",
        "requires_mode",
        "soak_s",
        "promotes_to",
    }
    assert (after["requires"], after["soak_s"]) == (["staging", "test"], 7200)
    shown = await owner.open(ORDER)
    assert 'name="requires-test" value="yes" checked' in shown
    assert (
        'name="soak" type="number" min="0" max="999999999" aria-label="Soak time: number" value="2"'
        in shown
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"soak": "2", "soak-unit": "hours"}, "requires"),
        ({"soak": "two"}, "soak"),
        ({"max_age": "999999999", "max_age-unit": "days", "requires-test": "yes"}, "max_age"),
        ({"auto_promote": "true"}, "promotes_to"),
        ({"requires-nowhere": "yes"}, "requires"),
        ({"promotes_to": "production"}, "promotes_to"),
    ],
)
async def test_impossible_order_is_refused_at_its_field(
    api: Api, as_user: AsUser, fields: dict[str, str], fault: str
) -> None:
    """Nothing is saved, and what was entered is kept."""
    owner = await as_user("owner")
    with api.assert_nothing_stored():
        response = await owner.submit(ORDER, seen="1", reason="Because.", **fields)

    assert response.status_code == 422
    assert f'id="fault-{fault}"' in response.text
    for name, value in fields.items():
        if name in {"soak", "max_age"}:
            assert f'name="{name}"' in response.text
            assert f'value="{value}"' in response.text


async def test_order_of_an_outdated_page_is_refused(api: Api, as_user: AsUser) -> None:
    """Somebody else saved another version of the policy in the meantime."""
    ok_json(await put_policy(api, after_review_s=3600))
    owner = await as_user("owner")

    assert await owner.submit_refused(ORDER, 412, seen="1")
    assert await owner.submit_refused(ORDER, 412, seen="99")
    assert "Reload the page" in await owner.submit_refused(ORDER, 422, seen="x")


async def test_guarded_order_waits_for_approval(api: Api, as_user: AsUser) -> None:
    """The page shows the change that waits, with the reason."""
    await guard(api)
    owner = await as_user("owner")

    page = await owner.submit_and_follow(
        ORDER, seen="2", reason="As agreed.", **{"requires-staging": "yes"}
    )

    assert "Waiting for approval by another admin" in visible_text(page)
    assert (await policy(api, "production"))["requires"] == []


async def test_details_of_an_environment_are_changed(api: Api, as_user: AsUser) -> None:
    """Name, position and tier; the form of an outdated page is refused."""
    owner = await as_user("owner")

    page = await owner.submit_and_follow(
        SETTINGS, seen="1", display_name="Production EU", rank="45", tier="staging"
    )

    assert "Changes saved." in page
    assert "Production EU" in page
    stored = ok_json(await api.get("/environments/production"))
    assert (stored["display_name"], stored["rank"], stored["tier"]) == (
        "Production EU",
        45,
        "staging",
    )
    assert await owner.submit_refused(SETTINGS, 412, seen="1", display_name="Late")


async def test_invalid_details_are_refused_at_their_field(as_user: AsUser) -> None:
    """What was entered is kept."""
    owner = await as_user("owner")

    response = await owner.submit(SETTINGS, seen="1", display_name="P", rank="-1", tier="staging")

    assert response.status_code == 422
    assert 'id="fault-rank"' in response.text
    assert 'value="-1"' in response.text


async def test_environment_is_archived_and_unarchived(as_user: AsUser) -> None:
    """An archived one is no longer drawn, and its pages remain."""
    owner = await as_user("owner")

    await owner.submit_and_follow(SETTINGS, seen="1", archived="true")

    page = await owner.open("/environments")
    assert 'href="/environments/production"' not in page
    assert f'href="{SETTINGS}"' in page
    for path in (SETTINGS, ORDER, "/services/shop/targets/production"):
        assert "Archived" in await owner.open(path)
    await owner.submit_and_follow(SETTINGS, seen="2", archived="false")
    assert 'href="/environments/production"' in await owner.open("/environments")


async def test_guarded_archival_waits_for_approval(api: Api, as_user: AsUser) -> None:
    """The display name is not guarded and changes at once."""
    await guard(api)
    owner = await as_user("owner")

    page = await owner.submit_and_follow(SETTINGS, seen="2", archived="true", reason="Not used.")
    assert "Change the environment production" in visible_text(page)
    page = await owner.submit_and_follow(SETTINGS, seen="2", display_name="Live")
    assert "Changes saved." in page


async def test_people_without_the_role_see_no_forms(api: Api, as_user: AsUser) -> None:
    """They read the same settings in words."""
    await api.create_user("val", roles=(), groups=())
    val = await as_user("val")

    for path in ("/environments", SETTINGS, ORDER, "/services/shop/targets/production"):
        page = await val.open(path)
        assert 'method="post"' not in page.partition("<main")[2], path
    await val.submit_refused(SETTINGS, 403, seen="1", display_name="Mine")
    assert ok_json(await api.get("/environments/production"))["revision"] == 1
