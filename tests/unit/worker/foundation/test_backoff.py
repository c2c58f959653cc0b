"""The delays between retries."""

from __future__ import annotations

from itertools import islice

from gatepost_worker.foundation.backoff import MAX_DELAY_S, backoff


def test_delays_double_up_to_a_maximum() -> None:
    """Each delay is twice the previous one, up to a maximum. Jitter at most halves a delay."""
    shortest = list(islice(backoff(lambda: 0.0), 8))
    longest = list(islice(backoff(lambda: 1.0), 8))

    assert longest == [0.5, 1, 2, 4, 8, MAX_DELAY_S, MAX_DELAY_S, MAX_DELAY_S]
    assert shortest == [delay_s / 2 for delay_s in longest]


def test_delays_are_random_by_default() -> None:
    """Random delays prevent many workers from retrying at the same moment."""
    for delay_s, bound_s in zip(backoff(), [0.5, 1, 2, 4, 8, 15, 15], strict=False):
        assert bound_s / 2 <= delay_s < bound_s
