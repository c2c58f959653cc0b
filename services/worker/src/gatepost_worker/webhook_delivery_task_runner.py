"""The delivery task runner: sends a message to a webhook once."""

from __future__ import annotations

import logging
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from gatepost_worker.dependencies import Dependencies
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.redaction import redact
from gatepost_worker.http.client import Response
from gatepost_worker.http.errors import RequestFailed
from gatepost_worker.tasks import DeliveryReport, DeliveryTask

MAX_DETAIL_CHARS: Final = 500

_log = logging.getLogger("gatepost.worker")


async def send_message(task: DeliveryTask, *, dependencies: Dependencies) -> DeliveryReport:
    """Send the message of a task, and return how the receiver responded.

    The body of the response is not reported, because it could contain anything.
    """
    clock = dependencies.clock
    started_at_s = clock.monotonic()
    try:
        response = await dependencies.create_message_client(task).request(
            "POST", task.url, timeout_s=task.timeout_s, body=task.body, headers=task.headers
        )
    except RequestFailed as error:
        detail = f"{error}"
    except Exception as error:  # noqa: BLE001  # any bug
        _log.exception("A message was not sent because of an internal error.")
        detail = f"Internal error in the worker ({type(error).__name__}); see the worker's log."
    else:
        return _build_report(response, clock)
    return DeliveryReport(
        status=None,
        retry_after_s=None,
        detail=redact(detail)[:MAX_DETAIL_CHARS],
        took_ms=round((clock.monotonic() - started_at_s) * 1000),
    )


def parse_retry_after(text: str, clock: Clock) -> int | None:
    """Return the seconds of a Retry-After header (RFC 9110 §10.2.3), or None if it is invalid."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return min(int(text), 10**9)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    in_utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(round((in_utc - clock.now()).total_seconds()), 0)


def _build_report(response: Response, clock: Clock) -> DeliveryReport:
    retry_after = response.headers.get("retry-after")
    return DeliveryReport(
        status=response.status,
        retry_after_s=None if retry_after is None else parse_retry_after(retry_after, clock),
        detail=_describe(response.status),
        took_ms=response.took_ms,
    )


def _describe(status: int) -> str:
    if 200 <= status < 300:  # noqa: PLR2004  # success statuses
        return ""
    if 300 <= status < 400:  # noqa: PLR2004  # redirect statuses
        return f"The receiver answered {status}; redirects are not followed."
    return f"The receiver answered {status}."
