"""Sending the message of a claimed delivery to its webhook, and reporting the result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias

from gatepost_worker.claims.lease import retry_until_available
from gatepost_worker.claims.port import ClaimPort, LeaseLost
from gatepost_worker.foundation.backoff import Random
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import DeliveryReport, DeliveryTask

SendMessage: TypeAlias = Callable[[DeliveryTask], Awaitable[DeliveryReport]]
"""Sends the message of a task once."""

REPORTING_TIME_S: Final = 30.0
"""How long to try to report the result. After that, another worker sends the message again."""

_log = logging.getLogger("gatepost.worker")


async def send_and_report_delivery(
    task: DeliveryTask, send: SendMessage, claims: ClaimPort, *, clock: Clock, jitter: Random
) -> None:
    """Send the message and report the result.

    The lease is not renewed, because it lasts longer than one request.
    """
    try:
        report = await send(task)
        finish = partial(claims.finish_delivery, task, report)
        async with asyncio.timeout(REPORTING_TIME_S):
            await retry_until_available(finish, clock=clock, jitter=jitter)
    except (LeaseLost, TimeoutError):
        _log.warning("The result of delivery %s was not reported in time.", task.delivery_id)
    except Exception:  # noqa: BLE001  # an error in one task must not end the worker
        _log.exception("Delivery %s was abandoned after an error.", task.delivery_id)
    else:
        outcome = report.detail or f"The receiver answered {report.status}."
        _log.debug("Delivery %s: %s", task.delivery_id, outcome)
