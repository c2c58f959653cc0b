"""The `gatepost-worker` command: its messages and exit codes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

from tests.support.worker import a_test_server, http_response, respond_with

UNAUTHORIZED = http_response(
    "401 Unauthorized",
    b'{"type":"/problems/unauthenticated","title":"Unauthorized","status":401,'
    b'"detail":"The token is unknown.","instance":"/","request_id":"r-1",'
    b'"code":"unauthenticated","errors":[],'
    b'"deployment_status":null,"allowed_actions":null}',
    "Content-Type: application/problem+json",
)
TOKEN = "gp_s_0123456789abcdef"


def start_worker(*flags: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gatepost_worker", *flags],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GATEPOST_TOKEN": TOKEN, **environment},
    )


async def test_a_rejected_token_ends_the_worker_with_a_message() -> None:
    """The worker does not retry; its exit code shows a service manager that it failed."""
    async with a_test_server(respond_with(UNAUTHORIZED)) as gatepost:
        stderr, exit_code = await finish(start_worker("--url", gatepost.url, "--name=w1"))

    assert exit_code == 1
    assert "Gatepost rejected this worker's token: The token is unknown." in stderr
    assert TOKEN not in stderr


async def test_an_invalid_server_url_ends_the_worker_with_a_message() -> None:
    """The message quotes the URL, and the exit code is 2, as for invalid flags."""
    stderr, exit_code = await finish(start_worker("--url=nowhere"))

    assert exit_code == 2
    assert stderr.startswith("gatepost-worker: ")
    assert "'nowhere'" in stderr


async def test_sigterm_stops_the_worker_with_exit_code_0() -> None:
    """SIGTERM stops the worker even while the server is unavailable."""
    worker = start_worker("--url=http://127.0.0.1:9", "--name=w1")
    assert worker.stderr is not None
    assert "Worker w1 started for http://127.0.0.1:9" in worker.stderr.readline()
    assert "Gatepost is unavailable" in worker.stderr.readline()
    worker.send_signal(signal.SIGTERM)

    _, exit_code = await finish(worker)
    assert exit_code == 0


async def finish(worker: subprocess.Popen[str]) -> tuple[str, int]:
    """Return the worker's standard error and its exit code."""
    _, stderr = await asyncio.to_thread(worker.communicate, None, 20)
    return stderr, worker.returncode
