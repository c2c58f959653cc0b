"""Running the server: opening the storage, listening, and shutting down cleanly."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

import httpx2
import uvicorn
from litestar import Litestar

from gatepost_api.app import GatepostApp, create_app
from gatepost_api.auth.audited_ledger import AuditedLedger
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.change_signal import ChangeSignal
from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_api.http.open_streams import OpenStreams
from gatepost_api.http.rate_limit import RateLimiter
from gatepost_api.observability.log_setup import configure_logging
from gatepost_api.observability.metrics import Metrics
from gatepost_api.observability.request_log import RequestLog
from gatepost_api.observability.tracing import configure_tracing
from gatepost_api.oidc.trusted_issuers import build_trusted_issuers
from gatepost_api.server.address_file import announced_address
from gatepost_api.server.backups.schedule import backup_schedule, run_backups
from gatepost_api.server.banner import print_banner
from gatepost_api.server.bootstrap import OWNER, create_default_environments, create_default_users
from gatepost_api.server.checkpoint_writer import (
    CHECKPOINT_FOLDER,
    CheckpointPlaces,
    CheckpointWriter,
    run_checkpoint_writer,
    write_and_log_errors,
)
from gatepost_api.server.clock import new_id, utc_now
from gatepost_api.server.connections.limits import connection_limits
from gatepost_api.server.connections.open_connections import OpenConnections
from gatepost_api.server.connections.protocol import timed_protocol
from gatepost_api.server.connections.tls_handshakes import limit_handshake_time
from gatepost_api.server.data_folder import prepare_data_folder
from gatepost_api.server.failure_sentences import describe_failure
from gatepost_api.server.garbage_collection import exempt_existing_objects
from gatepost_api.server.listener import bind_socket, server_url
from gatepost_api.server.missing_database import require_no_lost_database
from gatepost_api.server.process_hardening import forbid_memory_access
from gatepost_api.server.reraised_signals import ignore_reraised_signals
from gatepost_api.server.scheduler import run_scheduler
from gatepost_api.server.setup_lock import hold_setup_lock, hold_setup_lock_in_event_loop
from gatepost_api.server.storage import open_ledger, storage_for
from gatepost_api.server.tls_check import require_usable_certificate
from gatepost_api.server.token_files import read_or_create_secret
from gatepost_api.server.user_commands import create_sign_in_link_url
from gatepost_api.server.worker_supervisor import (
    ServerWithWorker,
    WorkerSupervisor,
    find_worker_obstacle,
    locally_reachable_url,
    worker_environment,
)
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.oidc import OidcSettings, read_oidc_settings
from gatepost_api.settings.server import (
    Settings,
    StorageLocation,
    require_complete_schedule,
    require_safe_exposure,
)
from gatepost_api.signing.checkpoint_folder import CheckpointFolder
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_api.signing.github_app import GitHubApp, read_github_app
from gatepost_api.signing.key_file import read_or_create_signer
from gatepost_domain.access.users import UserKind
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.sqlite import library_choice as library
from gatepost_persistence.storage import UnusableStorage

EXIT_STORAGE_FAILED = 74
"""EX_IOERR from sysexits.h. Only a restart shows which of the last writes were stored."""

SHUTDOWN_POLL_S = 0.1
"""The maximum delay, in seconds, before waiting requests are ended at shutdown."""

SWITCH_INTERVAL_S: Final = 0.001
"""How long a thread may run Python code while the event loop is waiting. With Python's default, the
loop would wait five times as long for every busy thread, such as a report or an import."""

_log = logging.getLogger("gatepost")


def serve(settings: Settings) -> int:
    """Run the server until SIGINT or SIGTERM, and return the exit code."""
    forbid_memory_access()
    configure_logging(settings.log_format, settings.log_level)
    _warn_about_unsafe_sqlite_version(settings.location)
    require_safe_exposure(settings)
    require_complete_schedule(settings)
    require_usable_certificate(settings)
    oidc_settings = read_oidc_settings(settings.oidc, create_users=settings.oidc_create_users)
    github_app = read_github_app(settings)
    prepare_data_folder(settings.location.data)
    with hold_setup_lock(settings.location.data):
        if not settings.new_database:
            require_no_lost_database(settings.location)
        _prepare_storage(settings.location)
        signer = read_or_create_signer(settings.location.data, settings.signing_key)
    return _ServerProcess(settings, oidc_settings, github_app, signer, bind_socket(settings)).run()


class _ServerProcess:
    """A uvicorn server with its ledger, background tasks and worker."""

    def __init__(
        self,
        settings: Settings,
        oidc_settings: OidcSettings,
        github_app: GitHubApp | None,
        signer: CheckpointSigner,
        listener: socket.socket,
    ) -> None:
        self._settings = settings
        self._oidc_settings = oidc_settings
        self._github_app, self._signer = github_app, signer
        self._listener = listener
        self._url = server_url(settings, listener)
        self._failures: list[CommitOutcomeUnknown] = []
        self._metrics = Metrics()
        self._tracing = configure_tracing(os.environ)
        self._start_failure: Exception | None = None
        limits = connection_limits()
        self._open_connections = OpenConnections(limits.max_connections)
        app = create_app(
            lifespan=[self._lifespan],
            allowed_hosts=settings.accepted_hosts,
            trusted_proxies=settings.effective_trusted_proxies,
            cors_origins=settings.cors_origins,
            tracing=self._tracing,
        )
        self._server = ServerWithWorker(
            _uvicorn_config(settings, app, self._open_connections, backlog=limits.backlog)
        )

    def run(self) -> int:
        """Serve until stopped, and return the exit code."""
        ignore_reraised_signals(signal.SIGINT, signal.SIGTERM)
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        try:
            self._server.run(sockets=[self._listener])
        except SystemExit:
            if self._start_failure is None:
                raise
        finally:
            if self._tracing is not None:
                self._tracing.close()
        if self._start_failure is not None:
            raise self._start_failure
        if self._failures:
            return EXIT_STORAGE_FAILED
        return 0 if self._server.started else 1

    @asynccontextmanager
    async def _lifespan(self, app: Litestar) -> AsyncGenerator[None]:
        async with AsyncExitStack() as resources:
            try:
                await resources.enter_async_context(self._resources(app))
            except Exception as error:
                self._start_failure = error
                if describe_failure(error) is not None:
                    logging.getLogger("uvicorn.error").disabled = True  # it would log a traceback
                raise
            yield

    @asynccontextmanager
    async def _resources(self, app: Litestar) -> AsyncGenerator[None]:
        location = self._settings.location
        if self._settings.tls_certificate is not None:
            limit_handshake_time(asyncio.get_running_loop())
        async with (
            open_ledger(location, on_failure=self._stop) as ledger,
            httpx2.AsyncClient() as http,
        ):
            await _create_defaults(ledger, self._settings)
            ledger.observer = self._metrics
            self._metrics.observe_queue(lambda: ledger.depth)
            audited_ledger = AuditedLedger(ledger)
            context = app.state.context = self._create_context(ledger, audited_ledger, http)
            exempt_existing_objects()
            # Written before the banner is printed, so that the file exists once the banner is read.
            public_url = self._settings.address_for_people
            with announced_address(location.data, locally_reachable_url(self._url), public_url):
                worker = await self._announce_and_create_worker(ledger)
                async with (
                    self._writing_checkpoints(ledger, http),
                    self._running_background_tasks(ledger, audited_ledger, context.change_signal),
                    _running_worker(self._server, worker),
                ):
                    yield

    @asynccontextmanager
    async def _writing_checkpoints(
        self, ledger: SqlLedger, http: httpx2.AsyncClient
    ) -> AsyncGenerator[None]:
        """Write checkpoints in the background, and one at the end."""
        writer = CheckpointWriter(
            ledger.reads, self._signer, self._checkpoint_places(), http, self._metrics
        )
        task = asyncio.create_task(run_checkpoint_writer(writer))
        try:
            yield
        finally:
            task.cancel()
            await write_and_log_errors(writer)

    def _checkpoint_places(self) -> CheckpointPlaces:
        settings = self._settings
        outside = () if settings.checkpoint_folder is None else (settings.checkpoint_folder,)
        return CheckpointPlaces(
            folders=(settings.location.data / CHECKPOINT_FOLDER, *outside),
            webhook=settings.checkpoint_webhook,
        )

    def _traced(self, ledger: AuditedLedger) -> Ledger:
        """Return the ledger with a span for each write, if tracing is configured."""
        return ledger if self._tracing is None else self._tracing.trace_writes(ledger)

    def _stop(self, failure: CommitOutcomeUnknown) -> None:
        self._failures.append(failure)
        self._server.should_exit = True

    def _create_context(
        self, ledger: SqlLedger, audited_ledger: AuditedLedger, http: httpx2.AsyncClient
    ) -> AppContext:
        settings = self._settings
        open_streams = OpenStreams(max(1, self._open_connections.max_connections // 2))
        self._metrics.observe_streams(lambda: open_streams.total)
        return AppContext(
            ledger=self._traced(audited_ledger),
            reads=ledger.reads,
            audit_reads=ledger.reads,
            now=utc_now,
            new_id=new_id,
            failed_attempts=FailedAttemptLimiter(),
            rate_limiter=RateLimiter(settings.rate_limit),
            open_streams=open_streams,
            storage_failure=lambda: ledger.failure,
            find_obstacle=ledger.find_obstacle,
            metrics=self._metrics,
            request_log=RequestLog(sys.stderr.buffer, settings.log_format, settings.log_level),
            trusted_issuers=build_trusted_issuers(self._oidc_settings, http, utc_now),
            checkpoint_signer=self._signer,
            address_for_people=settings.address_for_people or self._url,
            outgoing_allow=settings.outgoing_allow,
            checkpoint_folder=CheckpointFolder(settings.location.data / CHECKPOINT_FOLDER),
            github_app=self._github_app,
            ingest_keep_days=settings.ingest_keep_days,
            is_shutting_down=lambda: self._server.should_exit,
        )

    async def _announce_and_create_worker(self, ledger: SqlLedger) -> WorkerSupervisor | None:
        """Print the banner, and return the worker to run, or None if no worker can run here."""
        settings = self._settings
        no_worker_reason: str | None = "disabled by --no-worker"
        if settings.worker:
            no_worker_reason = find_worker_obstacle(settings, self._url)
        # Output that is not a terminal may be kept as a log, where others could read the link.
        link = None
        if sys.stdout.isatty():
            url = settings.address_for_people or self._url
            link = await create_sign_in_link_url(ledger, OWNER, url)
        print_banner(
            settings.location,
            self._url,
            link,
            public_url=settings.address_for_people,
            no_worker_reason=no_worker_reason,
        )
        if no_worker_reason is not None:
            return None
        secret = read_or_create_secret(settings.location.worker_token_file, UserKind.SERVICE)
        environment = worker_environment(settings, locally_reachable_url(self._url))
        return WorkerSupervisor(environment, secret)

    @asynccontextmanager
    async def _running_background_tasks(
        self, ledger: SqlLedger, audited_ledger: AuditedLedger, change_signal: ChangeSignal
    ) -> AsyncGenerator[None]:
        scheduler = run_scheduler(
            ledger,
            ledger.reads,
            now=utc_now,
            new_id=new_id,
            on_change=change_signal.notify,
            keep_messages=timedelta(days=self._settings.messages_keep_days),
        )
        background_tasks = [
            asyncio.create_task(scheduler),
            asyncio.create_task(_close_on_shutdown(self._server, change_signal)),
            asyncio.create_task(self._open_connections.close_overdue_periodically()),
            asyncio.create_task(audited_ledger.record_repetitions_periodically(utc_now)),
        ]
        if (schedule := backup_schedule(self._settings)) is not None:
            background_tasks.append(
                asyncio.create_task(
                    run_backups(self._settings, schedule, now=utc_now, metrics=self._metrics)
                )
            )
        try:
            yield
        finally:
            for background_task in background_tasks:
                background_task.cancel()
            await audited_ledger.record_repetitions(utc_now(), all_windows=True)


@asynccontextmanager
async def _running_worker(
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


async def _create_defaults(ledger: SqlLedger, settings: Settings) -> None:
    at = utc_now()
    async with hold_setup_lock_in_event_loop(settings.location.data), ledger.exclusive_setup():
        await create_default_environments(ledger, ledger.reads, at=at)
        await create_default_users(
            ledger,
            ledger.reads,
            settings.location.data,
            at=at,
            new_id=new_id,
            lifetime_days=settings.local_token_days,
            worker_token=settings.location.worker_token,
        )


async def _close_on_shutdown(server: uvicorn.Server, change_signal: ChangeSignal) -> None:
    """End all waiting requests once the server starts to shut down."""
    while not server.should_exit:  # noqa: ASYNC110  # uvicorn has no event
        await asyncio.sleep(SHUTDOWN_POLL_S)
    change_signal.close()


def _uvicorn_config(
    settings: Settings, app: GatepostApp, open_connections: OpenConnections, *, backlog: int
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=partial(  # type: ignore[arg-type]  # any factory
            timed_protocol(), open_connections, respond_immediately=app.respond_immediately
        ),
        backlog=backlog,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        proxy_headers=False,  # the application applies them, with X-Forwarded-Host
        log_config=None,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def _warn_about_unsafe_sqlite_version(location: StorageLocation) -> None:
    if location.database_url is not None:
        return
    if (warning := library.unsafe_version_warning()) is not None:
        _log.warning(warning)


def _prepare_storage(location: StorageLocation) -> None:
    """Migrate the database before the server listens, so that errors are reported at once.

    Raises:
        BadSettings: the data folder is not writable, or the database has a newer schema.
    """
    try:
        storage_for(location).migrate()
    except (OSError, UnusableStorage) as error:
        raise BadSettings(str(error)) from error
