"""Sending the message of a claimed notification to its channel, and reporting the result."""

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
from gatepost_worker.tasks import NotificationReport, NotificationTask

SendNotification: TypeAlias = Callable[[NotificationTask], Awaitable[NotificationReport]]
"""Sends the message of a task once."""

_log = logging.getLogger("gatepost.worker")


async def send_and_report_notification(
    task: NotificationTask,
    send: SendNotification,
    claims: ClaimPort,
    *,
    clock: Clock,
    jitter: Random,
) -> None:
    """Send the message and report the result.

    The lease is not renewed, because it lasts longer than sending may take.
    """
    try:
        report = await send(task)
        finish = partial(claims.finish_notifications, task, report)
        async with asyncio.timeout(REPORTING_TIME_S):
            await retry_until_available(finish, clock=clock, jitter=jitter)
    except (LeaseLost, TimeoutError):
        _log.warning("The result of a message to channel %s was not reported.", task.channel_id)
    except Exception:  # noqa: BLE001  # an error in one task must not end the worker
        _log.exception("A message to channel %s was abandoned after an error.", task.channel_id)
    else:
        _log.debug("Channel %s: %s", task.channel_id, report.detail or "sent.")
