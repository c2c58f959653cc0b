"""Secrets used to sign in are not stored anywhere."""

from __future__ import annotations

import logging
from functools import partial

import pytest

from gatepost_api.auth.token_secrets import LINK_PREFIX, generate_secret, secret_digest
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access.sign_in import NewToken, create_sign_in_link
from tests.support.builders import an_id
from tests.support.http.api import Api, auth_header, created_json, ok_json
from tests.support.http.identity_provider import CLIENT_SECRET, running_provider
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client, configure_provider, sign_in
from tests.support.http.users import bearer_header, post_user


async def test_secrets_of_people_and_pipelines_are_stored_nowhere(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    """No file, response or log contains a link, session, provider token, proof or code."""
    caplog.set_level(logging.DEBUG, logger="gatepost")
    link, canaries = generate_secret(LINK_PREFIX), []
    new_token = NewToken(id=an_id(), digest=secret_digest(link))
    context = api.app.state.context
    await context.ledger.perform(
        partial(create_sign_in_link, name="ada", new_token=new_token, at=context.now())
    )
    with running_provider() as provider:
        rule = {"audience": "gatepost", "claims": {"sub": "subject-of-ada"}, "user": "robot"}
        configure_provider(api, provider, pipelines=[{**rule, "issuer": provider.url}])
        await post_user(api, "robot", by=auth_header("owner"), kind=UserKind.SERVICE)
        async with anonymous_client(api) as client:
            await sign_in(client, link=link)
            canaries += [link, client.cookies["gatepost"]]
            await client.post("/sign-in/out", headers=SAME_ORIGIN)
            redirect = await client.get("/sign-in/provider")
            canaries += client.cookies["gatepost-flow"].split(".")[1:]
            await client.get(provider.authorize(redirect.headers["Location"]))
            canaries += [client.cookies["gatepost"], CLIENT_SECRET]
        token = provider.token()
        ok_json(await api.get("/me", headers=bearer_header(token)))
        proof = provider.token(iat=1)
        secret = created_json(await api.post("/auth/exchange", {"token": proof}))["secret"]
        canaries += [token, proof, secret]

    paths = ("/me", "/users", "/users/ada/tokens", "/users/robot/tokens", "/events?limit=200")
    responses = "".join([(await api.get(path)).text for path in paths])
    files = b"".join(file.read_bytes() for file in api.file.parent.glob("gatepost.db*"))
    assert len(canaries) == 9
    for canary in canaries:
        assert canary not in responses
        assert canary not in caplog.text
        assert canary.encode() not in files
