"""The result of sending a message is reported, whatever happens meanwhile."""

from __future__ import annotations

import asyncio

from gatepost_worker.claims.delivery_sending import REPORTING_TIME_S, send_and_report_delivery
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.tasks import DeliveryReport, DeliveryTask
from tests.support.claiming import HandClock, InMemoryClaims, always, failing, settle
from tests.support.worker import a_delivery_report, a_delivery_task


async def send(_: DeliveryTask) -> DeliveryReport:
    return a_delivery_report()


async def hold(claims: InMemoryClaims, clock: HandClock) -> None:
    await send_and_report_delivery(a_delivery_task(), send, claims, clock=clock, jitter=lambda: 1.0)


async def test_result_is_reported() -> None:
    """The server decides what follows."""
    claims = InMemoryClaims()
    await hold(claims, HandClock())

    assert claims.delivery_reports == {"delivery-1": a_delivery_report()}


async def test_report_is_repeated_until_the_server_is_available() -> None:
    """Otherwise, the message would be sent a second time for nothing."""
    claims, clock = InMemoryClaims(), HandClock()
    claims.trouble = failing("finish", ServerUnavailable("restarting"))
    holding = asyncio.create_task(hold(claims, clock))
    await settle()
    await clock.turn(REPORTING_TIME_S / 2)
    await holding

    assert "delivery-1" in claims.delivery_reports


async def test_lost_lease_and_errors_do_not_end_the_worker() -> None:
    """Another worker sends the message."""
    for error in (LeaseLost, ValueError):
        claims = InMemoryClaims()
        claims.trouble = always("finish", error)
        await hold(claims, HandClock())

        assert claims.delivery_reports == {}
