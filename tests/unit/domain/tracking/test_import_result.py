"""The digest of imported rows, as recorded by the import event."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.import_result import ImportedOutcome, ImportedRowsDigest
from tests.support.builders import NOON, a_deployment

ROWS = [replace(a_deployment(number=number), deployed_at=NOON) for number in range(1, 6)]


@pytest.mark.parametrize("cuts", [(5,), (1, 4), (2, 2, 1), (1, 1, 1, 1, 1)])
def test_digest_does_not_depend_on_the_batches(cuts: tuple[int, ...]) -> None:
    """The digest is the same, however the rows are divided into batches."""
    digest, whole, begin = ImportedRowsDigest(), ImportedRowsDigest(), 0
    whole.update(ROWS)

    for count in cuts:
        digest.update(ROWS[begin : begin + count])
        begin += count

    assert digest.hexdigest() == whole.hexdigest()


def test_digest_without_rows_is_that_of_an_empty_list() -> None:
    """The digest is the SHA-256 of `[]`."""
    empty, one = ImportedRowsDigest(), ImportedRowsDigest()
    one.update(ROWS[:1])

    assert one.hexdigest() != sha256(b"[]").hexdigest()
    assert empty.hexdigest() == sha256(b"[]").hexdigest()


def test_outcome_is_part_of_the_digest() -> None:
    """Only rows with an outcome have further values, so that earlier digests stay valid."""
    plain, failed = ImportedRowsDigest(), ImportedRowsDigest()
    outcome = ImportedOutcome(Status.FAILED, NOON, None, None)

    plain.update(ROWS[:1])
    failed.update(ROWS[:1], {ROWS[0].number: outcome})

    assert plain.hexdigest() != failed.hexdigest()
