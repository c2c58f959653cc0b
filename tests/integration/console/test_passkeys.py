"""Passkeys in the browser: adding, signing in, removing, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any, Final

import httpx2
import pytest

from gatepost_api.auth.passkeys import CHALLENGE_LIFETIME
from gatepost_api.auth.token_secrets import LINK_PREFIX, generate_secret, secret_digest
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.actions.access.sign_in import NewToken, create_sign_in_link
from gatepost_domain.actions.access.users import FRESH_PROOF
from tests.support.builders import an_id
from tests.support.http.api import HOST, Api, token_secret
from tests.support.http.authenticator import Authenticator

ORIGIN: Final = f"https://{HOST}"
SAME_ORIGIN: Final = {"Origin": ORIGIN}
PASSKEYS: Final = "/people/ada/passkeys"
SECOND: Final = timedelta(seconds=1)


@pytest.fixture
async def browser(api: Api) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a browser that reaches the server over HTTPS, signed in by a link as ada."""
    async with a_browser(api) as client:
        secret = generate_secret(LINK_PREFIX)
        new_token = NewToken(id=an_id(), digest=secret_digest(secret))
        await api.ledger.perform(
            partial(create_sign_in_link, name="ada", new_token=new_token, at=api.clock())
        )
        assert (await post(client, "/sign-in", link=secret)).status_code == 303
        yield client


def a_browser(api: Api, origin: str = ORIGIN) -> httpx2.AsyncClient:
    app: Any = api.app
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url=origin)


def an_authenticator(**changes: Any) -> Authenticator:
    return Authenticator(**({"origin": ORIGIN, "host": HOST} | changes))


async def post(
    client: httpx2.AsyncClient, path: str, origin: str = ORIGIN, **form: str
) -> httpx2.Response:
    return await client.post(path, data=form, headers={"Origin": origin})


async def options_of(client: httpx2.AsyncClient, path: str) -> Any:
    response = await post(client, f"{path}/challenge")
    assert response.status_code == 200, response.text
    return json.loads(response.text)


async def add_passkey(client: httpx2.AsyncClient, device: Authenticator) -> httpx2.Response:
    answer = device.create(await options_of(client, PASSKEYS))
    return await post(client, PASSKEYS, credential=answer, label="laptop")


async def sign_in(client: httpx2.AsyncClient, device: Authenticator) -> httpx2.Response:
    answer = device.sign(await options_of(client, "/sign-in/passkey"))
    return await post(client, "/sign-in/passkey", credential=answer, next="/inbox")


async def passkeys_of_ada(api: Api) -> tuple[Passkey, ...]:
    return await api.ledger.reads.passkeys("ada")


async def test_person_adds_a_passkey_and_signs_in_with_it(
    api: Api, browser: httpx2.AsyncClient
) -> None:
    """The session says how it was opened, and counts as fresh proof."""
    device = an_authenticator()
    page = (await browser.get("/people/ada")).text
    assert 'data-passkey="create"' in page
    assert "/passkeys.js" in page

    added = await add_passkey(browser, device)

    assert (added.status_code, added.headers["Location"]) == (
        303,
        "/people/ada?done=passkey_added",
    )
    async with a_browser(api) as other:
        assert 'data-passkey="get"' in (await other.get("/sign-in")).text
        signed_in = await sign_in(other, device)
        assert (signed_in.status_code, signed_in.headers["Location"]) == (303, "/inbox")
        page = (await other.get("/people/ada")).text
        assert "signed in by passkey" in page
        assert 'data-passkey="create"' in page
    (passkey,) = await passkeys_of_ada(api)
    assert (passkey.label, passkey.sign_count) == ("laptop", 1)


@pytest.mark.parametrize(
    "changes",
    [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"is_verified": False}],
)
async def test_answer_of_another_address_or_without_verification_is_refused(
    api: Api, browser: httpx2.AsyncClient, changes: dict[str, Any]
) -> None:
    """Neither adding nor signing in is possible with it."""
    refused = await add_passkey(browser, an_authenticator(**changes))
    assert refused.status_code == 400
    assert "could not be verified" in refused.text
    device = an_authenticator()
    assert (await add_passkey(browser, device)).status_code == 303
    for name, value in changes.items():
        setattr(device, name, value)

    async with a_browser(api) as other:
        response = await sign_in(other, device)

    assert response.status_code == 401
    assert "could not be verified" in response.text


