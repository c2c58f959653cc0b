"""Browser sessions: signing in by link or token, signing out, and the limits of a session."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gatepost_api.auth.token_secrets import LINK_PREFIX, generate_secret, secret_digest
from gatepost_api.server.user_commands import create_sign_in_link_url
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.access.sign_in import NewToken, create_sign_in_link
from tests.support.builders import FrozenClock, an_id
from tests.support.http.api import (
    HOST,
    Api,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
    running_api,
    token_secret,
)
from tests.support.http.sign_in import ORIGIN, SAME_ORIGIN, anonymous_client, sign_in
from tests.support.http.users import (
    bearer_header,
    create_service_account,
    create_user,
    patch_user,
    post_token,
)

ME = "/api/v1/me"


async def create_link(api: Api, name: str = "ada") -> str:
    """Create a sign-in link as `serve` does, and return its secret."""
    context, secret = api.app.state.context, generate_secret(LINK_PREFIX)
    new_token = NewToken(id=an_id(), digest=secret_digest(secret))
    await context.ledger.perform(
        partial(create_sign_in_link, name=name, new_token=new_token, at=context.now())
    )
    return secret


async def event_kinds(api: Api, *kinds: str) -> list[str]:
    return [event["kind"] for event in await api.list_all("/events") if event["kind"] in kinds]


async def test_sign_in_link_works_once(api: Api, client: httpx2.AsyncClient) -> None:
    """A link preview does not use up the link, but submitting the form does."""
    link = await create_link(api)
    for _ in range(2):
        assert "Sign in as ada" in (await client.get("/sign-in", params={"link": link})).text

    response = await sign_in(client, link=link)

    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert ok_json(await client.get(ME))["user"]["name"] == "ada"
    async with anonymous_client(api) as another:
        second_response = await sign_in(another, link=link)
        assert (second_response.status_code, "was already used" in second_response.text) == (
            401,
            True,
        )
        assert "was already used" in (await another.get("/sign-in", params={"link": link})).text
    assert await event_kinds(api, "signed_in") == ["signed_in"]


async def test_sign_in_link_expires_after_five_minutes(
    api: Api, client: httpx2.AsyncClient
) -> None:
    """An expired link stores nothing and signs in nobody."""
    link = await create_link(api)
    api.clock.advance(timedelta(minutes=5))

    with api.assert_nothing_stored():
        assert (await sign_in(client, link=link)).status_code == 401

    assert (await client.get(ME)).status_code == 401


async def test_printed_link_opens_the_sign_in_page(api: Api) -> None:
    """The printed link is the URL of the sign-in page with the secret of the link."""
    url = await create_sign_in_link_url(api.app.state.context.ledger, "owner", ORIGIN)

    assert url.startswith(f"{ORIGIN}/sign-in?link=gp_l_")


async def test_token_signs_a_browser_in(client: httpx2.AsyncClient) -> None:
    """The session cookie is hidden from scripts and is not sent with cross-site requests."""
    response = await sign_in(client, token=f" {token_secret('ada')}\n")

    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    page = await client.get("/sign-in")
    assert "Signed in as ada" in page.text
    me = ok_json(await client.get(ME))
    assert (me["token"]["kind"], me["token"]["issuer"]) == ("session", "system")


async def test_session_cookie_is_bound_to_the_host_over_tls(api: Api) -> None:
    """The cookie has the `__Host-` prefix and the Secure attribute."""
    app: Any = api.app
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=f"https://{HOST}") as client:
        form = {"token": token_secret("ada")}
        response = await client.post("/sign-in", data=form, headers={"Origin": f"https://{HOST}"})

        cookie = response.headers["Set-Cookie"]
        assert cookie.startswith("__Host-gatepost=gp_b_")
        assert "Secure" in cookie
        assert ok_json(await client.get(ME))["user"]["name"] == "ada"


@pytest.mark.parametrize(
    "form",
    [
        {"token": "gp_u_wrong"},
        {"token": ""},
        {"link": "gp_l_wrong"},
        {"link": token_secret("ada")},
        {"token": "eyJhbGciOiJub25lIn0.e30."},
        {"token": "\x00ünicode\u202e"},
        {},
    ],
)
async def test_invalid_secret_is_refused_on_the_page(
    api: Api, client: httpx2.AsyncClient, form: dict[str, str]
) -> None:
    """The page shows an error and never repeats the submitted value."""
    if form.get("link") == token_secret("ada"):
        await patch_user(api, "ada", disabled=True)
    response = await sign_in(client, **form)

    assert response.status_code == 401
    assert 'role="alert"' in response.text
    assert "Set-Cookie" not in response.headers
    assert not any(value in response.text for value in form.values() if len(value) > 3)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/out"])
@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", f"https://{HOST}"])
async def test_cross_site_sign_in_and_sign_out_are_refused(
    api: Api, client: httpx2.AsyncClient, path: str, origin: str | None
) -> None:
    """Without this server's own Origin header, signing in and signing out return 403."""
    headers = {} if origin is None else {"Origin": origin}
    with api.assert_nothing_stored():
        response = await client.post(path, data={"token": token_secret("ada")}, headers=headers)

    assert_problem(response, 403, "foreign_origin", "header/Origin")


