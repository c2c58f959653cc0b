"""Problem responses: errors have one format over HTTP, and server errors reveal no details."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from unittest.mock import Mock

import httpx2
import pytest

from gatepost_api.app import create_app
from gatepost_api.auth.token_secrets import secret_digest
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_api.http.problem_statuses_and_codes import STATUS_BY_REFUSAL
from gatepost_api.server.bootstrap import OWNER
from gatepost_domain.deployments.errors.reviews import ReviewDenied
from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.errors import Denied, Refusal
from gatepost_domain.ports.audit import AuditReads
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import (
    CommitOutcomeUnknown,
    StorageBusy,
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageMoved,
)
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
"""Base classes that are never raised."""


def subclasses_of(base: type[Exception]) -> Iterator[type[Exception]]:
    yield base
    for subclass in base.__subclasses__():
        yield from subclasses_of(subclass)


def test_every_refusal_has_a_status() -> None:
    """The table of statuses covers each error of the domain and the storage."""
    concrete_errors = {*subclasses_of(Refusal), *subclasses_of(StorageError)} - NEVER_RAISED

    assert set(STATUS_BY_REFUSAL) == concrete_errors


def test_refusals_are_4xx_and_storage_errors_are_503() -> None:
    """The table has a 4xx status for every refusal and 503 for every storage error."""
    for error, status in STATUS_BY_REFUSAL.items():
        assert (400 <= status < 500) is issubclass(error, Refusal)
        assert (status == HTTPStatus.SERVICE_UNAVAILABLE) is issubclass(error, StorageError)


@dataclass
class BrokenLedger:
    """A ledger whose writes fail."""

    error: Exception
    reads: InMemoryLedger = field(default_factory=InMemoryLedger)

    async def perform(self, _action: Callable[[UnitOfWork], T]) -> T:
        raise self.error


class BrokenReads(InMemoryLedger):
    """Reads that raise an unexpected error."""

    async def service(self, name: str) -> Any:
        raise RuntimeError(f"the password of {name} is hunter2")


@asynccontextmanager
async def running_client(
    ledger: Any,
    *,
    reads: InMemoryLedger | None = None,
    failure: Exception | None = None,
    at: datetime = NOON,
) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield the owner's client for an API on this ledger. The token was last used at noon."""
    user_reads: InMemoryLedger = ledger.reads if reads is None else reads
    await store_user(user_reads, OWNER)
    token_holder = await user_reads.find_token_holder(secret_digest(token_secret(OWNER)))
    assert token_holder is not None
    await user_reads.perform(lambda uow: uow.users.record_token_use(token_holder[1].id, NOON))
    context = AppContext(
        ledger=ledger,
        reads=user_reads,
        audit_reads=Mock(spec=AuditReads),
        now=FrozenClock(at),
        new_id=an_id,
        failed_attempts=FailedAttemptLimiter(),
        storage_failure=lambda: failure,
    )
    async with owner_client(create_app(context=context, allowed_hosts=frozenset({HOST}))) as client:
        yield client


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StorageBusy(), "storage_busy"),
        (StorageFull(), "storage_full"),
        (StorageMoved("gatepost.db was moved or deleted"), "storage_moved"),
        (StorageDamaged("disk I/O error"), "storage_damaged"),
        (CommitOutcomeUnknown("disk I/O error"), "storage_failed"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
async def test_storage_error_is_503(
    caplog: pytest.LogCaptureFixture, error: StorageError, code: str, headers: dict[str, str]
) -> None:
    """The response says whether to retry, and the log says why it failed."""
    async with running_client(BrokenLedger(error)) as client:
        response = await client.post("/api/v1/deployments", json=deployment_body(), headers=headers)

    problem = assert_problem(response, 503, code)
    assert problem["detail"] == str(error)
    assert int(response.headers["Retry-After"]) > 0
    assert [record.getMessage() for record in caplog.records] == [f"{code}: {error}"]


@pytest.mark.parametrize(
    "error", [StorageBusy(), StorageFull(), CommitOutcomeUnknown("disk I/O error")]
)
async def test_reads_work_while_writes_fail(error: StorageError) -> None:
    """The request succeeds although the last use of the token cannot be stored."""
    later = NOON + timedelta(hours=1)
    async with running_client(BrokenLedger(error), at=later) as client:
        response = await client.get("/api/v1/deployments")

    assert ok_json(response)["items"] == []


async def test_server_error_hides_details_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Only the log shows the cause of the error."""
    async with running_client(InMemoryLedger(), reads=BrokenReads()) as client:
        response = await client.get("/api/v1/services/shop")

    assert_problem(response, 500, "internal_error")
    assert "hunter2" not in response.text
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("gatepost", logging.ERROR)
    assert record.exc_info is not None
    assert "hunter2" in str(record.exc_info[1])


async def test_server_error_in_a_transaction_hides_details() -> None:
    """The response to an unexpected error in an action is 500 and shows no details."""
    async with running_client(BrokenLedger(KeyError("hunter2"))) as client:
        response = await client.post("/api/v1/deployments", json=deployment_body())

    assert_problem(response, 500, "internal_error")
    assert "hunter2" not in response.text


async def test_refusal_is_not_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """A client error is not logged as a server error."""
    with caplog.at_level(logging.INFO, logger="gatepost"):
        await api.post("/deployments", {})
        await api.get("/services/nowhere")

    assert caplog.records == []


async def test_failed_storage_makes_the_server_unready() -> None:
    """Readiness is 503 with the reason; liveness is unaffected."""
    failure = CommitOutcomeUnknown("disk I/O error")
    async with running_client(InMemoryLedger(), failure=failure) as client:
        ready, live = await client.get("/health/ready"), await client.get("/health/live")

    assert ready.status_code == 503
    assert ready.json() == {"status": "failed", "reason": str(failure)}
    assert ok_json(live) == {"status": "ok", "reason": None}


async def test_working_server_is_ready(api: Api) -> None:
    """Readiness and liveness are `ok`, and no reason is given."""
    for path in ("/health/ready", "/health/live"):
        assert ok_json(await api.client.get(path)) == {"status": "ok", "reason": None}


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api",
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
async def test_unknown_path_is_404(api: Api, path: str) -> None:
    """The response is a problem like that of any other error."""
    assert_problem(await api.client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/deployments", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("PATCH", "/api/v1/deployments/DEP-1", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/api/v1/deployments/DEP-1/approve", {"POST", "OPTIONS"}),
        ("POST", "/api/v1/environments/test/policy", {"GET", "HEAD", "PUT", "OPTIONS"}),
        ("DELETE", "/api/v1/events", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/health/live", {"GET", "HEAD", "OPTIONS"}),
        ("BREW", "/api/v1/services", {"GET", "HEAD", "POST", "OPTIONS"}),
    ],
)
async def test_unknown_method_is_405(api: Api, method: str, path: str, allowed: set[str]) -> None:
    """The Allow header lists the possible methods (RFC 9110 §15.5.6)."""
    response = await api.client.request(method, path)

    assert_problem(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == allowed
