"""`gatepost-worker` as a program: what it says, and what its exit code does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

from tests.support.worker import a_test_server, http, responding

UNAUTHORIZED = http(
    "401 Unauthorized",
    b'{"type":"/problems/unauthenticated","title":"Unauthorized","status":401,'
    b'"detail":"The token is unknown.","instance":"/","code":"unauthenticated","errors":[],'
    b'"deployment_status":null,"allowed_actions":null}',
    "Content-Type: application/problem+json",
)
TOKEN = "gp_s_0123456789abcdef"


def a_worker(*flags: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gatepost_worker", *flags],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GATEPOST_TOKEN": TOKEN, **environment},
    )


async def test_a_refused_token_ends_it_with_a_sentence() -> None:
    """Trying on would not help; a service manager sees that it failed."""
    async with a_test_server(responding(UNAUTHORIZED)) as gatepost:
        said, code = await ended(a_worker("--url", gatepost.url, "--name=w1"))

    assert code == 1
    assert "Gatepost does not know this worker's token: The token is unknown." in said
    assert TOKEN not in said


async def test_a_server_that_cannot_be_one_is_told() -> None:
    """As what makes no sense among the flags is."""
    said, code = await ended(a_worker("--url=nowhere"))

    assert (code, said.startswith("gatepost-worker: The URL of a server is like")) == (2, True)


async def test_told_to_end_it_ends_well() -> None:
    """Also while Gatepost is away."""
    worker = a_worker("--url=http://127.0.0.1:9", "--name=w1")
    assert worker.stderr is not None
    assert "w1 works for http://127.0.0.1:9" in worker.stderr.readline()
    assert "Gatepost is away" in worker.stderr.readline()
    worker.send_signal(signal.SIGTERM)

    assert (await ended(worker))[1] == 0


async def ended(worker: subprocess.Popen[str]) -> tuple[str, int]:
    """What it said, and its exit code."""
    said = await asyncio.to_thread(worker.communicate, None, 20)
    return said[1], worker.returncode
