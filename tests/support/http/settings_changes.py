"""Guarded environments, and settings changes over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import httpx2

from tests.support.http.api import PREFIX, Api, Json, auth_header, ok_json

OWNER, QUINN = map(auth_header, ("owner", "quinn"))
WEBHOOK: Final[Json] = {"executor": {"kind": "webhook", "url": "https://ci.example/hooks/shop"}}
READ_ONLY: Final = ("environment", "version", "created_at", "created_by")
REASON: Final = "As agreed with the platform team."

Headers = Mapping[str, str]


async def policy_body(api: Api, environment: str = "production", **changes: Any) -> Json:
    """Return the policy in force with changes, as a body to put."""
    policy = ok_json(await api.get(f"/environments/{environment}/policy"))
    return {name: value for name, value in policy.items() if name not in READ_ONLY} | changes


async def send(
    api: Api, method: str, path: str, body: Json | None = None, *, by: Headers = OWNER, **query: str
) -> httpx2.Response:
    """Send a request to the API."""
    return await api.client.request(
        method, f"{PREFIX}{path}", json=body, headers=dict(by), params=query
    )


async def put_policy(
    api: Api, environment: str = "production", *, by: Headers = OWNER, **changes: Any
) -> httpx2.Response:
    """Put the policy in force with changes."""
    body = await policy_body(api, environment, **changes)
    return await send(api, "PUT", f"/environments/{environment}/policy", body, by=by)


async def guard(api: Api, environment: str = "production") -> None:
    """Let changes of the settings of an environment require an approval."""
    ok_json(await put_policy(api, environment, settings_approvals=1))


def accepted_json(response: httpx2.Response) -> Json:
    """Check that the response is 202 with a pending settings change; return the change."""
    assert response.status_code == httpx2.codes.ACCEPTED, response.text
    change: Json = response.json()
    assert change["state"] == "pending"
    assert response.headers["Location"] == f"{PREFIX}/settings-changes/{change['id']}"
    return change


async def decide(
    api: Api,
    change: Json,
    decision: str = "approve",
    *,
    by: Headers = QUINN,
    key: str | None = None,
) -> httpx2.Response:
    """Approve or reject a settings change."""
    headers = dict(by) if key is None else {**by, "Idempotency-Key": key}
    path = f"/settings-changes/{change['id']}/{decision}"
    return await api.post(path, {"note": "Decided."}, headers=headers)


async def settings(api: Api) -> dict[str, Json]:
    """Return everything that settings changes can change."""
    paths = (
        "/environments",
        "/environments?archived=true",
        "/environments/production/policy",
        "/services/shop/targets",
        "/services/shop/deployments/current",
        "/users?limit=200",
    )
    found = {path: ok_json(await api.get(path)) for path in paths}
    return {
        path: {name: value[name] for name in value if name not in {"at", "seq"}}
        for path, value in found.items()
    }


async def all_events(api: Api) -> list[Json]:
    """Return all events, oldest first."""
    return await api.list_all("/events")
