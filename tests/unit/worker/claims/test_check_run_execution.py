"""Holding a check run: renewals, reports and a lost lease."""

from __future__ import annotations

import asyncio
import random

import pytest

from gatepost_worker.claims.check_run_execution import run_and_report_checks
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.tasks import CheckReport, CheckTask
from tests.support.claiming import HandClock, InMemoryClaims, always, failing, settle
from tests.support.worker import a_check_report, a_check_task

REPORTS = (a_check_report(),)


class HeldChecks:
    """A check run that is held until a test lets its checks end."""

    def __init__(self, claims: InMemoryClaims) -> None:
        self.clock, self.end = HandClock(), asyncio.Event()
        self.was_cancelled = False
        self.job = asyncio.create_task(
            run_and_report_checks(
                a_check_task(), self.run, claims, clock=self.clock, jitter=random.Random(1).random
            )
        )

    async def run(self, _: CheckTask) -> tuple[CheckReport, ...]:
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        return REPORTS


async def test_lease_is_renewed_while_the_checks_run() -> None:
    """Three renewals in the length of a lease; the results end the run."""
    claims = InMemoryClaims()
    held = HeldChecks(claims)
    await held.clock.turn(15)

    held.end.set()
    await held.job

    assert claims.renewed == ["run-1"] * 3
    assert claims.check_reports == {"run-1": REPORTS}


async def test_lost_lease_stops_the_checks() -> None:
    """Nothing is reported, because another worker runs them."""
    claims = InMemoryClaims()
    claims.trouble = always("renew", LeaseLost)
    held = HeldChecks(claims)

    await held.clock.turn(5)
    await held.job

    assert held.was_cancelled
    assert claims.check_reports == {}


async def test_results_are_reported_when_the_server_is_back() -> None:
    """The report is repeated until the server responds."""
    claims = InMemoryClaims()
    claims.trouble = failing("finish", ServerUnavailable("down"), ServerUnavailable("down"))
    held = HeldChecks(claims)
    held.end.set()
    await settle()

    await held.clock.turn(10)
    await held.job

    assert claims.check_reports == {"run-1": REPORTS}


async def test_refused_results_do_not_end_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    """The log says what happened; the lease expires."""
    claims = InMemoryClaims()
    claims.trouble = always("finish", RuntimeError)
    held = HeldChecks(claims)
    held.end.set()

    await held.job

    assert "The checks of shop in test were abandoned after an error." in caplog.text
