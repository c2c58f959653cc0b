"""How long to wait before asking again what was not answered."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

FIRST_S: Final = 0.5
LONGEST_S: Final = 15.0

Random: TypeAlias = Callable[[], float]
"""Throws a number from 0 up to 1."""


def pauses(jitter: Random = random.random) -> Iterator[float]:
    """Seconds, without end: each bound twice the one before, each pause in the bound's upper half.

    The jitter keep workers that lost the server together from coming back together.
    """
    bound_s = FIRST_S
    while True:
        yield bound_s * (1 + jitter()) / 2
        bound_s = min(2 * bound_s, LONGEST_S)