async def test_answer_can_be_used_once_and_for_five_minutes(
    api: Api, browser: httpx2.AsyncClient
) -> None:
    """Nor is it accepted in another browser."""
    device = an_authenticator(step=0)
    await add_passkey(browser, device)
    async with a_browser(api) as other, a_browser(api) as third:
        answer = device.sign(await options_of(other, "/sign-in/passkey"))
        cookie = dict(other.cookies)
        await options_of(third, "/sign-in/passkey")
        foreign = await post(third, "/sign-in/passkey", credential=answer)
        first = await post(other, "/sign-in/passkey", credential=answer)
        other.cookies.clear()
        other.cookies.update(cookie)
        again = await post(other, "/sign-in/passkey", credential=answer)
        late = device.sign(await options_of(other, "/sign-in/passkey"))
        api.clock.advance(CHALLENGE_LIFETIME)
        expired = await post(other, "/sign-in/passkey", credential=late)

    assert [each.status_code for each in (foreign, first, again, expired)] == [401, 303, 401, 401]
    assert "already completed" in again.text
    assert "has expired" in expired.text


async def test_challenge_for_one_purpose_is_not_accepted_for_another(
    api: Api, browser: httpx2.AsyncClient
) -> None:
    """A challenge for signing in adds no passkey."""
    options = await options_of(browser, PASSKEYS)
    await options_of(browser, "/sign-in/passkey")

    response = await post(browser, PASSKEYS, credential=an_authenticator().create(options))

    assert response.status_code == 400
    assert await passkeys_of_ada(api) == ()


async def test_copied_passkey_is_refused_and_recorded(
    api: Api, browser: httpx2.AsyncClient
) -> None:
    """The count of signatures must rise."""
    device = an_authenticator()
    await add_passkey(browser, device)
    async with a_browser(api) as other:
        assert (await sign_in(other, device)).status_code == 303
        device.count -= 1
        response = await sign_in(other, device)

    assert response.status_code == 403
    assert "has not increased since its latest use" in response.text
    assert (await api.list_all("/events"))[-1]["data"]["code"] == "sign_in_denied"


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": 1}', "x" * 30_000])
async def test_anything_else_is_refused(
    api: Api, browser: httpx2.AsyncClient, credential: str
) -> None:
    """No input causes a server error."""
    await options_of(browser, PASSKEYS)
    added = await post(browser, PASSKEYS, credential=credential)
    async with a_browser(api) as other:
        without_cookie = await post(other, "/sign-in/passkey", credential=credential)
        await options_of(other, "/sign-in/passkey")
        response = await post(other, "/sign-in/passkey", credential=credential)

    assert [each.status_code for each in (added, without_cookie, response)] == [400, 401, 401]


async def test_unknown_passkey_is_refused(api: Api) -> None:
    """The page says that it may have been removed."""
    async with a_browser(api) as other:
        response = await sign_in(other, an_authenticator())

    assert response.status_code == 401
    assert "unknown here" in response.text


async def test_adding_needs_fresh_proof(api: Api, browser: httpx2.AsyncClient) -> None:
    """The page says so, and a session that was opened with a token is never enough."""
    options = await options_of(browser, PASSKEYS)
    api.clock.advance(FRESH_PROOF + SECOND)
    await options_of(browser, PASSKEYS)
    page = (await browser.get("/people/ada")).text
    late = await add_passkey(browser, an_authenticator())
    async with a_browser(api) as other:
        assert (await post(other, "/sign-in", token=token_secret("ada"))).status_code == 303
        by_token = await add_passkey(other, an_authenticator())

    assert options["user"]["name"] == "ada"
    assert "requires a recent sign-in" in page
    assert 'data-passkey="create"' not in page
    for response in (late, by_token):
        assert response.status_code == 403
        assert "adding a passkey requires" in response.text


