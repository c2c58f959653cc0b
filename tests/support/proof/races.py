"""Requests that race for the same deployment, and what became of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from gatepost_client import AsyncGatepost, Gatepost, GatepostProblem
from gatepost_client.models import Deployment, EventKind, Role
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess

REQUESTS = 10

Servers = Sequence[ServerProcess]


@dataclass(frozen=True, slots=True)
class Racers:
    """Clients of the same people at every server, to be used in turn."""

    ada: AsyncGatepost
    """The requester."""
    quinn: Sequence[AsyncGatepost]
    """A reviewer, ten times."""
    owner: Sequence[AsyncGatepost]


async def outcome(attempt: Awaitable[Deployment]) -> str:
    """Return `won`, or the status and code of the refusal."""
    try:
        await attempt
    except GatepostProblem as refused:
        return f"{refused.status} {refused.code}"
    return "won"


async def race(attempts: Sequence[Awaitable[Deployment]]) -> Counter[str]:
    """Make all attempts at once, and count their outcomes."""
    return Counter(await asyncio.gather(*map(outcome, attempts)))


def event_counts(gatepost: Gatepost, number: str) -> Counter[EventKind]:
    return Counter(event.kind for event in gatepost.list_deployment_events(number).items)


@contextmanager
def running_servers(
    folder: Path, database_url: str | None, mutant: str | None = None
) -> Iterator[Servers]:
    """Run servers that share a database: one with SQLite, two with PostgreSQL."""
    names = ["only"] if database_url is None else ["first", "second"]
    with ExitStack() as running:
        yield [
            running.enter_context(
                ServerProcess(folder / name, database_url=database_url, mutant=mutant)
            )
            for name in names
        ]


def create_people(server: ServerProcess) -> tuple[str, str, str]:
    """Register shop and return the tokens of a requester, a reviewer and the owner."""
    with Gatepost(server.url, token=server.token, retries=None) as owner:
        register_shop(owner, "1.4.2")
        change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
        return create_user(owner, "ada", Role.REQUESTER), create_user(owner, "quinn"), server.token


async def open_racers(stack: AsyncExitStack, servers: Servers, tokens: tuple[str, ...]) -> Racers:
    """Open ten clients of each person, at the servers in turn."""
    requester, reviewer, owner = tokens
    urls = [server.url for _, server in zip(range(REQUESTS), cycle(servers), strict=False)]

    async def open_clients(token: str) -> list[AsyncGatepost]:
        return [
            await stack.enter_async_context(AsyncGatepost(url, token=token, retries=None))
            for url in urls
        ]

    (ada, *_), quinn = await open_clients(requester), await open_clients(reviewer)
    return Racers(ada, quinn, await open_clients(owner))
