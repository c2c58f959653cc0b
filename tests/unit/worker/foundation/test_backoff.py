"""How long to wait before asking again."""

from __future__ import annotations

from itertools import islice

from gatepost_worker.foundation.backoff import LONGEST_S, pauses


def test_pauses_grow_up_to_a_bound() -> None:
    """A server that comes back is not met by a crowd, nor left waiting for long."""
    shortest = list(islice(pauses(lambda: 0.0), 8))
    longest = list(islice(pauses(lambda: 1.0), 8))

    assert longest == [0.5, 1, 2, 4, 8, LONGEST_S, LONGEST_S, LONGEST_S]
    assert shortest == [each / 2 for each in longest]


def test_pauses_differ_between_workers() -> None:
    """The jitter are thrown anew each time."""
    for pause_s, most_s in zip(pauses(), [0.5, 1, 2, 4, 8, 15, 15], strict=False):
        assert most_s / 2 <= pause_s < most_s
