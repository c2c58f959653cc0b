"""People and tokens by their forms."""

from __future__ import annotations

import re

from tests.integration.console.conftest import As
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.users import bearer_header


async def test_somebody_is_made_known_changed_and_disabled(api: Api, as_somebody: As) -> None:
    """With roles, everywhere or only somewhere, and groups."""
    owner = await as_somebody("owner")

    await owner.submit_and_follow(
        "/people",
        name="rita",
        kind="human",
        grants="reviewer\noperator environment=production",
        groups="qa, devops",
    )

    rita = ok_json(await api.get("/users/rita"))
    assert [(each["role"], each["environment"]) for each in rita["grants"]] == [
        ("reviewer", None),
        ("operator", "production"),
    ]
    assert rita["groups"] == ["qa", "devops"]
    page = await owner.submit_and_follow("/people/rita", grants="", groups="", disabled="true")
    assert "Disabled" in page
    assert ok_json(await api.get("/users/rita"))["grants"] == []


async def test_what_no_role_or_name_is_is_refused(as_somebody: As) -> None:
    """With a sentence, and never an error of ours."""
    owner = await as_somebody("owner")

    for fields in (
        {"name": "a b"},
        {"name": "rita", "grants": "king"},
        {"name": "rita", "grants": "viewer planet=mars"},
        {"name": "rita", "groups": "Not_A_Group"},
        {},
    ):
        assert await owner.submit_refused("/people", 422, **fields)
    assert await owner.submit_refused("/people", 409, name="ada")
    assert await owner.submit_refused("/people/ada", 422, grants="king")
    assert await owner.submit_refused("/people/none", 404, grants="")


async def test_who_may_not_manage_people_is_told_so(api: Api, as_somebody: As) -> None:
    """They see who there is, and nobody else's tokens."""
    await api.create_user("val", roles=(), groups=())
    val = await as_somebody("val")

    assert await val.submit_refused("/people", 403, name="rita")
    assert "Tokens and sessions" not in await val.open("/people/ada")
    assert "Tokens and sessions" in await val.open("/people/val")


async def test_a_token_is_shown_once_and_can_be_revoked(api: Api, as_somebody: As) -> None:
    """It opens what its holder may do, until it is revoked."""
    ada = await as_somebody("ada")

    page = (await ada.submit("/people/ada/tokens", label="laptop")).text

    secret = re.search(r"<pre[^>]*><code>(gp_\w+)</code>", page)
    assert secret is not None
    assert ok_json(await api.get("/me", headers=bearer_header(secret[1])))["user"]["name"] == "ada"
    assert secret[1] not in await ada.open("/people/ada")
    tokens = ok_json(await api.get("/users/ada/tokens"))["items"]
    (token,) = [each["id"] for each in tokens if each["label"] == "laptop"]
    after = await ada.submit_and_follow(f"/people/ada/tokens/{token}/revoke")
    assert "Token revoked." in visible_text(after)
    assert (await api.get("/me", headers=bearer_header(secret[1]))).status_code == 401


async def test_a_token_that_cannot_be_is_refused(as_somebody: As) -> None:
    """One that would live too long, of nobody, or that there is not."""
    ada = await as_somebody("ada")

    assert await ada.submit_refused("/people/ada/tokens", 422, expires_at="2020-01-01T00:00")
    assert await ada.submit_refused("/people/none/tokens", 404)
    assert await ada.submit_refused("/people/ada/tokens/x/revoke", 404)
