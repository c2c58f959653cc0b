"""Check runs for tests, and the calls of operators and workers on a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from gatepost_domain.access.actor import Actor
from gatepost_domain.actions.catalog.targets import put_target
from gatepost_domain.actions.check_runs import claims, request
from gatepost_domain.catalog.target import (
    DEFAULT_TARGET_SETTINGS,
    Check,
    HttpMethod,
    TargetSettings,
)
from gatepost_domain.check_runs.check_run import CheckRun, CheckState, CheckTask
from gatepost_domain.check_runs.results import ReportedResult
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.ports.unit_of_work import Ledger
from tests.support.builders import NOON, a_command, an_id
from tests.support.domain.claims import WORKER_ACCOUNT


def a_check(name: str = "health", **changes: Any) -> Check:
    """Build a check that requires a GET request to be answered with 200."""
    fields: dict[str, Any] = {
        "name": name,
        "method": HttpMethod.GET,
        "path": f"/{name}",
        "body": None,
        "expect_status": 200,
        "expect_json": {},
        "max_latency_ms": None,
        "timeout_s": 10,
        "attempts": 1,
        "required": True,
    }
    return Check(**(fields | changes))


CHECKS: Final = (a_check("health"), a_check("cart"), a_check("speed", required=False))


def settings_with(*checks: Check) -> TargetSettings:
    """Build the settings of a target with these checks."""
    return TargetSettings(
        base_url="https://shop.example",
        executor=DEFAULT_TARGET_SETTINGS.executor,
        ready=None,
        checks=checks,
    )


def a_result(name: str, state: CheckState = CheckState.PASSED, **changes: Any) -> ReportedResult:
    """Build the result of a check that was tried once, at noon."""
    fields: dict[str, Any] = {
        "name": name,
        "state": state,
        "attempts": 1,
        "detail": f"GET /{name} returned 200 in 12 ms.",
        "at": NOON,
        "took_ms": 12,
    }
    return ReportedResult(**(fields | changes))


async def put_checks(
    ledger: Ledger, *checks: Check, target: str = "shop test", at: datetime = NOON
) -> None:
    """Configure the checks of a target; `target` is a service and an environment."""
    service, environment = target.split()
    await ledger.perform(
        partial(
            put_target,
            service=service,
            environment=environment,
            settings=settings_with(*(checks or CHECKS)),
            command=a_command("olga", at=at),
            revision=None,
        )
    )


async def request_checks(
    ledger: Ledger, target: str = "shop test", *, by: Actor | str = "olga", at: datetime = NOON
) -> CheckRun:
    """Request that the checks of a target are run."""
    service, environment = target.split()
    return await ledger.perform(
        partial(
            request.request_check_run,
            service=service,
            environment=environment,
            command=a_command(by, at=at),
            id=an_id(),
        )
    )


async def claim_checks(
    ledger: Ledger,
    worker: str = "berlin-1",
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
) -> CheckTask | None:
    """Claim the next check run; return None if there is none."""
    return await ledger.perform(
        partial(
            claims.claim_next_check_run,
            command=a_command(by, at=at),
            worker=worker,
            lease=DEFAULT_LEASE,
        )
    )


async def require_claimed(ledger: Ledger, worker: str = "berlin-1", **options: Any) -> CheckTask:
    """Claim the next check run, and check that there is one."""
    task = await claim_checks(ledger, worker, **options)
    assert task is not None
    return task


async def renew_checks(
    ledger: Ledger,
    run: CheckRun,
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
) -> CheckRun:
    """Renew the claim on a check run, by default with its own fencing token."""
    return await ledger.perform(
        partial(
            claims.renew_check_run,
            run=run.id,
            command=a_command(by, at=at),
            fencing_token=run.attempt if token is None else token,
        )
    )


async def finish_checks(
    ledger: Ledger,
    run: CheckRun,
    *results: ReportedResult,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
) -> CheckRun:
    """Report the results of a check run."""
    reported: Sequence[ReportedResult] = results
    return await ledger.perform(
        partial(
            claims.finish_check_run,
            run=run.id,
            command=a_command(by, at=at),
            fencing_token=run.attempt if token is None else token,
            results=reported,
        )
    )