async def test_nobody_adds_a_passkey_for_another(api: Api, browser: httpx2.AsyncClient) -> None:
    """Neither the challenge nor the passkey is available."""
    options = await options_of(browser, PASSKEYS)
    device = an_authenticator()

    challenge = await post(browser, "/people/owner/passkeys/challenge")
    response = await post(
        browser, "/people/owner/passkeys", credential=device.create(options), label="x"
    )

    assert (challenge.status_code, response.status_code) == (403, 403)
    assert await api.ledger.reads.passkeys("owner") == ()
    page = (await browser.get("/people/owner")).text
    assert "data-passkey" not in page


async def test_removing_a_passkey_ends_its_sessions(api: Api, browser: httpx2.AsyncClient) -> None:
    """The session of the passkey must sign in again; the one that removed it goes on."""
    device = an_authenticator()
    await add_passkey(browser, device)
    async with a_browser(api) as other:
        await sign_in(other, device)
        (passkey,) = await passkeys_of_ada(api)
        removed = await post(browser, f"{PASSKEYS}/{passkey.id}/remove")

        assert removed.headers["Location"] == "/people/ada?done=passkey_removed"
        assert (await other.get("/people/ada")).status_code == 303
        assert (await browser.get("/people/ada")).status_code == 200
        assert (await sign_in(other, device)).status_code == 403


async def test_last_way_to_sign_in_is_removed_only_if_confirmed(
    api: Api, browser: httpx2.AsyncClient
) -> None:
    """The page has a box to tick beside the passkey."""
    await add_passkey(browser, an_authenticator())
    (passkey,) = await passkeys_of_ada(api)
    tokens = await api.list_all("/users/ada/tokens")
    for token in tokens:
        if token["label"] is None or "signed in" not in token["label"]:
            await api.client.delete(f"/api/v1/users/ada/tokens/{token['id']}")
    page = (await browser.get("/people/ada")).text

    refused = await post(browser, f"{PASSKEYS}/{passkey.id}/remove")
    removed = await post(browser, f"{PASSKEYS}/{passkey.id}/remove", confirmed="true")

    assert re.search(r'name="confirmed"[^>]*required', page)
    assert refused.status_code == 422
    assert "last way to sign in" in refused.text
    assert removed.status_code == 303
    assert await passkeys_of_ada(api) == ()


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000"),
        (f"http://{HOST}", None),
        ("https://127.0.0.1", None),
    ],
)
async def test_page_says_where_passkeys_work(
    api: Api, monkeypatch: pytest.MonkeyPatch, origin: str, address: str | None
) -> None:
    """Browsers offer them over HTTPS with a host name, and at localhost."""
    monkeypatch.setattr(api.app, "accepted_hosts", frozenset({HOST, "127.0.0.1", "localhost"}))
    async with a_browser(api, origin) as browser:
        assert (await post(browser, "/sign-in", origin, token=token_secret("ada"))).is_redirect
        own_page = (await browser.get("/people/ada")).text
        challenges = [
            await post(browser, f"{path}/challenge", origin)
            for path in (PASSKEYS, "/sign-in/passkey")
        ]
        await post(browser, "/sign-in/out", origin)
        page = (await browser.get("/sign-in")).text

    assert "data-passkey" not in page + own_page
    assert (f'href="{address}/sign-in"' in page) is (address is not None)
    assert f'href="{address}/people/ada"' in own_page or "require HTTPS" in own_page
    assert [each.status_code for each in challenges] == [409, 409]


async def test_passkeys_work_at_localhost(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TLS, browsers trust only this host name."""
    monkeypatch.setattr(api.app, "accepted_hosts", frozenset({"localhost"}))
    async with a_browser(api, "http://localhost:8340") as browser:
        page = (await browser.get("/sign-in")).text
        challenge = await post(browser, "/sign-in/passkey/challenge", "http://localhost:8340")

    assert 'data-passkey="get"' in page
    assert json.loads(challenge.text)["rpId"] == "localhost"
    assert "script-src 'self'" in challenge.headers["Content-Security-Policy"]
