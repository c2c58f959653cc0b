"""The cases of the comparison: the requests that each of the three servers gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import httpx2

from benchmarks.support.catalog import ENVIRONMENTS, FIRST_VERSION, LANES, Dataset
from benchmarks.support.load import request_bytes

API: Final = "/api/v1"
ENVIRONMENT: Final = "production"
PREPARED: Final = 2_000
"""How many different requests are sent in rotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of request, for the servers that answer it."""

    name: str
    connections: int
    baseline: str
    """The name of the bare application's request whose rate is the upper limit of this case."""
    requests: Callable[[str], Sequence[bytes]]
    """Returns the requests for the product or the peer."""
    status: int = 200
    once: bool = False
    """Whether each request can succeed only once."""
    has_peer: bool = True
    with_writes: bool = False
    """Whether deployments are created in the background during the measurement."""


@dataclass(slots=True)
class Numbers:
    """The numbers of the last created and the last approved deployment of a server."""

    last: int
    approved: int

    def waiting(self) -> range:
        """Return the numbers of the deployments that are pending approval."""
        return range(self.approved + 1, self.last + 1)


def bearer(secret: str) -> dict[str, str]:
    """Return the authorization header for a token."""
    return {"Authorization": f"Bearer {secret}"}


def create_bodies() -> Iterable[dict[str, object]]:
    """Yield one request body for each lane in turn."""
    for service, environment in LANES:
        yield {
            "service": service,
            "environment": environment,
            "version": FIRST_VERSION,
            "work_references": ["SHOP-812"],
            "risk": "Checkout may be slow for a minute.",
            "rollback_plan": "Redeploy the previous version.",
        }


def create_requests(dataset: Dataset) -> list[bytes]:
    """Return requests that create deployments, rotating through lanes and requesters."""
    bodies = list(create_bodies())
    return [
        request_bytes(
            "POST",
            f"{API}/deployments",
            headers=bearer(dataset.requesters[number % len(dataset.requesters)]),
            body=bodies[number % len(bodies)],
        )
        for number in range(PREPARED)
    ]


def get_requests(dataset: Dataset) -> list[bytes]:
    """Return requests for single deployments from all parts of the history."""
    stride = max(dataset.deployments // PREPARED, 1)
    numbers = islice(range(1, dataset.deployments + 1, stride), PREPARED)
    headers = bearer(dataset.requesters[0])
    return [
        request_bytes("GET", f"{API}/deployments/DEP-{number}", headers=headers)
        for number in numbers
    ]


def approve_requests(dataset: Dataset, numbers: Iterable[int]) -> list[bytes]:
    """Return requests that approve these deployments."""
    headers, body = bearer(dataset.reviewer), {"note": "Tested: checkout works."}
    return [
        request_bytes("POST", f"{API}/deployments/DEP-{number}/approve", headers=headers, body=body)
        for number in numbers
    ]


def list_requests(dataset: Dataset) -> list[bytes]:
    """Return requests for the newest 50 deployments of each environment."""
    headers = bearer(dataset.requesters[0])
    return [
        request_bytes("GET", f"{API}/deployments?environment={name}&limit=50", headers=headers)
        for name in ENVIRONMENTS
    ]


def current_requests(dataset: Dataset, *, etag: str | None = None) -> list[bytes]:
    """Return a request for an environment's current state, conditional if an ETag is given."""
    headers = bearer(dataset.requesters[0])
    if etag is not None:
        headers["If-None-Match"] = etag
    path = f"{API}/environments/{ENVIRONMENT}/deployments/current"
    return [request_bytes("GET", path, headers=headers)]


def current_etag(dataset: Dataset, url: str) -> str:
    """Return the ETag of the current state that `current_requests` requests."""
    path = f"{API}/environments/{ENVIRONMENT}/deployments/current"
    response = httpx2.get(f"{url}{path}", headers=bearer(dataset.requesters[0]), timeout=60)
    etag: str = response.raise_for_status().headers["ETag"]
    return etag
