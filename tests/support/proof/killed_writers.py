"""Clients that write until their server is killed, and what must be stored afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from gatepost_client import AsyncGatepost, Gatepost, GatepostError, GatepostProblem, every
from gatepost_client.models import ApproveBody, DeploymentStatus, EventKind, Role
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess

T = TypeVar("T")

WRITERS = 8
MAX_TURNS = 10_000


@dataclass
class Acknowledged:
    """What clients were answered, by the note that each request carries."""

    tokens: tuple[str, str] = ("", "")
    """Those of a requester and of a reviewer."""
    requested: set[str] = field(default_factory=set[str])
    approved: set[str] = field(default_factory=set[str])

    @property
    def count(self) -> int:
        return len(self.requested) + len(self.approved)


@dataclass
class Violations:
    """How often what is stored contradicts what was acknowledged."""

    lost: int = 0
    repeated: int = 0
    half_applied: int = 0
    """Approvals without the event or without the status."""
    gaps: int = 0
    """Missing or unordered sequence numbers."""


def prepare_writers(server: ServerProcess) -> Acknowledged:
    """Create what the clients need, without limits on open requests."""
    with Gatepost(server.url, token=server.token) as owner:
        register_shop(owner, "1.4.2")
        change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
        return Acknowledged(
            (create_user(owner, "ada", Role.REQUESTER), create_user(owner, "quinn"))
        )


async def result_or_none(call: Awaitable[T]) -> T | None:
    """Return the result, or None if the server died before it responded."""
    try:
        return await call
    except GatepostProblem:
        raise
    except GatepostError:
        return None


async def write_until_killed(server: ServerProcess, acknowledged: Acknowledged, name: str) -> None:
    """Create and approve deployments until the server dies."""
    requester, reviewer = acknowledged.tokens
    async with (
        AsyncGatepost(server.url, token=requester) as ada,
        AsyncGatepost(server.url, token=reviewer) as quinn,
    ):
        for turn in range(MAX_TURNS):
            key = f"{name}-{turn}"
            request = shop_request("staging")
            request.notes = key
            requested = await result_or_none(ada.create_deployment(request, idempotency_key=key))
            if requested is None:
                return
            acknowledged.requested.add(key)
            body = ApproveBody(note=key)
            if await result_or_none(quinn.approve_deployment(requested.number, body)) is None:
                return
            acknowledged.approved.add(key)


async def run_until_killed(
    server: ServerProcess,
    acknowledged: Acknowledged,
    name: str,
    life_s: float,
    kill: Callable[[], object] | None = None,
) -> None:
    """Let several clients write and kill the server in the meantime.

    The time counts from the first response, so that a slow machine writes as much.
    """
    before = acknowledged.count
    writers = [
        asyncio.create_task(write_until_killed(server, acknowledged, f"{name}-{writer}"))
        for writer in range(WRITERS)
    ]
    while acknowledged.count == before and not all(  # noqa: ASYNC110  # the writers signal nothing
        writer.done() for writer in writers
    ):
        await asyncio.sleep(0.01)
    await asyncio.sleep(life_s)
    await asyncio.to_thread(kill or server.kill)
    await asyncio.gather(*writers)


def find_violations(owner: Gatepost, acknowledged: Acknowledged) -> Violations:
    """Compare everything stored with what was acknowledged."""
    deployments = list(every(owner.list_deployments, limit=200))
    events = list(every(owner.list_events, limit=200))
    counts = Counter(deployment.notes for deployment in deployments)
    status_of = {deployment.notes: deployment.status for deployment in deployments}
    approvals = Counter(event.note for event in events if event.kind is EventKind.APPROVED)
    is_approved = {key: status_of[key] is DeploymentStatus.APPROVED for key in status_of}
    return Violations(
        lost=sum(counts[key] == 0 for key in acknowledged.requested)
        + sum(approvals[key] == 0 for key in acknowledged.approved),
        repeated=sum(count > 1 for count in (*counts.values(), *approvals.values())),
        half_applied=sum(
            bool(approvals[key]) != is_approved[key]
            for key in status_of
            if key in acknowledged.requested
        ),
        gaps=sum(event.seq != seq for seq, event in enumerate(events, 1)),
    )
