"""Check runs over HTTP: a target with checks, requests, claims and results."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tests.support.http.api import Api, Json, auth_header, created_json, ok_json

PATH: Final = "/services/shop/targets/production"
TARGET_WITH_CHECKS: Final[Json] = {
    "base_url": "https://shop.example",
    "executor": {"kind": "simulated"},
    "checks": [{"name": "health", "path": "/health"}, {"name": "cart", "path": "/cart"}],
}
RESULT_BODY: Final[Json] = {
    "name": "health",
    "state": "passed",
    "at": "2026-11-21T12:00:01Z",
    "took_ms": 12,
    "detail": "GET /health returned 200 in 12 ms.",
}
KINDS: Final = ["deployment", "check_run"]


async def request_check_run(api: Api) -> Json:
    """Configure the checks of shop in production, and request that they are run."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    return created_json(await api.post(f"{PATH}/check-runs"))


async def claim_check_run(api: Api, worker: str = "berlin-1", **body: Any) -> Json:
    """Request a check run and claim it."""
    await request_check_run(api)
    return ok_json(await api.post("/worker/claims", {"worker": worker, "kinds": KINDS, **body}))


async def check_run_id(api: Api) -> str:
    """Return the id of the only check run, or a nil id."""
    page = await api.get(f"{PATH}/check-runs", headers=auth_header("owner"))
    return next((run["id"] for run in ok_json(page)["items"]), str(UUID(int=0)))
