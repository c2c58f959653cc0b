"""Forms to request and to record a deployment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import error_text, visible_text
from tests.support.http.api import Api, ok_json

REQUEST = {
    "service": "shop",
    "environment": "production",
    "version": "1.0.0",
    "work_references": "SHOP-1\nSHOP-2",
    "rollback_plan": "Redeploy the version before.",
    "risk": "It may be slow.",
}
RECORD = {"service": "shop", "environment": "production", "version": "1.0.0"}


async def test_a_request_leads_to_its_deployment(api: Api, as_user: AsUser) -> None:
    """The new deployment has the values of the form."""
    ada = await as_user("ada")

    page = await ada.submit_and_follow("/deployments/new", **REQUEST, start="no")

    assert "Waiting for approval" in page
    deployment = ok_json(await api.get("/deployments/1"))
    assert deployment["requester"] == "ada"
    assert deployment["work_references"] == ["SHOP-1", "SHOP-2"]


async def test_a_preview_shows_approvals_and_gates_and_stores_nothing(
    api: Api, as_user: AsUser
) -> None:
    """The preview shows what the request would need, and the form keeps its values."""
    ada = await as_user("ada")
    with api.assert_nothing_stored():
        page = (await ada.submit("/deployments/new", **REQUEST, _do="preview")).text

    assert "Needs 2 approval stages" in visible_text(page)
    assert page.count('class="gates"') == 1
    assert "Redeploy the version before.</textarea>" in page


async def test_form_says_that_an_automatic_promotion_needs_the_risk(as_user: AsUser) -> None:
    """The hint appears where successes are promoted to production automatically."""
    ada = await as_user("ada")
    hint = "Needed for the automatic promotion to production; without it, nothing is promoted."

    test = await ada.open("/deployments/new?service=shop&environment=test")
    staging = await ada.open("/deployments/new?service=shop&environment=staging")

    assert hint in visible_text(test)
    assert hint not in visible_text(staging)


async def test_the_version_choices_follow_the_service(api: Api, as_user: AsUser) -> None:
    """Only versions of the chosen service are offered, with and without JavaScript."""
    await api.version("7.7.7", "cart")
    ada = await as_user("ada")

    for path in ("/deployments/new", "/record"):
        assert "7.7.7" not in await ada.open(f"{path}?service=shop")
        assert "7.7.7" in await ada.open(f"{path}?service=cart")
        assert "7.7.7" in (await ada.submit(path, service="cart", _do="choose")).text
        assert "1.0.0" not in await ada.open(path)
        await ada.open(f"{path}?service=none")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"risk": ""}, "risk", "risk"),
        ({"version": "9.9.9"}, "version", "Version 9.9.9 does not belong to service shop."),
        ({"service": "none"}, "service", "There is no service none."),
        ({"environment": ""}, "environment", "This field is required."),
        ({"rollback_plan": " "}, "rollback_plan", "This field is required."),
        ({"version": "1 0"}, "version", "without white space"),
    ],
)
@pytest.mark.parametrize("do", ["submit", "preview"])
async def test_an_invalid_request_is_refused_at_its_field(
    api: Api, as_user: AsUser, changes: dict[str, str], field: str, sentence: str, do: str
) -> None:
    """The page shows the server's message, and the form keeps its values."""
    ada = await as_user("ada")
    with api.assert_nothing_stored():
        response = await ada.submit("/deployments/new", **{**REQUEST, **changes}, _do=do)

    assert response.status_code == 422
    assert sentence in error_text(response.text)
    assert f'id="fault-{field}"' in response.text
    assert "SHOP-1\nSHOP-2</textarea>" in response.text


async def test_a_record_becomes_the_current_version(as_user: AsUser) -> None:
    """The recorded version is shown in the environment and the overview; the form is prefilled."""
    olga = await as_user("olga")
    form = await olga.open("/record?service=shop&environment=production")
    assert 'value="2026-' in form
    assert 'value="olga"' in form

    page = await olga.submit_and_follow("/record", **RECORD, notes="Hotfix")

    assert "Deployed elsewhere" in page
    assert "1.0.0" in await olga.open("/environments/production")
    assert "1.0.0" in await olga.open("/")


async def test_a_record_in_the_future_is_refused(api: Api, as_user: AsUser) -> None:
    """The message is shown at the date field."""
    olga = await as_user("olga")
    tomorrow = f"{api.clock() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    with api.assert_nothing_stored():
        response = await olga.submit("/record", **RECORD, deployed_at=tomorrow)

    assert response.status_code == 422
    assert "is in the future." in error_text(response.text)
    assert 'id="fault-deployed_at"' in response.text


@pytest.mark.parametrize("field", RECORD)
async def test_a_record_without_a_required_field_is_refused(
    api: Api, as_user: AsUser, field: str
) -> None:
    """The message is shown at the field."""
    olga = await as_user("olga")
    with api.assert_nothing_stored():
        response = await olga.submit("/record", **RECORD | {field: ""})

    assert response.status_code == 422
    assert "This field is required." in error_text(response.text)
    assert f'id="fault-{field}"' in response.text


@pytest.mark.parametrize("at", ["yesterday", "2026-13-40T00:00", "0001-01-01T00:00"])
async def test_an_unusual_date_never_causes_an_internal_error(as_user: AsUser, at: str) -> None:
    """An unusual date is either recorded or refused."""
    response = await (await as_user("olga")).submit("/record", **RECORD, deployed_at=at)

    assert response.status_code in {303, 422}


async def test_a_version_of_another_service_is_refused(api: Api, as_user: AsUser) -> None:
    """The version is checked by the server as well as by the form."""
    await api.version("7.7.7", "cart")
    olga = await as_user("olga")

    sentence = await olga.submit_refused("/record", 422, **{**RECORD, "version": "7.7.7"})

    assert sentence.endswith("Version 7.7.7 does not belong to service shop.")


@pytest.mark.parametrize("do", ["choose", "preview"])
async def test_an_incomplete_request_shows_why_it_would_be_refused(
    api: Api, as_user: AsUser, do: str
) -> None:
    """A blocked version and a missing role are shown before the other fields are filled in."""
    await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    bad = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    rollback = {"note": "It times out.", "redeploy": True}
    ok_json(await api.post(f"/deployments/{bad['number']}/rollback", rollback))
    await api.create_user("val", roles=(), groups=())
    grants = [{"role": "requester", "service": "shop", "environment": "test"}]
    ok_json(await api.client.patch("/api/v1/users/val", json={"grants": grants}))
    ada, val = await as_user("ada"), await as_user("val")
    chosen = {"service": "shop", "environment": "production", "version": "2.0.0", "_do": do}

    blocked = (await ada.submit("/deployments/new", **chosen)).text
    other = (await ada.submit("/deployments/new", **chosen | {"version": "1.0.0"})).text
    refused = (await val.submit("/deployments/new", **chosen)).text

    assert "This request would be refused. 2.0.0 of shop is blocked" in preview_text(blocked)
    assert "would be refused" not in preview_text(other)
    assert "val needs the requester role for shop in production." in preview_text(refused)
    assert "is blocked in production" in preview_text(refused)
    unknown = "/deployments/new?service=none&environment=production&version=1.0.0"
    assert "would be refused" not in preview_text(await ada.open(unknown))
    nothing = preview_text(await val.open("/deployments/new?service=none"))
    assert nothing.endswith("val needs the requester role for none.")


def preview_text(page: str) -> str:
    return visible_text(page.partition('id="preview"')[2].partition("</aside>")[0])
