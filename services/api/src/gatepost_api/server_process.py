"""The process of a running server, from opening the storage to the exit code."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import httpx2
import uvicorn
from litestar import Litestar

from gatepost_api.app import GatepostApp, create_app
from gatepost_api.auth.denial_aggregating_ledger import DenialAggregatingLedger
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_api.http.open_stream_limit import OpenStreams
from gatepost_api.http.rate_limit import RateLimiter
from gatepost_api.lifespan.background_tasks import run_background_tasks
from gatepost_api.lifespan.banner_and_local_worker import print_banner_and_create_worker, run_worker
from gatepost_api.lifespan.checkpoints import write_checkpoints
from gatepost_api.observability.metrics import Metrics
from gatepost_api.observability.request_log import RequestLog
from gatepost_api.observability.tracing import configure_tracing
from gatepost_api.oidc.trusted_issuers import build_trusted_issuers
from gatepost_api.server.address_file import announced_address
from gatepost_api.server.bootstrap import create_defaults
from gatepost_api.server.checkpoint_writer import CHECKPOINT_FOLDER
from gatepost_api.server.clock_and_ids import new_id, utc_now
from gatepost_api.server.connections.limits import connection_limits
from gatepost_api.server.connections.open_connections import OpenConnections
from gatepost_api.server.connections.protocol import timed_protocol
from gatepost_api.server.connections.tls_handshakes import limit_handshake_time
from gatepost_api.server.failure_sentences import describe_failure
from gatepost_api.server.garbage_collection import exempt_existing_objects
from gatepost_api.server.listener import server_url
from gatepost_api.server.shutdown_signals import ignore_reraised_signals, ignore_signals_until_exit
from gatepost_api.server.storage import open_ledger
from gatepost_api.server.worker_supervisor import (
    ServerWithWorker,
    locally_reachable_url,
)
from gatepost_api.settings.oidc import OidcSettings
from gatepost_api.settings.server import Settings
from gatepost_api.signing.checkpoint_folder import CheckpointFolder
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_api.signing.github_app import GitHubApp
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_persistence.ledger.sql_ledger import SqlLedger

EXIT_STORAGE_FAILED = 74
"""EX_IOERR from sysexits.h. Only a restart shows which of the last writes were stored."""

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

SWITCH_INTERVAL_S: Final = 0.001
"""How long a thread may run Python code while the event loop is waiting. With Python's default, the
loop would wait five times as long for every thread that is busy, for example with an import."""


class GatepostServer:
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
        self._backlog = limits.backlog
        self._open_connections = OpenConnections(limits.max_connections)
        app = create_app(
            resources=self._open_resources,
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
        ignore_reraised_signals(*STOP_SIGNALS)
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        try:
            self._server.run(sockets=[self._listener])
        except SystemExit:
            if self._start_failure is None:
                raise
        finally:
            ignore_signals_until_exit(*STOP_SIGNALS)
            if self._tracing is not None:
                self._tracing.close()
        if self._start_failure is not None:
            raise self._start_failure
        if self._failures:
            return EXIT_STORAGE_FAILED
        return 0 if self._server.started else 1

    @asynccontextmanager
    async def _open_resources(self, app: Litestar) -> AsyncGenerator[None]:
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
            await create_defaults(ledger, self._settings)
            ledger.observer = self._metrics
            self._metrics.observe_queue(lambda: ledger.depth)
            denial_counting_ledger = DenialAggregatingLedger(ledger)
            context = app.state.context = self._create_context(ledger, denial_counting_ledger, http)
            exempt_existing_objects()
            # Programs that read the URL can connect at once; they wait until the server is ready.
            self._listener.listen(self._backlog)
            # Written before the banner is printed, so that the file exists once the banner is read.
            public_url = self._settings.address_for_people
            with announced_address(location.data, locally_reachable_url(self._url), public_url):
                worker = await print_banner_and_create_worker(self._settings, ledger, url=self._url)
                async with (
                    write_checkpoints(
                        self._settings,
                        ledger,
                        signer=self._signer,
                        http=http,
                        metrics=self._metrics,
                    ),
                    run_background_tasks(
                        self._settings,
                        ledger,
                        denial_counting_ledger,
                        server=self._server,
                        change_signal=context.change_signal,
                        open_connections=self._open_connections,
                        metrics=self._metrics,
                    ),
                    run_worker(self._server, worker),
                ):
                    yield

    def _traced(self, ledger: DenialAggregatingLedger) -> Ledger:
        """Return the ledger with a span for each write, if tracing is configured."""
        return ledger if self._tracing is None else self._tracing.trace_writes(ledger)

    def _stop(self, failure: CommitOutcomeUnknown) -> None:
        self._failures.append(failure)
        self._server.should_exit = True

    def _create_context(
        self,
        ledger: SqlLedger,
        denial_counting_ledger: DenialAggregatingLedger,
        http: httpx2.AsyncClient,
    ) -> AppContext:
        settings = self._settings
        open_streams = OpenStreams(max(1, self._open_connections.max_connections // 2))
        self._metrics.observe_streams(lambda: open_streams.total)
        return AppContext(
            ledger=self._traced(denial_counting_ledger),
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
