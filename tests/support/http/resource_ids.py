"""The ids in the paths of operations: of the only resource of each kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from uuid import UUID

from tests.support.http.api import Api, auth_header, ok_json
from tests.support.http.check_runs import check_run_id
from tests.support.http.incident_requests import incident_id
from tests.support.http.ingest import ingest_delivery_id
from tests.support.http.notifications import channel_id, notification_id
from tests.support.http.protection_answers import answer_id
from tests.support.http.webhooks import delivery_id, webhook_id
from tests.support.http.worker_claims import claim_id


async def ids_in(path: str, api: Api, caller: str) -> dict[str, str]:
    """Return the ids by the parameters of a path template. A token is the caller's latest."""
    ids = {name: await find(api) for name, find in _IDS.items() if f"{{{name}}}" in path}
    if "{token}" in path:
        ids["token"] = await _latest_token_id(api, caller)
    return ids


async def _latest_token_id(api: Api, name: str) -> str:
    page = ok_json(await api.get(f"/users/{name}/tokens", headers=auth_header("owner")))
    token: str = page["items"][0]["id"]
    return token


async def _freeze_id(api: Api) -> str:
    """Return the id of the only freeze, or a nil id."""
    page = await api.get("/freezes", headers=auth_header("owner"))
    return next((freeze["id"] for freeze in ok_json(page)["items"]), str(UUID(int=0)))


async def _pending_change_id(api: Api) -> str:
    """Return the id of the only settings change, or a nil id."""
    page = await api.get("/settings-changes", headers=auth_header("owner"))
    return next((change["id"] for change in ok_json(page)["items"]), str(UUID(int=0)))


_IDS: Final[Mapping[str, Callable[[Api], Awaitable[str]]]] = {
    "channel": channel_id,
    "check_run": check_run_id,
    "claim": claim_id,
    "delivery": delivery_id,
    "freeze": _freeze_id,
    "incident": incident_id,
    "ingest_delivery": ingest_delivery_id,
    "notification": notification_id,
    "protection_answer": answer_id,
    "settings_change": _pending_change_id,
    "webhook": webhook_id,
}
