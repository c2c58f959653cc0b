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
from gatepost_worker.logging_setup import log_to_the_terminal
from gatepost_worker.options import Options, read
from gatepost_worker.process import run

_log = logging.getLogger("gatepost.worker")


class ExitCode(IntEnum):
    """What the exit code says."""

    STOPPED = 0
    """It was told to end, and did."""
    REFUSED = 1
    """Gatepost will not let it work."""
    SETTINGS = 2
    """The flags make no sense, or no server or token can be told."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Work until told to end; the answer is the exit code."""
    options = read(arguments, os.environ)
    log_to_the_terminal()
    try:
        asyncio.run(_work(options))
    except BadSettings as error:
        sys.stderr.write(f"gatepost-worker: {error}\n")
        return ExitCode.SETTINGS
    except WorkerRejected as error:
        _log.error("%s", error)  # it says what a traceback would not
        return ExitCode.REFUSED
    return ExitCode.STOPPED


async def _work(options: Options) -> None:
    async with AsyncGatepost(options.url, token=options.token) as gatepost:
        claims = ApiClaims(gatepost, worker=options.name, lease=options.lease)
        at = gatepost.client.get_async_httpx_client().base_url
        room = options.concurrency
        _log.info("%s works for %s, on up to %d at once.", options.name, at, room)
        await run(options, claims)
