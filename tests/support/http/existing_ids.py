"""The ids of what exists on a server."""

from __future__ import annotations

from uuid import UUID

from tests.support.http.api import Api, auth_header, ok_json


async def latest_token_id(api: Api, name: str) -> str:
    """Return the id of the newest token of a user."""
    page = ok_json(await api.get(f"/users/{name}/tokens", headers=auth_header("owner")))
    token: str = page["items"][0]["id"]
    return token


async def freeze_id(api: Api) -> str:
    """Return the id of the only freeze, or a nil id."""
    page = await api.get("/freezes", headers=auth_header("owner"))
    return next((freeze["id"] for freeze in ok_json(page)["items"]), str(UUID(int=0)))


async def pending_change_id(api: Api) -> str:
    """Return the id of the only settings change, or a nil id."""
    page = await api.get("/settings-changes", headers=auth_header("owner"))
    return next((change["id"] for change in ok_json(page)["items"]), str(UUID(int=0)))
