"""Exponential backoff with jitter, for requests to a server that is unavailable."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

FIRST_DELAY_S: Final = 0.5
MAX_DELAY_S: Final = 15.0

Random: TypeAlias = Callable[[], float]
"""Returns a random number from 0 (inclusive) to 1 (exclusive)."""


def backoff(jitter: Random = random.random) -> Iterator[float]:
    """Yield delays in seconds, without end.

    The upper bound doubles with each delay up to `MAX_DELAY_S`; a delay is at least half of it.
    The jitter spreads the retries of workers that lost the server at the same moment.
    """
    bound_s = FIRST_DELAY_S
    while True:
        yield bound_s * (1 + jitter()) / 2
        bound_s = min(2 * bound_s, MAX_DELAY_S)
