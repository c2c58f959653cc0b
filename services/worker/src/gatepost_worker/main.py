"""The `gatepost-worker` command."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from enum import IntEnum

from gatepost_client import AsyncGatepost, BadSettings
from gatepost_worker.claims.api_claims import ApiClaims, WorkerRejected
from gatepost_worker.foundation.trace import add_traceparent
from gatepost_worker.isolation.process_hardening import forbid_memory_access
from gatepost_worker.log_setup import log_to_stderr
from gatepost_worker.options import Options, read_options
from gatepost_worker.process import run_until_stopped
from gatepost_worker.tracing.configuration import configure_tracing
from gatepost_worker.tracing.tracing import TaskTracing

_log = logging.getLogger("gatepost.worker")


class ExitCode(IntEnum):
    """The exit codes of the command."""

    STOPPED = 0
    """The worker was stopped by a signal or by the end of standard input."""
    REJECTED = 1
    """The server refused this worker."""
    SETTINGS = 2
    """The flags are invalid, or there is no usable server URL or token."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a worker until it is stopped; return the exit code."""
    forbid_memory_access()  # before anything secret is read
    options = read_options(arguments, os.environ)
    log_to_stderr(options.log_format, options.log_level)
    tracing = configure_tracing(os.environ)
    try:
        asyncio.run(_run(options, tracing))
    except BadSettings as error:
        sys.stderr.write(f"gatepost-worker: {error}\n")
        return ExitCode.SETTINGS
    except WorkerRejected as error:
        _log.error("%s", error)  # the message is sufficient without a traceback
        return ExitCode.REJECTED
    finally:
        tracing.close()
    return ExitCode.STOPPED


async def _run(options: Options, tracing: TaskTracing) -> None:
    # Without retries, because the worker has its own, which stop when a lease is lost.
    async with AsyncGatepost(options.url, token=options.token, retries=None) as gatepost:
        http = gatepost.client.get_async_httpx_client()
        http.event_hooks["request"].append(add_traceparent)
        claims = ApiClaims(gatepost, worker=options.name, lease=options.lease)
        _log.info(
            "Worker %s started for %s, up to %d deployments at once.",
            options.name,
            http.base_url,
            options.concurrency,
        )
        await run_until_stopped(options, claims, tracing=tracing)
