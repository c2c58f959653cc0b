"""How fast the first page is made, and how much it weighs, where there is much to show.

`python benchmarks/console_matrix.py [ROWS]`, in the environment that the tests run in: 200 services
in 5 environments over 100 000 recorded deployments, asked for as a browser does.
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
from hashlib import sha1
from pathlib import Path
from typing import Any

import httpx2
import uuid_utils.compat

from gatepost_api.app import create_app
from gatepost_api.http.context import Parts
from gatepost_api.http.rate_limit import FailedAttempts
from gatepost_api.server.bootstrap import OWNER, a_user, make_holder
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.tracking.import_history import import_history
from gatepost_domain.tracking.import_rows import read_csv
from gatepost_persistence.sqlite.ledger import SqliteLedger

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVICES, ENVIRONMENTS = 200, ("dev", "test", "staging", "canary", "production")
HOST, SECRET, TIMES = "127.0.0.1", "gp_u_of_the_benchmark", 15


def lines(count: int) -> Iterator[bytes]:
    """So many rows of a CSV file, oldest first, over two years."""
    yield b"service,environment,version,deployed_at,deployed_by,notes,external_id\n"
    lanes, step = SERVICES * len(ENVIRONMENTS), timedelta(days=730) / (count + 1)
    for number in range(count):
        lane = number * 7919 % lanes
        service, environment = f"service-{lane % SERVICES:03}", ENVIRONMENTS[lane // SERVICES]
        version = sha1(b"%d" % (number // lanes), usedforsecurity=False).hexdigest()[:10]
        at = (NOW - timedelta(days=730) + step * number).replace(microsecond=0)
        yield f"{service},{environment},{version},{at:%Y-%m-%dT%H:%M:%SZ},ada,,{number}\n".encode()


async def filled(place: Path, count: int) -> SqliteLedger:
    """A database with so much history, and the owner to look at it."""
    file = place / "history.csv"
    with file.open("wb") as written:
        written.writelines(lines(count))
    ledger = await SqliteLedger.open(place / "gatepost.db")
    command, new_id = Command(actor=SYSTEM, at=NOW), uuid_utils.compat.uuid7
    with file.open("rb") as told:
        await ledger.perform_at_length(
            lambda work: import_history(
                work, read_csv(told), command, create_missing=True, new_id=new_id
            )
        )
    owner = a_user(OWNER, UserKind.HUMAN, roles=tuple(Role), groups=("qa",), at=NOW)
    await make_holder(ledger, ledger.reads, owner, SECRET, label=None, at=NOW, new_id=new_id)
    return ledger


async def measure(place: Path, count: int) -> None:
    """Sign in, and ask for the first page again and again."""
    ledger = await filled(place, count)
    app: Any = create_app(
        parts=Parts(
            ledger=ledger,
            reads=ledger.reads,
            now=lambda: NOW,
            new_id=uuid_utils.compat.uuid7,
            failed_attempts=FailedAttempts(),
            storage_failure=lambda: None,
        )
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        await client.post("/sign-in", data={"token": SECRET}, headers={"Origin": f"http://{HOST}"})
        taken: list[float] = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            page = await client.get("/")
            taken.append((time.perf_counter() - begun) * 1000)
        cells = page.text.count("<td class=")
        weight = sent = int(page.headers["Content-Length"])
        for address in re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', page.text):
            weight += len((await client.get(address)).content)
        sys.stdout.write(
            f"{count:,} deployments, {cells:,} cells: {statistics.median(taken):.0f} ms in the "
            f"middle, {max(taken[1:]):.0f} ms at most; {len(page.content):,} bytes of HTML, "
            f"{sent:,} on the way, {weight:,} with all that a first visit loads\n"
        )
    await ledger.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
