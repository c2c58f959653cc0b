"""Sending a claimed protection answer to a GitHub job, and reporting the result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from gatepost_worker.claims.delivery_sending import REPORTING_TIME_S
from gatepost_worker.claims.lease import retry_until_available
from gatepost_worker.claims.port import ClaimPort, LeaseLost
from gatepost_worker.foundation.backoff import Random
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import ProtectionAnswerReport, ProtectionAnswerTask

SendAnswer: TypeAlias = Callable[[ProtectionAnswerTask], Awaitable[ProtectionAnswerReport]]
"""Sends a task's answer once."""

_log = logging.getLogger("gatepost.worker")


async def send_and_report_answer(
    task: ProtectionAnswerTask, send: SendAnswer, claims: ClaimPort, *, clock: Clock, jitter: Random
) -> None:
    """Send the answer and report the result.

    The lease is not renewed, because it lasts longer than both requests together.
    """
    try:
        report = await send(task)
        finish = partial(claims.finish_answer, task, report)
        async with asyncio.timeout(REPORTING_TIME_S):
            await retry_until_available(finish, clock=clock, jitter=jitter)
    except (LeaseLost, TimeoutError):
        _log.warning("The result of answer %s was not reported in time.", task.answer_id)
    except Exception:  # noqa: BLE001  # an error in one task must not end the worker
        _log.exception("Answer %s was abandoned after an error.", task.answer_id)
    else:
        _log.debug("Answer %s: %s", task.answer_id, report.detail or "accepted.")
