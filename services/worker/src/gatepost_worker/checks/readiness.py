"""Waiting until what was rolled out answers."""

from __future__ import annotations

from typing import Final

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.client import Ask
from gatepost_worker.http.errors import RequestFailed, RequestRefused
from gatepost_worker.http.urls import below
from gatepost_worker.tasks import Outcome, Readiness, StepKind, StepState, failed, succeeded
from gatepost_worker.tasks.progress import Progress

ANSWER_WITHIN_S: Final = 10.0
"""How long one question may wait: what took it and hangs may have been replaced meanwhile."""


async def wait_until_ready(
    ready: Readiness, base_url: str, *, ask: Ask, clock: Clock, progress: Progress
) -> Outcome:
    """Ask again and again until the answer is any 2xx, or there is no time left to ask."""
    progress.begin(StepKind.READY, "ready")
    url, until_s = below(base_url, ready.path), clock.monotonic() + ready.timeout_s
    last = "nothing"
    while (left_s := until_s - clock.monotonic()) > 0:
        try:
            answer = await ask("GET", url, timeout_s=min(left_s, ANSWER_WITHIN_S))
        except RequestRefused as refused:
            progress.end(StepState.ERRORED, f"{refused}")
            return failed(f"It could not be found out whether it is ready: {refused}")
        except RequestFailed as nothing:
            said = f"{nothing}"
        else:
            if answer.status // 100 == 2:  # noqa: PLR2004  # 2xx
                progress.end(StepState.PASSED)
                return succeeded()
            said = f"GET {ready.path} answered {answer.status}."
        if said != last:
            progress.tell(said)
            last = said
        await clock.sleep(min(ready.interval_s, max(0.0, until_s - clock.monotonic())))
    why = f"It was not ready within {ready.timeout_s:g} s. At last: {last}"
    progress.end(StepState.FAILED, why)
    return failed(why)
