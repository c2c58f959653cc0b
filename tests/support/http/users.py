"""Users, tokens and environments, mostly created over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import httpx2

from gatepost_api.auth.token_secrets import generate_token_secret
from gatepost_api.server.bootstrap import OWNER, build_user, ensure_user_with_token
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.builders import NOON, an_id
from tests.support.http.api import (
    HOST,
    PREFIX,
    Api,
    Json,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
    owner_client,
    store_user,
    token_secret,
)

Headers = Mapping[str, str]

OWNER_HEADER: Final = auth_header(OWNER)

EVERY_GROUP: Final = ("qa", "devops")


def bearer_header(secret: str) -> dict[str, str]:
    """Return the header that authenticates with a token's secret."""
    return {"Authorization": f"Bearer {secret}"}


async def create_user(
    api: Api,
    name: str,
    *roles: Role,
    groups: tuple[str, ...] = EVERY_GROUP,
    kind: UserKind = UserKind.HUMAN,
) -> Headers:
    """Store a user with these roles and a token; return the token's header."""
    await store_user(api.ledger, name, roles=roles, groups=groups, kind=kind)
    return auth_header(name)


async def store_renamed_admin(api: Api) -> None:
    """Store an admin whom an older release knew as Zoë."""
    user = build_user("zo-", UserKind.HUMAN, roles=(Role.ADMIN, Role.REQUESTER), groups=(), at=NOON)
    zoe = replace(user, human="zoë", former_name="Zoë", display_name="Zoë")
    await ensure_user_with_token(
        api.ledger, api.ledger.reads, zoe, token_secret("zo-"), label="test", at=NOON, new_id=an_id
    )


async def post_user(
    api: Api, name: str, *, by: Headers, kind: UserKind = UserKind.HUMAN, **changes: object
) -> Json:
    """Create a user over HTTP, by default with every role and group."""
    body: Json = {
        "name": name,
        "kind": kind,
        "grants": [{"role": role} for role in Role],
        "groups": EVERY_GROUP,
    }
    return created_json(await api.post("/users", body | changes, headers=dict(by)))


async def store_token(api: Api, name: str) -> dict[str, str]:
    """Store a token of an existing user, as the server's terminal does; return its header."""
    user, secret = await api.ledger.reads.user(name), generate_token_secret(UserKind.HUMAN)
    await ensure_user_with_token(
        api.ledger,
        api.ledger.reads,
        user,
        secret,
        label="test",
        at=api.clock(),
        new_id=api.app.state.context.new_id,
    )
    return bearer_header(secret)


async def enrol(api: Api, name: str, *, by: Headers = OWNER_HEADER) -> dict[str, str]:
    """Invite a person, accept the invitation, and return the header of a token of their own."""
    invited = await api.post(f"/users/{quote(name)}/invitations", headers=dict(by))
    link = created_json(invited)["url"].partition("?link=")[2]
    client = owner_client(api.app)
    del client.headers["Authorization"]
    async with client as browser:
        accepted = await browser.post(
            "/invitation", data={"link": link}, headers={"Origin": f"http://{HOST}"}
        )
        assert accepted.status_code == httpx2.codes.SEE_OTHER, accepted.text
        issued = await browser.post(
            f"{PREFIX}/users/{quote(name)}/tokens", json={}, headers={"Origin": f"http://{HOST}"}
        )
    return bearer_header(created_json(issued)["secret"])


async def invite_user(
    api: Api, name: str, *, by: Headers = OWNER_HEADER, **changes: Any
) -> dict[str, str]:
    """Create a user over HTTP and enrol them; return the header of a token of their own."""
    await post_user(api, name, by=by, **changes)
    return await enrol(api, name, by=by)


async def post_token(api: Api, name: str, *, by: Headers, **body: object) -> dict[str, str]:
    """Issue a token for oneself or a service account and return the token's header."""
    issued = created_json(await api.post(f"/users/{quote(name)}/tokens", body, headers=dict(by)))
    return bearer_header(issued["secret"])


async def create_service_account(
    api: Api, name: str, *, maker: Headers, issuer: Headers | None = None
) -> dict[str, str]:
    """Create a service account with every role and return the header of the account's token."""
    await post_user(api, name, by=maker, kind=UserKind.SERVICE)
    return await post_token(api, name, by=maker if issuer is None else issuer)


async def patch_user(api: Api, name: str, **changes: object) -> Json:
    """Change a user as the owner."""
    return ok_json(
        await api.client.patch(f"/api/v1/users/{name}", json=changes, headers=auth_header(OWNER))
    )


async def create_environment(api: Api, name: str, *stages: Sequence[str], **policy: object) -> str:
    """Create an environment with one approval stage for each list of groups."""
    body: Json = {
        "name": name,
        "tier": "staging",
        "policy": {
            "approval_stages": [
                {"name": f"stage-{number}", "rules": [{"group": group} for group in groups]}
                for number, groups in enumerate(stages)
            ],
            **policy,
        },
    }
    created_json(await api.post("/environments", body, headers=auth_header(OWNER)))
    return name


async def post_deployment(api: Api, by: Headers, **changes: object) -> Json:
    """Request a deployment with a token."""
    return created_json(
        await api.post("/deployments", deployment_body(**changes), headers=dict(by))
    )
