"""No hostile request is answered with a server error, and the health check answers meanwhile."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx2

from gatepost_client import Gatepost
from gatepost_client.models import Role
from tests.support.client.shop import register_shop
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.results import print_result

SEED = 20261129
MAX_HEALTH_S = 2.0
"""On a machine that does other work too; the figure is printed."""
SERVER_ERROR = 500
CLOSED, TIMED_OUT = 0, -1
"""Counted like statuses: the connection was closed, or the client itself refused to send."""
JSON: Final[Mapping[str, str]] = {"Content-Type": "application/json"}
BODIES: Final[Mapping[str, bytes]] = {
    "deep array": b"[" * 1000 + b"]" * 1000,
    "deeper array": b"[" * 2_000_000,
    "deep object": b'{"a":' * 100_000,
    "eleven megabytes": b'{"notes": "' + b"x" * 11_000_000 + b'"}',
    "lone surrogate": b'{"service": "\\ud800"}',
    "no UTF-8": b'{"service": "\xff\xfe"}',
    "NUL": b'{"service": "\\u0000"}',
    "huge integer": b'{"service": ' + b"9" * 100_000 + b"}",
    "huge exponent": b'{"service": 1e400}',
    "duplicate keys": b'{"service": "a", "service": "b"}',
    "two values": b"{}{}",
    "nothing": b"",
    "null": b"null",
}
HEADERS: Final[Mapping[str, Mapping[str, str]]] = {
    "text": {"Content-Type": "text/plain"},
    "form": {"Content-Type": "application/x-www-form-urlencoded"},
    "many": {f"X-Header-{number}": "x" for number in range(1000)},
    "long": {"X-Long": "x" * 100_000},
    "key": {**JSON, "Idempotency-Key": "é" * 10},
    "condition": {**JSON, "If-Match": '"' * 1000},
    "host": {**JSON, "Host": "evil.example"},
    "encoding": {**JSON, "Content-Encoding": "gzip"},
}
PATHS: Final = ("/deployments", "/deployments/DEP-1/approve", "/services", "/freezes", "/users")


def hostile_requests(rng: random.Random, count: int) -> list[tuple[str, Mapping[str, str], bytes]]:
    """Return random combinations of paths, headers and bodies; each body and header occurs."""
    requests = [
        *((rng.choice(PATHS), JSON, body) for body in BODIES.values()),
        *((rng.choice(PATHS), headers, b"{}") for headers in HEADERS.values()),
    ]
    while len(requests) < count:
        path = rng.choice(PATHS) + rng.choice(["", "?limit=-1", "?\x00", "?cursor=%ff", "/%2e%2e"])
        body = rng.choice(list(BODIES.values()))
        headers = rng.choice([JSON, *HEADERS.values()])
        requests.append((path, headers, body[: rng.choice([len(body), 50])]))
    return requests


async def send_all(
    url: str, tokens: list[str], count: int
) -> tuple[Counter[int], dict[int, str], list[float]]:
    """Return the statuses, an example of each server error, and the durations of health checks."""
    statuses, errors, health_s = Counter[int](), dict[int, str](), list[float]()
    is_over = asyncio.Event()

    async def watch() -> None:
        async with httpx2.AsyncClient(base_url=url, timeout=30) as http:
            while not is_over.is_set():
                began_s = time.monotonic()
                (await http.get("/health/live")).raise_for_status()
                health_s.append(time.monotonic() - began_s)
                await asyncio.sleep(0.01)

    async def attack(token: str, seed: int) -> None:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx2.AsyncClient(base_url=f"{url}/api/v1", timeout=30) as http:
            for path, headers, body in hostile_requests(random.Random(seed), count):
                try:
                    response = await http.post(path, content=body, headers={**bearer, **headers})
                except httpx2.TimeoutException:
                    statuses[TIMED_OUT] += 1
                    continue
                except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeEncodeError):
                    statuses[CLOSED] += 1
                    continue
                statuses[response.status_code] += 1
                if response.status_code >= SERVER_ERROR:
                    errors[response.status_code] = f"{path} {headers} {body[:80]!r}"[:500]

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(attack(token, SEED + n) for n, token in enumerate(tokens)))
    is_over.set()
    await watching
    return statuses, errors, health_s


def test_hostile_requests_cause_no_server_error(tmp_path: Path, counts: Counts) -> None:
    """The owner, a requester, a stranger and a forged token send them at the same time."""
    count = counts.choose(60, 600)
    with ServerProcess(tmp_path / "data") as server:
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            register_shop(owner, "1.4.2")
            ada = create_user(owner, "ada", Role.REQUESTER)
        tokens = [server.token, ada, "", "gp_u_forged"]
        statuses, errors, health_s = asyncio.run(send_all(server.url, tokens, count))
        verified = server.verify()

    slowest_s = sorted(health_s)[int(len(health_s) * 0.99)]
    print_result(
        "P14", seed=SEED, statuses=dict(sorted(statuses.items())), health_p99_s=round(slowest_s, 3)
    )
    assert errors == {}
    assert statuses.total() == count * len(tokens)
    assert {400, 401, 413, 415} <= statuses.keys()
    assert TIMED_OUT not in statuses
    assert slowest_s < MAX_HEALTH_S
    assert verified.returncode == 0, verified.stdout


def test_server_error_is_noticed(tmp_path: Path) -> None:
    """The control: a server that raises on a malformed body is caught by the same requests."""
    with ServerProcess(tmp_path / "data", mutant="raise_on_malformed_bodies") as server:
        _, errors, _ = asyncio.run(send_all(server.url, [server.token], 25))

    assert SERVER_ERROR in errors
