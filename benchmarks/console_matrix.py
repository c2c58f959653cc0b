"""Measure the time and size of the console's first page with a large history.

Run `python benchmarks/console_matrix.py [ROWS]` in the tests' environment. By default, the history
has 100,000 recorded deployments of 200 services in 5 environments. The requests are those of a
browser.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha1
from pathlib import Path
from typing import Any

import httpx2
import uuid_utils.compat

from gatepost_api.app import create_app
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_api.server.bootstrap import OWNER, build_user, ensure_user_with_token
from gatepost_api.server.garbage_collection import exempt_existing_objects
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.tracking.import_history import import_history
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.tracking.history_files.file_reader import read_history
from gatepost_persistence.sqlite.ledger import SqliteLedger

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVICES, ENVIRONMENTS = 200, ("dev", "test", "staging", "canary", "production")
HOST, SECRET, REQUESTS = "127.0.0.1", "gp_u_of_the_benchmark", 15

TIERS = {"dev": Tier.DEVELOPMENT, "canary": Tier.STAGING}


def lines(count: int) -> Iterator[bytes]:
    """Yield the lines of a CSV file with `count` rows over two years, oldest first."""
    yield b"service,environment,version,deployed_at,deployed_by,notes,external_id\n"
    lanes, interval = SERVICES * len(ENVIRONMENTS), timedelta(days=730) / (count + 1)
    for number in range(count):
        lane = number * 7919 % lanes
        service, environment = f"service-{lane % SERVICES:03}", ENVIRONMENTS[lane // SERVICES]
        version = sha1(b"%d" % (number // lanes), usedforsecurity=False).hexdigest()[:10]
        at = (NOW - timedelta(days=730) + interval * number).replace(microsecond=0)
        yield f"{service},{environment},{version},{at:%Y-%m-%dT%H:%M:%SZ},ada,,{number}\n".encode()


async def create_ledger(folder: Path, count: int) -> SqliteLedger:
    """Create a database with an owner and a history of `count` deployments."""
    file = folder / "history.csv"
    with file.open("wb") as history:
        history.writelines(lines(count))
    ledger = await SqliteLedger.open(folder / "gatepost.db")
    command, new_id = Command(actor=SYSTEM, at=NOW), uuid_utils.compat.uuid7
    with file.open("rb") as history:
        await ledger.perform_long(
            lambda uow: import_history(
                uow,
                read_history(iter(partial(history.read, 1 << 18), b"")),
                command,
                create_missing=True,
                tiers=TIERS,
                new_id=new_id,
            )
        )
    owner = build_user(OWNER, UserKind.HUMAN, roles=tuple(Role), groups=("qa",), at=NOW)
    await ensure_user_with_token(
        ledger, ledger.reads, owner, SECRET, label="benchmark", at=NOW, new_id=new_id
    )
    return ledger


async def timed_request(client: httpx2.AsyncClient) -> tuple[httpx2.Response, float]:
    """Request the first page, and return the response and the response time in milliseconds."""
    start = time.perf_counter()
    page = await client.get("/")
    return page, (time.perf_counter() - start) * 1000


async def measure(folder: Path, count: int) -> None:
    """Sign in, request the first page repeatedly, and print the results."""
    ledger = await create_ledger(folder, count)
    app: Any = create_app(
        context=AppContext(
            ledger=ledger,
            reads=ledger.reads,
            audit_reads=ledger.reads,
            now=lambda: NOW,
            new_id=uuid_utils.compat.uuid7,
            failed_attempts=FailedAttemptLimiter(),
            storage_failure=lambda: None,
        )
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        await client.post("/sign-in", data={"token": SECRET}, headers={"Origin": f"http://{HOST}"})
        exempt_existing_objects()  # as a server does; otherwise, single requests take 0.2 s longer
        page, first_ms = await timed_request(client)
        times_ms = [first_ms, *[(await timed_request(client))[1] for _ in range(REQUESTS - 1)]]
        cells = page.text.count("<td data-label=")
        total = sent = int(page.headers["Content-Length"])
        for address in re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', page.text):
            total += len((await client.get(address)).content)
        sys.stdout.write(
            f"{count:,} deployments, {cells:,} cells: median {statistics.median(times_ms):.0f} ms, "
            f"maximum {max(times_ms[1:]):.0f} ms; {len(page.content):,} bytes of HTML, "
            f"{sent:,} bytes transferred, {total:,} bytes for a first visit\n"
        )
    await ledger.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
