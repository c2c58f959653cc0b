"""The log of a worker."""

from __future__ import annotations

import logging

import pytest

from gatepost_worker.log_setup import RedactingFormatter


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ("token gp_s_abcdefghijkl is refused", "token gp_s_*** is refused"),
        ("Authorization: Bearer xyz", "Authorization: Bearer ***"),
        ("secret whsec_MfKQ9r8GKYqrTwjU", "secret whsec_***"),
        ("DEP-42 succeeded. Simulated for 1 s.", "DEP-42 succeeded. Simulated for 1 s."),
    ],
)
def test_secrets_are_redacted(line: str, redacted: str) -> None:
    """The log contains no usable token or secret."""
    record = logging.makeLogRecord({"msg": "%s", "args": (line,)})

    assert RedactingFormatter("%(message)s").format(record) == redacted
