"""The result of answering a job is reported, whatever happens meanwhile."""

from __future__ import annotations

import asyncio

from gatepost_worker.claims.delivery_sending import REPORTING_TIME_S
from gatepost_worker.claims.github_protection_answer_sending import send_and_report_answer
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.tasks import ProtectionAnswerReport, ProtectionAnswerTask
from tests.support.claiming import HandClock, InMemoryClaims, always, failing, settle
from tests.support.worker import an_answer_task

REPORT = ProtectionAnswerReport(status=204, retry_after_s=None, detail="")


async def send(_: ProtectionAnswerTask) -> ProtectionAnswerReport:
    return REPORT


async def hold(claims: InMemoryClaims, clock: HandClock) -> None:
    await send_and_report_answer(an_answer_task(), send, claims, clock=clock, jitter=lambda: 1.0)


async def test_report_is_repeated_until_the_server_is_available() -> None:
    """Otherwise, GitHub would get the answer again."""
    claims, clock = InMemoryClaims(), HandClock()
    claims.trouble = failing("finish", ServerUnavailable("restarting"))
    holding = asyncio.create_task(hold(claims, clock))
    await settle()
    await clock.turn(REPORTING_TIME_S / 2)
    await holding

    assert claims.answer_reports == {"answer-1": REPORT}


async def test_lost_lease_and_errors_do_not_end_the_worker() -> None:
    """Another worker sends the answer."""
    for error in (LeaseLost, ValueError):
        claims = InMemoryClaims()
        claims.trouble = always("finish", error)
        await hold(claims, HandClock())

        assert claims.answer_reports == {}
