"""What a worker writes for people."""

from __future__ import annotations

import logging

import pytest

from gatepost_worker.logging_setup import RedactingFormatter


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("token gp_s_abcdefghijkl is refused", "token gp_s_*** is refused"),
        ("Authorization: Bearer xyz", "Authorization: Bearer ***"),
        ("secret whsec_MfKQ9r8GKYqrTwjU", "secret whsec_***"),
        ("DEP-42 succeeded. Simulated for 1 s.", "DEP-42 succeeded. Simulated for 1 s."),
    ],
)
def test_no_secret_is_written(line: str, written: str) -> None:
    """Whoever reads the log can do no more by it."""
    record = logging.makeLogRecord({"msg": "%s", "args": (line,)})

    assert RedactingFormatter("%(message)s").format(record) == written
