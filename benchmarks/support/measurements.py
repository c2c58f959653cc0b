"""Measurements of a load: response times as the client sees them, and the server's CPU time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from benchmarks.support.figures import median, spread

BUSY_GENERATOR: Final = 0.9
"""The share of a CPU above which the load process is considered to limit the rate."""


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one load on one server."""

    requests: int
    rate: float
    """Responses per second."""
    cpu_us: float
    """The server's user and system CPU time per request."""
    p50_ms: float
    p99_ms: float
    generator_busy: float


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The medians over several rounds."""

    rate: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    spread: float
    """The range of the rounds' rates, relative to their median."""
    generator_limited: bool
    """Whether the load process limited the rate, so only `cpu_us` is meaningful."""


def summarize(rounds: Sequence[Measurement]) -> Summary:
    """Return the medians of the rounds."""
    return Summary(
        rate=median([round_.rate for round_ in rounds]),
        cpu_us=median([round_.cpu_us for round_ in rounds]),
        p50_ms=median([round_.p50_ms for round_ in rounds]),
        p99_ms=median([round_.p99_ms for round_ in rounds]),
        spread=spread([round_.rate for round_ in rounds]),
        generator_limited=median([round_.generator_busy for round_ in rounds]) > BUSY_GENERATOR,
    )
