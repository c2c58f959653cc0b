"""Working over HTTP, in a line each."""

from __future__ import annotations

from typing import Any, Final

import httpx2

from gatepost_domain.status import Status
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


async def claim_task(api: Api, worker: str = "berlin-1", by: str = "owner", **wanted: Any) -> Json:
    """What a worker is given, as there is something."""
    body = {"worker": worker, **wanted}
    return ok_json(await api.post(CLAIMS_PATH, body, headers=auth_header(by)))


async def post_claim(api: Api, **wanted: Any) -> httpx2.Response:
    return await api.post(CLAIMS_PATH, {"worker": "berlin-1", **wanted})


async def post_to_claim(
    api: Api, task: Json, word: str, *, headers: Json | None = None, **told: Any
) -> httpx2.Response:
    """Do something under a claim, with its token unless told another."""
    body = {"fencing_token": task["fencing_token"], **told}
    return await api.post(f"{CLAIMS_PATH}/{task['id']}/{word}", body, headers=headers or {})


async def finish_task(
    api: Api, task: Json, outcome: str = "succeeded", **told: Any
) -> httpx2.Response:
    return await post_to_claim(api, task, "finish", outcome=outcome, **told)


async def claim_queued_deployment(api: Api, **wanted: Any) -> Json:
    await api.deployment(Status.QUEUED)
    return await claim_task(api, **wanted)
