"""A worker's calls over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx2

from gatepost_domain.status_transitions import Status
from tests.support.http.api import (
    Api,
    Json,
    auth_header,
    ok_json,
)

CLAIMS_PATH: Final = "/worker/claims"
LEASE_S: Final = 15
STEP_BODY: Final[Json] = {
    "kind": "executor",
    "name": "simulated",
    "state": "passed",
    "at": "2026-11-21T12:00:01Z",
}


async def claim_task(api: Api, worker: str = "berlin-1", by: str = "owner", **body: Any) -> Json:
    """Claim a task and check that there is one."""
    return ok_json(await api.post(CLAIMS_PATH, {"worker": worker, **body}, headers=auth_header(by)))


async def post_claim(api: Api, **body: Any) -> httpx2.Response:
    return await api.post(CLAIMS_PATH, {"worker": "berlin-1", **body})


async def post_to_claim(
    api: Api, task: Json, action: str, *, headers: Json | None = None, **fields: Any
) -> httpx2.Response:
    """Send a POST request to a path of a claim, by default with the claim's own fencing token."""
    body = {"fencing_token": task["fencing_token"], **fields}
    return await api.post(f"{CLAIMS_PATH}/{task['id']}/{action}", body, headers=headers or {})


async def finish_task(
    api: Api, task: Json, outcome: str = "succeeded", **fields: Any
) -> httpx2.Response:
    return await post_to_claim(api, task, "finish", outcome=outcome, **fields)


async def claim_queued_deployment(api: Api, **body: Any) -> Json:
    await api.deployment(Status.QUEUED)
    return await claim_task(api, **body)


async def claim_id(api: Api) -> str:
    """Return the id of the only claim, or a nil id."""
    later = api.clock() + timedelta(minutes=30)
    claims = await api.app.state.context.reads.read_snapshot(
        lambda uow: uow.claims.list_with_expired_lease(later)
    )
    return str(next((claim.id for claim in claims), UUID(int=0)))
