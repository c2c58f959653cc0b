"""How long a server takes to be ready."""

from __future__ import annotations

import time
from contextlib import suppress
from http import HTTPStatus

import httpx2

from tests.support.processes.server import ServerProcess

PATIENCE_S = 60.0
INTERVAL_S = 0.02


def start_until_ready(server: ServerProcess) -> float:
    """Start a server, and return after how many seconds `/health/ready` was 200."""
    started_at_s = time.monotonic()
    server.start()
    status: int | None = None
    while status != HTTPStatus.OK:
        passed_s = time.monotonic() - started_at_s
        assert passed_s < PATIENCE_S, f"not ready ({status}):\n{server.log()}"
        with suppress(httpx2.HTTPError):
            status = httpx2.get(f"{server.url}/health/ready").status_code
        if status != HTTPStatus.OK:
            time.sleep(INTERVAL_S)
    return time.monotonic() - started_at_s
