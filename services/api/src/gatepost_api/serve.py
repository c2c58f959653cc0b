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
from gatepost_api.http.change_signal import Changes
from gatepost_api.http.context import Parts
from gatepost_api.http.rate_limit import FailedAttempts
from gatepost_api.oidc.providers import trusted
from gatepost_api.server.bootstrap import OWNER, make_first_environments, make_first_people
from gatepost_api.server.clock import new_id, utc_now
from gatepost_api.server.log_redaction import RedactingFormatter
from gatepost_api.server.scheduler import keep_ticking
from gatepost_api.server.storage import opened, storage_of
from gatepost_api.server.token_files import OWNER_TOKEN, WORKER_TOKEN, secret_in
from gatepost_api.server.user_commands import a_link
from gatepost_api.server.worker_process import Server, WorkerBeside, hindrance, reachable
from gatepost_api.settings.oidc import read_trust
from gatepost_api.settings.server import BadSettings, Place, Settings, check
from gatepost_api.settings.version import VERSION
from gatepost_domain.access.users import UserKind
from gatepost_domain.storage_errors import LedgerFailed
from gatepost_persistence.sqlite import library
from gatepost_persistence.storage import UnusableStorage

EXIT_STORAGE_FAILED = 74
"""EX_IOERR of sysexits.h: only a restart can tell what of the last writes is there."""

LOOKS_FOR_THE_END_S = 0.1
"""How late, at most, those who wait hear that the server stops."""

_log = logging.getLogger("gatepost")


def serve(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM; the answer is the exit code."""
    _log_to_the_terminal()
    if settings.place.database_url is None and (warning := library.warning()) is not None:
        _log.warning(warning)
    check(settings)
    trust = read_trust(settings.oidc)
    _open_data(settings.place)
    listening = _listen(settings)
    failures: list[LedgerFailed] = []

    def stop(failure: LedgerFailed) -> None:
        failures.append(failure)
        server.should_exit = True

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncGenerator[None]:
        place = settings.place
        async with opened(place, on_failure=stop) as ledger, httpx2.AsyncClient() as http:
            at, reads = utc_now(), ledger.reads
            async with ledger.alone():
                await make_first_environments(ledger, reads, at=at)
                await make_first_people(ledger, reads, place.data, at=at, new_id=new_id)
            parts = app.state.parts = Parts(
                ledger=ledger,
                reads=reads,
                now=utc_now,
                new_id=new_id,
                failed_attempts=FailedAttempts(),
                storage_failure=lambda: ledger.failure,
                trusted=trusted(trust, http, utc_now),
                is_ending=lambda: server.should_exit,
            )
            address = _address(settings, listening)
            lacking = "none: --no-worker" if not settings.worker else hindrance(settings, address)
            _greet(place, address, await a_link(ledger, OWNER, address), worker=lacking)
            changes = parts.changes
            beside = [
                asyncio.create_task(each)
                for each in (
                    keep_ticking(ledger, reads, now=utc_now, new_id=new_id, changed=changes.tell),
                    _close_at_the_end(server, changes),
                )
            ]
            try:
                async with _worker_beside(server, None if lacking else _worker(place, address)):
                    yield
            finally:
                for each in beside:
                    each.cancel()

    server = Server(
        uvicorn.Config(
            create_app(lifespan=[running], allowed_hosts=settings.hosts),
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
    _let_the_server_handle(signal.SIGINT, signal.SIGTERM)
    server.run(sockets=[listening])
    if failures:
        return EXIT_STORAGE_FAILED
    return 0 if server.started else 1


def _worker(place: Place, address: str) -> WorkerBeside:
    secret = secret_in(place.data / WORKER_TOKEN, UserKind.SERVICE)
    return WorkerBeside(reachable(address), secret)


@asynccontextmanager
async def _worker_beside(server: Server, worker: WorkerBeside | None) -> AsyncGenerator[None]:
    """Have it at work until the server has stopped, and wait for its end."""
    if worker is None:
        yield
        return
    keeping = asyncio.create_task(server.keep_worker(worker))
    try:
        yield
    finally:
        worker.tell_to_end()
        await keeping


async def _close_at_the_end(server: uvicorn.Server, changes: Changes) -> None:
    """Let nobody wait for changes any longer once the server is told to stop."""
    while not server.should_exit:  # noqa: ASYNC110  # all that the server tells of it
        await asyncio.sleep(LOOKS_FOR_THE_END_S)
    changes.close()


def _log_to_the_terminal() -> None:
    terminal = logging.StreamHandler()
    terminal.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[terminal])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells every address it asks


def _let_the_server_handle(*signals: signal.Signals) -> None:
    """Uvicorn raises a signal again once it has stopped; by then there is nothing left to do."""
    for each in signals:
        signal.signal(each, _do_nothing)


def _do_nothing(_signal: int, _frame: FrameType | None) -> None:
    pass


def _open_data(place: Place) -> None:
    """Bring the database up to date before anything listens, so that what hinders is told plainly.

    Raises:
        BadSettings: the folder cannot be written to, or a newer release has written the database.
    """
    try:
        storage_of(place).migrate()
        place.data.mkdir(parents=True, exist_ok=True)
    except (OSError, UnusableStorage) as error:
        raise BadSettings(str(error)) from error


def _listen(settings: Settings) -> socket.socket:
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


def _address(settings: Settings, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    scheme = "http" if settings.tls_certificate is None else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _greet(place: Place, at: str, link: str, *, worker: str | None) -> None:
    token = quote(str((place.data / OWNER_TOKEN).resolve()))
    sys.stdout.write(
        f"\nGatepost {VERSION} is at {at}\n\n"
        f"  sign in     {link}\n"
        f"              (once, within 5 minutes; `gatepost-server sign-in-link` makes another)\n"
        f'  or ask      curl -H "Authorization: Bearer $(cat {token})" {at}/api/v1/me\n'
        f"  try it out  {at}/docs\n"
        f"  data        {storage_of(place)}\n"
        f"  worker      {worker or 'one, beside the server (--no-worker leaves it out)'}\n\n"
        "Ctrl-C stops it; everything answered until then stays.\n\n"
    )
    sys.stdout.flush()