async def test_cross_site_requests_of_a_session_are_refused(
    api: Api, client: httpx2.AsyncClient
) -> None:
    """A request without an Origin header, or with that of another site, is refused with 403."""
    await sign_in(client, token=token_secret("ada"))

    elsewhere = {"Origin": "https://evil.example"}
    with api.assert_nothing_stored():
        for headers in ({}, elsewhere):
            refused = await client.post(
                "/api/v1/deployments", json=deployment_body(), headers=headers
            )
            assert_problem(refused, 403, "foreign_origin", "header/Origin")
    body = deployment_body()
    deployment = created_json(
        await client.post("/api/v1/deployments", json=body, headers=SAME_ORIGIN)
    )
    assert deployment["requester"] == "ada"


async def test_session_secret_and_bearer_token_are_not_interchangeable(
    api: Api, client: httpx2.AsyncClient
) -> None:
    """Neither a session secret nor a bearer token is accepted in place of the other."""
    await sign_in(client, token=token_secret("ada"))
    secret = client.cookies["gatepost"]

    assert_problem(await api.get("/me", headers=bearer_header(secret)), 401, "unauthenticated")
    assert_problem(
        await api.get("/me", headers=bearer_header(await create_link(api))), 401, "unauthenticated"
    )
    client.cookies.set("gatepost", token_secret("ada"), domain=HOST)
    async with anonymous_client(api) as other:
        other.cookies.set("gatepost", token_secret("ada"))
        assert_problem(await other.get(ME), 401, "unauthenticated")


async def test_signing_out_ends_the_session_immediately(
    api: Api, client: httpx2.AsyncClient
) -> None:
    """A copied cookie stops working too, and the sign-out is an event."""
    await sign_in(client, token=token_secret("ada"))
    copied = client.cookies["gatepost"]

    response = await client.post("/sign-in/out", headers=SAME_ORIGIN)

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in")
    assert "gatepost" not in client.cookies
    async with anonymous_client(api) as thief:
        thief.cookies.set("gatepost", copied)
        assert_problem(await thief.get(ME), 401, "unauthenticated")
        assert (await thief.post("/sign-in/out", headers=SAME_ORIGIN)).status_code == 303
    assert await event_kinds(api, "signed_in", "signed_out") == ["signed_in", "signed_out"]


@pytest.mark.parametrize("end", ["revoked", "disabled", "idle", "old"])
async def test_session_ends_with_its_token_its_user_and_its_time_limits(
    api: Api, client: httpx2.AsyncClient, end: str
) -> None:
    """A revoked token, a disabled user, an idle hour or an age of eight hours ends the session."""
    token = await post_token(api, "ada", by=auth_header("ada"))
    await sign_in(client, token=token["Authorization"].removeprefix("Bearer "))
    token_details = ok_json(await client.get(ME))["token"]
    if end == "revoked":
        parent = ok_json(await api.get("/me", headers=token))["token"]["id"]
        ok_json(await api.client.delete(f"/api/v1/users/ada/tokens/{parent}"))
    elif end == "disabled":
        await patch_user(api, "ada", disabled=True)
    elif end == "idle":
        api.clock.advance(timedelta(hours=1))
    else:
        for _ in range(16):
            assert (await client.get(ME)).status_code == 200, token_details
            api.clock.advance(timedelta(minutes=30))

    assert_problem(await client.get(ME), 401, "unauthenticated")
    assert "Signed in" not in (await client.get("/sign-in")).text


