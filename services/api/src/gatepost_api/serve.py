"""Running the server: opening the data folder, listening, and stopping cleanly."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from shlex import quote
from types import FrameType

import httpx2
import uvicorn
from litestar import Litestar

from gatepost_api.app import create_app
from gatepost_api.http.change_signal import ChangeSignal
from gatepost_api.http.context import AppContext
from gatepost_api.http.rate_limit import FailedAttemptCounter
from gatepost_api.oidc.providers import build_trusted_issuers
from gatepost_api.server.bootstrap import OWNER, create_default_environments, create_default_users
from gatepost_api.server.clock import new_id, utc_now
from gatepost_api.server.log_redaction import RedactingFormatter
from gatepost_api.server.scheduler import run_scheduler
from gatepost_api.server.storage import open_ledger, storage_for
from gatepost_api.server.token_files import (
    OWNER_TOKEN_FILE,
    WORKER_TOKEN_FILE,
    read_or_create_secret,
)
from gatepost_api.server.user_commands import sign_in_link_url
from gatepost_api.server.worker_process import (
    ServerWithWorker,
    WorkerSupervisor,
    loopback_url,
    why_not_started,
)
from gatepost_api.settings.oidc import read_oidc_settings
from gatepost_api.settings.server import BadSettings, Settings, StorageLocation, validate_settings
from gatepost_api.settings.version import VERSION
from gatepost_domain.access.users import UserKind
from gatepost_domain.storage_errors import StorageFailed
from gatepost_persistence.sqlite import library
from gatepost_persistence.storage import UnusableStorage

EXIT_STORAGE_FAILED = 74
"""EX_IOERR of sysexits.h: only a restart can tell what of the last writes is there."""

SHUTDOWN_POLL_S = 0.1
"""How late, at most, those who wait hear that the server stops."""

_log = logging.getLogger("gatepost")


def serve(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM; the answer is the exit code."""
    _configure_logging()
    if (
        settings.location.database_url is None
        and (warning := library.unsafe_version_warning()) is not None
    ):
        _log.warning(warning)
    validate_settings(settings)
    trust = read_oidc_settings(settings.oidc)
    _prepare_storage(settings.location)
    listening = _bind_socket(settings)
    failures: list[StorageFailed] = []

    def stop(failure: StorageFailed) -> None:
        failures.append(failure)
        server.should_exit = True

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncGenerator[None]:
        location = settings.location
        async with open_ledger(location, on_failure=stop) as ledger, httpx2.AsyncClient() as http:
            at, reads = utc_now(), ledger.reads
            async with ledger.exclusive():
                await create_default_environments(ledger, reads, at=at)
                await create_default_users(ledger, reads, location.data, at=at, new_id=new_id)
            context = app.state.context = AppContext(
                ledger=ledger,
                reads=reads,
                now=utc_now,
                new_id=new_id,
                failed_attempts=FailedAttemptCounter(),
                storage_failure=lambda: ledger.failure,
                trusted_issuers=build_trusted_issuers(trust, http, utc_now),
                is_shutting_down=lambda: server.should_exit,
            )
            address = _server_url(settings, listening)
            lacking = (
                "none: --no-worker" if not settings.worker else why_not_started(settings, address)
            )
            _print_banner(
                location, address, await sign_in_link_url(ledger, OWNER, address), worker=lacking
            )
            change_signal = context.change_signal
            beside = [
                asyncio.create_task(each)
                for each in (
                    run_scheduler(
                        ledger, reads, now=utc_now, new_id=new_id, on_change=change_signal.notify
                    ),
                    _close_on_shutdown(server, change_signal),
                )
            ]
            try:
                async with _running_worker(
                    server, None if lacking else _create_worker(location, address)
                ):
                    yield
            finally:
                for each in beside:
                    each.cancel()

    server = ServerWithWorker(
        uvicorn.Config(
            create_app(lifespan=[running], allowed_hosts=settings.accepted_hosts),
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            proxy_headers=settings.behind_proxy,
            log_config=None,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=10,
        )
    )
    _ignore_reraised_signals(signal.SIGINT, signal.SIGTERM)
    server.run(sockets=[listening])
    if failures:
        return EXIT_STORAGE_FAILED
    return 0 if server.started else 1


def _create_worker(location: StorageLocation, address: str) -> WorkerSupervisor:
    secret = read_or_create_secret(location.data / WORKER_TOKEN_FILE, UserKind.SERVICE)
    return WorkerSupervisor(loopback_url(address), secret)


@asynccontextmanager
async def _running_worker(
    server: ServerWithWorker, worker: WorkerSupervisor | None
) -> AsyncGenerator[None]:
    """Have it at work until the server has stopped, and wait for its end."""
    if worker is None:
        yield
        return
    keeping = asyncio.create_task(server.run_worker(worker))
    try:
        yield
    finally:
        worker.request_stop()
        await keeping


async def _close_on_shutdown(server: uvicorn.Server, change_signal: ChangeSignal) -> None:
    """Let nobody wait for changes any longer once the server is told to stop."""
    while not server.should_exit:  # noqa: ASYNC110  # all that the server tells of it
        await asyncio.sleep(SHUTDOWN_POLL_S)
    change_signal.close()


def _configure_logging() -> None:
    terminal = logging.StreamHandler()
    terminal.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[terminal])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells every address it asks


def _ignore_reraised_signals(*signals: signal.Signals) -> None:
    """Uvicorn raises a signal again once it has stopped; by then there is nothing left to do."""
    for each in signals:
        signal.signal(each, _ignore_signal)


def _ignore_signal(_signal: int, _frame: FrameType | None) -> None:
    pass


def _prepare_storage(location: StorageLocation) -> None:
    """Bring the database up to date before anything listens, so that what hinders is told plainly.

    Raises:
        BadSettings: the folder cannot be written to, or a newer release has written the database.
    """
    try:
        storage_for(location).migrate()
        location.data.mkdir(parents=True, exist_ok=True)
    except (OSError, UnusableStorage) as error:
        raise BadSettings(str(error)) from error


def _bind_socket(settings: Settings) -> socket.socket:
    """Take the port before anything else, so that a taken one is told at once.

    Raises:
        BadSettings: the address cannot be listened at.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, OverflowError) as error:
        raise BadSettings(
            f"cannot listen at {settings.host} port {settings.port}: {error}. "
            "Choose others with --host and --port."
        ) from error
    return listening


def _server_url(settings: Settings, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    scheme = "http" if settings.tls_certificate is None else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _print_banner(location: StorageLocation, at: str, link: str, *, worker: str | None) -> None:
    token = quote(str((location.data / OWNER_TOKEN_FILE).resolve()))
    sys.stdout.write(
        f"\nGatepost {VERSION} is at {at}\n\n"
        f"  sign in     {link}\n"
        f"              (once, within 5 minutes; `gatepost-server sign-in-link` makes another)\n"
        f'  or ask      curl -H "Authorization: Bearer $(cat {token})" {at}/api/v1/me\n'
        f"  try it out  {at}/docs\n"
        f"  data        {storage_for(location)}\n"
        f"  worker      {worker or 'one, beside the server (--no-worker leaves it out)'}\n\n"
        "Ctrl-C stops it; everything answered until then stays.\n\n"
    )
    sys.stdout.flush()
