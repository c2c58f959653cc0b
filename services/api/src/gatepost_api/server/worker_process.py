"""A worker beside the server: started once that listens, again if it dies, ended with it.

It is a process of its own, which drives the API as any worker does; this server never imports it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
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
"""A worker that lived for so long was well; the next pause is a short one again."""

STOP_TIMEOUT_S: Final = 9.5
"""How long it may take to end what it carries out; it leaves the rest to others before that."""

EXCLUDED_VARIABLES: Final = ("GATEPOST_DATABASE_URL", "PGPASSWORD")
"""Variables of the server's that a worker has no business with."""

STARTUP_POLL_S: Final = 0.05
"""How late, at most, the worker begins once the server listens."""

_log = logging.getLogger("gatepost")


def why_not_started(settings: Settings, address: str) -> str | None:
    """Why no worker can run beside a server at this address; none if one can."""
    if find_spec(WORKER_MODULE) is None:
        return "none: gatepost-worker is not installed here; install it, or run it elsewhere"
    if settings.tls_certificate is not None:
        return "none: run gatepost-worker where the certificate's name leads here"
    if _host_name(loopback_url(address)) not in settings.accepted_hosts:
        return (
            f"none: {_host_name(address)} is none of the names it answers to; run gatepost-worker"
        )
    return None


def loopback_url(address: str) -> str:
    """The address, as it is asked from this machine: what listens everywhere is at loopback too."""
    url = urlsplit(address)
    host = url.hostname or ""
    try:
        everywhere = ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
    if not everywhere:
        return address
    here = "[::1]" if ":" in host else "127.0.0.1"
    return url._replace(netloc=f"{here}:{url.port}").geturl()


class WorkerSupervisor:
    """One worker's process, or the next one, until it is told to end."""

    def __init__(self, address: str, secret: str) -> None:
        self._address = address
        self._secret = secret
        self._stop_requested = asyncio.Event()

    @property
    def is_stopping(self) -> bool:
        """Whether it ends, or has ended."""
        return self._stop_requested.is_set()

    async def run(self) -> None:
        """Have a worker at work until told to end, then wait until it has ended."""
        loop, pause_s = asyncio.get_running_loop(), INITIAL_BACKOFF_S
        while not self._stop_requested.is_set():
            began_s = loop.time()
            code = await self._wait_for_exit(await self._start_process())
            if self._stop_requested.is_set():
                return
            pause_s = INITIAL_BACKOFF_S if loop.time() - began_s > STABLE_AFTER_S else pause_s
            _log.warning("The worker ended with code %s; another in %g s.", code, pause_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_requested.wait(), pause_s)
            pause_s = min(2 * pause_s, MAX_BACKOFF_S)

    def request_stop(self) -> None:
        """Let it end what it carries out, or leave that to another worker."""
        self._stop_requested.set()

    async def _start_process(self) -> Process:
        environment = {
            name: value for name, value in os.environ.items() if name not in EXCLUDED_VARIABLES
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", WORKER_MODULE, "--until-eof"),
            stdin=PIPE,  # it ends with the last process that holds this open: this one
            env=environment | {"GATEPOST_URL": self._address, "GATEPOST_TOKEN": self._secret},
        )
        _log.info("A worker runs beside this server, as process %d.", process.pid)
        return process

    async def _wait_for_exit(self, process: Process) -> int:
        """Its exit code, once it has ended by itself or for having been told to."""
        ended = asyncio.create_task(process.wait())
        told = asyncio.create_task(self._stop_requested.wait())
        try:
            await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.terminate()
                await asyncio.wait({ended}, timeout=STOP_TIMEOUT_S)
            if not ended.done():
                _log.warning("The worker does not end, and is killed.")
                process.kill()
            return await ended
        finally:
            told.cancel()


class ServerWithWorker(uvicorn.Server):
    """A server that ends after the worker beside it, to be told how what that carries out ends."""

    worker: WorkerSupervisor | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the worker, if there is one, and then this; told again, end this at once."""
        if self.worker is None or self.worker.is_stopping:
            super().handle_exit(sig, frame)
        else:
            self.worker.request_stop()

    async def run_worker(self, worker: WorkerSupervisor) -> None:
        """Have it at work as long as this listens; where it was told to end, so is this."""
        self.worker = worker
        while not (self.started or worker.is_stopping):  # noqa: ASYNC110  # uvicorn's only word
            await asyncio.sleep(STARTUP_POLL_S)
        try:
            await worker.run()
        except OSError:
            _log.exception("No worker runs beside this server.")
        finally:
            self.worker = None
        if worker.is_stopping:
            self.should_exit = True


def _host_name(address: str) -> str:
    host = urlsplit(address).hostname or ""
    return f"[{host}]" if ":" in host else host
