"""Linking one's own account at the identity provider, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import httpx2
import pytest

from gatepost_api.auth.token_secrets import LINK_PREFIX, generate_secret, secret_digest
from gatepost_api.oidc.trusted_issuers import TrustedIssuers
from gatepost_domain.actions.access.sign_in import NewToken, create_sign_in_link
from gatepost_domain.actions.access.users import FRESH_PROOF
from tests.integration.console.conftest import AsUser
from tests.support.builders import an_id
from tests.support.http.api import Api, auth_header, ok_json
from tests.support.http.identity_provider import FakeProvider, running_provider, unix_seconds
from tests.support.http.pipelines import set_logins
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client, configure_provider, sign_in
from tests.support.http.users import bearer_header

LINK: Final = "/people/ada/provider-login"
SUBJECT: Final = "subject-of-ada"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as started:
        yield started


@pytest.fixture
async def api(api: Api, provider: FakeProvider) -> Api:
    configure_provider(api, provider, groups=[])
    return api


@pytest.fixture
async def browser(api: Api) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a browser that ada has just signed in with a link."""
    async with anonymous_client(api) as client:
        await sign_in_by_link(api, client, "ada")
        yield client


async def sign_in_by_link(api: Api, client: httpx2.AsyncClient, name: str) -> None:
    secret = generate_secret(LINK_PREFIX)
    new_token = NewToken(id=an_id(), digest=secret_digest(secret))
    await api.ledger.perform(
        partial(create_sign_in_link, name=name, new_token=new_token, at=api.clock())
    )
    assert (await sign_in(client, link=secret)).status_code == 303


async def start(browser: httpx2.AsyncClient, path: str = LINK) -> str:
    """Start a link, and return the address of the provider."""
    response = await browser.get(path)
    assert response.status_code == 303, response.text
    return response.headers["Location"]


async def return_from(
    browser: httpx2.AsyncClient, provider: FakeProvider, address: str, **claims: object
) -> dict[str, str]:
    """Sign in at the provider, and return the fields of the form that confirms the link."""
    url = httpx2.URL(provider.authorize(address, **claims))
    page = await browser.get(url)
    assert (page.status_code, "Link this account to ada?" in page.text) == (200, True)
    return {name: url.params[name] for name in ("code", "state")}


async def submit(
    browser: httpx2.AsyncClient, form: dict[str, str], path: str = LINK
) -> httpx2.Response:
    return await browser.post(path, data=form, headers=SAME_ORIGIN)


async def link(browser: httpx2.AsyncClient, provider: FakeProvider) -> httpx2.Response:
    return await submit(browser, await return_from(browser, provider, await start(browser)))


async def logins_of(api: Api, name: str = "ada") -> list[str]:
    user = ok_json(await api.get(f"/users/{name}"))
    return [login["subject"] for login in user["logins"]]


