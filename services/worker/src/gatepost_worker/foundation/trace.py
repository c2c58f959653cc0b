"""The trace of a task, which connects the worker's log with those of the server and the targets."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import httpx2

TRACEPARENT: Final = "traceparent"


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace, as defined by W3C Trace Context."""

    id: str = field(default_factory=partial(secrets.token_hex, 16))
    exported_as: str | None = None
    """The `traceparent` of the exported span; None if the trace appears only in the log."""

    def new_traceparent(self) -> str:
        """Return the `traceparent` header for another request to the API in this trace."""
        return self.exported_as or f"00-{self.id}-{secrets.token_hex(8)}-01"


_current: ContextVar[Trace | None] = ContextVar("gatepost_trace", default=None)


@contextmanager
def traced(trace: Trace) -> Generator[None]:
    """Use this trace for requests and log lines during the block."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


def current_trace() -> Trace | None:
    """Return the trace of the current task, or None outside of a task."""
    return _current.get()


def traceparent_for_targets() -> dict[str, str]:
    """Return the header of the current trace for a request to a target.

    If no traces are sent to a collector, return no header, because the target's trace would have a
    parent that does not exist.
    """
    trace = current_trace()
    if trace is None or trace.exported_as is None:
        return {}
    return {TRACEPARENT: trace.exported_as}


async def add_traceparent(request: httpx2.Request) -> None:
    """Add the header of the current trace to a request to the API."""
    trace = current_trace()
    if trace is not None:
        request.headers[TRACEPARENT] = trace.new_traceparent()
