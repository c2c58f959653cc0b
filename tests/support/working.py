"""Working over HTTP, in a line each."""

from __future__ import annotations

from typing import Any, Final

import httpx2

from gatepost_domain.status import Status
from tests.support.api import (
    Api,
    Json,
    found,
    token_of,
)

CLAIMS: Final = "/worker/claims"
LEASE_S: Final = 15
STEP: Final[Json] = {
    "kind": "executor",
    "name": "simulated",
    "state": "passed",
    "at": "2026-11-21T12:00:01Z",
}


async def claim(api: Api, worker: str = "berlin-1", by: str = "owner", **wanted: Any) -> Json:
    """What a worker is given, as there is something."""
    body = {"worker": worker, **wanted}
    return found(await api.post(CLAIMS, body, headers=token_of(by)))


async def ask_to_claim(api: Api, **wanted: Any) -> httpx2.Response:
    return await api.post(CLAIMS, {"worker": "berlin-1", **wanted})


async def under(
    api: Api, task: Json, word: str, *, headers: Json | None = None, **told: Any
) -> httpx2.Response:
    """Do something under a claim, with its token unless told another."""
    body = {"fencing_token": task["fencing_token"], **told}
    return await api.post(f"{CLAIMS}/{task['id']}/{word}", body, headers=headers or {})


async def finish(api: Api, task: Json, outcome: str = "succeeded", **told: Any) -> httpx2.Response:
    return await under(api, task, "finish", outcome=outcome, **told)


async def one_claimed(api: Api, **wanted: Any) -> Json:
    await api.deployment(Status.QUEUED)
    return await claim(api, **wanted)
