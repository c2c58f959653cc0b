"""Pipelines that exchange the tokens of a provider, and the logins of people who trigger them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json
from tests.support.http.identity_provider import FakeProvider
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import Headers, bearer_header, create_user, post_deployment

PIPELINE: Final = "shop-pipeline"
RULE: Final = {
    "audience": "gatepost",
    "claims": {"repository": "acme/shop"},
    "user": PIPELINE,
}
OWNER_HEADER: Final = auth_header("owner")


async def start_pipeline(
    api: Api,
    provider: FakeProvider,
    actor: str,
    *roles: Role,
    run: str = "1",
    **rule: Any,
) -> Headers:
    """Exchange the token of a pipeline that the actor triggered; `run` makes it another one."""
    pipeline = {**RULE, "issuer": provider.url, **rule}
    configure_provider(api, provider, groups=[], pipelines=[pipeline])
    if (await api.get(f"/users/{PIPELINE}")).status_code == 404:
        await create_user(api, PIPELINE, *(roles or (Role.REQUESTER,)), kind=UserKind.SERVICE)
    proof = provider.token(repository="acme/shop", actor=actor, run_id=run)
    issued = created_json(await api.post("/auth/exchange", {"token": proof}))
    return bearer_header(issued["secret"])


async def request_by_pipeline(api: Api, provider: FakeProvider, actor: str = "q-gh") -> Json:
    """Let a pipeline that the actor triggered request a deployment."""
    return await post_deployment(api, await start_pipeline(api, provider, actor))


async def map_login(
    api: Api, provider: FakeProvider, user: str, name: str, by: Headers = OWNER_HEADER
) -> Json:
    """Let a user have exactly one login: the name that pipelines report."""
    return await set_logins(api, user, {"issuer": provider.url, "name": name}, by=by)


async def set_logins(
    api: Api, user: str, *logins: Mapping[str, str], by: Headers = OWNER_HEADER
) -> Json:
    """Let a user have exactly these logins."""
    path, body = f"/api/v1/users/{user}", {"logins": list(logins)}
    return ok_json(await api.client.patch(path, json=body, headers=dict(by)))
