"""Supervision of the worker process that runs beside the server.

The worker is restarted if it exits, and stops before the server does. It uses the API like any
other worker; the server never imports it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import re
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from ipaddress import ip_address
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

import uvicorn

from gatepost_api.settings.server import Settings

WORKER_MODULE: Final = "gatepost_worker"

INITIAL_BACKOFF_S: Final = 1.0
MAX_BACKOFF_S: Final = 30.0
STABLE_AFTER_S: Final = 60.0
"""The uptime, in seconds, after which the restart delay is reset."""

STOP_TIMEOUT_S: Final = 9.5
"""The time, in seconds, within which the worker must finish or hand over its tasks and exit."""

EXCLUDED_VARIABLES: Final = ("GATEPOST_DATABASE_URL", "PGPASSWORD", "GATEPOST_TOKEN")
"""The server's environment variables that are withheld from the worker."""

STARTUP_POLL_S: Final = 0.05
"""The time, in seconds, between two checks of whether the server is listening yet."""

_log = logging.getLogger("gatepost")


def find_worker_obstacle(settings: Settings, url: str) -> str | None:
    """Return why no worker can run beside a server at this URL, or None if one can."""
    if find_spec(WORKER_MODULE) is None:
        return "gatepost-worker is not installed; install it, or run it on another machine"
    if settings.tls_certificate is not None:
        return "with TLS, run gatepost-worker yourself, with a URL that matches the certificate"
    if _host_name(locally_reachable_url(url)) not in settings.accepted_hosts:
        return (
            f"{_host_name(url)} is not an allowed host; add it to GATEPOST_ALLOWED_HOSTS, or run "
            "gatepost-worker yourself"
        )
    return None


def worker_environment(settings: Settings, url: str) -> dict[str, str]:
    """Return the environment variables for a worker beside the server, without any token.

    They name the server's secret files, so that the worker refuses to run programs that could read
    these files. All workers that one server starts in succession have the same name.
    """
    environment = {
        name: value for name, value in os.environ.items() if name not in EXCLUDED_VARIABLES
    }
    paths = {
        "GATEPOST_DATA": settings.location.data,
        "GATEPOST_WORKER_TOKEN_FILE": settings.location.worker_token_file,
        "GATEPOST_SIGNING_KEY": settings.signing_key,
        "GATEPOST_OIDC": settings.oidc,
        "GATEPOST_BACKUP_TO": settings.backup_folder,
    }
    environment |= {name: str(path.resolve()) for name, path in paths.items() if path is not None}
    environment.setdefault("GATEPOST_WORKER_NAME", _unique_worker_name())
    environment |= {
        "GATEPOST_LOG_FORMAT": settings.log_format,
        "GATEPOST_LOG_LEVEL": settings.log_level,
    }
    return environment | {"GATEPOST_URL": url}


def _unique_worker_name() -> str:
    machine = re.sub(r"[^A-Za-z0-9._-]+", "-", platform.node()).lstrip("._-")[:56] or "worker"
    return f"{machine}-{secrets.token_hex(3)}"


def locally_reachable_url(server_url: str) -> str:
    """Return the URL to use on this machine, with wildcards replaced by a loopback address."""
    url = urlsplit(server_url)
    host = url.hostname or ""
    try:
        is_wildcard = ip_address(host).is_unspecified
    except ValueError:
        is_wildcard = False
    if not is_wildcard:
        return server_url
    loopback = "[::1]" if ":" in host else "127.0.0.1"
    return url._replace(netloc=f"{loopback}:{url.port}").geturl()


def browser_url(server_url: str) -> str:
    """Return the URL for browsers on this machine.

    Loopback and wildcard addresses become `localhost`, where passkeys work without TLS.
    """
    url = urlsplit(server_url)
    try:
        address = ip_address(url.hostname or "")
    except ValueError:
        return server_url
    if url.scheme != "http" or not (address.is_loopback or address.is_unspecified):
        return server_url
    return url._replace(netloc=f"localhost:{url.port}").geturl()


class WorkerSupervisor:
    """Runs one worker process at a time until it is stopped."""

    def __init__(self, environment: Mapping[str, str], secret: str) -> None:
        """Create a supervisor for workers with these environment variables, without a token."""
        self._environment = environment
        self._secret = secret
        self._stop_requested = asyncio.Event()

    @property
    def is_stopping(self) -> bool:
        """Whether the worker is stopping or has stopped."""
        return self._stop_requested.is_set()

    async def run(self) -> None:
        """Keep a worker running until `request_stop`, then wait until it has exited."""
        loop, backoff_s = asyncio.get_running_loop(), INITIAL_BACKOFF_S
        while not self._stop_requested.is_set():
            started_at_s = loop.time()
            exit_code = await self._wait_for_exit_or_stop(await self._start_process())
            if self._stop_requested.is_set():
                return
            if loop.time() - started_at_s > STABLE_AFTER_S:
                backoff_s = INITIAL_BACKOFF_S
            _log.warning("worker exited with code %s; restarting in %g s", exit_code, backoff_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_requested.wait(), backoff_s)
            backoff_s = min(2 * backoff_s, MAX_BACKOFF_S)

    def request_stop(self) -> None:
        """Ask the worker to finish or hand over its tasks and exit."""
        self._stop_requested.set()

    async def _start_process(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", WORKER_MODULE, "--until-eof", "--token-file=-"),
            stdin=PIPE,  # the worker exits at end of file, so it never outlives this process
            env=self._environment,
        )
        if process.stdin is not None:  # always so with PIPE
            process.stdin.write(f"{self._secret}\n".encode())
        _log.info("started a worker as process %d", process.pid)
        return process

    async def _wait_for_exit_or_stop(self, process: Process) -> int:
        """Wait until the process exits or is stopped on request, and return its exit code."""
        ended = asyncio.create_task(process.wait())
        stop_requested = asyncio.create_task(self._stop_requested.wait())
        try:
            await asyncio.wait({ended, stop_requested}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.terminate()
                await asyncio.wait({ended}, timeout=STOP_TIMEOUT_S)
            if not ended.done():
                _log.warning("worker did not stop within %g s; killing it", STOP_TIMEOUT_S)
                process.kill()
            return await ended
        finally:
            stop_requested.cancel()


class ServerWithWorker(uvicorn.Server):
    """A server that stops after its worker, so that the worker can report outcomes."""

    worker: WorkerSupervisor | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop the worker, if any, then the server; on a second signal, stop immediately."""
        if self.worker is None or self.worker.is_stopping:
            super().handle_exit(sig, frame)
            if self.force_exit:
                logging.getLogger("uvicorn.error").disabled = True  # of what is cancelled now
        else:
            self.worker.request_stop()

    async def run_worker(self, worker: WorkerSupervisor) -> None:
        """Run the worker while the server is listening; at shutdown, stop it before the server."""
        self.worker = worker
        while not (self.started or worker.is_stopping):  # noqa: ASYNC110  # uvicorn has no event
            await asyncio.sleep(STARTUP_POLL_S)
        try:
            await worker.run()
        except OSError:
            _log.exception("cannot start a worker")
        finally:
            self.worker = None
        if worker.is_stopping:
            self.should_exit = True


def _host_name(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host
