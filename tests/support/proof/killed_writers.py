"""Clients that write until their server is killed, and what must be stored afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

from gatepost_client import AsyncGatepost, Gatepost, GatepostError, GatepostProblem, every
from gatepost_client.models import ApproveBody, DeploymentCreate, DeploymentStatus, EventKind, Role
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
    attempted: set[str] = field(default_factory=set[str])
    """All requests, with or without a response."""
    requested: set[str] = field(default_factory=set[str])
    approved: set[str] = field(default_factory=set[str])
    refusals: list[str] = field(default_factory=list[str])
    """The problems that a server without faults never returns."""

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
    refused: int = 0


def prepare_writers(server: ServerProcess) -> Acknowledged:
    """Create what the clients need, without limits on open requests."""
    with Gatepost(server.url, token=server.token, retries=None) as owner:
        register_shop(owner, "1.4.2")
        change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
        return Acknowledged(
            (create_user(owner, "ada", Role.REQUESTER), create_user(owner, "quinn"))
        )


async def result_or_none(call: Awaitable[T]) -> T | None:
    """Return the result, or None if the server died or stopped before it was stored."""
    try:
        return await call
    except GatepostError as error:
        if isinstance(error, GatepostProblem) and error.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None


async def write_until_killed(server: ServerProcess, acknowledged: Acknowledged, name: str) -> None:
    """Create and approve deployments until the server dies, or refuses one."""
    requester, reviewer = acknowledged.tokens
    async with (
        AsyncGatepost(server.url, token=requester, retries=None) as ada,
        AsyncGatepost(server.url, token=reviewer, retries=None) as quinn,
    ):
        for turn in range(MAX_TURNS):
            key = f"{name}-{turn}"
            acknowledged.attempted.add(key)
            create = ada.create_deployment(build_request(key), idempotency_key=key)
            try:
                requested = await result_or_none(create)
                if requested is None:
                    return
                acknowledged.requested.add(key)
                body = ApproveBody(note=key)
                if await result_or_none(quinn.approve_deployment(requested.number, body)) is None:
                    return
            except GatepostProblem as problem:
                acknowledged.refusals.append(str(problem))
                return
            acknowledged.approved.add(key)


async def retry_unanswered(server: ServerProcess, acknowledged: Acknowledged) -> None:
    """Repeat the creations that were not answered, each with its key."""
    async with AsyncGatepost(server.url, token=acknowledged.tokens[0], retries=None) as ada:
        for key in acknowledged.attempted - acknowledged.requested:
            await ada.create_deployment(build_request(key), idempotency_key=key)
            acknowledged.requested.add(key)


def build_request(key: str) -> DeploymentCreate:
    """Return a request that carries its key as its note."""
    request = shop_request("staging")
    request.notes = key
    return request


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
        refused=len(acknowledged.refusals),
    )
