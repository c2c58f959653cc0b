"""What goes wrong is told over HTTP in one way, and what is our fault gives nothing away."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar

import httpx2
import pytest

from gatepost_api.app import create_app
from gatepost_api.auth.token_secrets import secret_digest
from gatepost_api.http.context import AppContext
from gatepost_api.http.problems import STATUS_BY_REFUSAL
from gatepost_api.http.rate_limit import FailedAttemptCounter
from gatepost_api.server.bootstrap import OWNER
from gatepost_domain.deployments.errors import ActionRefused, ReviewDenied
from gatepost_domain.errors import Denied, Refusal
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageBusy, StorageError, StorageFailed, StorageFull
from tests.support.builders import NOON, FrozenClock, an_id
from tests.support.http.api import (
    HOST,
    Api,
    assert_problem,
    deployment_body,
    ok_json,
    owner_client,
    store_user,
    token_secret,
)
from tests.support.memory.ledger import InMemoryLedger

T = TypeVar("T")

NEVER_RAISED = {Refusal, ActionRefused, Denied, ReviewDenied, StorageError}
"""Names for what several refusals share."""


def below(base: type[Exception]) -> Iterator[type[Exception]]:
    yield base
    for each in base.__subclasses__():
        yield from below(each)


def test_every_refusal_of_the_domain_has_its_status() -> None:
    """Whatever a rule or the storage can raise is told as what it is."""
    raised = {*below(Refusal), *below(StorageError)} - NEVER_RAISED

    assert set(STATUS_BY_REFUSAL) == raised


def test_a_refusal_is_the_callers_and_an_error_is_ours() -> None:
    """Rules answer 4xx, storage 503; no status says anything else."""
    for raised, status in STATUS_BY_REFUSAL.items():
        assert (400 <= status < 500) is issubclass(raised, Refusal)
        assert (status == HTTPStatus.SERVICE_UNAVAILABLE) is issubclass(raised, StorageError)


@dataclass
class BrokenLedger:
    """A ledger that cannot do it."""

    error: Exception
    reads: InMemoryLedger = field(default_factory=InMemoryLedger)

    async def perform(self, _action: Callable[[UnitOfWork], T]) -> T:
        raise self.error


class BrokenReads(InMemoryLedger):
    """Reads that have a bug."""

    async def service(self, name: str) -> Any:
        raise RuntimeError(f"the password of {name} is hunter2")


@asynccontextmanager
async def client_over(
    ledger: Any,
    *,
    reads: InMemoryLedger | None = None,
    failure: Exception | None = None,
    at: datetime = NOON,
) -> AsyncIterator[httpx2.AsyncClient]:
    """The owner's client, whose token was last used at noon."""
    known: InMemoryLedger = ledger.reads if reads is None else reads
    await store_user(known, OWNER)
    held = await known.find_token_holder(secret_digest(token_secret(OWNER)))
    assert held is not None
    await known.perform(lambda uow: uow.users.record_token_use(held[1].id, NOON))
    context = AppContext(
        ledger=ledger,
        reads=known,
        now=FrozenClock(at),
        new_id=an_id,
        failed_attempts=FailedAttemptCounter(),
        storage_failure=lambda: failure,
    )
    async with owner_client(create_app(context=context, allowed_hosts=frozenset({HOST}))) as client:
        yield client


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StorageBusy(), "storage_busy"),
        (StorageFull(), "storage_full"),
        (StorageFailed("disk I/O error"), "storage_failed"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
async def test_what_the_storage_cannot_do_is_told_as_503(
    caplog: pytest.LogCaptureFixture, error: StorageError, code: str, headers: dict[str, str]
) -> None:
    """The answer says whether to repeat, and the log says why."""
    async with client_over(BrokenLedger(error)) as client:
        response = await client.post("/api/v1/deployments", json=deployment_body(), headers=headers)

    told = assert_problem(response, 503, code)
    assert told["detail"] == str(error)
    assert int(response.headers["Retry-After"]) > 0
    assert [record.getMessage() for record in caplog.records] == [f"{code}: {error}"]


@pytest.mark.parametrize("error", [StorageBusy(), StorageFull(), StorageFailed("disk I/O error")])
async def test_reading_goes_on_while_nothing_can_be_written(error: StorageError) -> None:
    """That a token was used cannot be noted then, which keeps nobody out."""
    later = NOON + timedelta(hours=1)
    async with client_over(BrokenLedger(error), at=later) as client:
        response = await client.get("/api/v1/deployments")

    assert ok_json(response)["items"] == []


async def test_a_bug_is_told_without_details_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What it was is for whoever reads the log, with its cause, and for nobody else."""
    async with client_over(InMemoryLedger(), reads=BrokenReads()) as client:
        response = await client.get("/api/v1/services/shop")

    assert_problem(response, 500, "internal_error")
    assert "hunter2" not in response.text
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("gatepost", logging.ERROR)
    assert record.exc_info is not None
    assert "hunter2" in str(record.exc_info[1])


async def test_a_bug_in_an_action_is_told_without_details() -> None:
    """The same holds for what goes wrong inside a transaction."""
    async with client_over(BrokenLedger(KeyError("hunter2"))) as client:
        response = await client.post("/api/v1/deployments", json=deployment_body())

    assert_problem(response, 500, "internal_error")
    assert "hunter2" not in response.text


async def test_a_refusal_is_not_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """A caller's mistake is the caller's business."""
    with caplog.at_level(logging.INFO, logger="gatepost"):
        await api.post("/deployments", {})
        await api.get("/services/nowhere")

    assert caplog.records == []


async def test_what_failed_for_good_is_not_ready() -> None:
    """Whatever sends requests here is told to stop, and why; the process still lives."""
    failure = StorageFailed("disk I/O error")
    async with client_over(InMemoryLedger(), failure=failure) as client:
        ready, live = await client.get("/health/ready"), await client.get("/health/live")

    assert ready.status_code == 503
    assert ready.json() == {"status": "failed", "reason": str(failure)}
    assert ok_json(live) == {"status": "ok", "reason": None}


async def test_what_works_is_ready(api: Api) -> None:
    """Nothing to report."""
    for path in ("/health/ready", "/health/live"):
        assert ok_json(await api.client.get(path)) == {"status": "ok", "reason": None}


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api",
        "/api/v1",
        "/api/v2/deployments",
        "/api/v1/deployments/DEP-1/nowhere",
        "/api/v1/deployments/DEP%2F1",
        "/api/v1/deployments/" + "a/" * 5_000,
        "/health",
        "/%00",
        "/ü",
        "/vendor/nowhere",
        "/vendor/%00",
        "/vendor/" + "a" * 10_000,
        "/vendor/..%2f..%2f__init__.py",
        "/vendor/%2e%2e/%2e%2e/%2e%2e/app.py",
        "/vendor/redoc",
    ],
)
async def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    """An address that leads nowhere is told like any other problem."""
    assert_problem(await api.client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/deployments", {"GET", "POST", "OPTIONS"}),
        ("PATCH", "/api/v1/deployments/DEP-1", {"GET", "OPTIONS"}),
        ("GET", "/api/v1/deployments/DEP-1/approve", {"POST", "OPTIONS"}),
        ("POST", "/api/v1/environments/test/policy", {"GET", "PUT", "OPTIONS"}),
        ("DELETE", "/api/v1/events", {"GET", "OPTIONS"}),
        ("POST", "/health/live", {"GET", "OPTIONS"}),
        ("BREW", "/api/v1/services", {"GET", "POST", "OPTIONS"}),
    ],
)
async def test_a_method_that_there_is_not_is_refused(
    api: Api, method: str, path: str, allowed: set[str]
) -> None:
    """The answer says which there are (RFC 9110 §15.5.6)."""
    response = await api.client.request(method, path)

    assert_problem(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == allowed
