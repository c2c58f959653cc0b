"""The checks: requests made after the rollout, one after the other, and what is held of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.json_values import (
    InvalidJson,
    PointerNotFound,
    point,
    read,
    same,
    shown,
)
from gatepost_worker.foundation.text import quoted, times
from gatepost_worker.http.client import Ask, Response
from gatepost_worker.http.errors import HostNotFound, RequestFailed, RequestRefused
from gatepost_worker.http.urls import below
from gatepost_worker.tasks import Check, Outcome, StepKind, StepState, failed, succeeded
from gatepost_worker.tasks.progress import Progress

PAUSE_S: Final = 1.0
"""How long it waits before it tries a check again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one attempt at a check came to."""

    state: StepState
    detail: str
    worth_repeating: bool
    """Whether another attempt could find something else."""


async def make_checks(
    checks: Sequence[Check], base_url: str, *, ask: Ask, clock: Clock, progress: Progress
) -> Outcome:
    """Make them in their order, since a later one may read what an earlier one wrote.

    A required one that does not pass is the last. Another is told of, and passed over.
    """
    for check in checks:
        state, words = await _make(check, base_url, ask=ask, clock=clock, progress=progress)
        if state is not StepState.PASSED and check.required:
            return failed(words)
    return succeeded()


def flaws(check: Check, answer: Response) -> Iterator[str]:
    """What of an answer is not as the check expects it, each in words that follow the request."""
    if answer.status != check.expect_status:
        yield f"answered {answer.status}, expected {check.expect_status}"
    elif check.expect_json:
        yield from _flaws_of_body(check, answer.body)
    if check.max_latency_ms is not None and answer.took_ms > check.max_latency_ms:
        yield f"took {answer.took_ms} ms, allowed are {check.max_latency_ms} ms"


async def _make(
    check: Check, base_url: str, *, ask: Ask, clock: Clock, progress: Progress
) -> tuple[StepState, str]:
    """How the check ended, and the sentence about it."""
    attempt = 0
    while True:
        attempt += 1
        progress.begin(StepKind.CHECK, check.name, attempt=attempt)
        found = await _attempt(check, below(base_url, check.path), ask)
        progress.end(found.state, found.detail)
        if attempt >= check.attempts or not found.worth_repeating:
            after = f" after {times(attempt, 'attempt')}" if check.attempts > 1 else ""
            return found.state, f"Check {check.name} {found.state}{after}: {found.detail}"
        await clock.sleep(PAUSE_S)


async def _attempt(check: Check, url: str, ask: Ask) -> Finding:
    body = None if check.body is None else check.body.encode()
    headers = None if body is None else {"Content-Type": "application/json"}
    try:
        answer = await ask(check.method, url, timeout_s=check.timeout_s, body=body, headers=headers)
    except (RequestRefused, HostNotFound) as error:
        again = isinstance(error, HostNotFound)
        return Finding(state=StepState.ERRORED, detail=f"{error}", worth_repeating=again)
    except RequestFailed as error:
        return Finding(state=StepState.FAILED, detail=f"{error}", worth_repeating=True)
    if found := "; ".join(flaws(check, answer)):
        detail = f"{check.method} {check.path} {found}."
        return Finding(state=StepState.FAILED, detail=detail, worth_repeating=True)
    detail = f"{check.method} {check.path} answered {answer.status} in {answer.took_ms} ms."
    return Finding(state=StepState.PASSED, detail=detail, worth_repeating=False)


def _flaws_of_body(check: Check, body: bytes) -> Iterator[str]:
    try:
        value = read(body)
    except InvalidJson as error:
        beginning = quoted(body[:1000].decode(errors="replace"))
        yield f"answered with what is no JSON ({error}): {beginning!r}"
        return
    for pointer, text in check.expect_json.items():
        where = pointer or "the top"
        try:
            expected, found = read(text), point(value, pointer)
            if not same(expected, found):
                told = quoted(shown(found))
                yield f"answered {told} at {where}, expected {quoted(shown(expected))}"
        except PointerNotFound as error:
            yield f"answered without {where}: {error}"
        except InvalidJson as error:
            yield f"cannot be held against what is expected at {where}, which is no JSON ({error})"
