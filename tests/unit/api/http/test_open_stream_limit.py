"""The number of event streams that each user has open."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from gatepost_api.http.open_stream_limit import OpenStreams
from gatepost_api.http.problems import Overload


def test_streams_beyond_the_maximum_are_refused() -> None:
    """A user with two of two streams gets no third one until one of them ends; others do."""
    streams = OpenStreams(2)
    with ExitStack() as opened:
        for _ in range(2):
            streams.require_room("ada")
            opened.enter_context(streams.counted_stream("ada"))

        with pytest.raises(Overload) as refusal:
            streams.require_room("ada")
        streams.require_room("bo")

    assert (refusal.value.status, refusal.value.code) == (429, "too_many_streams")
    streams.require_room("ada")


def test_stream_that_fails_is_no_longer_counted() -> None:
    """However a stream ends, it makes room for another one."""
    streams = OpenStreams(1)
    with pytest.raises(OSError, match="gone"), streams.counted_stream("ada"):
        raise OSError("gone")

    streams.require_room("ada")
