"""Forms for people and tokens."""

from __future__ import annotations

import re

from tests.integration.console.conftest import AsUser
from tests.support.console import sign_in_by_link, visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.users import bearer_header


async def test_a_person_is_added_changed_and_disabled(api: Api, as_user: AsUser) -> None:
    """The forms set the roles, groups and status; roles can be limited to an environment."""
    owner = await as_user("owner")

    await owner.submit_and_follow(
        "/people",
        name="rita",
        kind="human",
        grants="reviewer\noperator environment=production",
        groups="qa, devops",
    )

    rita = ok_json(await api.get("/users/rita"))
    assert [(grant["role"], grant["environment"]) for grant in rita["grants"]] == [
        ("reviewer", None),
        ("operator", "production"),
    ]
    assert rita["groups"] == ["qa", "devops"]
    page = await owner.submit_and_follow("/people/rita", grants="", groups="", disabled="true")
    assert "Disabled" in page
    assert ok_json(await api.get("/users/rita"))["grants"] == []


async def test_invalid_names_roles_and_groups_are_refused(as_user: AsUser) -> None:
    """The page shows a message and never an internal error."""
    owner = await as_user("owner")

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


async def test_only_people_managers_add_people_and_see_tokens_of_others(
    api: Api, as_user: AsUser
) -> None:
    """A user without roles cannot add people and sees only their own tokens."""
    await api.create_user("val", roles=(), groups=())
    val = await as_user("val")

    assert await val.submit_refused("/people", 403, name="rita")
    assert "Tokens and sessions" not in await val.open("/people/ada")
    assert "Tokens and sessions" in await val.open("/people/val")


async def test_a_long_lived_token_needs_fresh_proof(as_user: AsUser) -> None:
    """Whoever signed in with a token is told how to create one for longer than a day."""
    ada = await as_user("ada")

    refused = await ada.submit_refused("/people/ada/tokens", 403, label="laptop")

    assert "Sign in again with a passkey" in refused


async def test_a_token_is_shown_once_and_can_be_revoked(api: Api) -> None:
    """Only the page that creates a token shows its secret, which works until it is revoked."""
    ada = await sign_in_by_link(api, "ada")

    page = (await ada.submit("/people/ada/tokens", label="laptop")).text

    secret = re.search(r"<pre[^>]*><code>(gp_\w+)</code>", page)
    assert secret is not None
    assert ok_json(await api.get("/me", headers=bearer_header(secret[1])))["user"]["name"] == "ada"
    assert secret[1] not in await ada.open("/people/ada")
    tokens = ok_json(await api.get("/users/ada/tokens"))["items"]
    (token_id,) = [token["id"] for token in tokens if token["label"] == "laptop"]
    after = await ada.submit_and_follow(f"/people/ada/tokens/{token_id}/revoke")
    assert "Token revoked." in visible_text(after)
    assert (await api.get("/me", headers=bearer_header(secret[1]))).status_code == 401


async def test_an_invalid_token_request_is_refused(as_user: AsUser) -> None:
    """An expiry in the past, an unknown user and an unknown token are refused."""
    ada = await as_user("ada")

    assert await ada.submit_refused("/people/ada/tokens", 422, expires_at="2020-01-01T00:00")
    assert await ada.submit_refused("/people/none/tokens", 404)
    assert await ada.submit_refused("/people/ada/tokens/x/revoke", 404)
