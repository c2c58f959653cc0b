"""Readiness: wait after the rollout until the service responds."""

from __future__ import annotations

from typing import Final

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.client import HttpClient
from gatepost_worker.http.errors import RequestFailed, RequestRefused
from gatepost_worker.http.urls import join_url
from gatepost_worker.tasks import (
    Outcome,
    Progress,
    ReadinessProbe,
    StepKind,
    StepState,
    failed,
    succeeded,
)

REQUEST_TIMEOUT_S: Final = 10.0
"""The timeout for one request, so that a hanging instance that is about to be replaced does not use
up the readiness timeout."""


async def wait_until_ready(
    ready: ReadinessProbe, base_url: str, *, http: HttpClient, clock: Clock, progress: Progress
) -> Outcome:
    """Poll until the response has a 2xx status or the readiness timeout has passed."""
    progress.start(StepKind.READY, "ready")
    url, deadline_s = join_url(base_url, ready.path), clock.monotonic() + ready.timeout_s
    last_result = "no request was sent."
    while (left_s := deadline_s - clock.monotonic()) > 0:
        try:
            response = await http.request("GET", url, timeout_s=min(left_s, REQUEST_TIMEOUT_S))
        except RequestRefused as error:
            progress.finish(StepState.ERRORED, f"{error}")
            return failed(f"Readiness could not be determined: {error}")
        except RequestFailed as error:
            result = f"{error}"
        else:
            if response.status // 100 == 2:  # noqa: PLR2004  # 2xx
                progress.finish(StepState.PASSED)
                return succeeded()
            result = f"GET {ready.path} returned {response.status}."
        if result != last_result:
            progress.update(result)
            last_result = result
        await clock.sleep(min(ready.interval_s, max(0.0, deadline_s - clock.monotonic())))
    reason = f"Not ready within {ready.timeout_s:g} s. Last result: {last_result}"
    progress.finish(StepState.FAILED, reason)
    return failed(reason)