async def test_person_links_their_own_account(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """Afterwards they sign in with it as the same user, and nobody is added to the provenance."""
    assert f'href="{LINK}"' in (await browser.get("/people/ada")).text

    linked = await link(browser, provider)

    assert (linked.status_code, linked.headers["Location"]) == (
        303,
        "/people/ada?done=login_linked",
    )
    page = (await browser.get("/people/ada?done=login_linked")).text
    assert "Account linked." in page
    assert "You can sign in with single sign-on." in page
    assert "gatepost-flow" not in browser.cookies
    me = ok_json(await api.get("/me", headers=bearer_header(provider.token())))
    assert (me["user"]["name"], me["user"]["provenance"]) == ("ada", {})
    (login,) = me["user"]["logins"]
    assert (login["subject"], login["linked_by"]) == (SUBJECT, "ada")
    assert "user_changed" in [event["kind"] for event in await api.list_all("/events")]
    assert ok_json(await api.get("/audit/verify"))["faults"] == []


async def test_linking_keeps_the_reviewer_independent(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """An approval through the linked account is not marked."""
    await link(browser, provider)
    deployment = await api.create_deployment(by="owner")
    path = f"/deployments/{deployment['number']}/approve"

    approved = ok_json(await api.post(path, {}, headers=bearer_header(provider.token())))

    assert approved["independence"] == {"dependent": []}


async def test_link_without_fresh_proof_is_refused(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """At the start and at the end, so that nobody links their account in a forgotten session."""
    later = unix_seconds(api.clock() + 3 * FRESH_PROOF)
    form = await return_from(browser, provider, await start(browser), exp=later)
    api.clock.advance(2 * FRESH_PROOF)

    assert (await submit(browser, form)).status_code == 403
    assert (await browser.get(LINK)).status_code == 403
    page = (await browser.get("/people/ada")).text
    assert "requires a recent sign-in" in page
    assert f'href="{LINK}"' not in page
    assert await logins_of(api) == []


async def test_link_started_in_another_session_is_refused(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """Neither in another browser, nor after signing in again, nor without the cookie."""
    form = await return_from(browser, provider, await start(browser))
    flow = browser.cookies["gatepost-flow"]

    async with anonymous_client(api) as other:
        assert (await submit(other, form)).status_code == 303  # to the sign-in page
        await sign_in_by_link(api, other, "ada")
        assert (await submit(other, form)).status_code == 400
        other.cookies.set("gatepost-flow", flow)
        assert (await submit(other, form)).status_code == 400
    async with anonymous_client(api) as mallory:
        await sign_in_by_link(api, mallory, "eve")
        mallory.cookies.set("gatepost-flow", flow)
        assert (await submit(mallory, form, "/people/eve/provider-login")).status_code == 400

    assert await logins_of(api) == []
    assert await logins_of(api, "eve") == []


async def test_link_of_another_flow_is_refused(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """The code of somebody else's account cannot be planted, by a callback or a form."""
    async with anonymous_client(api) as mallory:
        await sign_in_by_link(api, mallory, "eve")
        address = await start(mallory, "/people/eve/provider-login")
        planted = httpx2.URL(provider.authorize(address, sub="subject-of-eve"))
    await start(browser)

    assert (await browser.get(planted)).status_code == 401
    form = {name: planted.params[name] for name in ("code", "state")}
    assert (await submit(browser, form)).status_code == 400
    assert await logins_of(api) == []


async def test_form_of_another_site_links_nothing(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """The form needs the origin of this server, and the path the user of the session."""
    form = await return_from(browser, provider, await start(browser))

    foreign = await browser.post(LINK, data=form, headers={"Origin": "https://evil.example"})

    assert foreign.status_code == 403
    assert (await browser.get("/people/bo/provider-login")).status_code == 403
    assert await logins_of(api) == []


async def test_account_of_another_user_is_not_linked(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """Users are not merged; the page says what to do instead, and the attempt is recorded."""
    signed_in = ok_json(await api.get("/me", headers=bearer_header(provider.token())))
    assert signed_in["user"]["name"] == "ada.l"

    refused = await link(browser, provider)

    assert refused.status_code == 403
    assert "users are not merged" in refused.text
    assert "an admin can remove it from ada.l and add it to ada" in refused.text
    assert await logins_of(api) == []
    last = (await api.list_all("/events"))[-1]
    assert (last["kind"], last["data"]["code"]) == ("access_denied", "login_of_another")


async def test_account_that_belonged_to_another_user_is_not_linked(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """Otherwise, both would be independent of each other although they may be one person."""
    await set_logins(api, "quinn", {"issuer": provider.url, "subject": SUBJECT})
    await set_logins(api, "quinn", by=auth_header("quinn"))

    refused = await link(browser, provider)

    assert (refused.status_code, "was a login of quinn" in refused.text) == (403, True)
    assert await logins_of(api) == []


async def test_own_former_login_is_linked_again(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """Whoever could have linked it before still counts."""
    await set_logins(api, "ada", {"issuer": provider.url, "subject": SUBJECT})
    await set_logins(api, "ada")

    await link(browser, provider)
    await submit(browser, await return_from(browser, provider, await start(browser)))

    user = ok_json(await api.get("/users/ada"))
    assert ([login["subject"] for login in user["logins"]], user["former_logins"]) == (
        [SUBJECT],
        [],
    )
    assert user["provenance"] == {"owner": "account"}


async def test_provider_that_fails_links_nothing(
    api: Api, provider: FakeProvider, browser: httpx2.AsyncClient
) -> None:
    """The page says so, at the start and at the end; a denied sign-in is no link either."""
    form = await return_from(browser, provider, await start(browser))
    denied = await browser.get("/sign-in/provider/callback", params={"state": form["state"]})
    assert (denied.status_code, "denied the sign-in" in denied.text) == (401, True)
    provider.unavailable = True

    assert (await submit(browser, form)).status_code == 503
    configure_provider(api, provider, groups=[])
    assert (await browser.get(LINK)).status_code == 503
    assert await logins_of(api) == []


async def test_without_a_provider_nothing_can_be_linked(as_user: AsUser, api: Api) -> None:
    """The pages do not mention a login at the provider."""
    context = api.app.state.context
    api.app.state.context = replace(context, trusted_issuers=TrustedIssuers())
    console = await as_user("ada")

    assert "Login at" not in await console.open("/people/ada")
    assert "Login at" not in await console.open("/people")


async def test_people_are_shown_with_their_login_at_the_provider(
    api: Api, provider: FakeProvider, as_user: AsUser
) -> None:
    """On the page of all people and on their own, with former logins."""
    await set_logins(api, "quinn", {"issuer": provider.url, "subject": "gone"})
    await set_logins(api, "quinn", {"issuer": provider.url, "subject": "present"})
    console = await as_user("owner")

    people, quinn = await console.open("/people"), await console.open("/people/quinn")

    assert "Login at single sign-on" in people
    assert (people.count('"Login">linked</td>'), '"Login">not linked</td>' in people) == (1, True)
    assert "<dt>Login at single sign-on</dt><dd>linked</dd>" in quinn
    assert "<dt>Former logins</dt>" in quinn
    assert "<bdi>gone</bdi>" in quinn
    configure_provider(api, provider)
    own = await console.open("/people/owner")
    assert "your groups at single sign-on determine your roles and groups" in own
