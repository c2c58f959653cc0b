"""The banner of a running server, and the worker beside it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from gatepost_api.server.banner import print_banner
from gatepost_api.server.bootstrap import OWNER
from gatepost_api.server.token_files import read_or_create_secret
from gatepost_api.server.user_commands import create_sign_in_link_url
from gatepost_api.server.worker_supervisor import (
    ServerWithWorker,
    WorkerSupervisor,
    find_worker_obstacle,
    locally_reachable_url,
    worker_environment,
)
from gatepost_api.settings.server import Settings
from gatepost_domain.access.users import UserKind
from gatepost_persistence.ledger.sql_ledger import SqlLedger


async def print_banner_and_create_worker(
    settings: Settings, ledger: SqlLedger, *, url: str
) -> WorkerSupervisor | None:
    """Print the banner, and return the worker to run, or None if no worker can run here."""
    no_worker_reason: str | None = "disabled by --no-worker"
    if settings.worker:
        no_worker_reason = find_worker_obstacle(settings, url)
    # Output that is not a terminal may be kept as a log, where others could read the link.
    link = None
    if sys.stdout.isatty():
        address = settings.address_for_people or url
        link = await create_sign_in_link_url(ledger, OWNER, address)
    print_banner(
        settings.location,
        url,
        link,
        public_url=settings.address_for_people,
        no_worker_reason=no_worker_reason,
    )
    if no_worker_reason is not None:
        return None
    secret = read_or_create_secret(settings.location.worker_token_file, UserKind.SERVICE)
    environment = worker_environment(settings, locally_reachable_url(url))
    return WorkerSupervisor(environment, secret)


@asynccontextmanager
async def run_worker(
    server: ServerWithWorker, worker: WorkerSupervisor | None
) -> AsyncGenerator[None]:
    """Run the worker, if there is one, and wait for it to end on exit."""
    if worker is None:
        yield
        return
    worker_task = asyncio.create_task(server.run_worker(worker))
    try:
        yield
    finally:
        worker.request_stop()
        await worker_task
