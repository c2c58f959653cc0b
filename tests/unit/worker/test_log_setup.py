"""The log of a worker."""

from __future__ import annotations

import logging

import pytest

from gatepost_worker.log_setup import LogFormat, log_formatter


@pytest.mark.parametrize("log_format", LogFormat)
@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ("token gp_s_abcdefghijkl is refused", "token gp_s_*** is refused"),
        ("Authorization: Bearer xyz", "Authorization: Bearer ***"),
        ("secret whsec_MfKQ9r8GKYqrTwjU", "secret whsec_***"),
        ("DEP-42 succeeded. Simulated for 1 s.", "DEP-42 succeeded. Simulated for 1 s."),
    ],
)
def test_secrets_are_redacted(line: str, redacted: str, log_format: LogFormat) -> None:
    """The log contains no usable token or secret."""
    record = logging.makeLogRecord({"name": "gatepost.worker", "msg": "%s", "args": (line,)})

    assert redacted in log_formatter(log_format).format(record)
