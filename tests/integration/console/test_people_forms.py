"""Forms for people and tokens."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.integration.console.conftest import AsUser
from tests.support.console import sign_in_by_link, visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.settings_changes import guard
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client
from tests.support.http.users import bearer_header, patch_user


def in_an_hour(api: Api) -> str:
    """Return the value of a field for a time in an hour, for which no fresh proof is needed."""
    return f"{api.clock() + timedelta(hours=1):%Y-%m-%dT%H:%M}"


async def test_a_person_is_invited_changed_and_disabled(api: Api, as_user: AsUser) -> None:
    """The forms set the roles, groups and status; roles can be limited to an environment."""
    owner = await as_user("owner")

    page = (
        await owner.submit(
            "/people",
            **{"name": "rita", "kind": "human", "group-0": "qa", "groups": "sre"},
            **{"role-1": "reviewer", "role-more": "operator", "environment-more": "production"},
        )
    ).text

    assert re.search(r"<code>http://[^<]+/invitation\?link=gp_\w+</code>", page)
    rita = ok_json(await api.get("/users/rita"))
    assert [(grant["role"], grant["environment"]) for grant in rita["grants"]] == [
        ("reviewer", None),
        ("operator", "production"),
    ]
    assert rita["groups"] == ["qa", "sre"]
    page = await owner.open("/people/rita")
    assert re.search(r'name="role-1" value="reviewer" checked', page)
    assert "/invitation?link" not in page
    assert "Cannot sign in yet" in page
    people = visible_text(await owner.open("/people"))
    assert "Invited" in people
    assert "added by owner" in people
    page = await owner.submit_and_follow("/people/rita", disabled="true")
    assert "Disabled" in page
    assert ok_json(await api.get("/users/rita"))["grants"] == []


async def test_invitation_is_accepted_and_tells_what_it_means(api: Api, as_user: AsUser) -> None:
    """Opening the link does not spend it; accepting leads to one's own account."""
    owner = await as_user("owner")
    fields = {"name": "rita", "kind": "human", "role-1": "reviewer", "groups": "qa"}
    page = (await owner.submit("/people", **fields)).text
    link = re.search(r"/invitation\?link=(\w+)", page)
    assert link is not None

    async with anonymous_client(api) as browser:
        await browser.get(link[0])
        shown = visible_text((await browser.get(link[0])).text)
        accepted = await browser.post(
            "/invitation", data={"link": link[1]}, headers=SAME_ORIGIN, follow_redirects=True
        )
        again = await browser.post("/invitation", data={"link": link[1]}, headers=SAME_ORIGIN)

    assert "owner invited you" in shown
    assert "marked as dependent" in shown
    assert "independent reviewers are required" in shown
    assert "My account" in visible_text(accepted.text)
    assert "Welcome" in visible_text(accepted.text)
    assert "owner , who sent the invitation" in visible_text(accepted.text).replace(
        "owner,", "owner ,"
    )
    assert again.status_code == 401
    assert "invited by owner" in visible_text(await owner.open("/people"))


async def test_credentials_are_reset_with_a_reason(api: Api, as_user: AsUser) -> None:
    """The page shows the new invitation; whoever can sign in is not invited without a reset."""
    owner = await as_user("owner")

    assert await owner.submit_refused("/people/ada/invite", 409)
    assert await owner.submit_refused("/people/ada/reset", 422)
    page = (await owner.submit("/people/ada/reset", reason="Lost laptop.")).text

    assert "/invitation?link=" in page
    events = await api.list_all("/events")
    assert [event["kind"] for event in events[-2:]] == ["user_reset", "user_invited"]
    assert events[-2]["note"] == "Lost laptop."


async def test_groups_name_their_members_and_policies(api: Api, as_user: AsUser) -> None:
    """A group that a policy names, but that nobody is in, is shown as such."""
    await patch_user(api, "quinn", groups=["qa", "sre"])
    page = visible_text(await (await as_user("owner")).open("/people"))

    groups = page[page.index("Approves in") :]
    assert re.search(r"qa .*quinn.* production \(stage qa\)", groups)
    assert re.search(r"sre\s+quinn\s+no policy names it", groups)


async def test_only_admin_keeps_the_role(api: Api, as_user: AsUser) -> None:
    """Neither disabling nor taking the role is offered."""
    for user in await api.list_all("/users"):
        if user["name"] != "owner":
            await patch_user(api, user["name"], grants=[])
    page = await (await as_user("owner")).open("/people/owner")

    assert "You are the only admin" in page
    assert 'name="disabled"' not in page


async def test_service_account_is_added(api: Api, as_user: AsUser) -> None:
    """Its page offers a token, and no passkeys or invitation."""
    owner = await as_user("owner")

    page = await owner.submit_and_follow(
        "/people", **{"name": "ci", "kind": "service", "role-0": "requester", "service-0": "shop"}
    )

    assert "Service account" in page
    assert "Create token" in page
    assert "Passkeys" not in page
    assert ok_json(await api.get("/users/ci"))["grants"][0]["service"] == "shop"


async def test_invalid_names_roles_and_groups_are_refused(as_user: AsUser) -> None:
    """The page shows a message and never an internal error."""
    owner = await as_user("owner")

    for fields in (
        {"name": "a b"},
        {"name": "rita", "role-0": "king"},
        {"name": "rita", "groups": "Not_A_Group"},
        {},
    ):
        assert await owner.submit_refused("/people", 422, **fields)
    assert await owner.submit_refused("/people", 409, name="ada")
    assert await owner.submit_refused("/people/ada", 422, **{"role-0": "king"})
    assert await owner.submit_refused("/people/none", 404)


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
    assert await ada.submit_refused("/people/ada/tokens", 403)
    assert await ada.submit_refused("/people/none/tokens", 404)
    assert await ada.submit_refused("/people/ada/tokens/x/revoke", 404)


async def test_page_says_beforehand_that_powers_are_guarded(api: Api, as_user: AsUser) -> None:
    """A reset leads back to the page, which says what must come before an invitation."""
    await guard(api)
    owner = await as_user("owner")

    before = visible_text(await owner.open("/people/bo"))
    after = visible_text(await owner.submit_and_follow("/people/bo/reset", reason="Lost."))
    await patch_user(api, "bo", grants=[], groups=[])
    powerless = visible_text(await owner.open("/people/bo"))

    cure = "Take them away first, which needs no approval, invite bo, and then propose"
    assert cure in before
    assert "Reset and invite again" not in before
    assert "All credentials revoked" in after
    assert cure in after
    assert "Create invitation link" not in after
    assert cure not in powerless
    assert "Create invitation link" in powerless


async def test_only_the_session_in_use_is_marked(as_user: AsUser) -> None:
    """Its owner sees which one not to revoke; an admin, who uses another, sees no mark."""
    first, second, owner = await as_user("ada"), await as_user("ada"), await as_user("owner")

    for console in (first, second):
        assert (await console.open("/people/ada")).count("This session") == 1
    assert "This session" not in await owner.open("/people/ada")


async def test_ended_sessions_are_folded_below_the_form(api: Api, as_user: AsUser) -> None:
    """They say how they ended instead of when they would have expired."""
    await as_user("ada")
    api.clock.advance(timedelta(hours=2))

    page = await (await as_user("ada")).open("/people/ada")

    usable, _, folded = page.partition("<summary>Other sessions and ended tokens (1)</summary>")
    assert "ended after 1 hour without use" in folded
    assert "ended after" not in usable
    assert "This session" in usable
    assert "Create token" in usable