async def test_failed_sign_ins_are_rate_limited(database: Path) -> None:
    """Failures in the form and failures with bearer tokens are counted together."""
    async with (
        running_api(database, FrozenClock(), failures_a_minute=3) as api,
        anonymous_client(api) as client,
    ):
        for _ in range(3):
            assert (await sign_in(client, token="gp_u_wrong")).status_code == 401
        response = await sign_in(client, token="gp_u_wrong")
        assert response.status_code == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        assert (await sign_in(client, token=token_secret("ada"))).status_code == 303


async def test_requester_cannot_approve_through_another_session(
    api: Api, client: httpx2.AsyncClient
) -> None:
    """A session from the token of a service account is that of a program, which never reviews."""
    deployment = await api.create_deployment(by="ada")
    token = await create_service_account(
        api, "robot", maker=auth_header("owner"), issuer=auth_header("ada")
    )
    await sign_in(client, token=token["Authorization"].removeprefix("Bearer "))
    path = f"/api/v1/deployments/{deployment['number']}/approve"

    response = await client.post(path, json={}, headers=SAME_ORIGIN)
    assert_problem(response, 403, "service_account_review")

    assert (await api.events(deployment))[-1]["kind"] == "review_denied"


async def test_sign_in_pages_load_nothing_from_elsewhere_and_escape_names(
    api: Api, client: httpx2.AsyncClient
) -> None:
    """The pages contain no external URL, and a group with markup is shown as text."""
    await create_user(api, "zed", Role.VIEWER, groups=("<img/src=x>&\"'",))
    await sign_in(client, token=token_secret("zed"))

    page = await client.get("/sign-in")

    assert "<img" not in page.text
    assert "&lt;img/src=x&gt;" in page.text
    assert "://" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert page.headers["Referrer-Policy"] == "same-origin"
    style = await client.get("/sign-in/style.css")
    assert style.headers["Content-Type"].startswith("text/css")
    assert "url(" not in style.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"token=x"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=", b"----"),
        ("application/x-www-form-urlencoded", b"%ff%fe=%zz&token"),
        ("application/x-www-form-urlencoded; charset=nope", b"token=\xff"),
        ("application/json", b'{"token": "x"}'),
        ("", b"token=x"),
        ("text/plain; charset=\x01", b"\x00"),
    ],
)
async def test_malformed_form_signs_nobody_in(
    client: httpx2.AsyncClient, kind: str, body: bytes
) -> None:
    """A form that cannot be parsed is refused with 400 or 401, whatever its content type."""
    headers = {**SAME_ORIGIN, "Content-Type": kind}

    response = await client.post("/sign-in", content=body, headers=headers)

    assert response.status_code in {401, 415}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("&".join(f"f{number}=x" for number in range(3_000)), "too_many_fields"),
        ("&" * 30_000, "too_many_fields"),
        ("&".join(f"f{number}=x" for number in range(40_000)), "body_too_large"),
        ("token=" + "x" * 40_000, "body_too_large"),
    ],
)
async def test_large_form_is_refused(client: httpx2.AsyncClient, body: str, code: str) -> None:
    """Nobody can keep the server busy with thousands of fields, signed in or not."""
    headers = {**SAME_ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}

    response = await client.post("/sign-in", content=body, headers=headers)

    assert_problem(response, 413, code, *(["#"] if code == "too_many_fields" else []))


async def test_provider_sign_in_is_404_without_a_provider(client: httpx2.AsyncClient) -> None:
    """The page says that no identity provider is configured."""
    for path in ("/sign-in/provider", "/sign-in/provider/callback?code=x&state=y"):
        response = await client.get(path)

        assert response.status_code == 404
        assert "No identity provider is configured." in response.text
