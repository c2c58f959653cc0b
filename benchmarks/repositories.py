"""Compare the CPU time of writes and reads in two source trees, in one interleaved run.

Run `python benchmarks/repositories.py OTHER_TREE [ROUNDS]` in the tests' environment. The trees
take turns, in alternating order; each round runs in a new process with a new SQLite file. The
ratios of this tree to the other one are medians over the rounds. The last results compare
repositories with prebuilt statements in this tree.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import uuid_utils.compat

from gatepost_api.app import create_app
from gatepost_api.auth.token_secrets import secret_digest
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_api.server.bootstrap import (
    OWNER,
    build_user,
    create_default_environments,
    ensure_user_with_token,
)
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access.users import add_user, issue_token
from gatepost_domain.actions.catalog.create import register_service
from gatepost_domain.actions.freezes.freezes import impose_freeze, lift_freeze
from gatepost_domain.catalog.service import Service
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, FreezeScope
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.sqlite.ledger import SqliteLedger

try:
    from gatepost_persistence.reads.table_repositories import TokenRepository, UserRepository
    from gatepost_persistence.writes.joined_session import JoinedSession
    from gatepost_persistence.writes.table_repositories import ServiceRepository
except ImportError:  # the other tree may be older
    TokenRepository = UserRepository = ServiceRepository = None  # type: ignore[assignment,misc]

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = (
    *(f"packages/{name}/src" for name in ("cli", "client", "contracts", "domain", "persistence")),
    *(f"services/{name}/src" for name in ("api", "worker")),
)
NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOST, SECRET = "127.0.0.1", "gp_u_of_the_benchmark"
SYSTEM_COMMAND: Final = Command(actor=SYSTEM, at=NOW)
PAGE: Final = PageRequest(limit=50)
CONCURRENT, BATCHES = 32, 8

Step = Callable[[int], Awaitable[object]]
new_id = uuid_utils.compat.uuid7


def register(uow: UnitOfWork, number: int) -> None:
    """Register a service."""
    service = Service(
        name=f"service-{number}",
        team="team",
        repo_url="https://git.example/service",
        display_name="Service",
        description=None,
        created_at=NOW,
        created_by=SYSTEM.name,
    )
    register_service(uow, service, SYSTEM_COMMAND)


def add_person(uow: UnitOfWork, number: int) -> None:
    """Add a user with a token."""
    user = build_user(f"person-{number}", UserKind.HUMAN, roles=(Role.VIEWER,), groups=(), at=NOW)
    add_user(uow, user, SYSTEM_COMMAND)
    issue_token(
        uow,
        user.name,
        SYSTEM_COMMAND,
        id=new_id(),
        digest=f"{number:064x}",
        label="laptop",
        scopes=None,
        expires_at=None,
    )


def freeze_and_lift(uow: UnitOfWork, number: int) -> None:
    """Impose a freeze and lift it."""
    request = FreezeRequest(
        effect=Effect.DENY, scope=FreezeScope(environment="test"), reason=f"Sale {number}."
    )
    freeze = impose_freeze(uow, request, SYSTEM_COMMAND, id=new_id(), new_id=new_id)
    lift_freeze(uow, freeze.id, SYSTEM_COMMAND, new_id=new_id)


async def cpu_us(step: Step) -> float:
    """Return the CPU time per step in microseconds, with several steps in progress at a time."""
    await asyncio.gather(*map(step, range(CONCURRENT)))
    begin = time.process_time()
    for batch in range(1, BATCHES + 1):
        numbers = range(batch * CONCURRENT, (batch + 1) * CONCURRENT)
        await asyncio.gather(*map(step, numbers))
    return (time.process_time() - begin) / (CONCURRENT * BATCHES) * 1e6


def writes(ledger: SqliteLedger) -> dict[str, Step]:
    """Return the writes that both trees perform."""

    def perform(action: Callable[[UnitOfWork, int], None]) -> Step:
        return lambda number: ledger.perform(lambda uow: action(uow, number))

    return {
        "register a service": perform(register),
        "add a user with a token": perform(add_person),
        "impose and lift a freeze": perform(freeze_and_lift),
    }


def reads(ledger: SqliteLedger) -> dict[str, Step]:
    """Return the reads that both trees perform."""
    model = ledger.reads
    return {
        "read a service": lambda _: model.service("service-1"),
        "list 50 services": lambda _: model.services(PAGE),
        "read a user": lambda _: model.user("person-1"),
        "list 50 users": lambda _: model.users(PAGE),
        "list 50 freezes": lambda _: model.freezes(PAGE),
    }


def requests(client: httpx2.AsyncClient) -> dict[str, Step]:
    """Return the requests that both trees answer."""
    body: dict[str, object] = {
        "service": "service-1",
        "environment": "production",
        "version": "1.0.0",
        "work_references": ["SHOP-1"],
        "rollback_plan": "Redeploy the version before.",
        "risk": "None known.",
    }
    return {
        "POST /deployments": lambda _: send(client, "POST", "/deployments", body),
        "GET /services/{service}": lambda _: send(client, "GET", "/services/service-1"),
        "GET /me": lambda _: send(client, "GET", "/me"),
    }


async def send(
    client: httpx2.AsyncClient, method: str, path: str, body: dict[str, object] | None = None
) -> None:
    """Send a request that must succeed."""
    response = await client.request(method, f"/api/v1{path}", json=body)
    response.raise_for_status()


def statement_and_repository_steps(ledger: SqliteLedger) -> dict[str, tuple[Step, Step]]:
    """Return pairs of equivalent steps: one with prebuilt statements, one with a repository."""
    sessions = ledger.reads._sessions  # noqa: SLF001  # only the benchmark reads tokens this way
    digest = secret_digest(SECRET)

    async def find_token_holder(_: int) -> None:
        async with sessions() as session:
            token = await TokenRepository(session).get_one(digest=digest)
            await UserRepository(session).get_one(key=token.holder)

    def load_service(uow: UnitOfWork) -> None:
        session: JoinedSession = getattr(uow.services, "_session")  # noqa: B009  # a private attribute
        with session.open(ServiceRepository) as services:
            services.get_one(name="service-1")

    return {
        "find the token of a request": (
            lambda _: ledger.reads.find_token_holder(digest),
            find_token_holder,
        ),
        "load a service in a transaction": (
            lambda _: ledger.perform(lambda uow: uow.services.get("service-1")),
            lambda _: ledger.perform(load_service),
        ),
    }


async def measure(folder: Path) -> dict[str, float]:
    """Return the CPU time of each step, measured in one new file."""
    ledger = await SqliteLedger.open(folder / "gatepost.db")
    await create_default_environments(ledger, ledger.reads, at=NOW)
    owner = build_user(OWNER, UserKind.HUMAN, roles=tuple(Role), groups=(), at=NOW)
    await ensure_user_with_token(
        ledger, ledger.reads, owner, SECRET, label="benchmark", at=NOW, new_id=new_id
    )
    context = AppContext(
        ledger=ledger,
        reads=ledger.reads,
        audit_reads=ledger.reads,
        now=lambda: NOW,
        new_id=new_id,
        failed_attempts=FailedAttemptLimiter(),
        storage_failure=lambda: None,
    )
    times = {name: await cpu_us(step) for name, step in writes(ledger).items()}
    times |= {name: await cpu_us(step) for name, step in reads(ledger).items()}
    app: Any = create_app(context=context)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=f"http://{HOST}",
        headers={"Authorization": f"Bearer {SECRET}"},
    ) as client:
        await send(client, "POST", "/services/service-1/versions", {"version": "1.0.0"})
        times |= {name: await cpu_us(step) for name, step in requests(client).items()}
    if TokenRepository is not None:
        for name, (statement, repository) in statement_and_repository_steps(ledger).items():
            times[f"{name}: repositories / statements"] = await cpu_us(repository) / await cpu_us(
                statement
            )
    await ledger.close()
    return times


def measure_tree(tree: Path) -> dict[str, float]:
    """Measure a tree in a separate process."""
    path = os.pathsep.join(str(tree / source) for source in SOURCES)
    command = [sys.executable, __file__, "--measure"]
    output = subprocess.run(  # noqa: S603  # this script
        command, env=os.environ | {"PYTHONPATH": path}, check=True, capture_output=True
    ).stdout
    times: dict[str, float] = json.loads(output)
    return times


def compare(other: Path, rounds: int) -> None:
    """Measure both trees in turn, and print the medians and the ratios."""
    results: list[tuple[dict[str, float], dict[str, float]]] = []
    for number in range(rounds):
        trees = (other, ROOT) if number % 2 else (ROOT, other)
        times = {tree: measure_tree(tree) for tree in trees}
        results.append((times[other], times[ROOT]))
    for name in results[0][1]:
        this = statistics.median(mine[name] for _, mine in results)
        if name not in results[0][0]:
            sys.stdout.write(f"{name}: {this:.2f}\n")
            continue
        before = statistics.median(theirs[name] for theirs, _ in results)
        ratio = statistics.median(mine[name] / theirs[name] for theirs, mine in results)
        sys.stdout.write(f"{name}: {before:.0f} us, then {this:.0f} us, ratio {ratio:.2f}\n")


def main(arguments: list[str]) -> None:
    """Compare two trees or, in a process that `measure_tree` starts, measure one."""
    if arguments == ["--measure"]:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(json.dumps(asyncio.run(measure(Path(folder)))))
        return
    tree, *rounds = arguments
    compare(Path(tree), int(rounds[0]) if rounds else 5)


if __name__ == "__main__":
    main(sys.argv[1:])
