"""The digest by which an import's one event vouches for all its rows."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from gatepost_domain.tracking.history_import import HistoryDigest
from tests.support.builders import NOON, a_deployment

ROWS = [replace(a_deployment(number=number), deployed_at=NOON) for number in range(1, 6)]


@pytest.mark.parametrize("cuts", [(5,), (1, 4), (2, 2, 1), (1, 1, 1, 1, 1)])
def test_the_digest_is_that_of_all_rows_however_they_are_parted(cuts: tuple[int, ...]) -> None:
    """Memory stays flat, and whoever recomputes it needs not know the parts."""
    digest, whole, begin = HistoryDigest(), HistoryDigest(), 0
    whole.update(ROWS)

    for count in cuts:
        digest.update(ROWS[begin : begin + count])
        begin += count

    assert digest.hexdigest() == whole.hexdigest()


def test_the_digest_of_no_rows_is_that_of_an_empty_list() -> None:
    """As any JSON encoder writes it."""
    empty, one = HistoryDigest(), HistoryDigest()
    one.update(ROWS[:1])

    assert one.hexdigest() != sha256(b"[]").hexdigest()
    assert empty.hexdigest() == sha256(b"[]").hexdigest()


def test_what_was_never_deployed_cannot_be_vouched_for() -> None:
    """A row without its instant is not one that an import brought."""
    with pytest.raises(ValueError, match="1"):
        HistoryDigest().update([a_deployment()])
